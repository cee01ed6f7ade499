"""Findings into cases: what belongs together, from when on, and how rare the whole is.

A case is as rare as its rarest finding, times the number of detectors asked (the union bound, which holds however
they depend on one another); evidence of several detectors never multiplies. It is raised at the first moment at which
that rate is within the budget.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime, timedelta

from tidegate.cases.comparisons import grounded
from tidegate.cases.found import Found
from tidegate.cases.model import Case, Finding
from tidegate.cases.patterns import TITLES

TOGETHER = timedelta(days=14)  # findings about the same subject closer than this are one story
LOOSE = 3.0  # times the budget: a finding up to there adds people, places and times to a case that others raised
RARER = 10.0  # a repeated finding is only worth saying again when it has become so many times rarer


def build(
    found: Iterable[Found], *, detectors: int, cases_per_week: float, common: Collection[str] = ()
) -> tuple[Case, ...]:
    """Cases within the budget, ranked. common: destinations too widely used to tie findings together.

    detectors: how many were asked; each gets an equal part of `cases_per_week`.
    """
    cases = (_case(group, detectors, cases_per_week) for group in _groups(sorted(found, key=_order), common))
    return tuple(sorted((c for c in cases if c), key=lambda c: (-c.score, c.raised_time, c.uid)))


def finding(found: Found) -> Finding:
    """As it is told: surprise in place of the rate, a sentence, and the numbers behind it."""
    plain = Finding(
        uid=found.uid,
        detector=found.detector.id,
        time=found.time,
        first_time=found.first_time,
        last_time=found.last_time,
        actor=found.actor,
        device=found.device,
        destination=found.destination,
        surprise=round(-math.log10(max(found.per_week, 1e-12)), 3),
        explanation=found.sentence,
        bytes_out=found.bytes_out,
        files=found.files,
        evidence=found.evidence,
    )
    return grounded(plain, found)


def news(found: Iterable[Found]) -> list[Found]:
    """In order of time, without what only repeats: the same detector on the same subject, not ten times rarer."""
    told: dict[tuple[str, str, str | None], tuple[datetime, float]] = {}
    fresh = []
    for f in sorted(found, key=_order):
        key = (f.detector.id, f.who, f.destination)
        last, rate = told.get(key, (f.time, math.inf))
        if f.time - last > TOGETHER or f.per_week * RARER <= rate:
            fresh.append(f)
            rate = f.per_week
        told[key] = (f.time, min(rate, f.per_week))
    return fresh


def _order(f: Found) -> tuple[datetime, float, str]:
    return f.time, f.per_week, f.uid


def _groups(found: Iterable[Found], common: Collection[str]) -> list[list[Found]]:
    """Findings that share a person, a device or a destination with one not long before, directly or through others."""
    groups: list[list[Found]] = []
    latest: dict[tuple[str, str], Found] = {}
    of: dict[str, int] = {}
    for f in found:
        ties = set(_ties(f, common))
        near = {of[g.uid] for tie in ties if (g := latest.get(tie)) and f.time - g.time <= TOGETHER}
        joined = [f]
        for index in near:
            joined += groups[index]
            groups[index] = []
        groups.append(joined)
        of.update((member.uid, len(groups) - 1) for member in joined)
        latest.update((tie, f) for tie in ties)
    return [sorted(group, key=_order) for group in groups if group]


def _ties(f: Found, common: Collection[str]) -> Iterator[tuple[str, str]]:
    if f.actor:
        yield "actor", f.actor
    if f.device:
        yield "device", f.device
    if f.destination and f.destination not in common:
        yield "destination", f.destination


def _case(group: list[Found], detectors: int, budget: float) -> Case | None:
    """The case of a group, or None while no finding of it is rare enough; those hardly rare name nobody in it."""
    rare = [f for f in group if f.per_week * detectors <= budget]
    if not rare:
        return None
    told = [f for f in group if f.per_week * detectors <= LOOSE * budget]
    rarest = min(rare, key=lambda f: (f.per_week, f.time))
    unit = rarest.detector
    rate = rarest.per_week * detectors
    return Case(
        uid=f"case-{group[0].uid[:12]}",
        pattern=unit.pattern,
        title=TITLES[unit.pattern],
        score=round(100 * (1 - 10 ** -(max(0.0, 1 - math.log10(rate)) / 5)), 1),
        false_alarms_per_week=rate,
        actors=_named(f.actor for f in told),
        devices=_named(f.device for f in told),
        destinations=_named(f.destination for f in told),
        first_time=min(f.first_time for f in told),
        last_time=max(f.last_time for f in told),
        raised_time=rare[0].time,
        bytes_out=max(f.bytes_out for f in told),
        findings=tuple(map(finding, sorted({f.uid: f for f in (*news(group), rare[0], rarest)}.values(), key=_order))),
        summary=rarest.sentence,
        twin=unit.twin,
        question=unit.question,
        techniques=tuple(dict.fromkeys(t for f in told for t in f.detector.attack)),
    )


def _named(names: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name in names if name))
