"""What becomes of cases that an analyst has spoken on: closed, excused, shown, or opened again.

A finding on which there is a verdict raises nothing any more. A later one raises a case again unless a valid exception
covers it, or the verdict was `confirmed` and it is hardly more of the same. Whether a finding would raise a case by
itself is read off the case: a case is so many times more common than its rarest finding, and so are the others.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from tidegate.cases.budget import Spoken
from tidegate.cases.exceptions import GROWN, DatedException, Scope, Width, scope_of
from tidegate.cases.model import Case, Excused, Finding
from tidegate.words import day, human

Says = Literal["benign", "confirmed", "open"]


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What somebody decided on a case, and how far it had grown by then. `open` takes an earlier one back."""

    case: str
    says: Says
    reason: str
    reviewer: str
    time: datetime
    findings: frozenset[str]
    bytes_out: int
    scope: Scope


@dataclass(frozen=True, kw_only=True)
class Judged:
    """Cases by what becomes of them; those shown that had been closed say so in a note. hidden: by exception."""

    shown: tuple[Case, ...]
    closed: tuple[Case, ...]
    hidden: tuple[Excused, ...]
    excused: tuple[Case, ...]


def verdict_on(case: Case, says: Says, *, reason: str, reviewer: str, time: datetime, width: Width = "both") -> Verdict:
    """The verdict on a case as it stands. case: under pseudonyms."""
    return Verdict(
        case=case.uid,
        says=says,
        reason=reason,
        reviewer=reviewer,
        time=time,
        findings=frozenset(finding.uid for finding in case.findings),
        bytes_out=case.bytes_out,
        scope=scope_of(case, width),
    )


def judge(
    cases: Sequence[Case],
    exceptions: Iterable[DatedException],
    verdicts: Iterable[Verdict],
    *,
    now: datetime,
    cases_per_week: float,
) -> Judged:
    """Sort the cases that a run found. cases: under pseudonyms. verdicts: of several on a case the latest counts."""
    valid = [exception for exception in exceptions if exception.holds(now)]
    standing = _standing(verdicts)
    shown: list[Case] = []
    closed: list[Case] = []
    excused: list[Case] = []
    hid: dict[str, list[str]] = {}
    for case in cases:
        verdict = _verdict(case, standing)
        fresh = _fresh(case, verdict, cases_per_week)
        covering = [_covering(finding, valid) for finding in fresh]
        if any(exception is None for exception in covering) or _outgrown(case, verdict):
            shown.append(case if verdict is None else replace(case, notes=(*case.notes, _reopened(case, verdict))))
            continue
        for uid in dict.fromkeys(exception.uid for exception in covering if exception):
            hid.setdefault(uid, []).append(case.uid)
        (excused if verdict is None else closed).append(case)
    return Judged(
        shown=tuple(shown),
        closed=tuple(closed),
        excused=tuple(excused),
        hidden=tuple(_told(exception, hid[exception.uid]) for exception in valid if exception.uid in hid),
    )


def spoken(
    findings: Iterable[Finding], exceptions: Iterable[DatedException], verdicts: Iterable[Verdict], *, now: datetime
) -> Spoken:
    """What takes no rank from others. findings: under pseudonyms.

    What was judged benign is not among it: it was a false alarm that somebody looked at. Were its rank free at once, a
    verdict would raise the next case, and that one's verdict the next.
    """
    valid = [exception for exception in exceptions if exception.holds(now)]
    standing = _standing(verdicts)
    confirmed = {uid for verdict in standing if verdict.says == "confirmed" for uid in verdict.findings}
    judged = {uid for verdict in standing for uid in verdict.findings}
    hidden = {finding.uid for finding in findings if _covering(finding, valid)} if valid else set()
    return Spoken(confirmed=frozenset(confirmed), excused=frozenset(hidden - judged))


def _standing(verdicts: Iterable[Verdict]) -> list[Verdict]:
    """The latest verdict on each case, where it was not taken back."""
    latest = {verdict.case: verdict for verdict in sorted(verdicts, key=lambda verdict: verdict.time)}
    return [verdict for verdict in latest.values() if verdict.says != "open"]


def _verdict(case: Case, standing: Iterable[Verdict]) -> Verdict | None:
    """The latest on this case, or on one that it has grown out of: findings keep their uids, cases may join."""
    own = {finding.uid for finding in case.findings}
    mine = [verdict for verdict in standing if verdict.case == case.uid or verdict.findings & own]
    return max(mine, key=lambda verdict: verdict.time, default=None)


def _fresh(case: Case, verdict: Verdict | None, cases_per_week: float) -> list[Finding]:
    """Findings rare enough to raise a case by themselves on which nothing has been decided."""
    rarest = max((finding.surprise for finding in case.findings), default=0.0)
    share = case.false_alarms_per_week * 10**rarest  # how many times more common the case is than its rarest finding
    raising = (
        finding
        for finding in case.findings
        if share * 10**-finding.surprise <= cases_per_week or finding.surprise == rarest
    )
    if verdict is None:
        return list(raising)
    known = (finding for finding in raising if finding.uid not in verdict.findings)
    return [f for f in known if not (verdict.says == "confirmed" and verdict.scope.covers(f))]


def _covering(finding: Finding, valid: Iterable[DatedException]) -> DatedException | None:
    return next((exception for exception in valid if exception.scope.covers(finding)), None)


def _outgrown(case: Case, verdict: Verdict | None) -> bool:
    """A confirmed case whose total has outgrown what was confirmed; what is benign may go on adding up."""
    return verdict is not None and verdict.says == "confirmed" and case.bytes_out > GROWN * verdict.bytes_out


def _reopened(case: Case, verdict: Verdict) -> str:
    grown = ""
    if case.bytes_out > verdict.bytes_out:
        grown = f": {human(verdict.bytes_out)} then, {human(case.bytes_out)} now"
    return (
        f"Opened again. {verdict.reviewer} closed it as {verdict.says} on {day(verdict.time)} ({verdict.reason}); "
        f"since then more has happened than that covers{grown}."
    )


def _told(exception: DatedException, cases: Sequence[str]) -> Excused:
    return Excused(
        exception=exception.uid,
        covers=exception.scope.in_words,
        reviewer=exception.reviewer,
        reason=exception.reason,
        until=exception.end,
        cases=tuple(cases),
    )
