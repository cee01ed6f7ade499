"""A detector that keeps what it rests on finds day by day what it finds at once."""

from __future__ import annotations

import random
from contextlib import closing
from datetime import date, datetime, time, timedelta
from pathlib import Path

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pytest
from ibis import _

from tests.tables import engine, stored
from tidegate.detectors._asked import Asked, asked, concerning, earlier, firsts, grown, kept, lately
from tidegate.lake.compiled import SOME_DAY, answer
from tidegate.lake.kept import kept as keeping
from tidegate.lake.store import Lake

BEGIN = date(2026, 3, 2)
DAYS = 30


def toy(rows: ir.Table) -> ir.Table:
    """On each day: what a key did that day, ever, within three days, at most on a day before, and since when."""
    daily = kept(rows.group_by("key", "day").agg(n=_.n.sum()))
    came = firsts(rows, "key").rename(came="day")
    ever = ibis.window(group_by="key", order_by="day", preceding=(None, 0))
    summed = concerning(daily, "key").mutate(ever=_.n.sum().over(ever))
    records = grown(lambda older: _records(lately(daily) if older is None else asked(daily), older))
    three = ibis.range_window(group_by="key", order_by="day", preceding=(ibis.interval(days=2), ibis.interval(days=0)))
    base = earlier(daily, before=2).group_by("key").agg(base=_.n.sum())
    recent = lately(daily, before=2).mutate(three=_.n.sum().over(three), recent=_.n.sum().over(ever))
    recent = recent.left_join(base, "key").mutate(again=_.recent + _.base.fill_null(0))
    return (
        asked(summed)
        .inner_join(recent.select("key", "day", "three", "again"), ["key", "day"])
        .inner_join(came, "key")
        .left_join(records.select("key", "day", record="n"), ["key", "day"])
        .select("key", "day", "n", "ever", "three", "again", "came", "record", time=_.day.cast("timestamp"))
    )


def _records(daily: ir.Table, older: ir.Table | None) -> ir.Table:
    every = daily if older is None else daily.union(older.select(*daily.columns))
    before = ibis.window(group_by="key", order_by="day", preceding=(None, 1))
    return every.mutate(most=_.n.max().over(before)).filter(_.most.isnull() | (_.n > _.most)).drop("most")


toy.__module__ = "elsewhere"  # compiled anew in each run


def rows() -> list[tuple[str, date, int]]:
    chance = random.Random(5)
    return [
        (key, BEGIN + timedelta(days=n), chance.randrange(1, 100))
        for n in range(DAYS)
        for key in "abcde"
        for _again in range(chance.randrange(3))
        if key != "e" or n > 20
    ]


def table(until: int) -> ir.Table:
    made = [row for row in rows() if row[1] < BEGIN + timedelta(days=until)]
    columns = zip(("key", "day", "n"), zip(*made, strict=True), strict=True)
    return stored(pa.table({name: list(values) for name, values in columns}))


def test_day_by_day_is_found_what_is_found_at_once(tmp_path: Path) -> None:
    found: list[dict[str, object]] = []
    for until in (20, 22, 23, 23, DAYS - 2, DAYS):
        with closing(Lake(tmp_path / "lake")) as lake:
            days = {BEGIN + timedelta(days=n): 1 for n in range(until)}
            here = keeping(lake, days)
            assert here is not None
            here.rest_on("key")
            assert (here.since is None) == (until == 20)
            given = lake.engine.ibis.create_table("given", table(until).to_pyarrow())
            question = Asked(toy, "toy", since=here.since and SOME_DAY, keeping=True)
            name = f"{question.called}_{tmp_path}"
            new = answer(lake.engine.ibis, question, {"rows": given}, name=name, since=here.since, kept=here)
            first = here.since or BEGIN
            found = [row for row in found if row["time"] < datetime.combine(first, time())]  # type: ignore[operator]
            found += new.to_pylist()
            here.done()
    once = engine().to_pyarrow(toy(table(DAYS))).to_pylist()

    def order(row: dict[str, object]) -> tuple[str, str]:
        return str(row["day"]), str(row["key"])

    assert sorted(found, key=order) == sorted(once, key=order)
    assert len(once) > 60


@pytest.mark.parametrize(("before", "days"), [(0, 1), (3, 4)])
def test_who_keeps_nothing_is_given_all_and_asked_about_some(before: int, days: int) -> None:
    told: list[int] = []

    def counted(rows: ir.Table) -> ir.Table:
        given = (asked(rows, before=before), lately(rows, before=before), concerning(rows, "key"), kept(rows))
        told.extend(engine().to_pyarrow(some.day.nunique()).as_py() for some in given)
        assert engine().to_pyarrow(earlier(rows, before=0).count()).as_py() == 0
        return rows.mutate(time=_.day.cast("timestamp"))

    last = BEGIN + timedelta(days=DAYS - 1)
    found = engine().to_pyarrow(Asked(counted, "counted", since=last)(table(DAYS)))
    assert told == [days, DAYS, DAYS, DAYS]
    assert set(found["day"].to_pylist()) == {last}
