"""`tidegate cases`: what was found so far, under pseudonyms, and what was decided on it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from tidegate import clock
from tidegate.cli import options, verdicts
from tidegate.cli.terminal import note, show_json, show_table, stdout
from tidegate.cli.where import UidArgument, Where
from tidegate.words import day, per_week_in_words, shorten

if TYPE_CHECKING:
    from tidegate.cases.model import Case, Report

Status = Literal["open", "closed", "excused", "superseded"]
StatusOption = Annotated[
    Status,
    typer.Option(
        "--status",
        help="Open ones, those closed by a verdict, those an exception hides, or those a later run found no more.",
    ),
]

RestOption = Annotated[int, typer.Option("--limit", metavar="N", min=1, help="Show the first N only.")]
SAID = 200  # characters of a sentence: a few lines of a narrow column

app = typer.Typer(
    help="""List the cases found so far, show one, and put on record what came of it.

    Without a word it lists: the most pressing come first; people are pseudonyms.

    Examples:

    \b
        tidegate cases --lake lake/
        tidegate cases rest --limit 50 --lake lake/
        tidegate cases show case-3f9a --lake lake/
        tidegate cases verdict case-3f9a benign --because "the yearly delivery to the archive" --lake lake/"""
)
app.command("verdict")(verdicts.verdict)
app.add_typer(verdicts.exceptions, name="exceptions")


@app.callback(invoke_without_command=True)
def cases(
    ctx: typer.Context,
    status: StatusOption = "open",
    lake: options.LakeOption = None,
    config: options.ConfigOption = None,
    format: options.FormatOption = "table",  # noqa: A002  the option's name is the contract
) -> None:
    ctx.obj = Where(lake, config)
    if ctx.invoked_subcommand is None:
        _list(ctx.obj, status, format)


@app.command("list")
def list_(
    ctx: typer.Context,
    status: StatusOption = "open",
    lake: options.LakeOption = None,
    config: options.ConfigOption = None,
    format: options.FormatOption = "table",  # noqa: A002  the option's name is the contract
) -> None:
    """List the cases found so far. The most pressing come first; people are pseudonyms.

    Example:

    \b
        tidegate cases list --status closed --lake lake/
    """
    _list(Where(lake, config).within(ctx), status, format)


@app.command()
def show(
    ctx: typer.Context,
    uid: UidArgument,
    lake: options.LakeOption = None,
    config: options.ConfigOption = None,
    format: options.FormatOption = "table",  # noqa: A002  the option's name is the contract
) -> None:
    """Show one case in full. What `tidegate explain` adds are the numbers behind each finding.

    Example:

    \b
        tidegate cases show case-3f9a --lake lake/
    """
    from tidegate.report.document import document
    from tidegate.report.terminal import show_case

    store, kept = Where(lake, config).within(ctx).store()
    case = store.get(uid)
    if format == "json":
        listed: Any = document(_report((case,), kept.lake))["cases"]
        show_json(listed[0])
        return
    show_case(case, stdout())
    for verdict in store.rulings.verdicts(case.uid):
        note(f"{day(verdict.time)}: {verdict.reviewer} judged it {verdict.says}: {verdict.reason}")


@app.command()
def rest(
    ctx: typer.Context,
    limit: RestOption = 20,
    lake: options.LakeOption = None,
    config: options.ConfigOption = None,
    format: options.FormatOption = "table",  # noqa: A002  the option's name is the contract
) -> None:
    """Browse what made no case, the rarest first. Nobody need look at it: it is more common than the budget allows.

    `tidegate explain` takes its uids too, and `tidegate cases verdict` puts on record what somebody found in it.

    Example:

    \b
        tidegate cases rest --limit 50 --lake lake/
    """
    from tidegate.report.document import document

    store, kept = Where(lake, config).within(ctx).store()
    found = store.rest()
    if format == "json":
        show_json(document(_report(found[:limit], kept.lake))["cases"])
    elif found:
        rows = (
            (
                case.uid,
                per_week_in_words(case.false_alarms_per_week),
                clock.iso(case.raised_time)[:10],
                case.pattern,
                shorten(case.summary, SAID),
            )
            for case in found[:limit]
        )
        show_table(("uid", "by chance", "when", "pattern", "what"), list(rows))
        if len(found) > limit:
            note(f"and {len(found) - limit:,} more, less rare than these")
    else:
        note(f"nothing in {kept.lake} but the cases")


def _list(where: Where, status: Status, format: Literal["table", "json"]) -> None:  # noqa: A002  as the option is called
    from tidegate.report.document import document

    store, kept = where.store()
    found = store.all(status)
    if format == "json":
        show_json(document(_report(found, kept.lake))["cases"])
    elif found:
        _table(found)
    else:
        note(f"no {'' if status == 'open' else status + ' '}case in {kept.lake}")


def _table(cases: tuple[Case, ...]) -> None:
    show_table(
        ("case", "score", "raised (UTC)", "pattern", "what", "who"),
        [
            (
                case.uid,
                f"{case.score:.0f}",
                clock.iso(case.raised_time)[:16].replace("T", " "),
                case.pattern,
                case.title,
                " ".join(case.actors or case.devices),
            )
            for case in cases
        ],
    )


def _report(cases: tuple[Case, ...], lake: Path | str) -> Report:
    """Stored cases in the shape that the renderers take."""
    from tidegate.cases.model import IngestSummary, Report

    return Report(
        made=clock.now(),
        title=f"Cases in {lake}",
        names="pseudonym",
        ingested=IngestSummary(),
        first_event=min((case.first_time for case in cases), default=None),
        last_event=max((case.last_time for case in cases), default=None),
        findings=tuple(finding for case in cases for finding in case.findings),
        cases=cases,
    )
