"""A timeline as bars: how many, how high, on which scale; what the page's picture and the terminal's share."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from tidegate.cases.model import DayVolume

STEEP = 30  # times the usual range: from here on a linear height would flatten every usual day into the axis


@dataclass(frozen=True)
class Bar:
    """One bar of a timeline: a day, or the busiest of `days` days; `start` counts days from the first."""

    start: int
    days: int
    amount: int
    usual: float
    high: float


def bars(timeline: Sequence[DayVolume], *, limit: int = 120) -> tuple[Bar, ...]:
    """The timeline in at most `limit` bars; amounts are bytes, or files where no bytes are known.

    limit: bars, at which each is still three pixels wide.
    """
    if not timeline:
        return ()
    in_bytes = any(volume.bytes for volume in timeline)
    ordered = sorted(timeline, key=lambda volume: volume.day)
    first, last = ordered[0].day, ordered[-1].day
    step = math.ceil(((last - first).days + 1) / limit)
    busiest: dict[int, Bar] = {}
    for volume in ordered:
        start = (volume.day - first).days // step * step
        amount = volume.bytes if in_bytes else volume.files
        if start not in busiest or amount > busiest[start].amount:
            busiest[start] = Bar(start, step, amount, volume.usual, volume.high)
    return tuple(busiest.values())


def usual_range(shown: Sequence[Bar]) -> float:
    """The top of what is usual; where nothing was usual before, the median bar. At least 1."""
    return max(1, max(bar.high for bar in shown) or median([bar.amount for bar in shown if bar.amount] or [1]))


def is_steep(shown: Sequence[Bar]) -> bool:
    """Whether the highest bar is so far over the usual that heights have to grow by powers of ten."""
    return max(bar.amount for bar in shown) > STEEP * usual_range(shown)


def floor(shown: Sequence[Bar]) -> float:
    """Where heights begin to grow by powers of ten: a quarter of the usual range, so that its days are told apart."""
    return usual_range(shown) / 4


def heights(shown: Sequence[Bar]) -> tuple[float, ...]:
    """The height of each bar as a share of the highest."""
    top = max(1, *(bar.amount for bar in shown), *(bar.high for bar in shown))
    if not is_steep(shown):
        return tuple(bar.amount / top for bar in shown)
    return tuple(math.log1p(bar.amount / floor(shown)) / math.log1p(top / floor(shown)) for bar in shown)
