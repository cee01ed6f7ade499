"""One investigation from the command line: read, detect, keep the cases, put unmasking on record, show."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import typer

from tidegate.cli import engines, lakes
from tidegate.cli.judging import judged
from tidegate.cli.options import Names
from tidegate.cli.progress import display, reading, scanning
from tidegate.cli.terminal import note, show_json, stdout
from tidegate.errors import InputError, LakeError
from tidegate.lake.storage import local
from tidegate.report.telling import excused

if TYPE_CHECKING:
    import pyarrow as pa

    from tidegate.cases.model import IngestSummary, Report
    from tidegate.cli.progress import Display
    from tidegate.config import Config
    from tidegate.context import Context
    from tidegate.rules.load import Rule

_LISTED = 20  # lines on what was not read: what does not fit on a screen is not read either


@dataclass(frozen=True, kw_only=True)
class Request:
    """What the options of `investigate` and `detect` asked for. paths is empty where nothing is to be read.

    engine: what reads the logs; asked_on: what asks the detectors.
    """

    paths: Sequence[Path]
    lake: Path | str
    context: Path | None
    config: Path | None
    mappings: Sequence[Path] = ()
    content: Sequence[Path] = ()
    engine: str = "duckdb"
    asked_on: str = "duckdb"
    sigma: Path | None = None
    since: datetime | None
    report: Path | None
    names: Names
    reason: str | None
    format: Literal["table", "json"]
    fail_on_case: bool
    limit: int | None
    quiet: bool


def run(request: Request) -> None:
    """Do what was asked. Raises typer.Exit(1) for `--fail-on-case`, and every TidegateError."""
    from tidegate import config, context, registry
    from tidegate.cases.store import CaseStore
    from tidegate.mappings.load import beside
    from tidegate.pipeline.investigate import investigate

    settings = config.load(config.find(request.config, request.context))
    settings.check({name: unit.defaults for name, unit in registry.detectors().items()})
    sources = beside(registry.sources(), (*settings.mappings(), *request.mappings))
    known = context.load(request.context)
    for text in known.notes:
        note(f"warning: {text}", style="yellow")
    rules = _rules(request.sigma)
    folder = local(request.lake)
    if folder.exists() and not os.access(folder, os.W_OK, effective_ids=True):
        raise LakeError(f"lake {request.lake} cannot be written, and the cases that are found are kept in it")
    with (
        lakes.opened(request.lake, create=bool(request.paths)) as lake,
        engines.reader(request.engine) as reader,
        engines.asker(request.asked_on, folder) as ask,
        display(quiet=request.quiet) as shown,
    ):
        labels = _labels(request, settings, folder, shown)
        rulings = CaseStore(folder, settings.records.url).rulings
        report = investigate(
            request.paths,
            lake=lake,
            context=known,
            config=settings,
            sources=sources,
            rules=rules,
            verdicts=rulings.verdicts(),
            exceptions=rulings.exceptions(),
            names=request.names,
            since=request.since,
            progress=reading(shown),
            reader=reader,
            ask=ask,
            labels=labels,
            stage=shown.stage,
        )
    report = dataclasses.replace(report, ingested=_without(report.ingested, request.context))
    report = _keep(report, request, settings, known)
    for hidden in excused(report):
        note(hidden, style="yellow")
    if request.paths and not request.quiet:
        summarise(report.ingested, request.lake)
    problem = nothing_read(report.ingested, request.paths)
    if problem is None or request.format == "json":  # a person must not read that nothing stood out
        _show(dataclasses.replace(report, cases=report.cases[: request.limit]), request)
    if problem is not None:
        raise problem
    if request.fail_on_case and report.cases:
        raise typer.Exit(1)


def _rules(folder: Path | None) -> tuple[Rule, ...]:
    """The Sigma rules of a folder that run; the others are named on stderr, with the reason."""
    if folder is None:
        return ()
    from tidegate.cli.sigma import tell_refused
    from tidegate.rules.load import load

    found = load(folder)
    tell_refused(found)
    return found.rules


def _labels(request: Request, settings: Config, folder: Path, shown: Display) -> pa.Table | None:
    """What is known of files, from inventories and by looking into what was asked for. Raises InputError, LakeError."""
    if not request.content:
        return None
    from tidegate.content.estate import Estate, is_estate
    from tidegate.pipeline.classify import Order
    from tidegate.pipeline.inventory import scan
    from tidegate.pipeline.labels import bodies, labels

    estates = [Estate(path, create=False) for path in request.content if is_estate(path)]
    looked = (*(path for path in request.content if not is_estate(path)), *bodies(request.paths))
    if looked:
        estates.append(Estate(folder / "content.db"))
        order = Order(paths=looked, context=request.context, markings=settings.own.markings)
        scan(order, estates[-1], progress=scanning(shown))
    return labels(estates)


def _keep(report: Report, request: Request, settings: Config, known: Context) -> Report:
    """Store the cases under pseudonyms and return what is to be shown of them.

    Names in the clear are put on record before anybody sees them.
    """
    from tidegate.cases.audit import AuditLog
    from tidegate.cases.identities import Identities
    from tidegate.cases.store import CaseStore

    folder = local(request.lake)
    identities = Identities(folder)
    found = {identities.actor(finding.actor) for finding in report.findings if finding.actor}
    for person in known.people:
        identities.actor(person.user)  # so that no file's path betrays them either
    masked = tuple(identities.mask(case) for case in report.cases)
    CaseStore(folder, settings.records.url).save_rest(map(identities.mask, report.rest), since=request.since)
    report = judged(report, masked, folder, settings, since=request.since)
    if request.names == "clear":
        if not (request.reason or "").strip():
            note("warning: names are shown in the clear without --reason; that is on record too", style="yellow")
        AuditLog(folder).append(
            "names shown in the clear",
            reason=request.reason,
            cases=[case.uid for case in masked],
            people=sorted(found.union(*(case.actors for case in masked))),
        )
    return report


def _show(report: Report, request: Request) -> None:
    if request.format == "json":
        from tidegate.report.document import document

        show_json(document(report))
    else:
        from tidegate.report.terminal import show

        show(report, stdout())
    if request.report is not None:
        from tidegate.report.html import html

        request.report.parent.mkdir(parents=True, exist_ok=True)
        request.report.write_text(html(report), encoding="utf-8")
        if not request.quiet:
            note(f"report: {request.report}")


def summarise(ingested: IngestSummary, lake: Path | str) -> None:
    """Say on stderr what was read, what was not, and where to look."""
    also = (
        (ingested.unchanged_files, "unchanged files"),
        (ingested.ignored, "records that say nothing of data"),
        (ingested.duplicates, "records delivered twice"),
        (ingested.quarantined, "records in quarantine"),
        (sum(number for _, number in ingested.dropped), "records dropped"),
    )
    more = "".join(f", {number:,} {what}" for number, what in also if number)
    note(f"files read: {ingested.files:,}; events: {ingested.events:,}{more}")
    for reason, number in ingested.reasons[:_LISTED]:
        note(f"  quarantined {number:,}: {reason}", style="yellow")
    for reason, number in ingested.dropped[:_LISTED]:
        note(f"  dropped {number:,}, the quarantine being full: {reason}", style="yellow")
    if ingested.quarantined:
        note(f"  file, line and text of each: tidegate quarantine --lake {lake}", style="yellow")
    if unknown := ingested.unknown_files:
        note(f"no log Tidegate knows, skipped ({len(unknown):,}); `tidegate sources` lists those it does:")
        listed = _grouped(unknown)
        for line in listed[:_LISTED]:
            note(f"  {line}")
        if len(listed) > _LISTED:
            note(f"  and {len(listed) - _LISTED:,} more like these")


def _without(ingested: IngestSummary, context: Path | None) -> IngestSummary:
    """The context folder's files are read, if not as logs: they are no unknown ones."""
    inside = f"{context.absolute()}{os.sep}" if context else "\0"
    unknown = (name for name in ingested.unknown_files if not str(Path(name).absolute()).startswith(inside))
    return dataclasses.replace(ingested, unknown_files=tuple(unknown))


def _grouped(names: Sequence[str]) -> list[str]:
    """Files by name, save that several of one kind in one folder share a line."""
    groups: dict[str, list[str]] = {}
    for name in names:
        path = Path(name)
        groups.setdefault(str(path.parent / f"*{path.suffix}"), []).append(name)
    return [of[0] if len(of) == 1 else f"{group} ({len(of):,})" for group, of in groups.items()]


def nothing_read(ingested: IngestSummary, paths: Sequence[Path]) -> InputError | None:
    """The error it is that nothing of what was pointed at could be read, else None."""
    where = ", ".join(str(path) for path in paths)
    if paths and not ingested.files and not ingested.unchanged_files:
        return InputError(f"{where}: no log in there that Tidegate knows; `tidegate sources` lists them")
    read = ingested.events + ingested.ignored + ingested.duplicates + ingested.unchanged_files
    refused = ingested.quarantined + sum(number for _, number in ingested.dropped)
    if refused and not read:
        return InputError(f"{where}: not one of {refused:,} records could be read; `tidegate quarantine` says why")
    return None
