"""Tables that grow by the day, kept beside a lake: what a day's rows say of earlier days is not computed again.

A row of such a table rests on its own `day` and on earlier ones only, so it stands when a day is added. All of them are
in one DuckDB file of this machine, which may be removed at any time: what was in it is then computed again. It is
marked as unfinished while it is written to, so that a process that dies leaves nothing that is half right.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import ibis.expr.types as ir

from tidegate.errors import LakeError
from tidegate.lake.engine import named, quoted
from tidegate.lake.store import Lake

FILE = "kept.duckdb"
CATALOG = "kept"
MUCH = 0.2  # share of all days: if more are news, all is computed anew at less cost
_TAKEN = ("Could not set lock", "already attached")  # what DuckDB says where somebody else has it open


class Kept:
    """What is kept of a lake. since: from which day on rows are to be computed; None for all.

    days: the events of each day that there are now. events: gives a class of so many days before `since` on (None:
    of all), and None for what is none.
    """

    def __init__(self, lake: Lake, days: Mapping[date, int]) -> None:
        self._lake, self._days = lake, days
        self.events: Callable[[str, int | None], ir.Table | None] = lambda _name, _days: None
        self._rows(f"CREATE TABLE IF NOT EXISTS {_name('about')} (said VARCHAR)")
        told = self._rows(f"SELECT said FROM {_name('about')}")
        about: dict[str, Any] = json.loads(told[0][0]) if told else {}
        self._key: str = about.get("key", "")
        self._whole = set(about.get("whole", ()))  # what was asked, and has all its tables here
        before = {date.fromisoformat(day): n for day, n in about.get("days", {}).items()}
        self.since = first_news(before, days) if before else None
        if self.since and sum(day >= self.since for day in days) > MUCH * len(days):
            self.since = None
        self._rows(f"DELETE FROM {_name('about')}")
        if self.since is None:
            self._drop("%")

    def rest_on(self, key: str) -> None:
        """Say what else rows rest on: of another key nothing stands."""
        if key != self._key:
            self._key, self.since = key, None
            self._drop("rows_%")

    def has(self, name: str) -> bool:
        """Whether the tables that this question fills are here, up to `since`."""
        return self.since is not None and name in self._whole

    def fills(self, name: str) -> None:
        """Say that this question is asked now."""
        self._whole.add(name)

    def opened(self, tables: Mapping[str, ir.Table], reach: Mapping[str, int]) -> dict[str, ir.Table]:
        """The tables, but of those of events all, or as many days before `since` as are enough."""
        late = {name: self.events(name, reach.get(name)) for name in tables}
        return {name: tables[name] if events is None else events for name, events in late.items()}

    def late(self, names: Iterable[str]) -> dict[str, ir.Table]:
        """Those of the tables that are events, of the days since `since` only."""
        return {name: late for name in names if (late := self.events(name, 0)) is not None}

    def fill(self, name: str, query: str, *, since: date | None, firsts: Sequence[str] = ()) -> ir.Table:
        """Put the rows that a query gives in a table, in the place of those from `since` on; None for all.

        firsts: columns of which no row repeats what an earlier one had.
        """
        table = _name(f"rows_{name}")
        if since is None:
            self._rows(f"CREATE OR REPLACE TABLE {table} AS {query}")
        else:
            later = f"day >= DATE {quoted(since)}"
            self._rows(f"DELETE FROM {table} WHERE {later}")
            known = f"ANTI JOIN {table} USING ({', '.join(map(named, firsts))})" if firsts else ""
            self._rows(f"INSERT INTO {table} BY NAME SELECT * FROM ({query}) AS new {known} WHERE {later}")
        return self.table(name)

    def table(self, name: str) -> ir.Table:
        """A table that was filled."""
        return self._lake.engine.ibis.table(f"rows_{name}", database=f"{CATALOG}.main")

    def values(self, name: str, new: Iterable[str]) -> list[str]:
        """Every value ever told by this name, in order."""
        table = _name(f"values_{name}")
        self._rows(f"CREATE TABLE IF NOT EXISTS {table} (value VARCHAR PRIMARY KEY)")
        with self._lake.errors():
            add = f"INSERT OR IGNORE INTO {table} SELECT unnest(?::VARCHAR[])"
            self._lake.engine.con.execute(add, [list(new)])
        return [value for (value,) in self._rows(f"SELECT value FROM {table} ORDER BY ALL")]

    def done(self) -> None:
        """All that was asked is answered: what is here stands until there is news."""
        days = {str(day): n for day, n in self._days.items()}
        said = json.dumps({"key": self._key, "days": days, "whole": sorted(self._whole)})
        self._rows(f"INSERT INTO {_name('about')} VALUES ({quoted(said)})")

    def _drop(self, like: str) -> None:
        self._whole.clear()
        there = f"SELECT table_name FROM duckdb_tables() WHERE database_name = '{CATALOG}' AND table_name LIKE '{like}'"
        for (name,) in self._rows(f"{there} AND table_name <> 'about'"):
            self._rows(f"DROP TABLE {_name(name)}")

    def _rows(self, sql: str) -> list[Any]:
        return self._lake.rows(sql)


def kept(lake: Lake, days: Mapping[date, int]) -> Kept | None:
    """What is kept of a lake, for its only user; None where another has it, or none can be."""
    path = lake.path / FILE
    for _attempt in range(2):
        try:
            lake.engine.con.execute(f"ATTACH {quoted(path)} AS {CATALOG}")
            return Kept(lake, days)
        except (duckdb.Error, LakeError, ValueError) as error:
            if any(word in str(error) for word in _TAKEN):
                return None
            with suppress(duckdb.Error):
                lake.engine.con.execute(f"DETACH DATABASE IF EXISTS {CATALOG}")
            with suppress(OSError):  # damaged, or of another version of DuckDB
                forget(lake.path)
    return None


def first_news(before: Mapping[date, int], now: Mapping[date, int]) -> date | None:
    """The first day that has more events than before, else the last of all; None where events are gone."""
    changed = [day for day in {*before, *now} if before.get(day, 0) != now.get(day, 0)]
    if any(before.get(day, 0) > now.get(day, 0) for day in changed):
        return None
    return min(changed, default=max(now, default=date.max))


def forget(folder: Path) -> None:
    """Remove what is kept of a lake: somebody in it may have been erased."""
    for name in (FILE, f"{FILE}.wal"):
        (folder / name).unlink(missing_ok=True)


def _name(name: str) -> str:
    return f"{CATALOG}.main.{named(name)}"
