"""How precise positions are, told from the digits they carry, and how far they reach."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

METRES_A_DEGREE = 111_320.0
"""Along a meridian; along a parallel it is less, so that this never calls a position finer than it is."""

FINEST = 0.01
"""Metres; survey instruments do not reach further, more digits are arithmetic."""

_SAMPLE = 400  # points looked at; digits vary little within a file
_MOST_DIGITS = 9


@dataclass(frozen=True)
class Extent:
    """A box of degrees."""

    south: float
    west: float
    north: float
    east: float

    def joined(self, other: Extent) -> Extent:
        """The box around both."""
        return Extent(
            min(self.south, other.south),
            min(self.west, other.west),
            max(self.north, other.north),
            max(self.east, other.east),
        )

    @property
    def km(self) -> float:
        """Its diagonal."""
        height = (self.north - self.south) * METRES_A_DEGREE
        width = (self.east - self.west) * METRES_A_DEGREE * math.cos(math.radians((self.north + self.south) / 2))
        return math.hypot(height, width) / 1000


def extent(lat: Sequence[float], lon: Sequence[float]) -> Extent | None:
    """The box around points, those outside the Earth left out; None where none is left."""
    inside = [(y, x) for y, x in zip(lat, lon, strict=True) if -90 <= y <= 90 and -180 <= x <= 360]
    if not inside:
        return None
    ys, xs = zip(*inside, strict=True)
    return Extent(min(ys), min(xs), max(ys), max(xs))


def digits(value: float) -> int:
    """Digits after the point that a number was written with, as far as it can be told: 48.125 has three."""
    for places in range(_MOST_DIGITS):
        if abs(value - round(value, places)) < 1e-10 * max(1.0, abs(value)):
            return places
    return _MOST_DIGITS


def metres(values: Iterable[float], *, unit: float = METRES_A_DEGREE) -> float | None:
    """Precision of numbers in metres, one of their unit being `unit` metres; None where there are none."""
    sample = [digits(value) for value, _ in zip(values, range(_SAMPLE), strict=False) if math.isfinite(value)]
    if not sample:
        return None
    return float(f"{max(unit / 10 ** statistics.median_high(sample), FINEST):.2g}")


def spread(lat: Sequence[float], lon: Sequence[float]) -> float | None:
    """Precision of points in metres; the finer of both, since zeros at the end of a number are lost."""
    step = max(1, len(lat) // _SAMPLE)
    found = [m for axis in (lat, lon) if (m := metres(float(v) for v in axis[::step])) is not None]
    return min(found, default=None)
