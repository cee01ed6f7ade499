"""`tidegate sources`: which logs can be read; `sources try`: what a mapping file makes of a sample."""

from __future__ import annotations

import dataclasses
import json
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tidegate import clock
from tidegate.cli import options
from tidegate.cli.terminal import note, show_json, show_table, stdout
from tidegate.errors import InputError

if TYPE_CHECKING:
    from tidegate.pipeline.trial import Trial, Yield

app = typer.Typer(
    invoke_without_command=True,
    help="List the logs that can be read. With what becomes of them and how to get them.",
)


@app.callback()
def sources(
    context: typer.Context,
    mapping: options.MappingOption = None,
    format: options.FormatOption = "table",  # noqa: A002  the option's name is the contract
) -> None:
    """List the logs that can be read. With what becomes of them and how to get them.

    A log that is not among them takes a mapping file, not Python: docs/mappings.md teaches it, examples/mappings has
    some to copy, and `tidegate sources try` shows what one yields.
    """
    if context.invoked_subcommand is not None:
        return
    from tidegate import registry
    from tidegate.mappings.load import beside

    units = sorted(beside(registry.sources(), mapping or ()).values(), key=lambda unit: (unit.log.id, unit.id))
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


@app.command("try")
def attempt(
    mapping: Annotated[Path, typer.Argument(metavar="MAPPING", help="The mapping file.", show_default=False)],
    sample: Annotated[
        Path, typer.Argument(metavar="SAMPLE", help="Some lines of the log, the odd ones too.", show_default=False)
    ],
    limit: Annotated[
        int, typer.Option("--limit", metavar="N", min=1, help="Show the first N events of each source.")
    ] = 3,
    format: options.FormatOption = "table",  # noqa: A002  the option's name is the contract
) -> None:
    """Show what a mapping file makes of a sample. Nothing is kept.

    Says whether the sample is taken for the log and why not; of each source how many events it makes, the first of
    them, and the columns that stay empty; and which lines go to quarantine, and why. Change the file, try again; then:
    tidegate investigate PATH --mapping MAPPING.toml

    Examples:

    \b
        tidegate sources try examples/mappings/print.toml prints.csv
        tidegate sources try gateway.toml gateway.log --limit 1 --format json
    """
    from tidegate.mappings.load import load
    from tidegate.pipeline.trial import attempt as attempted

    trial = attempted(load(mapping), sample, most=limit)
    if format == "json":
        show_json(json.loads(json.dumps(dataclasses.asdict(trial), default=_plain)))
    else:
        _show(trial, mapping, sample)
    if trial.why:
        raise InputError(f"not taken for {trial.log}: {trial.why}", file=sample)
    if not any(made.events for made in trial.yields):
        raise InputError(f"taken for {trial.log}, but no record makes an event", file=sample)


def _show(trial: Trial, mapping: Path, sample: Path) -> None:
    if trial.why:
        return
    show_table(
        ("source", "events", "of class", "columns that stay empty"),
        [(made.source, f"{made.events:,}", made.produces, ", ".join(made.empty)) for made in trial.yields],
    )
    for made in trial.yields:
        if made.first:
            stdout().print()
            _events(made)
    if trial.refused:
        stdout().print()
        show_table(
            ("in quarantine", "reason", "lines"),
            [
                (
                    f"{refused.records:,}",
                    refused.reason,
                    ", ".join(map(str, refused.lines)) + _more(refused.records, refused.lines),
                )
                for refused in trial.refused
            ],
        )
    if trial.ignored:
        note(f"{trial.ignored:,} records are passed over, as the mapping or an empty line says")
    if trial.unread:
        note(f"fields that no source reads: {', '.join(trial.unread)}")
    note(f"{sample} was read as {trial.log}; to use it: tidegate investigate PATH --mapping {mapping}")


def _events(made: Yield) -> None:
    """Events side by side, a line for each column that one of them has."""
    columns = [name for name in made.first[0] if any(event[name] is not None for event in made.first)]
    show_table(
        (made.source, *(f"line {event['source_line']}" for event in made.first)),
        [(name, *(_cell(event[name]) for event in made.first)) for name in columns if name != "source_line"],
    )


def _cell(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else "" if value is None else str(_plain(value))


def _plain(value: object) -> object:
    return clock.iso(value) if isinstance(value, datetime) else value


def _more(records: int, lines: tuple[int, ...]) -> str:
    return ", …" if records > len(lines) else ""
