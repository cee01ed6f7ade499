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
    month ends, a project's last weeks); burst: the same for uploads, many times the usual in such weeks.
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


def workdays(
    rng: np.random.Generator, *, people: People, start: date, days: int, utc_offset: int, projects: Ints
) -> Workdays:
    """Draw the calendar: about eleven holidays, six weeks of leave and two of sickness a year.

    projects: people × projects a person takes part in (numbers).
    """
    count, day = len(people), np.arange(days)
    weekday = (day + start.weekday()) % 7
    holiday = np.zeros(days, dtype=bool)
    holiday[rng.choice(np.flatnonzero(weekday < 5), size=round(days / 33), replace=False)] = True
    employed = (day >= people.start[:, None]) & (day <= people.end[:, None])
    dates = [start + timedelta(days=n) for n in range(days)]
    summer = np.array([d.month in (7, 8) or (d.month, d.day) >= (12, 20) for d in dates])
    flu = np.isin(day // 14, rng.choice(days // 14, max(1, round(days / 365)), replace=False))
    away = _spells(rng, count, a_year=np.where(summer, 9.0, 3.0), mean=7)
    away |= _spells(rng, count, a_year=np.where(flu, 16.0, 3.5), mean=2)
    present = employed & people.week[:, weekday] & ~holiday & ~away
    month_end = np.array([(d + timedelta(days=3)).day <= 3 for d in dates])
    clerks = np.isin(people.team, ("Administration", "Management"))[:, None] & month_end
    effort, burst = _busy(rng, projects, week=(day + start.weekday()) // 7)
    rhythm = np.where(weekday == 4, 0.8, 1.0) * np.where(month_end, 1.25, 1.0)
    return Workdays(
        start=start,
        days=days,
        utc_offset=utc_offset,
        weekday=weekday,
        holiday=holiday,
        present=present,
        remote=present & (rng.random((count, days), dtype=np.float32) < people.home_share[:, None]),
        effort=effort * rhythm.astype(np.float32) * np.where(clerks, np.float32(1.6), np.float32(1)),
        burst=burst * np.where(clerks, np.float32(3), np.float32(1)),
    )


def _busy(rng: np.random.Generator, projects: Ints, *, week: Ints) -> tuple[Floats, Floats]:
    """Effort and burst, people × days: each person has busy weeks and days, and bursts alone or with a project."""
    shape = len(projects), int(week[-1]) + 1
    effort = np.exp(rng.normal(0, 0.3, shape)).astype(np.float32)[:, week]
    effort *= np.exp(0.25 * rng.standard_normal(effort.shape, dtype=np.float32))
    crunch = _crunches(rng, projects, shape[1])
    effort *= np.where(crunch > 1, 1.6, 1.0).astype(np.float32)[:, week]
    alone = np.where(rng.random(shape) < 0.02, 2 + rng.pareto(1.2, shape) * 4, 1.0)
    return effort, np.minimum(np.maximum(alone, crunch), 40).astype(np.float32)[:, week]


def _crunches(rng: np.random.Generator, projects: Ints, weeks: int) -> Floats:
    """People × weeks: the last two weeks before something of a project is due, for all who take part in it."""
    due = rng.random((int(projects.max()) + 1, weeks)) < 0.02
    factor = np.where(due, 2 + rng.pareto(1.2, due.shape) * 4, 1.0)
    factor[:, :-1] = np.maximum(factor[:, :-1], factor[:, 1:])
    both: Floats = factor[projects].max(axis=1)
    return both


def _spells(rng: np.random.Generator, people: int, *, a_year: Floats, mean: float) -> Bools:
    """Days away in spells: so many a year as on each day of the period, each so many days long on average."""
    away = np.zeros((people, len(a_year)), dtype=bool)
    for person, day in np.argwhere(rng.random(away.shape, dtype=np.float32) < a_year / 365):
        away[person, day : day + 1 + rng.poisson(mean)] = True
    return away
