"""Findings and cases, as they are stored, printed and exported.

People and their devices stand in them as pseudonyms unless the caller has unmasked them (`cases.identities`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime


@dataclass(frozen=True, kw_only=True)
class EventRef:
    """One event a finding rests on, openable: the log file and line it was read from."""

    uid: str
    time: datetime
    actor: str | None
    device: str | None
    destination: str | None
    activity: str | None
    file_name: str | None
    bytes: int | None
    source_file: str
    source_line: int


@dataclass(frozen=True, kw_only=True)
class DayVolume:
    """What left on one day, and what is usual (the subject's own median day and 95th percentile before it)."""

    day: date
    bytes: int
    files: int
    usual: float
    high: float


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """One number that a finding rests on. name: with whom this is compared. unit: `bytes`, or a plural noun."""

    name: str
    this: float
    usual: float
    unit: str


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One detector's statement about one subject.

    time: when a Tidegate that was running would have made it (naive UTC). surprise: −log10 of how often a week
    something this unusual happens here by chance; 0 is weekly, 1 every ten weeks, 2 every hundred. evidence: uids.
    """

    uid: str
    detector: str
    time: datetime
    first_time: datetime
    last_time: datetime
    actor: str | None
    device: str | None
    destination: str | None
    surprise: float
    explanation: str
    bytes_out: int
    files: int
    evidence: tuple[str, ...]
    comparisons: tuple[Comparison, ...] = ()
    timeline: tuple[DayVolume, ...] = ()
    twin: str = ""
    question: str = ""
    techniques: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Flow:
    """Who sent how much to where, in the span of a case."""

    who: str
    destination: str
    bytes: int
    events: int


@dataclass(frozen=True, kw_only=True)
class Left:
    """A class of data that is known to have left: its gravest grade, and in how many files."""

    data_class: str
    grade: str
    files: int


@dataclass(frozen=True, kw_only=True)
class Case:
    """Findings that belong together: a hypothesis with its innocent explanation, never a verdict.

    raised_time: event time at which the case would have been raised had Tidegate been running, from data up to that
    moment only. score: 0 to 100. false_alarms_per_week: how often a case this unusual happens by chance. budget_share:
    what it costs of the budget; at 0.1 it would still be raised with a tenth of it. left: the gravest first; empty
    where nothing is known of it.
    """

    uid: str
    pattern: str
    title: str
    score: float
    false_alarms_per_week: float
    budget_share: float = 0.0
    actors: tuple[str, ...]
    devices: tuple[str, ...]
    destinations: tuple[str, ...]
    first_time: datetime
    last_time: datetime
    raised_time: datetime
    bytes_out: int
    findings: tuple[Finding, ...]
    summary: str = ""
    twin: str = ""
    question: str = ""
    techniques: tuple[str, ...] = ()
    timeline: tuple[DayVolume, ...] = field(default=())
    flows: tuple[Flow, ...] = field(default=())
    events: tuple[EventRef, ...] = field(default=())
    notes: tuple[str, ...] = ()
    left: tuple[Left, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Excused:
    """An exception that hid something: what it covers, who made it and why, and the cases it hid, by uid."""

    exception: str
    covers: str
    reviewer: str
    reason: str
    until: datetime
    cases: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class IngestSummary:
    """What one run of ingest did: events, quarantined, dropped, ignored and duplicates account for every record.

    reasons: of quarantine, with their numbers; dropped: of what it had no room for.
    """

    files: int = 0
    events: int = 0
    quarantined: int = 0
    ignored: int = 0
    duplicates: int = 0
    unchanged_files: int = 0
    unknown_files: tuple[str, ...] = ()
    reasons: tuple[tuple[str, int], ...] = ()
    dropped: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Report:
    """Everything `investigate` has to say: the input of every renderer. rest: what made no case, in the same shape."""

    made: datetime
    title: str
    names: str  # "pseudonym" or "clear"
    ingested: IngestSummary
    first_event: datetime | None
    last_event: datetime | None
    findings: tuple[Finding, ...]
    cases: tuple[Case, ...]
    excused: tuple[Excused, ...] = ()
    rest: tuple[Case, ...] = ()
