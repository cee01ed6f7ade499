"""Timelines as bars: cut, scaled, and on which scale."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.report import reports
from tidegate.cases.model import DayVolume
from tidegate.report.timeline import bars, heights, is_steep, usual_range


def days(*sizes: int, usual: float = 10, high: float = 20) -> tuple[DayVolume, ...]:
    return tuple(
        DayVolume(day=date(2024, 1, 1) + timedelta(days=at), bytes=size, files=size // 2, usual=usual, high=high)
        for at, size in enumerate(sizes)
    )


def test_one_bar_a_day_whatever_their_order() -> None:
    shown = bars(days(1, 2, 3)[::-1])
    assert [(bar.start, bar.days, bar.amount) for bar in shown] == [(0, 1, 1), (1, 1, 2), (2, 1, 3)]


def test_a_day_that_is_left_out_leaves_a_gap() -> None:
    shown = bars((days(1, 2, 3)[0], days(1, 2, 3)[2]))
    assert [bar.start for bar in shown] == [0, 2]


def test_a_long_timeline_keeps_its_busiest_days() -> None:
    shown = bars(days(*([1] * 500), 900, *([1] * 499)), limit=100)
    assert len(shown) == 100
    assert [bar.amount for bar in shown if bar.amount > 1] == [900]


def test_files_where_no_bytes_are_known() -> None:
    volume = DayVolume(day=date(2024, 1, 1), bytes=0, files=7, usual=1, high=2)
    assert bars((volume,))[0].amount == 7
    # One day with bytes is enough to count in bytes: a bar of 7 beside one of megabytes would compare files to bytes.
    assert [bar.amount for bar in bars((volume, *days(0, 5_000_000)[1:]))] == [0, 5_000_000]


@pytest.mark.parametrize(
    ("sizes", "steep"),
    [
        ((10, 20, 700), True),
        ((10, 20, 500), False),  # 25 times the range: a linear picture still shows the usual days
    ],
)
def test_is_steep(sizes: tuple[int, ...], steep: bool) -> None:
    assert is_steep(bars(days(*sizes))) is steep


def test_usual_range_where_nothing_was_usual() -> None:
    assert usual_range(bars(days(0, 30, 50, 90, usual=0, high=0))) == 50
    assert usual_range(bars(days(0, 0, usual=0, high=0))) == 1


@pytest.mark.parametrize("sizes", [(0, 10, 500), (0, 10, 50_000)])
def test_heights_rise_with_amounts_up_to_one(sizes: tuple[int, ...]) -> None:
    none, some, most = heights(bars(days(*sizes)))
    assert none == 0
    assert 0.01 < some < most == 1


def test_heights_of_nothing() -> None:
    assert heights(bars(days(0, 0, usual=0, high=0))) == (0, 0)
    assert bars(()) == ()


def test_the_made_up_cases_have_one_of_each() -> None:
    assert is_steep(bars(reports.bulk().timeline))
    assert not is_steep(bars(reports.leaver().timeline))
