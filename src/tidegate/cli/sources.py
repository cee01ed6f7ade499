"""`tidegate sources`: which logs can be read."""

from __future__ import annotations

from itertools import groupby

from tidegate.cli import options
from tidegate.cli.terminal import show_json, show_table


def sources(format: options.FormatOption = "table") -> None:  # noqa: A002  the option's name is the contract
    """List the logs that can be read. With what becomes of them and how to get them."""
    from tidegate import registry

    units = sorted(registry.sources().values(), key=lambda unit: (unit.log.id, unit.id))
    if format == "json":
        show_json(
            [
                {
                    "id": unit.id,
                    "log": unit.log.id,
                    "title": unit.log.title,
                    "formats": list(unit.log.formats),
                    "produces": unit.produces,
                    "what": unit.doc,
                    "how": unit.log.how,
                    "reference": unit.log.reference,
                }
                for unit in units
            ]
        )
        return
    logs = [(log, [unit.produces for unit in of]) for log, of in groupby(units, key=lambda unit: unit.log)]
    show_table(
        ("log", "product", "formats", "events", "how to get it"),
        [
            (log.id, log.title, " ".join(log.formats), " ".join(dict.fromkeys(classes)), log.how)
            for log, classes in logs
        ],
    )
