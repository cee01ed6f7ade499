from __future__ import annotations

import pytest

from tidegate.content.precision import Extent, digits, extent, metres, spread


@pytest.mark.parametrize(
    ("value", "places"), [(48.0, 0), (48.1, 1), (48.125, 3), (-122.364152, 6), (0.1 + 0.2, 1), (1 / 3, 9)]
)
def test_digits(value: float, places: int) -> None:
    assert digits(value) == places


def test_metres_follow_the_digits() -> None:
    assert metres([46.51512, 46.51513]) == 1.1
    assert metres([46.5, 46.6]) == 11_000
    assert metres([412345.12, 412346.25], unit=1.0) == 0.01
    assert metres([]) is None
    assert metres([float("nan")]) is None


def test_zeros_at_the_end_do_not_make_points_coarse() -> None:
    # One axis happens to be round: the other tells.
    assert spread([46.5, 46.5], [13.86013, 13.86023]) == 1.1


def test_extent() -> None:
    box = extent([46.0, 47.0, 99.0], [13.0, 14.0, 15.0])  # 99° is nowhere
    assert box == Extent(46.0, 13.0, 47.0, 14.0)
    assert 130 < box.km < 140
    assert extent([99.0], [0.0]) is None
    assert box.joined(Extent(45.0, 13.5, 46.5, 15.0)) == Extent(45.0, 13.0, 47.0, 15.0)
