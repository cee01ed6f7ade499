"""When scenes happen."""

from __future__ import annotations

import numpy as np
import pytest

from tests.range.incidents.scenes import rng
from tidegate.range.incidents import _when
from tidegate.range.stealth import LEVELS, ORDINARY
from tidegate.range.tables import DAY, SECOND
from tidegate.range.world import World

CAREFUL = LEVELS["careful"]
SATURDAY, MONDAY = 5, 7


@pytest.mark.parametrize(
    ("day", "hour", "working"),
    [(MONDAY, 8, True), (MONDAY, 17.9, True), (MONDAY, 7.9, False), (MONDAY, 18, False), (SATURDAY, 12, False)],
)
def test_working_hours_are_those_of_open_days(stage: World, day: int, hour: float, working: bool) -> None:
    day += 7 * int(not stage.workdays.open(day) and day % 7 < 5)  # a Monday that is no holiday
    time = np.array([stage.workdays.midnight(day) + round(hour * _when.HOUR)])
    assert _when.in_hours(stage, time).tolist() == [working]


def test_moments_are_as_many_as_asked_for_whoever_is_careful(stage: World) -> None:
    begin = stage.workdays.midnight(40)
    any_, careful = (_when.moments(stage, rng(), begin, begin + 9 * DAY, 200, level) for level in (ORDINARY, CAREFUL))
    assert len(any_) == len(careful) == 200
    assert any_[0] == begin
    assert _when.in_hours(stage, careful).all()
    assert 0.1 < _when.in_hours(stage, any_).mean() < 0.5


def test_beats_are_steady_and_kept_ones_leave_gaps_at_night(stage: World) -> None:
    begin = stage.workdays.midnight(42)
    time = _when.beats(rng(), begin, begin + 3 * DAY, 600 * SECOND, 0.1)
    assert len(time) == 3 * 144
    assert np.median(np.diff(time)) / SECOND == pytest.approx(600, rel=0.05)
    assert np.diff(_when.kept(stage, time, CAREFUL)).max() > 13 * _when.HOUR


def test_days_begin_with_the_first_that_suits(stage: World) -> None:
    assert _when.days_of(stage, rng(), SATURDAY, 7, 20, ORDINARY)[0] == SATURDAY
    careful = _when.days_of(stage, rng(), SATURDAY, 7, 20, CAREFUL)
    assert all(stage.workdays.open(day) for day in careful.tolist())
