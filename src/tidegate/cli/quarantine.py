"""`tidegate quarantine`: the records that could not be read, and why."""

from __future__ import annotations

from typing import Annotated

import typer

from tidegate import clock
from tidegate.cli import lakes, options
from tidegate.cli.terminal import note, show_json, show_table

_SHOWN = 60  # characters of a record in the table: enough to recognise it


def quarantine(
    lake: options.LakeOption = None,
    limit: Annotated[int, typer.Option("--limit", metavar="N", min=1, help="Show the first N records only.")] = 100,
    format: options.FormatOption = "table",  # noqa: A002  the option's name is the contract
) -> None:
    """List the records that could not be read. Each with file, line, reason and text; no event holds them.

    Example:

    \b
        tidegate quarantine --lake lake/ --format json --limit 1000
    """
    from tidegate.lake import contents

    with lakes.opened(lakes.existing(lake), create=False) as found:
        table = found.table("quarantine")
        total = table.count().to_pyarrow().as_py()
        dropped = contents.dropped(found)
        rows = table.order_by("source_file", "source_line").limit(limit).to_pyarrow().to_pylist()
    if format == "json":
        show_json([{**row, "time": clock.iso(row["time"])} for row in rows])
    elif rows:
        show_table(
            ("file and line", "reason", "record"),
            [
                (f"{row['source_file']}:{row['source_line']}", row["reason"], (row["record"] or "")[:_SHOWN])
                for row in rows
            ],
        )
    note(f"{len(rows):,} of {total:,} records in quarantine")
    for reason, number in dropped:
        note(f"dropped {number:,} more, for which there was no room: {reason}", style="yellow")
