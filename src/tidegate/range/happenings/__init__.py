"""Ordinary changes in an organisation's life that look new or large and are innocent: one file each.

A happening's file holds `planned(world) -> list[Happening]`, what the truth tells of it, and, where it shows in a log,
a habit of its own that `day.py` lists. What has no beginning is elsewhere: busy weeks, holidays and sickness in
`workdays.py`, new laptops and people who come and go in `organisation.py`.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

import numpy as np

from tidegate.range.scene import Additions

if TYPE_CHECKING:  # the world is made with some of these
    from tidegate.range.world import World


@dataclass(frozen=True, kw_only=True)
class Happening:
    """first, last: days of the period, both included; context: what somebody entered because of it."""

    kind: str
    first: int
    last: int
    actors: tuple[str, ...] = ()
    destinations: tuple[str, ...] = ()
    note: str = ""
    context: Additions = field(default_factory=Additions)


def planned(world: World) -> list[Happening]:
    """All happenings of the period, in the order of time."""
    found: list[Happening] = []
    for module in pkgutil.iter_modules(__path__):
        plan = importlib.import_module(f"{__name__}.{module.name}").planned
        found += cast("Callable[[World], list[Happening]]", plan)(world)
    return sorted(found, key=lambda h: (h.first, h.kind))


def occasions(rng: np.random.Generator, days: int, *, a_year: float, lasts: int = 1) -> list[int]:
    """Days on which something begins, so many a year on average; in a whole year it begins at least once."""
    count = int(a_year * days / 365 + rng.random())
    return sorted(rng.integers(1, days - lasts, max(count, int(days >= 365))).tolist())
