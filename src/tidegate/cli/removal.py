"""`tidegate lake expire` and `tidegate lake erase`: what goes is shown first, and goes if somebody says so."""

from __future__ import annotations

import dataclasses
import re
import sys
from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from tidegate import clock
from tidegate.cli import lakes, options
from tidegate.cli.terminal import note, show_json, show_table
from tidegate.errors import ConfigError
from tidegate.lake.storage import WAIT
from tidegate.words import human, many

if TYPE_CHECKING:
    from tidegate.config import Config
    from tidegate.lake.removal import Expiring
    from tidegate.pipeline.erasure import Found

_DAYS = {"d": 1, "w": 7, "y": 365}
_LISTED = 20  # log files named on the screen


def _age(text: str) -> int:
    """Days."""
    found = re.fullmatch(r"(\d+)([dwy])", text)
    if not found or not 0 < int(found[1]) * _DAYS[found[2]] < 100_000:
        raise typer.BadParameter(f"{text!r} is no age; write 90d, 12w or 2y")
    return int(found[1]) * _DAYS[found[2]]


YesOption = Annotated[bool, typer.Option("--yes", help="Do not ask.")]


def expire(
    lake: options.LakeOption = None,
    older_than: Annotated[
        int | None,
        typer.Option(
            "--older-than",
            metavar="AGE",
            parser=_age,
            help="90d, 12w or 2y. Without it, what [retention] of tidegate.toml says.",
            show_default=False,
        ),
    ] = None,
    classes: Annotated[
        list[str] | None,
        typer.Option(
            "--class", metavar="NAME", help="An event class, or quarantine; all without it.", show_default=False
        ),
    ] = None,
    context: options.ContextOption = None,
    config: options.ConfigOption = None,
    yes: YesOption = False,
    wait: options.WaitOption = WAIT,
) -> None:
    """Remove what is older than it may be. Whole days of events, and quarantined records; cases stay.

    Shows what would go, and asks. What was removed is not read again from its log.

    Examples:

    \b
        tidegate lake expire --older-than 90d --lake lake/
        tidegate lake expire --older-than 30d --class dns_activity --class quarantine --lake lake/ --yes
        tidegate lake expire --config tidegate.toml --lake lake/ --yes
    """
    from tidegate import config as settings
    from tidegate.lake import removal
    from tidegate.lake import tidy as care

    days = _ages(older_than, classes or (), settings.load(settings.find(config, context)))
    today = clock.now().date()
    before = {name: today - timedelta(days=age) for name, age in days.items()}
    with lakes.opened(lakes.existing(lake), create=False) as found:
        old = removal.expiring(found, before)
        if not old:
            note("nothing is that old")
            return
        _show_old(old)
        _agree(yes)
        with found.writing(wait=wait):
            rows = removal.expire(found, old)
            for one in old:
                care.vacuum(found, one.table, hours=care.GRACE)
    note(f"{many(rows, 'row')} removed; their files go with the first `tidegate lake tidy` in an hour or later")


def _ages(age: int | None, classes: Iterable[str], config: Config) -> dict[str, int]:
    """Days by table. Raises ConfigError where none are said, or of a table that there is not."""
    from tidegate.events.schema import CLASSES

    every = (*CLASSES, "quarantine")
    said = {**dict.fromkeys(every, config.retention.days), **config.retention.tables}
    wanted = {name: age or said.get(name) for name in classes or (every if age else said)}
    for name in (*wanted, *config.retention.tables):
        if name not in every:
            raise ConfigError(f"no such event class: {name}; there is {', '.join(every)}", file=config.path)
    ages = {name: days for name, days in wanted.items() if days is not None}
    if not ages:
        raise ConfigError("say how old: --older-than 90d, or [retention] in tidegate.toml", file=config.path)
    return ages


def _show_old(old: Iterable[Expiring]) -> None:
    show_table(
        ("table", "before", "days", "rows", "size"),
        [
            (
                one.table,
                str(one.before),
                f"{len(one.days):,}" if one.days else "",
                f"{one.rows:,}",
                human(one.size) if one.size else "",
            )
            for one in old
        ],
    )


def _agree(yes: bool) -> None:
    """Go on only if somebody wants it. Raises ConfigError where nobody can be asked, typer.Abort for a no."""
    if not yes:
        if not sys.stdin.isatty():
            raise ConfigError("nothing was removed: this is no terminal to ask at, so say --yes")
        typer.confirm("Remove this for good?", abort=True, err=True)


def erase(
    actors: Annotated[
        list[str],
        typer.Option("--actor", metavar="NAME", help="An account of the person, as logged, or its pseudonym."),
    ],
    lake: options.LakeOption = None,
    reason: options.ReasonOption = None,
    config: options.ConfigOption = None,
    format: options.FormatOption = "table",  # noqa: A002  the option's name is the contract
    yes: YesOption = False,
    wait: options.WaitOption = WAIT,
) -> None:
    """Remove a person. Their events, measures, quarantined records and cases go for good; what stays is listed.

    Name every account of the person. Shows what would go, and asks; that it was done is put on record. Whoever reads
    the lake at this moment may be told that a file is gone.

    Example:

    \b
        tidegate lake erase --actor ann@example.org --actor ann --reason "request of 12 March" --lake lake/
    """
    from tidegate import config as settings
    from tidegate.cases.store import CaseStore
    from tidegate.pipeline import erasure

    with lakes.opened(lakes.existing(lake), create=False) as found:
        if found.unfinished:  # a batch that was cut off may hold theirs: who writes next completes it
            with found.writing(wait=wait):
                pass
        cases = CaseStore(found.path, settings.load(config).records.url)
        held = erasure.find(found, cases, actors)
        if format == "json":
            show_json(dataclasses.asdict(held))
        else:
            _show_held(held)
        if not (held.events or held.measured or held.quarantined or held.cases):
            with found.writing(wait=wait):
                swept = erasure.sweep(found)
            note("nothing of theirs is in this lake")
            if swept:
                note(f"removed for good: {many(swept, 'file')} of no table, which may have held some all the same")
            return
        _agree(yes)
        with found.writing(wait=wait):
            rows = erasure.erase(found, cases, held, reason=reason)
    note(f"{many(rows, 'row')} and {many(len(held.cases), 'case')} removed for good, and that put on record")


def _show_held(held: Found) -> None:
    show_table(
        ("goes", "rows"),
        [
            *((name, f"{rows:,}") for name, rows in held.events.items()),
            ("measures", f"{held.measured:,}"),
            ("quarantine", f"{held.quarantined:,}"),
            ("cases", f"{len(held.cases):,}"),
        ],
    )
    stays = [
        (f"{held.unmasked:,} entries of the audit log", "who looked at whom has to stay provable"),
        *(
            (f"{table}: {rows:,} rows", "somebody else's; the name occurs in a text")
            for table, rows in held.mentions.items()
        ),
        *((other, "another account: name it with --actor too if it is theirs") for other in held.alike),
        *((log, "a log outside the lake, if it is still there") for log in held.logs[:_LISTED]),
        ("people.csv, permits.csv, reports, backups", "outside the lake"),
    ]
    if more := held.logs[_LISTED:]:
        stays.append((f"{len(more):,} more logs", "outside the lake; --format json names them"))
    show_table(("stays", "why"), stays)
