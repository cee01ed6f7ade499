"""When people work: the week, holidays, leave, sick days, home days, and the hours of a day with their lunch dip."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from tidegate.range.organisation import People
from tidegate.range.tables import DAY, SECOND, Bools, Floats, Ints

_EPOCH = date(1970, 1, 1)

# A day's work by hour from 0 to 23 (local): a slow start, a lunch dip, a few who stay late.
_HOURS = np.array(
    [0.1, 0, 0, 0, 0.1, 1, 10, 45, 85, 100, 98, 85, 45, 70, 95, 92, 75, 45, 18, 9, 6, 4, 2, 0.5], dtype=float
)
_CUMULATED = np.concatenate(([0.0], np.cumsum(_HOURS) / _HOURS.sum()))


@dataclass(frozen=True, kw_only=True)
class Workdays:
    """The period, and who is there when. Two-dimensional arrays are people × days.

    present: works that day; remote: from home; effort: a day's work over a usual day's (busy weeks, quiet Fridays,
    month ends); burst: the same for uploads, many times the usual in a week of a project.
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

    def date(self, day: int) -> date:
        return self.start + timedelta(days=day)

    def midnight(self, day: int) -> int:
        """When a day begins in UTC, in µs since 1970."""
        return ((self.start - _EPOCH).days + day) * DAY

    def open(self, day: int) -> bool:
        """Is neither weekend nor holiday."""
        return bool(self.weekday[day] < 5 and not self.holiday[day])

    def office_times(self, rng: np.random.Generator, day: int, shift: Floats) -> Ints:
        """A time in the working hours of a day for each shift (minutes somebody starts later than most)."""
        local = np.interp(rng.random(len(shift)), _CUMULATED, np.arange(25)) * 60 + shift
        minutes = np.mod(local - self.utc_offset, 24 * 60)
        return self.midnight(day) + (minutes * 60 * SECOND).astype(np.int64)

    def any_times(self, rng: np.random.Generator, day: int, count: int) -> Ints:
        """So many times anywhere in a day."""
        return self.midnight(day) + rng.integers(0, DAY, count)


def workdays(rng: np.random.Generator, *, people: People, start: date, days: int, utc_offset: int) -> Workdays:
    """Draw the calendar: about eleven holidays, six weeks of leave and two of sickness a year."""
    count, day = len(people), np.arange(days)
    weekday = (day + start.weekday()) % 7
    holiday = np.zeros(days, dtype=bool)
    holiday[rng.choice(np.flatnonzero(weekday < 5), size=round(days / 33), replace=False)] = True
    employed = (day >= people.start[:, None]) & (day <= people.end[:, None])
    away = _spells(rng, count, days, a_year=4, mean=7) | _spells(rng, count, days, a_year=4, mean=2)
    present = employed & people.week[:, weekday] & ~holiday & ~away
    week = (day + start.weekday()) // 7
    weeks = int(week[-1]) + 1
    month_end = np.array([(start + timedelta(days=n + 3)).day <= 3 for n in range(days)])
    busy = np.exp(rng.normal(0, 0.3, (count, weeks)))[:, week] * np.exp(rng.normal(0, 0.25, (count, days)))
    burst = np.where(rng.random((count, weeks)) < 0.02, 2 + rng.pareto(1.2, (count, weeks)) * 4, 1.0)
    return Workdays(
        start=start,
        days=days,
        utc_offset=utc_offset,
        weekday=weekday,
        holiday=holiday,
        present=present,
        remote=present & (rng.random((count, days)) < people.home_share[:, None]),
        effort=busy * np.where(weekday == 4, 0.8, 1.0) * np.where(month_end, 1.25, 1.0),
        burst=np.minimum(burst, 40)[:, week],
    )


def _spells(rng: np.random.Generator, people: int, days: int, *, a_year: float, mean: float) -> Bools:
    """Days away in spells: so many a year, each so many days long on average."""
    away = np.zeros((people, days), dtype=bool)
    for person, day in np.argwhere(rng.random((people, days)) < a_year / 365):
        away[person, day : day + 1 + rng.poisson(mean)] = True
    return away
