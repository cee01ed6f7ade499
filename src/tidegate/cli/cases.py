"""`tidegate cases`: what was found so far, under pseudonyms."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from tidegate import clock
from tidegate.cli import lakes, options
from tidegate.cli.terminal import note, show_json, show_table, stdout

if TYPE_CHECKING:
    from tidegate.cases.model import Case, Report


def cases(
    what: Annotated[Literal["list", "show"], typer.Argument(help="All in short, or one in full.")] = "list",
    uid: Annotated[
        str | None, typer.Argument(metavar="UID", help="Of the case to show; its beginning will do.")
    ] = None,
    lake: options.LakeOption = None,
    config: options.ConfigOption = None,
    format: options.FormatOption = "table",  # noqa: A002  the option's name is the contract
) -> None:
    """List the cases found so far, or show one. The most pressing come first; people are pseudonyms.

    Examples:

    \b
        tidegate cases --lake lake/
        tidegate cases show case-3f9a --lake lake/
    """
    if (what == "show") != (uid is not None):
        raise typer.BadParameter("`cases show` wants the UID of a case, `cases list` none", param_hint="UID")
    from tidegate import config as settings
    from tidegate.cases.store import CaseStore
    from tidegate.report.document import document
    from tidegate.report.terminal import show_case

    folder = lakes.existing(lake)
    store = CaseStore(lakes.kept(folder), settings.load(config).records.url)
    found = (store.get(uid),) if uid else store.all()
    if format == "json":
        listed = document(_report(found, folder))["cases"]
        show_json(listed[0] if uid and isinstance(listed, list) else listed)
    elif uid:
        show_case(found[0], stdout())
    elif found:
        _list(found)
    else:
        note(f"no case in {folder}")


def _list(cases: tuple[Case, ...]) -> None:
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
