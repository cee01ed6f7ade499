"""The calendar: weeks, holidays, leavers, and the shape of a day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np

from tidegate.range.make import START
from tidegate.range.organisation import organisation
from tidegate.range.tables import SECOND
from tidegate.range.workdays import workdays
from tidegate.range.world import World, world


def test_nobody_works_before_the_first_or_after_the_last_day(stage: World) -> None:
    people, present = stage.organisation.people, stage.workdays.present
    for i in people.where():
        days = np.flatnonzero(present[i])
        assert days.min() >= people.start[i]
        assert days.max() <= people.end[i]


def test_weekends_and_holidays_are_quiet(stage: World) -> None:
    calendar, staff = stage.workdays, stage.organisation.people.where()
    share = calendar.present[staff].mean(axis=0)
    assert share[calendar.holiday].max() == 0
    assert share[calendar.weekday == 6].max() == 0
    assert share[(calendar.weekday < 4) & ~calendar.holiday].mean() > 0.65
    assert 0 < share[calendar.weekday == 5].mean() < 0.2  # rangers


def test_a_day_has_a_lunch_dip_and_follows_the_clock_of_the_place(stage: World) -> None:
    def hours(where: World) -> list[int]:
        times = where.workdays.office_times(np.random.default_rng(1), 3, np.zeros(20_000))
        assert times.min() >= where.workdays.midnight(3)
        return [int(n) for n in np.bincount((times - where.workdays.midnight(3)) // (3_600 * SECOND), minlength=24)]

    here = hours(stage)
    assert here[12] < here[10] > here[7]
    east = hours(world(people=20, days=28, seed=5, start=START, utc_offset=120))
    assert east[10] < east[8]  # their lunch is at ten by UTC


def test_midnight_is_utc(stage: World) -> None:
    assert datetime.fromtimestamp(stage.workdays.midnight(2) / SECOND, UTC) == datetime(2026, 1, 7, tzinfo=UTC)
    assert stage.workdays.date(2).isoformat() == "2026-01-07"


def test_month_ends_are_busy_for_clerks(stage: World) -> None:
    calendar, people = stage.workdays, stage.organisation.people
    end = np.array([(calendar.date(day) + timedelta(days=3)).day <= 3 for day in range(stage.days)])
    clerks, rest = people.where(team="Administration"), people.where(team="Rangers")
    for measure, most in ((calendar.effort, 1.5), (calendar.burst, 2)):
        ratio = [np.median(measure[who][:, end]) / np.median(measure[who][:, ~end]) for who in (clerks, rest)]
        assert ratio[0] > most > ratio[1]


def test_a_projects_people_are_busy_together() -> None:
    # Two people of the same project burst in the same weeks, two of others hardly.
    people = organisation(np.random.default_rng(2), people=60, days=700).people
    pairs = np.arange(len(people)).reshape(-1, 1) // 2
    where = workdays(np.random.default_rng(1), people=people, start=START, days=700, utc_offset=0, projects=pairs)
    busy = where.burst[:60, ::7] > 2
    together = np.mean([np.sum(busy[n] & busy[n + 1]) for n in range(0, 60, 2)])
    apart = np.mean([np.sum(busy[n] & busy[n + 2]) for n in range(0, 56, 2)])
    assert together > 2 * apart


def test_summers_are_emptier_than_springs() -> None:
    year = world(people=120, days=365, seed=2, start=START, utc_offset=0)
    staff, calendar = year.organisation.people.where(team="GIS"), year.workdays
    share = calendar.present[staff].mean(axis=0)
    month = np.array([calendar.date(day).month for day in range(365)])
    usual = (calendar.weekday < 5) & ~calendar.holiday
    assert share[usual & np.isin(month, (7, 8))].mean() < share[usual & np.isin(month, (3, 4, 5))].mean() - 0.05
