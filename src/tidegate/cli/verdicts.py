"""`tidegate cases verdict` and `tidegate cases exceptions`: what a person decided, and what that hides until when."""

from __future__ import annotations

import re
import secrets
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from tidegate import clock
from tidegate.cli import options
from tidegate.cli.terminal import note, show_json, show_table
from tidegate.cli.where import UidArgument, Where
from tidegate.words import day, many

if TYPE_CHECKING:
    from datetime import datetime

    from tidegate.cases.exceptions import DatedException

_UNITS = {"d": 1, "w": 7, "m": 30, "y": 365}  # days
_LONGEST = 366  # days: an exception that nobody has looked at for a year is forgotten, not decided


def _days(text: str) -> timedelta:
    parts = re.fullmatch(r"(\d{1,4})([dwmy]?)", text)
    if parts is None or not 0 < int(parts[1]) * _UNITS[parts[2] or "d"] <= _LONGEST:
        raise typer.BadParameter(f"{text!r} is no time of at most a year; write 90d, 12w, 3m or 1y", param_hint="--for")
    return timedelta(days=int(parts[1]) * _UNITS[parts[2] or "d"])


BecauseOption = Annotated[
    str, typer.Option("--because", metavar="TEXT", help="Why; it is kept, so name nobody in it.", show_default=False)
]
ByOption = Annotated[
    str | None,
    typer.Option(
        "--by", metavar="REVIEWER", help="Who decided; without it, the account this runs as.", show_default=False
    ),
]
ForOption = Annotated[
    str,
    typer.Option("--for", metavar="TIME", help="How long a benign verdict excuses more of the same: 30d, 12w, 1y."),
]
ScopeOption = Annotated[
    Literal["both", "subjects", "destinations"],
    typer.Option(
        "--scope", help="What a benign verdict excuses: these people to these places, anywhere, or whoever to there."
    ),
]


def verdict(
    ctx: typer.Context,
    uid: UidArgument,
    says: Annotated[Literal["benign", "confirmed", "open"], typer.Argument(metavar="benign|confirmed|open")],
    because: BecauseOption,
    by: ByOption = None,
    excused_for: ForOption = "90d",
    scope: ScopeOption = "both",
    lake: options.LakeOption = None,
    config: options.ConfigOption = None,
) -> None:
    """Close a case as benign or confirmed, or open it again. What was decided, by whom and why, is put on record.

    A benign verdict excuses more of the same for a while: the same detectors, people and places, up to twice as much. A
    closed case that outgrows its verdict is opened again.

    Examples:

    \b
        tidegate cases verdict case-3f9a benign --because "the yearly delivery to the archive" --for 30d
        tidegate cases verdict case-3f9a confirmed --because "incident 2024-17" --by "data protection officer"
    """
    from tidegate.cases.audit import AuditLog, user
    from tidegate.cases.exceptions import exception_for
    from tidegate.cases.store import CLOSED, OPEN
    from tidegate.cases.verdicts import verdict_on

    reason, reviewer, now = _said(because), (by or "").strip() or user(), clock.now()
    until = now + _days(excused_for)
    store, kept = Where(lake, config).within(ctx).store()
    case = store.get(uid)
    decided = verdict_on(case, says, reason=reason, reviewer=reviewer, time=now, width=scope)
    exception = None
    if says == "benign":
        exception = exception_for(
            case,
            decided.scope,
            uid=f"exc-{secrets.token_hex(4)}",
            start=now,
            end=until,
            reviewer=reviewer,
            reason=reason,
        )
    action = "case opened again" if says == "open" else f"case closed as {says}"
    excused = f", excused until {exception.end:%Y-%m-%d}" if exception else ""
    AuditLog(kept.folder).append(
        f"{action}, reviewed by {reviewer}{excused}", reason=reason, cases=[case.uid], people=[]
    )
    store.rulings.decide(decided, exception)
    store.set_status(case.uid, OPEN if says == "open" else CLOSED)
    note(f"{case.uid}: {action}, and that put on record")
    if exception:
        note(f"{exception.uid} excuses {exception.scope.in_words} until {day(exception.end)}, up to twice as much")


exceptions = typer.Typer(
    help="""List the exceptions that benign verdicts made, with what each has hidden; end one.

    Examples:

    \b
        tidegate cases exceptions --lake lake/
        tidegate cases exceptions end exc-1b2c --because "the project is over" --lake lake/"""
)


@exceptions.callback(invoke_without_command=True)
def list_exceptions(
    ctx: typer.Context,
    lake: options.LakeOption = None,
    config: options.ConfigOption = None,
    format: options.FormatOption = "table",  # noqa: A002  the option's name is the contract
) -> None:
    ctx.obj = Where(lake, config).within(ctx)
    if ctx.invoked_subcommand is not None:
        return
    store, kept = ctx.obj.store()
    made, hid, now = store.rulings.exceptions(), store.rulings.hid(), clock.now()
    if format == "json":
        show_json([_document(exception, hid.get(exception.uid, ()), now) for exception in made])
    elif made:
        show_table(
            ("exception", "state", "until (UTC)", "covers", "hid", "case", "by", "because"),
            [
                (
                    e.uid,
                    _state(e, now),
                    f"{e.ended or e.end:%Y-%m-%d}",
                    e.scope.in_words,
                    many(len(hid.get(e.uid, ())), "case"),
                    e.case,
                    e.reviewer,
                    e.reason,
                )
                for e in made
            ],
        )
    else:
        note(f"no exception in {kept.lake}")


@exceptions.command("end")
def end_exception(
    ctx: typer.Context,
    uid: Annotated[str, typer.Argument(metavar="ID", help="Of the exception; its beginning will do.")],
    because: BecauseOption,
    by: ByOption = None,
    lake: options.LakeOption = None,
    config: options.ConfigOption = None,
) -> None:
    """End an exception before its time. What it hid is raised by the next `tidegate detect`.

    Example:

    \b
        tidegate cases exceptions end exc-1b2c --because "the project is over" --lake lake/
    """
    from tidegate.cases.audit import AuditLog, user

    reason, reviewer = _said(because), (by or "").strip() or user()
    store, kept = Where(lake, config).within(ctx).store()
    ended = store.rulings.end(uid, time=clock.now(), by=reviewer, because=reason)
    action = f"exception {ended.uid} ended, reviewed by {reviewer}"
    AuditLog(kept.folder).append(action, reason=reason, cases=[ended.case], people=[])
    note(f"{ended.uid} ended, and that put on record; `tidegate detect` raises what it hid")


def _said(because: str) -> str:
    if not because.strip():
        raise typer.BadParameter("a decision needs its reason", param_hint="--because")
    return because.strip()


def _state(exception: DatedException, now: datetime) -> str:
    return "ended" if exception.ended else "valid" if exception.holds(now) else "expired"


def _document(exception: DatedException, hid: tuple[str, ...], now: datetime) -> dict[str, object]:
    return {
        "uid": exception.uid,
        "state": _state(exception, now),
        "case": exception.case,
        "pattern": exception.pattern,
        "detectors": [bound.detector for bound in exception.scope.bounds],
        "subjects": list(exception.scope.subjects),
        "destinations": list(exception.scope.destinations),
        "start": clock.iso(exception.start),
        "end": clock.iso(exception.ended or exception.end),
        "reviewer": exception.reviewer,
        "reason": exception.reason,
        "hid": list(hid),
    }
