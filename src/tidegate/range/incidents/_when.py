"""When scenes happen: in the later half of the period, at a desk or away from it, inside working hours or at any."""

from __future__ import annotations

import numpy as np

from tidegate.range.stealth import Stealth
from tidegate.range.tables import DAY, SECOND, Bools, Ints
from tidegate.range.world import World

MINUTE, HOUR = 60 * SECOND, 3_600 * SECOND
OPENING, CLOSING = 8, 18  # local hours in which somebody who does not want to stand out works


def lasting(world: World, days: float, stealth: Stealth) -> int:
    """So many days, more for the slow; at most a third of the period, at least two."""
    return max(2, min(round(days * stealth.slower), world.days // 3))


def first_day(world: World, rng: np.random.Generator, length: int) -> int:
    """A day of the later half after which so many days are left."""
    return int(rng.integers(world.days // 2, world.days - length))


def at_desk(world: World, rng: np.random.Generator, person: int, count: int, over: int, *, since: float = 0.5) -> Ints:
    """So many of somebody's days in an office, out of about as many days as `over` says, in the later part."""
    there = world.in_office(person)
    there = there[(there >= world.days * since) & (there < world.days - 1)]
    last = int(rng.integers(min(len(there) - 1, max(count, round(over * 0.5))), len(there)))
    window = there[(there <= there[last]) & (there > there[last] - max(over, 2))]
    chosen: Ints = np.sort(rng.choice(window, min(count, len(window)), replace=False))
    return chosen


def in_hours(world: World, time: Ints) -> Bools:
    """Which times are working hours of working days."""
    calendar = world.workdays
    local = time - calendar.midnight(0) + calendar.utc_offset * MINUTE
    day, hour = (local // DAY).clip(0, world.days - 1), local % DAY // HOUR
    opened = np.array([calendar.open(n) for n in range(world.days)])
    answer: Bools = opened[day] & (hour >= OPENING) & (hour < CLOSING)
    return answer


def kept(world: World, time: Ints, stealth: Stealth) -> Ints:
    """Those of the times that suit somebody: all, or those in working hours (the first ones if there are none)."""
    fitting = time[in_hours(world, time)] if stealth.inside_hours else time
    return fitting if len(fitting) else time[:1]


def moments(world: World, rng: np.random.Generator, begin: int, end: int, count: int, stealth: Stealth) -> Ints:
    """So many times from one to another, the first at the beginning: any, or in working hours alone."""
    possible = kept(world, np.append(rng.integers(begin, end, 20 * count), begin), stealth)
    chosen: Ints = np.sort(np.append(rng.choice(possible, count - 1), possible.min()))
    return chosen


def days_of(world: World, rng: np.random.Generator, first: int, length: int, count: int, stealth: Stealth) -> Ints:
    """For each of so many things, a day of a span, the first at its beginning; for some only days when people work."""
    span = np.arange(first, first + length)
    open_ = span[[world.workdays.open(day) for day in span.tolist()]]
    possible = open_ if stealth.inside_hours and len(open_) else span
    chosen: Ints = np.sort(np.append(rng.choice(possible, count - 1), possible[0]))
    return chosen


def beats(rng: np.random.Generator, begin: int, end: int, every: int, jitter: float) -> Ints:
    """A steady beat from one time to another. jitter: of a beat, as a share of what is between two."""
    time = np.arange(begin, end, every)
    moved: Ints = np.sort(time + (rng.uniform(-jitter, jitter, len(time)) * every).astype(np.int64))
    return moved


def evening(stealth: Stealth) -> float:
    """Minutes later than colleagues work: some hours, or not at all for those who want to be as others."""
    return 0.0 if stealth.inside_hours else 170.0
