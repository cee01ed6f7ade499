"""When people work: the week, holidays, leave, sick days, home days, and the hours of a day with their lunch dip."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from tidegate.range.tables import DAY, SECOND, Bools, Floats, Ints

_EPOCH = date(1970, 1, 1)

# Share of a day's work in each hour from 0 to 23 (local): a slow start, a lunch dip, a few who stay late.
_HOURS = np.array([1, 1, 1, 1, 1, 2, 10, 45, 85, 100, 98, 85, 45, 70, 95, 92, 75, 45, 18, 9, 7, 6, 4, 2], dtype=float)
_CUMULATED = np.concatenate(([0.0], np.cumsum(_HOURS) / _HOURS.sum()))


@dataclass(frozen=True, kw_only=True)
class Workdays:
    """The period, and who is there when. Arrays are people × days.

    present: works that day; remote: from home; effort: how much of a usual day (busy weeks, quiet Fridays);
    burst: a week in which a project makes somebody upload many times the usual.
    """

    start: date
    days: int
    utc_offset: int  # minutes that local time is ahead of UTC
    weekday: Ints
    holiday: Bools
    present: Bools
    remote: Bools
    effort: Floats
    burst: Floats

    def midnight(self, day: int) -> int:
        """When a day begins in UTC, in µs since 1970."""
        return ((self.start - _EPOCH).days + day) * DAY

    def date(self, day: int) -> date:
        return self.start + timedelta(days=day)

    def office_times(self, rng: np.random.Generator, day: int, shift: Floats) -> Ints:
        """A time in working hours for each shift (minutes somebody starts later than most)."""
        local = np.interp(rng.random(len(shift)), _CUMULATED, np.arange(25)) * 60 + shift
        minutes = np.mod(local - self.utc_offset, 24 * 60)
        return self.midnight(day) + (minutes * 60 * SECOND).astype(np.int64)

    def all_day_times(self, rng: np.random.Generator, day: int, count: int) -> Ints:
        """So many times anywhere in the day."""
        return self.midnight(day) + rng.integers(0, DAY, count)


def workdays(
    rng: np.random.Generator,
    *,
    start: date,
    days: int,
    utc_offset: int,
    first: Ints,
    last: Ints,
    pattern: Bools,
    remote: Floats,
) -> Workdays:
    """Draw the calendar of people with a first and last day, a weekly pattern (people × 7) and a share of home days."""
    people = len(first)
    weekday = (np.arange(days) + start.weekday()) % 7
    holiday = np.zeros(days, dtype=bool)
    working = np.flatnonzero(weekday < 5)
    holiday[rng.choice(working, size=round(days / 33), replace=False)] = True  # about eleven a year
    day = np.arange(days)
    employed = (day >= first[:, None]) & (day <= last[:, None])
    away = _spells(rng, people, days, a_year=3.5, mean=6) | _spells(rng, people, days, a_year=4, mean=2)
    present = employed & pattern[:, weekday] & ~holiday & ~away
    weeks = days // 7 + 2
    week = (day + start.weekday()) // 7
    month_end = np.array([(start + timedelta(days=int(d) + 3)).day <= 3 for d in day])
    busy = np.exp(rng.normal(0, 0.3, (people, weeks)))[:, week] * np.where(weekday == 4, 0.8, 1.0)
    burst = np.where(rng.random((people, weeks)) < 0.02, 2 + rng.pareto(1.2, (people, weeks)) * 4, 1.0)
    return Workdays(
        start=start,
        days=days,
        utc_offset=utc_offset,
        weekday=weekday,
        holiday=holiday,
        present=present,
        remote=present & (rng.random((people, days)) < remote[:, None]),
        effort=busy * np.exp(rng.normal(0, 0.25, (people, days))) * np.where(month_end, 1.25, 1.0),
        burst=np.minimum(burst, 40)[:, week],
    )


def _spells(rng: np.random.Generator, people: int, days: int, *, a_year: float, mean: float) -> Bools:
    """Days away in spells: so many a year, so many working days long on average."""
    starts = rng.random((people, days)) < a_year / 365
    away = np.zeros((people, days), dtype=bool)
    for person, day in np.argwhere(starts):
        away[person, day : day + 1 + rng.poisson(mean)] = True
    return away
