"""`tidegate detectors`: what is looked for."""

from __future__ import annotations

from tidegate.cli import options
from tidegate.cli.terminal import show_json, show_table


def detectors(format: options.FormatOption = "table") -> None:  # noqa: A002  the option's name is the contract
    """List what is looked for. With the innocent thing that looks like it."""
    from tidegate import registry

    units = sorted(registry.detectors().values(), key=lambda unit: unit.id)
    if format == "json":
        show_json(
            [
                {
                    "id": unit.id,
                    "what": unit.doc,
                    "pattern": unit.pattern,
                    "severity": unit.severity,
                    "attack": list(unit.attack),
                    "reads": list(unit.reads),
                    "settings": dict(unit.defaults),
                    "misses": unit.misses,
                    "twin": unit.twin,
                    "question": unit.question,
                }
                for unit in units
            ]
        )
        return
    show_table(
        ("detector", "pattern", "ATT&CK", "looks for", "innocent twin"),
        [(unit.id, unit.pattern, " ".join(unit.attack), unit.doc, unit.twin) for unit in units],
    )
