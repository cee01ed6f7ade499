"""The measures of a lake, kept up to date: a new day costs what the day costs, and what was rolled up is kept for ever.

A day is rolled up, or again, when the lake has more events of it than when that was last done; events that have expired
or were erased since take nothing away. Which days were done stands in a small file, written after the rows: a run that
dies in between does its months once more.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import groupby

import ibis.expr.types as ir
from ibis import _

from tidegate.config import Config
from tidegate.context.endpoints import Rule
from tidegate.events.schema import CLASSES
from tidegate.lake import contents, files
from tidegate.lake.engine import quoted
from tidegate.lake.storage import WAIT
from tidegate.lake.store import Lake
from tidegate.measures.schema import MEASURES
from tidegate.pipeline.rollups import ROLLUPS, measure, ready

DONE = "measures.json"
VERSION = 2  # of what is rolled up and how: with another one every day all of whose events are still there is done anew
BEFORE = 1  # days before that are read along: mails under way, sessions that go on, calls on a beat
LEASES = 31  # days before for address leases: they are few, and some last for weeks
AT_ONCE = 1_000_000  # events of months that are rolled up together: small ones cost what is asked, not what is in them,
YEAR = timedelta(days=366)  # and the most that they span


def keep(lake: Lake, rules: Sequence[Rule], config: Config, *, done: Callable[[str], None] | None = None) -> int:
    """Roll up the days that have events which are in no measure yet; returns how many. Raises LakeError.

    rules: what is inside: nobody asks how much stays there. done: told of each month.
    """
    there = held(lake)
    known = _known(lake, there)
    wanted = sorted(day for day, rows in there.items() if rows > known.get(str(day), 0))
    if not wanted:
        return 0
    with lake.writing(wait=WAIT):
        for days in _together(wanted, there):
            if done:
                first, last = (f"{day:%B %Y}" for day in (days[0], days[-1]))
                done(f"measures of {first}" if first == last else f"measures of {first} to {last}")
            _roll(lake, days, rules, config)
            known |= {str(day): there[day] for day in days}
            _write(lake, known, VERSION)
    return len(wanted)


def _together(wanted: Sequence[date], there: Mapping[date, int]) -> Iterator[list[date]]:
    """The days, in order, by whole months: as many at once as have few events in all."""
    some: list[date] = []
    for _month, days in groupby(wanted, key=lambda day: day.replace(day=1)):
        more = list(days)
        if some and (sum(there[day] for day in some + more) > AT_ONCE or more[-1] - some[0] > YEAR):
            yield some
            some = []
        some += more
    yield some


def measures(lake: Lake) -> dict[str, ir.Table]:
    """Every measure as it is kept, by its short name; `day` is the day."""
    return {name.removeprefix("measure_"): lake.table(name).mutate(day=_.first_time.date()) for name in MEASURES}


def measures_since(lake: Lake, day: date) -> dict[str, ir.Table]:
    """Likewise, of the days from one on; no file of earlier months is so much as opened."""
    tables = {name: later(lake, name, day.replace(day=1)).mutate(day=_.first_time.date()) for name in MEASURES}
    return {name.removeprefix("measure_"): table.filter(_.day >= day) for name, table in tables.items()}


def later(lake: Lake, name: str, day: date) -> ir.Table:
    """The partitions of a table from a day on."""
    days = {str(file.day) for file in contents.files(lake, name) if file.day and file.day >= day}
    return lake.view(f"{name}_since_{day}", lake.scan(name, days=sorted(days)))


def held(lake: Lake) -> Counter[date]:
    """Events of each day, by the tables' own logs."""
    events: Counter[date] = Counter()
    for name in CLASSES:
        for file in contents.files(lake, name):
            if file.day:
                events[file.day] += file.rows or 0
    return events


def _known(lake: Lake, there: Counter[date]) -> dict[str, int]:
    """Events of each day when it was rolled up, if it need not be done anew.

    Of what another version rolled up, that is where some of them have expired: its rows are all that remembers them.
    """
    version, days = _told(lake)
    return {day: rows for day, rows in days.items() if version == VERSION or rows > there[date.fromisoformat(day)]}


def _told(lake: Lake) -> tuple[int, dict[str, int]]:
    """Which version rolled up last, and how many events of each day."""
    told = json.loads(lake.storage.read(DONE) or b"{}")
    return told.get("version", VERSION), told.get("days", {})


def _write(lake: Lake, known: Mapping[str, int], version: int) -> None:
    lake.storage.write(DONE, json.dumps({"version": version, "days": known}).encode())


