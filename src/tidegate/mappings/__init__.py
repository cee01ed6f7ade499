"""Mapping files: logs described in TOML, as the same sources that Python ones are."""
