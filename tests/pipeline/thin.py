"""A lake with a thin life in it: a few people who send a little each working day; room for one who sends much."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from tests.pipeline.test_measured import Row, hold
from tidegate.lake.store import Lake

START = datetime(2026, 2, 2, 9)
DAYS = 56  # rules learn for 14, and what is judged by rank needs weeks of past
PEOPLE = tuple(f"{name}@own.example" for name in ("ann", "bob", "cyd", "dan", "eve", "fay"))
PLACES = ("cloud.example", "news.example", "shop.example")
THIEF, DROP = "ann@own.example", "drop.example"
EVENING = START + timedelta(days=50, hours=2)


def request(time: datetime, who: str, uid: str, *, host: str, size: int, method: str = "Get") -> Row:
    return {
        "uid": uid,
        "time": time,
        "actor": who,
        "device": f"pc-{who[:3]}",
        "activity": method,
        "dst_host": host,
        "bytes_out": size,
    }


def daily() -> list[Row]:
    """What everybody sends each working day."""
    chance = Random(1)
    return [
        request(
            START + timedelta(days=day, hours=8 * chance.random()),
            who,
            f"{who}-{day}",
            host=chance.choice(PLACES),
            size=int(chance.lognormvariate(13, 1)),
        )
        for day in range(DAYS)
        if (START + timedelta(days=day)).weekday() < 5
        for who in PEOPLE
    ]


def haul() -> list[Row]:
    """Twenty uploads of one person in an hour, of a gigabyte each."""
    return [
        request(EVENING + timedelta(minutes=3 * n), THIEF, f"haul-{n}", host=DROP, size=1_000_000_000, method="Put")
        for n in range(20)
    ]


def lake(folder: Path, much: Sequence[Row] = ()) -> Lake:
    """A lake of what everybody sends, and what one sends besides; open."""
    made = Lake(folder)
    hold(made, "http_activity", [*daily(), *much])
    return made
