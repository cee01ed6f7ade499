"""What a finding costs of the budget: how often a week stories as odd as this come up by chance, as seen so far.

A *story* is what findings tell that share a person, a device or a rare destination. Every number here rests on what was
there up to a finding's own moment. Three steps, each of which can only be wrong in the user's favour or is mended by
the next:

1. A detector is believed as far as its past allows: what it calls rare but says weekly counts as weekly.
2. All detectors together get the budget once: the union bound (Boole), however they depend on one another. What is
   grave by its kind gets a larger part of it than what is only odd (`GRAVITY`, the weighted bound).
3. The union bound gives most of the budget away. So stories are ranked by how odd they are in all, and one that was
   surpassed by M others in W weeks comes (M + ½) times in W weeks. Where stories come in exchangeable order, one is
   among the first b·W of those so far, rounded, about b times a week, whatever the law of what they are ranked by: the
   rank argument of conformal prediction (Vovk, Gammerman, Shafer 2005). For this rank, and for it alone, a story that
   several patterns tell counts the surprise of each: quiet stories have correlated oddities too, and are ranked
   likewise.

The budget is one of false alarms that somebody has to look at. So a story that an analyst confirmed surpasses nobody,
and neither does what a valid exception hides. A story judged benign was a false alarm, and goes on costing its rank.
"""

from __future__ import annotations

import math
from bisect import bisect_right, insort
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tidegate.cases.found import Found
from tidegate.units import Detector, Severity

TOGETHER = timedelta(days=14)  # findings about the same subject closer than this are one story
WEEK = timedelta(days=7)
DOUBT = 2.0  # standard errors of a count by which a detector must have broken its word before it is believed less
GRAVITY: Mapping[Severity, float] = {"low": 0.0625, "medium": 0.25, "high": 1.0, "critical": 4.0}
"""Weight of a detector in the budget, by the severity of what it speaks of."""
MOST = 4.0  # decades of rarity that one pattern can add to a story's oddness
UNSEEN = 0.5  # cases that weigh as much as what is assumed of the rate (Jeffreys): a whole one would leave half unspent
FIRST = 2.0  # weeks watched before anything is judged by rank: until then everybody is new to us


@dataclass(frozen=True)
class Rated:
    """A finding with `rate`: how often a week a story as odd as its own, at that moment, comes up by chance."""

    found: Found
    rate: float


@dataclass
class Story:
    """Findings that belong together, in order of time. best: the smallest rate by detector; told: surprise by pattern.

    counts: whether it takes a rank from others, which a true one does not.
    """

    findings: list[Rated] = field(default_factory=list)
    best: dict[str, float] = field(default_factory=dict)
    told: dict[str, float] = field(default_factory=dict)
    counts: bool = True


@dataclass(frozen=True)
class Spoken:
    """Uids of findings that somebody has spoken on: those of confirmed cases, and those that exceptions hide."""

    confirmed: frozenset[str] = frozenset()
    excused: frozenset[str] = frozenset()


