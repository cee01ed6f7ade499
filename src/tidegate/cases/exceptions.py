"""What an analyst excused: whose, to where, how much, until when. Never everything, never everybody, never for ever.

An exception holds, for each detector that spoke in the case it came from, the most that was seen then. What is more
than `GROWN` times that, or `RARER` times rarer, is not what was excused. A finding that names nobody whom the exception
names, or another place, is not either.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from tidegate.cases.model import Case, Finding
from tidegate.errors import InputError
from tidegate.words import some

GROWN = 2.0  # times the amount excused: ordinary work varies by less from one week to the next, a haul by more
RARER = 1.0  # powers of ten by which a finding is rarer than the one excused: what took the measure of it, does not fit
EVERYBODY = "anyone"  # the destination of what is opened to all; naming it alone would name nobody

Width = Literal["both", "subjects", "destinations"]


@dataclass(frozen=True, kw_only=True)
class Bound:
    """The most of one detector that was seen when it was judged."""

    detector: str
    bytes_out: int
    files: int
    surprise: float


@dataclass(frozen=True, kw_only=True)
class Scope:
    """Whose findings, to where, up to what: people and devices under pseudonyms. Empty is whoever, or wherever."""

    subjects: tuple[str, ...]
    destinations: tuple[str, ...]
    bounds: tuple[Bound, ...]

    def covers(self, finding: Finding) -> bool:
        """Whether this is what was judged: the same detector, subject and place, and not much more of it."""
        bound = next((bound for bound in self.bounds if bound.detector == finding.detector), None)
        return (
            bound is not None
            and (not self.subjects or (finding.actor or finding.device) in self.subjects)
            and (not self.destinations or self._there(finding.destination))
            and finding.bytes_out <= GROWN * bound.bytes_out
            and finding.files <= GROWN * bound.files
            and finding.surprise <= bound.surprise + RARER
        )

    def _there(self, destination: str | None) -> bool:
        """A finding without a place is of its subject alone, so it takes a subject to excuse it."""
        return destination in self.destinations or (destination is None and bool(self.subjects))

    @property
    def in_words(self) -> str:
        """`bulk_volume of person-aaaaaaaa to example.net`."""
        what = some([bound.detector for bound in self.bounds], limit=3)
        who = f" of {some(self.subjects, limit=3)}" if self.subjects else ""
        return what + who + (f" to {some(self.destinations, limit=3)}" if self.destinations else "")


@dataclass(frozen=True, kw_only=True)
class DatedException:
    """What is excused from `start` until `end`. ended: when a person took it back before that, and why."""

    uid: str
    case: str
    pattern: str
    scope: Scope
    start: datetime
    end: datetime
    reviewer: str
    reason: str
    ended: datetime | None = None
    ended_by: str = ""
    ended_because: str = ""

    def holds(self, now: datetime) -> bool:
        """Whether it is in force at the moment of looking."""
        return self.ended is None and self.start <= now < self.end


def scope_of(case: Case, width: Width = "both") -> Scope:
    """What a verdict on this case is about. case: under pseudonyms."""
    return Scope(
        subjects=tuple(dict.fromkeys((*case.actors, *case.devices))) if width != "destinations" else (),
        destinations=case.destinations if width != "subjects" else (),
        bounds=tuple(_bounds(case.findings)),
    )


def exception_for(
    case: Case, scope: Scope, *, uid: str, start: datetime, end: datetime, reviewer: str, reason: str
) -> DatedException:
    """The exception that a benign case teaches.

    Raises InputError where it would name neither somebody nor some one place, or hold for no time.
    """
    if not scope.subjects and not set(scope.destinations) - {EVERYBODY}:
        raise InputError(f"{case.uid}: names nobody and no one place to excuse, and nothing is excused for everybody")
    if end <= start:
        raise InputError("an exception has to hold for some time")
    return DatedException(
        uid=uid,
        case=case.uid,
        pattern=case.pattern,
        scope=scope,
        start=start,
        end=end,
        reviewer=reviewer,
        reason=reason,
    )


def _bounds(findings: Sequence[Finding]) -> Iterable[Bound]:
    for detector in dict.fromkeys(finding.detector for finding in findings):
        mine = [finding for finding in findings if finding.detector == detector]
        yield Bound(
            detector=detector,
            bytes_out=max(finding.bytes_out for finding in mine),
            files=max(finding.files for finding in mine),
            surprise=max(finding.surprise for finding in mine),
        )
