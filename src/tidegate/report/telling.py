"""What a report and its cases say in words, the same on a terminal as on a page."""

from __future__ import annotations

import os.path
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import timedelta
from statistics import median

from tidegate.cases.model import Case, EventRef, Finding, Flow, IngestSummary, Report
from tidegate.report.timeline import bars, is_steep
from tidegate.words import between, day, human, lasting, many, shorten


def subjects(case: Case) -> tuple[str, ...]:
    """Who it is about: people, or where none is known, devices."""
    return case.actors or case.devices


def files(case: Case) -> int:
    """How many files left, as far as a finding counted them."""
    return max((finding.files for finding in case.findings), default=0)


def amount(case: Case) -> str:
    """How much left: bytes, else files, else the events the case rests on."""
    if case.bytes_out:
        return human(case.bytes_out)
    return many(files(case), "file") if files(case) else many(len(evidence(case)), "event")


def evidence(case: Case) -> frozenset[str]:
    """Uids of all events that the case rests on; `case.events` holds no more than can be shown."""
    return frozenset(uid for finding in case.findings for uid in finding.evidence)


def first_events(case: Case, rows: int) -> tuple[EventRef, ...]:
    """The first events of a case, in order of time."""
    return tuple(sorted(case.events, key=lambda event: (event.time, event.uid))[:rows])


def common_folder(files: Iterable[str]) -> str:
    """The folder that all files lie in, without which their names are easier to read; empty where there is none."""
    try:
        return os.path.commonpath({os.path.dirname(file.partition("!")[0]) for file in files})  # noqa: PTH120  text only
    except ValueError:  # no files, or some with an absolute and some with a relative path
        return ""


def within(folder: str, file: str) -> str:
    """A file's name as it is in a folder that it lies in."""
    return file.removeprefix(folder).lstrip("/") if folder else file


def delay(case: Case) -> str:
    """How long after its first event the case was raised."""
    late = case.raised_time - case.first_time
    return f"{lasting(late)} after it began" if late.total_seconds() >= 30 else "at its first event"


def rate(surprise: float) -> float:
    """Times a week by chance, from a finding's surprise."""
    return float(10**-surprise)


def others(case: Case) -> tuple[Finding, ...]:
    """Findings that say more than the summary, which is often the sentence of one of them."""
    return tuple(finding for finding in case.findings if finding.explanation != case.summary)


def singles(report: Report) -> int:
    """How many findings made no case."""
    return len({f.uid for f in report.findings} - {f.uid for case in report.cases for f in case.findings})


def excused(report: Report) -> tuple[str, ...]:
    """Each exception that hid something, in a sentence: nothing is hidden silently."""
    return tuple(
        f"Exception {hidden.exception} hid {many(len(hidden.cases), 'case')}, until {day(hidden.until)}: "
        f"{hidden.covers}. {hidden.reviewer} says why: {hidden.reason}"
        for hidden in report.excused
    )


def period(report: Report) -> str:
    """The time the logs span: `8 Jan to 6 Apr 2024 (90 days)`."""
    if report.first_event is None or report.last_event is None:
        return "no time at all: they hold no event"
    days = report.last_event.date() - report.first_event.date() + timedelta(days=1)
    return f"{between(report.first_event, report.last_event)} ({lasting(days)})"


def read_in_words(ingested: IngestSummary) -> str:
    """What one run read, and what it could not, in one or two sentences."""
    said = []
    if ingested.files:
        said.append(f"This run read {many(ingested.files, 'file')} with {many(ingested.events, 'event')}.")
    if ingested.unchanged_files:
        said.append(f"{many(ingested.unchanged_files, 'file')} had been read before.")
    if ingested.quarantined:
        said.append(f"{many(ingested.quarantined, 'record was', 'records were')} set aside as unreadable.")
    if unknown := len(ingested.unknown_files):
        said.append(f"{many(unknown, 'file')} of no known kind {'was' if unknown == 1 else 'were'} left out.")
    return " ".join(said)


def of_timeline(case: Case, *, limit: int = 120) -> tuple[str, str]:
    """Heading and caption of a timeline of `limit` bars, which say what a person who cannot see it needs."""
    in_bytes = any(volume.bytes for volume in case.timeline)
    shown = bars(case.timeline, limit=limit)
    peak = max(case.timeline, key=lambda volume: volume.bytes if in_bytes else volume.files)
    usual = median(volume.usual for volume in case.timeline)
    most, ordinary = (
        (human(peak.bytes), human(usual)) if in_bytes else (many(peak.files, "action"), many(round(usual), "action"))
    )
    said = [f"The most on one day: {most}, on {day(peak.day)}."]
    said.append(f"A usual day before: {ordinary}." if usual else "On a usual day before: nothing.")
    if shown[0].days > 1:
        said.append(f"Each bar is the busiest of {shown[0].days} days.")
    if is_steep(shown):
        said.append("Heights grow by powers of ten.")
    return "What left, day by day" if in_bytes else "What was done, day by day", " ".join(said)


def of_flows(flows: Sequence[Flow]) -> tuple[str, str]:
    """Heading and caption of the picture of who sent to where, likewise."""
    in_bytes = any(flow.bytes for flow in flows)
    sent: Counter[tuple[str, str]] = Counter()
    for flow in flows:
        sent[flow.who, flow.destination] += flow.bytes if in_bytes else flow.events
    (who, where), most = sent.most_common(1)[0]
    largest = human(most) if in_bytes else many(most, "event")
    wide = "what was sent" if in_bytes else "the number of events"
    return (
        "Who sent to where",
        f"As wide as {wide}. The most: {largest}, from {shorten(who, 60)} to {shorten(where, 60)}.",
    )
