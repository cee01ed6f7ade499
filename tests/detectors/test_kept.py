"""Each detector finds, asked part by part with what it keeps in between, what it finds at once: a life for each."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import ibis.expr.types as ir
import pyarrow as pa
import pytest
from ibis import _
from ibis.backends.duckdb import Backend

from tests.detectors.firing import FIRING
from tests.tables import engine, measured
from tidegate import registry
from tidegate.cases.found import Found
from tidegate.config import Config
from tidegate.detectors._statistics import earliest
from tidegate.events.schema import CLASSES
from tidegate.lake import kept
from tidegate.lake.store import Lake
from tidegate.pipeline.detect import answers
from tidegate.pipeline.looks import Since, before
from tidegate.pipeline.scene import FIRSTS

PARTS = 4


@pytest.mark.parametrize("name", FIRING)
def test_part_by_part_is_found_what_is_found_at_once(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept, "MUCH", 1)
    units, rows = {name: registry.detectors()[name]}, FIRING[name]()
    whole = {read: as_kept(read, measured(read, rows)) for read in units[name].reads}
    days = sorted({day for table in whole.values() if "day" in table.column_names for day in table["day"].to_pylist()})
    found: dict[str, pa.Table] = {}
    for part in range(1, PARTS + 1):
        until = days[0] + (days[-1] - days[0]) * part // PARTS
        with closing(Lake(tmp_path / "lake")) as lake:
            con = lake.engine.ibis
            given = {read: some(con, read, table, days[0], until) for read, table in whole.items()}
            here = kept.kept(lake, {day: 1 for day in days if day <= until})
            assert here is not None
            here.rest_on("key")
            assert (here.since is None) == (part == 1)
            since = here.since and Since(day=here.since, found={n: before(t, here.since) for n, t in found.items()})
            if here.since:
                here.events = late(con, whole, given, here.since, until)
            found |= answers(con, given, units, Config(), since=since or None, kept=here)
            here.done()
    with closing(Lake(tmp_path / "once")) as lake:
        con = lake.engine.ibis
        given = {read: some(con, read, table, days[0], days[-1]) for read, table in whole.items()}
        once = answers(con, given, units, Config())
    assert said(name, found[name]) == said(name, once[name]) != []


def as_kept(read: str, table: ir.Table) -> pa.Table:
    """A table of a life as the scene keeps it."""
    if read == "visits":
        visits = table.filter(_.actor.notnull()).rename(time="first_time")
        table = earliest(visits, *FIRSTS["visits"]).rename(first_time="time")
    return engine().to_pyarrow(table)


def some(con: Backend, name: str, table: pa.Table, first: date, until: date) -> ir.Table:
    """The rows of some days, under a name of their own."""
    called = f"{name}_of_{first}"
    made = con.create_table(called, table, temp=True, overwrite=True)
    return made.filter(_.day.between(first, until)) if "day" in table.column_names else made


def late(
    con: Backend, whole: dict[str, pa.Table], given: dict[str, ir.Table], since: date, until: date
) -> Callable[[str, int | None], ir.Table | None]:
    """Gives no more of events than what is said to be enough."""

    def events(name: str, days: int | None) -> ir.Table | None:
        if name not in CLASSES:
            return None
        return given[name] if days is None else some(con, name, whole[name], since - timedelta(days=days), until)

    return events


def said(name: str, found: pa.Table) -> list[tuple[str, float]]:
    """Every finding's uid, and its rate."""
    told = (Found.of(registry.detectors()[name], row) for row in found.to_pylist())
    return sorted((one.uid, round(one.per_week, 6)) for one in told)