class Ledger:
    """Takes findings in order of time, and keeps the stories they tell."""

    def __init__(
        self, *, weight: float, start: datetime, common: Collection[str] = (), spoken: Spoken | None = None
    ) -> None:
        self._weight, self._start, self._common, self._spoken = weight, start, common, spoken or Spoken()
        self._stories: dict[int, Story] = {}
        self._latest: dict[tuple[str, str], tuple[datetime, int]] = {}
        self._joined: dict[int, int] = {}
        self._reached: dict[str, list[float]] = defaultdict(list)  # best rates of stories, in order, by detector

    @property
    def stories(self) -> tuple[Story, ...]:
        return tuple(self._stories.values())

    def add(self, found: Found) -> Rated:
        """Put the next finding into its story."""
        number = self._story(found)
        story = self._stories[number]
        if found.uid in self._spoken.confirmed:
            self._set_apart(story)
        weeks = max((found.time - self._start) / WEEK, 1.0)
        name = found.detector.id
        seen = self._others(name, story, found.per_week)
        believed = max(found.per_week, (seen - DOUBT * seen**0.5) / weeks)
        union = believed * self._weight / GRAVITY[found.detector.severity]
        surprise = min(-math.log10(believed / GRAVITY[found.detector.severity]), MOST)
        pattern = found.detector.pattern
        told = story.told | {pattern: max(surprise, story.told.get(pattern, surprise))}
        odd = _oddness(told)
        if found.uid not in self._spoken.excused:
            story.told = told
            self._reach(name, story, found.per_week)
            self._reach("", story, odd)
        rank = (self._others("", story, odd) + UNSEEN) / weeks if weeks > FIRST else union
        rated = Rated(found, min(union, rank))
        story.findings.append(rated)
        return rated

    def _others(self, name: str, story: Story, rate: float) -> int:
        """How many other stories reached this rate before."""
        own = name in story.best and story.best[name] <= rate
        return bisect_right(self._reached[name], rate) - own

    def _reach(self, name: str, story: Story, rate: float) -> None:
        if story.counts and rate < story.best.get(name, float("inf")):
            self._forget(name, story)
            story.best[name] = rate
            insort(self._reached[name], rate)

    def _set_apart(self, story: Story) -> None:
        for name in story.best:
            self._forget(name, story)
        story.best.clear()
        story.counts = False

    def _forget(self, name: str, story: Story) -> None:
        if name in story.best:
            reached = self._reached[name]
            del reached[bisect_right(reached, story.best[name]) - 1]

    def _story(self, found: Found) -> int:
        """The story a finding belongs to; stories that it shows to be one become one."""
        ties = set(_ties(found, self._common))
        near = {
            self._root(number)
            for tie in ties
            if (known := self._latest.get(tie)) and found.time - known[0] <= TOGETHER
            for number in (known[1],)
        }
        number = min(near, default=len(self._joined))
        self._joined.setdefault(number, number)
        story = self._stories.setdefault(number, Story())
        for other in near - {number}:
            self._join(story, self._stories.pop(other))
            self._joined[other] = number
        self._latest.update((tie, (found.time, number)) for tie in ties)
        return number

    def _join(self, story: Story, other: Story) -> None:
        if not (story.counts and other.counts):
            self._set_apart(story)
            self._set_apart(other)
        for name in story.best.keys() & other.best.keys():
            self._forget(name, story if story.best[name] > other.best[name] else other)
        story.best = {
            name: min(part.best[name] for part in (story, other) if name in part.best)
            for name in {*story.best, *other.best}
        }
        story.told = {
            pattern: max(part.told[pattern] for part in (story, other) if pattern in part.told)
            for pattern in {*story.told, *other.told}
        }
        story.findings = sorted(story.findings + other.findings, key=lambda rated: order(rated.found))

    def _root(self, number: int) -> int:
        while self._joined[number] != number:
            number = self._joined[number]
        return number


def stories(
    found: Iterable[Found],
    *,
    weight: float,
    start: datetime,
    common: Collection[str] = (),
    spoken: Spoken | None = None,
) -> tuple[Story, ...]:
    """The stories that findings tell. weight: of all detectors that were asked; start: the first moment watched."""
    ledger = Ledger(weight=weight, start=start, common=common, spoken=spoken)
    for one in sorted(found, key=order):
        ledger.add(one)
    return ledger.stories


def weight(detectors: Iterable[Detector]) -> float:
    """The weight of detectors in the budget."""
    return sum(GRAVITY[unit.severity] for unit in detectors)


def order(f: Found) -> tuple[datetime, float, str]:
    return f.time, f.per_week, f.uid


def _oddness(told: Mapping[str, float]) -> float:
    """How odd a story is by the surprise of each pattern: negative, so that as with rates less is rarer."""
    return -(sum(max(surprise, 0.0) for surprise in told.values()) or max(told.values()))


def _ties(f: Found, common: Collection[str]) -> Iterator[tuple[str, str]]:
    if f.actor:
        yield "actor", f.actor
    if f.device and not (f.actor and f.device in common):  # a file server is everybody's device
        yield "device", f.device
    if f.destination and f.destination not in common:
        yield "destination", f.destination
