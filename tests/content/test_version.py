"""What is kept of files no longer counts once lists, policies or added units are others."""

from __future__ import annotations

from pathlib import Path

from tidegate.content import grade, version


def test_lists_of_a_context_count(tmp_path: Path) -> None:
    before = version.of_reading(tmp_path)
    (tmp_path / "people.csv").write_text("user\n")  # nothing that files are read with
    assert version.of_reading(tmp_path) == before
    (tmp_path / "species-local.csv").write_text("scientific_name\nLynx lynx\n")
    assert version.of_reading(tmp_path) != before


def test_what_else_is_given_counts() -> None:
    assert version.of_reading(None) == version.of_reading(None)
    assert version.of_reading(None, "Betriebsgeheimnis") != version.of_reading(None)


def test_a_policy_counts_by_what_stands_in_it(tmp_path: Path) -> None:
    same, other = tmp_path / "same.toml", tmp_path / "other.toml"
    same.write_bytes(grade.DEFAULT.read_bytes())
    other.write_bytes(grade.DEFAULT.read_bytes() + b"\n# changed\n")
    assert version.of_policy(same) == version.of_policy()
    assert version.of_policy(other) != version.of_policy()
