"""Whether the budget holds: stated against observed rates of cases, replayed over the past.

Every finding was rated by what had been there before it, so that counting what would have been raised is a replay.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tidegate.cases.budget import WEEK, Spoken, Story

BUDGETS = (0.1, 0.3, 1.0, 3.0, 10.0)  # cases a week
SURE = 0.95  # of the interval around an observed rate


@dataclass(frozen=True, kw_only=True)
class Rate:
    """Cases a week: stated, and observed, with what chance alone would make of the stated rate (low to high)."""

    stated: float
    cases: int
    observed: float
    low: float
    high: float

    @property
    def holds(self) -> bool:
        """Whether no more came than chance allows."""
        return self.observed <= self.high


@dataclass(frozen=True, kw_only=True)
class Reliability:
    """Rates of all detectors together at each budget, and of each by itself for what it states weekly at most."""

    weeks: float
    confirmed: int
    rates: tuple[Rate, ...]
    detectors: tuple[tuple[str, Rate], ...]


def reliability(told: Sequence[Story], *, start: datetime, end: datetime, spoken: Spoken | None = None) -> Reliability:
    """Count the stories of a past. spoken: those that somebody judged to be true are no false alarms, and what
    exceptions hide is no alarm at all.

    A detector's own row is at the rate of one finding in ten weeks.
    """
    weeks, spoken = max((end - start) / WEEK, 1.0), spoken or Spoken()
    innocent = [story for story in told if not any(one.found.uid in spoken.confirmed for one in story.findings)]
    shown = [[one.rate for one in story.findings if one.found.uid not in spoken.excused] for story in innocent]
    raised = [(budget, sum(min(rates, default=math.inf) <= budget for rates in shown)) for budget in BUDGETS]
    names = sorted({one.found.detector.id for story in innocent for one in story.findings})
    own = [(name, sum(story.best.get(name, 1.0) <= 0.1 for story in innocent)) for name in names]
    return Reliability(
        weeks=weeks,
        confirmed=len(told) - len(innocent),
        rates=tuple(_rate(budget, cases, weeks) for budget, cases in raised),
        detectors=tuple((name, _rate(0.1, cases, weeks)) for name, cases in own),
    )


def _rate(stated: float, cases: int, weeks: float) -> Rate:
    low, high = _poisson(stated * weeks)
    return Rate(stated=stated, cases=cases, observed=cases / weeks, low=low / weeks, high=high / weeks)


def _poisson(mean: float) -> tuple[int, int]:
    """The least and the most that come by chance where so many are expected, of `SURE`."""
    chance, below, low, n = math.exp(-mean), 0.0, None, 0
    while True:
        below += chance
        if low is None and below > (1 - SURE) / 2:
            low = n
        if below >= 1 - (1 - SURE) / 2:
            return low or 0, n
        n += 1
        chance *= mean / n
