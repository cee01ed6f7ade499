"""`tidegate range`: a made-up organisation that writes logs in the products' own formats."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from tidegate.cli import options
from tidegate.cli.progress import display, making
from tidegate.cli.terminal import note

app = typer.Typer(no_args_is_help=True, help="Make up an organisation to try Tidegate on.")


@app.callback()
def _group() -> None:
    """Keeps `make` a sub-command although it is the only one."""


@app.command()
def make(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where to write.", show_default=False)],
    people: Annotated[int, typer.Option(min=1, help="How many people work there.")] = 200,
    days: Annotated[int, typer.Option(min=1, help="How many days of logs: up to nine years.")] = 90,
    seed: Annotated[int, typer.Option(help="The same seed writes the same logs.")] = 1,
    incident: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME",
            help="What goes wrong: bulk_commission, drip, leaver_haul, …; repeat for several. A wrong name lists all.",
            show_default=False,
        ),
    ] = None,
    stealth: Annotated[
        str,
        typer.Option(
            metavar="LEVEL",
            help="How hard thieves hide: ordinary (as reported); careful (half as much, slower, from two accounts, "
            "in working hours); patient (a fifth, three times as long, three accounts, a cloud others use too).",
        ),
    ] = "ordinary",
    thin: Annotated[
        bool,
        typer.Option("--thin", help="Without routine browsing, updates, look-ups and mail reading: for years of logs."),
    ] = False,
    start: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"],
            help="First day; without it 5 January 2026, or so much earlier that the period ends in October 2026.",
            show_default=False,
        ),
    ] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace what an earlier run wrote there.")] = False,
    quiet: options.QuietOption = False,
) -> None:
    """Write logs, a context folder and truth.json, which lists every malicious record in time order.

    Example:

    \b
        tidegate range make demo/logs --people 200 --days 90 --incident leaver_haul
        tidegate range make nine-years --people 60 --days 3287 --thin --incident drip --stealth patient
    """
    from tidegate.range.make import make as write

    with display(quiet=quiet) as shown:
        made = write(
            folder,
            people=people,
            days=days,
            seed=seed,
            incidents=incident or (),
            stealth=stealth,
            thin=thin,
            start=start.date() if start else None,
            overwrite=overwrite,
            progress=making(shown),
        )
    if not quiet:
        note(
            f"{made.records:,} records in {made.files:,} files; now try\n"
            f"  tidegate investigate {folder} --context {folder / 'context'}"
        )
