"""Rows out of the lake, with an account of it: `lake verify` still adds up, and what was read is not read again.

First `removals` says which rows will go, then one commit takes them out and carries the number of what was said: a
number that the table does not have is of a removal that never happened.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from tidegate import clock
from tidegate.events.schema import DAY
from tidegate.lake import contents, files
from tidegate.lake.engine import quoted
from tidegate.lake.store import Lake
from tidegate.lake.tables import TABLES

MARK = "tidegate-removal"
"""The application transaction: the number of the removal that a table has last."""

Action = Literal["expire", "erase"]


@dataclass(frozen=True, kw_only=True)
class Expiring:
    """What of a table would go. rows and size are 0 for a table without days: its rows were not looked at."""

    table: str
    before: date
    days: tuple[str, ...]
    rows: int
    size: int


def expiring(lake: Lake, before: Mapping[str, date]) -> tuple[Expiring, ...]:
    """What is older, by table, than the day given for it; a table of which nothing is, is left out."""
    found = []
    for name, first in before.items():
        if DAY in TABLES[name]:
            old = [file for file in contents.files(lake, name) if file.day and file.day < first]
            rows, size = sum(file.rows or 0 for file in old), sum(file.size for file in old)
        else:
            old, size = [], 0
            rows = lake.rows(f"SELECT count(*) FROM ({lake.scan(name)}) WHERE {_older(first)}")[0][0]
        if rows:
            days = tuple(sorted({str(file.day) for file in old}))
            found.append(Expiring(table=name, before=first, days=days, rows=rows, size=size))
    return tuple(found)


def expire(lake: Lake, what: Sequence[Expiring]) -> int:
    """Remove it; returns how many rows went. To be called within `lake.writing()`."""
    return sum(
        remove(lake, one.table, "true" if one.days else _older(one.before), action="expire", days=one.days)
        for one in what
    )


def remove(lake: Lake, name: str, where: str, *, action: Action, days: Sequence[str] = ()) -> int:
    """Remove the rows of a table, or of some of its days alone, for which a SQL condition holds; returns how many.

    The files of those days are written anew; the old ones are there until `tidy.vacuum`. To be called within
    `lake.writing()`. Raises LakeError; then nothing was removed.
    """
    if DAY in TABLES[name] and not days:
        found = lake.rows(f"SELECT DISTINCT {DAY} FROM ({lake.scan(name)}) WHERE {where} ORDER BY ALL")
        days = [str(day) for (day,) in found]
    rows = f"({lake.scan(name, days=days or None)})"
    counts = lake.rows(f"SELECT source_file, count(*) FROM {rows} WHERE {where} GROUP BY ALL")
    if not counts:
        return 0
    _announce(lake, name, action, dict(counts))
    with lake.errors():
        others = f"SELECT * FROM {rows} WHERE ({where}) IS NOT TRUE"
        kept = files.write(lake.engine.con, name, others, lake.storage.staging)
    lake.storage.publish(name, [file.path for file in kept])
    lake.replace(name, kept, {MARK: lake.mark(name, MARK) + 1}, days)
    return sum(count for _, count in counts)


def _announce(lake: Lake, name: str, action: Action, counts: Mapping[str, int]) -> None:
    """Say what will go; what was said of a removal that never happened is taken back."""
    number = lake.mark(name, MARK) + 1
    lake.writable("removals").delete(f""" "table" = {quoted(name)} AND number >= {number}""")
    lake.append(
        "removals",
        {
            "at": [clock.now()] * len(counts),
            "number": [number] * len(counts),
            "action": [action] * len(counts),
            "table": [name] * len(counts),
            "source_file": list(counts),
            "rows": list(counts.values()),
        },
        {},
    )
    lake.settle("removals")


def removed(lake: Lake) -> Mapping[str, Counter[str]]:
    """How many rows were removed, by table and log file."""
    counts: dict[str, Counter[str]] = {}
    for name in TABLES:
        done = lake.rows(
            f"""SELECT source_file, sum(rows) FROM ({lake.scan("removals")})
            WHERE "table" = {quoted(name)} AND number <= {lake.mark(name, MARK)} GROUP BY ALL"""
        )
        counts[name] = Counter({file: int(rows) for file, rows in done})
    return counts


def _older(first: date) -> str:
    return f"time < {quoted(first)}"
