"""`tidegate lake`: what a lake holds, and its care."""

from __future__ import annotations

import dataclasses
import os
from contextlib import nullcontext
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from tidegate import clock
from tidegate.cli import lakes, options, removal
from tidegate.cli.terminal import note, show_json, show_table
from tidegate.errors import LakeError
from tidegate.lake.storage import WAIT
from tidegate.words import human, many

if TYPE_CHECKING:
    from tidegate.lake.contents import Status

app = typer.Typer(no_args_is_help=True, help="Look into a lake, keep it small, and remove what has to go.")
app.command("expire")(removal.expire)
app.command("erase")(removal.erase)

_LISTED = 20  # lines of what is only for information: what does not fit on a screen is not read either


@app.command("status")
def status(lake: options.LakeOption = None, format: options.FormatOption = "table") -> None:  # noqa: A002  the contract
    """Show what a lake holds. Tables, days, files, size, oldest and newest, and the quarantine by reason.

    Example:

    \b
        tidegate lake status --lake lake/
    """
    from tidegate.lake.contents import status as state

    with lakes.opened(lakes.existing(lake), create=False) as found:
        seen = state(found)
    if format == "json":
        spans = (
            {"oldest": t.oldest and clock.iso(t.oldest), "newest": t.newest and clock.iso(t.newest)}
            for t in seen.tables
        )
        tables = [dataclasses.asdict(table) | span for table, span in zip(seen.tables, spans, strict=True)]
        show_json(dataclasses.asdict(seen) | {"tables": tables})
        return
    show_table(
        ("table", "days", "files", "rows", "size", "oldest (UTC)", "newest (UTC)"),
        [
            (
                t.name,
                f"{t.days:,}" if t.days else "",
                f"{t.files:,}",
                f"{t.rows:,}",
                human(t.size),
                _time(t.oldest),
                _time(t.newest),
            )
            for t in seen.tables
        ],
    )
    _remark(seen)


def _remark(seen: Status) -> None:
    """Say what the table of tables does not."""
    note(f"read: {many(seen.paths, 'file')}, with the content of {many(seen.streams, 'log')}")
    for reason, number in seen.quarantine[:_LISTED]:
        note(f"  quarantined {number:,}: {reason}", style="yellow")
    if rest := seen.quarantine[_LISTED:]:
        note(f"  and {sum(number for _, number in rest):,} for {many(len(rest), 'more reason')}", style="yellow")
    for reason, number in seen.dropped[:_LISTED]:
        note(f"  dropped {number:,}, the quarantine being full: {reason}", style="yellow")
    if left := sum(table.left for table in seen.tables):
        size = human(sum(table.left_size for table in seen.tables))
        note(f"{many(left, 'file')} ({size}) of no table (any more): `tidegate lake tidy` removes them in time")
    if seen.unfinished:
        note("an ingest is under way, or was cut off: the next one completes it", style="yellow")


@app.command("tidy")
def tidy(
    lake: options.LakeOption = None,
    grace: Annotated[
        int,
        typer.Option(
            "--grace",
            metavar="HOURS",
            min=0,
            help="Leave files that were replaced for so long: whoever reads the lake at this moment may need them.",
        ),
    ] = 1,
    wait: options.WaitOption = WAIT,
) -> None:
    """Make few large files of many small ones. Removes what no table needs any more; no event changes.

    Example:

    \b
        tidegate lake tidy --lake lake/
    """
    from tidegate.lake.tidy import tidy as do

    with lakes.opened(lakes.existing(lake), create=False) as found, found.writing(wait=wait):
        done = do(found, grace=grace)
    note(f"{many(done.compacted, 'file')} made {done.into:,}, the journal shorter by {many(done.journal_rows, 'row')}")
    note(f"{many(done.removed, 'file')} removed, {human(done.freed)}")


@app.command("verify")
def verify(
    lake: options.LakeOption = None,
    format: options.FormatOption = "table",  # noqa: A002  the option's name is the contract
    wait: options.WaitOption = 60,
) -> None:
    """Check that nothing is lost or doubled. Compares every table with the journal of what was read.

    Exit status 3 if something is wrong; each thing is listed with what to do about it.

    Example:

    \b
        tidegate lake verify --lake lake/
    """
    from tidegate.lake.verify import verify as look

    with lakes.opened(lakes.existing(lake), create=False) as found:
        name, writable = found.name, os.access(found.path, os.W_OK, effective_ids=True)
        with found.storage.lock(wait=wait) if writable else nullcontext():  # or it would be counted in between
            problems = look(found)
    if format == "json":
        show_json([dataclasses.asdict(problem) for problem in problems])
    elif problems:
        show_table(("where", "what is wrong", "what to do"), [dataclasses.astuple(problem) for problem in problems])
    if problems:
        raise LakeError(f"lake {name}: {many(len(problems), 'thing')} not as it should be")
    note("as it should be: every file is there, and every record that was read is accounted for")


def _time(time: datetime | None) -> str:
    return clock.iso(time)[:16].replace("T", " ") if time else ""
