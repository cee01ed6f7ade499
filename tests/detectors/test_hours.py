"""Hours outside somebody's own, told in one go for years, are those that counting day by day tells."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date, datetime, time, timedelta

import ibis
import pyarrow as pa

from tests.tables import engine
from tidegate.detectors._hours import outside
from tidegate.measures.hours import KNOWN, LAG, OWN, hours

BEGIN = date(2024, 1, 1)
Hour = tuple[str, date, int]


def lives() -> list[Hour]:
    """A year and a half of five people: office hours, a night now and then, months away, one who comes late."""
    chance = random.Random(7)
    hours = set()
    for number in range(550):
        day = BEGIN + timedelta(days=number)
        for who in ("ann", "bob", "cat", "dan", "eve"):
            if (who == "eve" and number < 300) or (who == "dan" and 200 < number < 330):
                continue
            usual = range(22, 24) if who == "cat" else range(9, 13)
            busy = chance.random() < (0.1 if day.weekday() >= 5 else 0.8)
            hours |= {(who, day, hour) for hour in usual if busy and chance.random() < 0.6}
            if chance.random() < 0.06:
                hours.add((who, day, chance.randrange(24)))
    return sorted(hours)


def counted(done: list[Hour]) -> list[Hour]:
    """The same by counting, as the method says it."""
    active = {(who, day, (hour + step) % 24) for who, day, hour in done for step in (-1, 0, 1)}
    first: dict[str, date] = {}
    for who, day, _hour in done:
        first.setdefault(who, day)
    slots = [(who, day.weekday() >= 5, at, day) for who, day, at in active]
    there = {(who, day) for who, day, _hour in done}
    found = []
    for who, day, hour in done:
        settled, rest = day - timedelta(days=day.weekday() + LAG), day.weekday() >= 5
        until = Counter(whose for whose, kind, at, on in slots if (kind, at) == (rest, hour) and on < settled)
        everybody = sum(on < settled for _who, on in there)
        elapsed = (settled - first[who]).days
        of_kind = elapsed * (2 if rest else 5) / 7
        few = until.total() < OWN * everybody if elapsed < KNOWN - LAG else until[who] < OWN * of_kind
        if few and everybody:
            found.append((who, day, hour))
    return found


def test_hours_outside_are_those_that_counting_tells() -> None:
    done = lives()
    columns = {
        "actor": [who for who, _day, _hour in done],
        "day": [day for _who, day, _hour in done],
        "hour": [datetime.combine(day, time(hour)) for _who, day, hour in done],
    }
    table = ibis.memtable(pa.table(columns))
    found = engine().to_pyarrow(outside(table, hours(table))).to_pylist()
    told = sorted((row["actor"], row["day"], row["hour"].hour) for row in found)
    expected = counted(done)
    assert told == expected
    assert 50 < len(expected) < len(done) / 4