def _roll(lake: Lake, days: Sequence[date], rules: Sequence[Rule], config: Config) -> None:
    """Put new rows of some days in the place of those there are of them: their months are written anew."""
    con = lake.engine.ibis
    tables = ready(con, {name: _around(lake, name, days) for name in CLASSES}, rules)
    filled = {name: {file.day for file in contents.files(lake, name)} for name in CLASSES}
    for name, schema in MEASURES.items():
        mine = [d for d in days if any(d in filled[c] for c in ROLLUPS[name.removeprefix("measure_")].classes)]
        if not mine:
            continue
        listed = ", ".join(f"DATE {quoted(day)}" for day in mine)
        months = sorted({str(day.replace(day=1)) for day in mine})
        columns = ", ".join(column for column in schema if column != "day")
        fresh = measure(con, name.removeprefix("measure_"), tables, marks=config.own.markings)
        query = f"""SELECT {columns}, CAST(date_trunc('month', day) AS DATE) AS day
            FROM ({fresh}) WHERE day IN ({listed})
            UNION ALL BY NAME SELECT {columns}, day FROM ({lake.scan(name, days=months)})
            WHERE CAST(first_time AS DATE) NOT IN ({listed}) ORDER BY first_time"""
        with lake.errors():
            written = files.write(lake.engine.con, name, query, lake.storage.staging)
        if written or lake.delta(name) is not None:
            lake.storage.publish(name, [file.path for file in written])
            lake.replace(name, written, {}, months)
            lake.settle(name)


def _around(lake: Lake, name: str, days: Sequence[date]) -> ir.Table:
    """A class from some days before to the last of `days`: no other file of it is so much as opened."""
    before = LEASES if name == "device_inventory" else BEFORE
    first = days[0] - timedelta(days=before)
    wanted = [str(first + timedelta(days=n)) for n in range((days[-1] - first).days + 1)]
    return lake.view(f"around_{name}", lake.scan(name, days=wanted))


def mentioned(lake: Lake) -> set[str]:
    """Every account that measures name, in lower case: they outlive the events."""
    found: set[str] = set()
    for name, schema in MEASURES.items():
        for column in (c for c in _NAMING if c in schema):
            found.update(one for (one,) in lake.rows(f"SELECT DISTINCT lower({column}) FROM ({lake.scan(name)})"))
    return found - {None}


def count(lake: Lake, accounts: Iterable[str]) -> int:
    """Rows of some accounts (in lower case), in all measures."""
    where = _of(accounts)
    return sum(lake.rows(f"SELECT count(*) FROM ({lake.scan(name)}) WHERE {where[name]}")[0][0] for name in MEASURES)


def forget(lake: Lake, accounts: Iterable[str], erased: Mapping[date, int]) -> int:
    """Remove the rows of some accounts (in lower case) from every measure; returns how many went.

    erased: how many events of each day went with them: what comes later of such a day is news all the same. To be
    called within `lake.writing()`. Raises LakeError.
    """
    gone = 0
    for name, where in _of(accounts).items():
        for (month,) in lake.rows(f"SELECT DISTINCT day FROM ({lake.scan(name)}) WHERE {where}"):
            rows = f"({lake.scan(name, days=[str(month)])})"
            gone += lake.rows(f"SELECT count(*) FROM {rows} WHERE {where}")[0][0]
            with lake.errors():
                others = f"SELECT * FROM {rows} WHERE ({where}) IS NOT TRUE"
                kept = files.write(lake.engine.con, name, others, lake.storage.staging)
            lake.storage.publish(name, [file.path for file in kept])
            lake.replace(name, kept, {}, [str(month)])
    version, known = _told(lake)
    if known:
        _write(lake, {day: rows - erased.get(date.fromisoformat(day), 0) for day, rows in known.items()}, version)
    return gone


_NAMING = ("actor", "mailbox", "other")
"""The columns of measures that hold accounts, and nothing else,"""
_PERSONAL = (*_NAMING, "endpoint", "place", "folder")
"""and those that may hold one: who got something, whose files they were."""


def _of(accounts: Iterable[str]) -> dict[str, str]:
    """SQL by measure: whether a row is of one of the accounts. An endpoint may be several, with semicolons between."""
    wanted = f"[{', '.join(map(quoted, accounts))}]"
    return {
        name: " OR ".join(
            rf"list_has_any(string_split_regex(lower({c}), '\s*;\s*'), {wanted})" for c in _PERSONAL if c in schema
        )
        for name, schema in MEASURES.items()
    }
