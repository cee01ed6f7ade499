"""Stories into cases: which are raised, from when on, and how rare the whole is.

A case is as rare as its rarest finding; evidence of several detectors never multiplies (`cases.budget`). It is raised
at the first moment at which that rate is within the budget. What no case tells is the rest: the same shape, to browse.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from tidegate.cases.budget import TOGETHER, Rated, Story, order, stories
from tidegate.cases.comparisons import grounded
from tidegate.cases.found import Found
from tidegate.cases.model import Case, Finding, Left
from tidegate.cases.patterns import TITLES
from tidegate.words import many

LOOSE = 3.0  # times the budget: a finding up to there adds people, places and times to a case that others raised
GRAVER: Mapping[str, float] = {"internal": 2.0, "sensitive": 6.0, "core": 30.0}
"""By the gravest grade that left, how many times rarer a case counts for its score: what is public weighs nothing, and
core data halves what a score lacks to 100. Enough to change ranks among cases alike, too little to outdo rarity."""
DECADES = 5.0  # of rarity that bring a score nine tenths of the way to 100
RARER = 10.0  # a repeated finding is only worth saying again when it has become so many times rarer


def build(
    found: Iterable[Found],
    *,
    weight: float,
    cases_per_week: float,
    start: datetime,
    common: Collection[str] = (),
) -> tuple[Case, ...]:
    """Cases within the budget, ranked. common: destinations and devices too widely used to tie findings together.

    weight: of all detectors that were asked (`budget.weight`); start: the first moment watched.
    """
    return raised(stories(found, weight=weight, start=start, common=common), cases_per_week)


def raised(told: Iterable[Story], cases_per_week: float) -> tuple[Case, ...]:
    """The cases of stories, ranked."""
    cases = (_case(story, cases_per_week) for story in told)
    return tuple(sorted((c for c in cases if c), key=lambda c: (-c.score, c.raised_time, c.uid)))


def weighed(cases: Iterable[Case], left: Mapping[str, tuple[Left, ...]]) -> tuple[Case, ...]:
    """Cases ranked also by what is known to have left with each, by uid. What is raised, and when, is as before."""
    told = (_weighed(case, left.get(case.uid, ())) for case in cases)
    return tuple(sorted(told, key=lambda c: (-c.score, c.raised_time, c.uid)))


def _weighed(case: Case, left: tuple[Left, ...]) -> Case:
    if not left:
        return case
    rarer = max(GRAVER.get(one.grade, 1.0) for one in left)
    said = ", ".join(f"{one.grade} {one.data_class} data ({many(one.files, 'file')})" for one in left)
    return replace(
        case,
        left=left,
        score=round(100 - (100 - case.score) * rarer ** (-1 / DECADES), 1),
        notes=(*case.notes, f"Known to have left: {said}."),
    )


def rest(told: Iterable[Story], cases_per_week: float) -> tuple[Case, ...]:
    """What of stories no case tells, in the shape of cases, the rarest first. raised_time: of its rarest finding."""
    left = (_left(story, cases_per_week) for story in told)
    return tuple(sorted((r for r in left if r), key=lambda r: (r.false_alarms_per_week, r.raised_time, r.uid)))


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
    for f in sorted(found, key=order):
        key = (f.detector.id, f.who, f.destination)
        last, rate = told.get(key, (f.time, math.inf))
        if f.time - last > TOGETHER or f.per_week * RARER <= rate:
            fresh.append(f)
            rate = f.per_week
        told[key] = (f.time, min(rate, f.per_week))
    return fresh


def _case(story: Story, budget: float) -> Case | None:
    """The case of a story, or None while no finding of it is rare enough; those hardly rare name nobody in it."""
    rare = [one for one in story.findings if one.rate <= budget]
    return _told(_uid(story), _loose(story, budget), rare[0].found, budget) if rare else None


def _left(story: Story, budget: float) -> Case | None:
    """The findings of a story that no case tells, or None where one tells all."""
    if min(one.rate for one in story.findings) > budget:
        return _told(_uid(story, "rest"), story.findings, None, budget)
    told = {one.found.uid for one in _loose(story, budget)}
    left = [one for one in story.findings if one.found.uid not in told]
    beside = f"Of the same people, devices or places as {_uid(story)}, and too common to be told there."
    return replace(_told(_uid(story, "rest"), left, None, budget), notes=(beside,)) if left else None


def _loose(story: Story, budget: float) -> list[Rated]:
    return [one for one in story.findings if one.rate <= LOOSE * budget]


def _uid(story: Story, kind: str = "case") -> str:
    return f"{kind}-{story.findings[0].found.uid[:12]}"


def _told(uid: str, rated: Sequence[Rated], first: Found | None, budget: float) -> Case:
    """Findings told as one, as a case of the pattern by which it was raised. first: the one that did, if any."""
    told = [one.found for one in rated]
    rarest = min(rated, key=_rarity)
    first = first or rarest.found
    alike = (one for one in rated if one.found.detector.pattern == first.detector.pattern)
    leading, rate = min(alike, key=_rarity).found, rarest.rate
    unit = leading.detector
    shown = {f.uid: f for f in (*news(told), first, leading, rarest.found)}
    return Case(
        uid=uid,
        pattern=unit.pattern,
        title=TITLES[unit.pattern],
        score=round(100 * (1 - 10 ** -(max(0.0, 1 - math.log10(rate)) / DECADES)), 1),
        false_alarms_per_week=rate,
        budget_share=rate / budget,
        actors=_named(f.actor for f in told),
        devices=_named(f.device for f in told),
        destinations=_named(f.destination for f in told),
        first_time=min(f.first_time for f in told),
        last_time=max(f.last_time for f in told),
        raised_time=first.time,
        bytes_out=max(f.bytes_out for f in told),
        findings=tuple(map(finding, sorted(shown.values(), key=order))),
        summary=leading.sentence,
        twin=unit.twin,
        question=unit.question,
        techniques=tuple(dict.fromkeys(t for f in told for t in f.detector.attack)),
    )


def _rarity(rated: Rated) -> tuple[float, float, datetime]:
    return rated.rate, rated.found.per_week, rated.found.time


def _named(names: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name in names if name))
