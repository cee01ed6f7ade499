"""Measures kept in the lake: each day is rolled up once, again when there is more of it, and never less for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from tidegate.config import Config
from tidegate.context.endpoints import Rule
from tidegate.events.schema import CLASSES
from tidegate.lake import files, removal
from tidegate.lake.store import Lake
from tidegate.measures.schema import MEASURES
from tidegate.pipeline import measured

INSIDE = [Rule("10.0.0.0/8", "own"), Rule("own.example", "own")]
ANN, BOB = "ann@own.example", "bob@own.example"
NOON = datetime(2026, 3, 30, 12)
Row = Mapping[str, Any]


@pytest.fixture
def lake(tmp_path: Path) -> Iterator[Lake]:
    with closing(Lake(tmp_path / "lake")) as opened:
        yield opened


def hold(lake: Lake, name: str, rows: Sequence[Row]) -> None:
    """Rows of a class, as an ingest would leave them."""
    schema = CLASSES[name].schema
    full = [
        {**dict.fromkeys(schema), "source_file": "a.log", "source_line": n, **row, "day": row["time"].date()}
        for n, row in enumerate(rows)
    ]
    held = pa.Table.from_pylist(full, schema=schema.to_pyarrow())
    lake.engine.con.register("held", held)
    lake.commit(name, files.write(lake.engine.con, name, "SELECT * FROM held", lake.storage.staging), {})
    lake.engine.con.unregister("held")


def sent(time: datetime, uid: str, size: int = 10, who: str = ANN, to: str = "x.example") -> Row:
    return {"uid": uid, "time": time, "actor": who, "dst_host": to, "bytes_out": size, "src_ip": "10.0.0.5"}


def keep(lake: Lake) -> int:
    return measured.keep(lake, INSIDE, Config())


def kept(lake: Lake, name: str, *columns: str) -> list[tuple[Any, ...]]:
    found = measured.measures(lake)[name].select(*columns).to_pyarrow().to_pylist()
    return sorted((tuple(row.values()) for row in found), key=repr)


def test_a_day_is_rolled_up_once(lake: Lake) -> None:
    hold(
        lake, "network_activity", [sent(NOON, "a"), sent(NOON + timedelta(days=1), "b"), sent(NOON, "c", to="10.1.1.1")]
    )
    assert keep(lake) == 2
    assert kept(lake, "hourly", "day", "bytes", "uid") == [
        (NOON.date(), 10, "a"),  # and nothing of what stays inside
        (date(2026, 3, 31), 10, "b"),
    ]
    before = list(lake.storage.files("measure_hourly"))
    assert keep(lake) == 0
    assert list(lake.storage.files("measure_hourly")) == before


def test_an_empty_lake_has_every_measure(lake: Lake) -> None:
    assert keep(lake) == 0
    assert {f"measure_{name}" for name in measured.measures(lake)} == set(MEASURES)
    assert not any(kept(lake, name, "day") for name in measured.measures(lake))


def test_more_events_of_a_day_roll_it_up_again_and_no_other(lake: Lake) -> None:
    hold(lake, "network_activity", [sent(NOON, "a"), sent(NOON + timedelta(days=1), "b")])
    keep(lake)
    hold(lake, "network_activity", [sent(NOON + timedelta(minutes=1), "late", 90)])
    assert keep(lake) == 1
    assert kept(lake, "hourly", "day", "bytes", "uid") == [(NOON.date(), 100, "late"), (date(2026, 3, 31), 10, "b")]


def test_what_has_expired_takes_nothing_away(lake: Lake) -> None:
    hold(lake, "network_activity", [sent(NOON, "a"), sent(NOON + timedelta(days=40), "b")])
    keep(lake)
    before = kept(lake, "hourly", *MEASURES["measure_hourly"])
    with lake.writing():
        old = removal.expiring(lake, dict.fromkeys(CLASSES, NOON.date() + timedelta(days=30)))
        assert removal.expire(lake, old) == 1
    assert keep(lake) == 0
    # A new day of the same month leaves the old one as it was, too.
    hold(lake, "network_activity", [sent(NOON + timedelta(days=1), "c")])
    assert keep(lake) == 1
    assert [row for row in kept(lake, "hourly", *MEASURES["measure_hourly"]) if row in before] == before


def test_an_interrupted_run_is_made_good(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    days = [NOON + timedelta(days=n) for n in range(4)]  # of two months
    hold(lake, "network_activity", [sent(day, day.isoformat()) for day in days])

    def dies(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(measured, "AT_ONCE", 2)
        patched.setattr(measured, "_write", dies)
        with pytest.raises(KeyboardInterrupt):
            keep(lake)
    assert len(kept(lake, "hourly", "uid")) == 2  # the first month's rows are there, and nothing says so
    assert keep(lake) == 4
    assert kept(lake, "hourly", "uid") == [(day.isoformat(),) for day in days]


def test_another_version_does_everything_anew(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    hold(lake, "network_activity", [sent(NOON, "a")])
    keep(lake)
    monkeypatch.setattr(measured, "VERSION", measured.VERSION + 1)
    assert keep(lake) == 1
    assert kept(lake, "hourly", "uid") == [("a",)]


def test_another_version_takes_nothing_from_days_whose_events_have_expired_in_part(
    lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = NOON + timedelta(days=1)
    hold(lake, "network_activity", [sent(NOON, "a"), sent(later, "b")])
    hold(lake, "file_hosting", [opened(NOON, "c", BOB), opened(later, "d", BOB)])
    keep(lake)
    before = kept(lake, "hourly", *MEASURES["measure_hourly"])
    with lake.writing():  # connections are kept for a shorter time than what is done with files
        assert removal.expire(lake, removal.expiring(lake, {"network_activity": later.date()})) == 1
    monkeypatch.setattr(measured, "VERSION", measured.VERSION + 1)
    assert keep(lake) == 1  # the day of which everything is there
    assert kept(lake, "hourly", *MEASURES["measure_hourly"]) == before
    assert keep(lake) == 0


def test_an_erasure_after_a_change_of_version_leaves_every_day_to_be_done_anew(
    lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    hold(lake, "file_hosting", [opened(NOON, "a", ANN), opened(NOON, "b", BOB)])
    keep(lake)
    monkeypatch.setattr(measured, "VERSION", measured.VERSION + 1)
    with lake.writing():
        gone = removal.remove(lake, "file_hosting", f"actor = '{ANN}'", action="erase", days=[str(NOON.date())])
        measured.forget(lake, [ANN], Counter({NOON.date(): gone}))
    assert keep(lake) == 1
    assert kept(lake, "handled", "actor") == [(BOB,)]


def opened(time: datetime, uid: str, who: str, **more: object) -> Row:
    return {"uid": uid, "time": time, "actor": who, "activity": "Download", "file_path": "/a/x.doc", **more}


def mailed(time: datetime, uid: str, who: str, to: str) -> Row:
    return {"uid": uid, "time": time, "actor": who, "sender": who, "activity": "Send", "recipients": [to]}


def test_a_person_is_forgotten_and_nobody_else(lake: Lake) -> None:
    hold(lake, "file_hosting", [opened(NOON, "a", "Ann@own.example"), opened(NOON, "b", BOB)])
    hold(lake, "file_hosting", [opened(NOON, "c", BOB, owner=ANN, file_path=None)])  # hers, in his hands
    hold(lake, "email_activity", [mailed(NOON, "d", BOB, "o@out.example"), mailed(NOON, "e", BOB, "p@out.example")])
    keep(lake)
    assert measured.mentioned(lake) == {ANN, BOB, "o@out.example", "p@out.example"}
    wanted = [ANN, "o@out.example"]
    there = measured.count(lake, wanted)
    with lake.writing():
        assert measured.forget(lake, wanted, Counter()) == there > 0
    assert measured.count(lake, wanted) == 0
    assert measured.mentioned(lake) == {BOB, "p@out.example"}
    assert kept(lake, "handled", "actor", "place") == [(BOB, "/a")]
    assert kept(lake, "correspondence", "mailbox", "other") == [(BOB, "p@out.example")]
    assert kept(lake, "hourly", "endpoint") == [("p@out.example",)]


def test_what_comes_of_a_day_after_an_erasure_is_rolled_up(lake: Lake) -> None:
    hold(lake, "file_hosting", [opened(NOON, "a", ANN), opened(NOON, "b", ANN), opened(NOON, "c", BOB)])
    keep(lake)
    with lake.writing():
        gone = removal.remove(lake, "file_hosting", f"actor = '{ANN}'", action="erase", days=[str(NOON.date())])
        measured.forget(lake, [ANN], Counter({NOON.date(): gone}))
    assert keep(lake) == 0
    hold(lake, "file_hosting", [opened(NOON, "d", "cy@own.example")])  # fewer than had gone
    assert keep(lake) == 1
    assert kept(lake, "handled", "actor") == [(BOB,), ("cy@own.example",)]


def life() -> list[tuple[str, Row]]:
    """Three days over the end of a month, with what reaches over midnight: beats, a mail in a queue, a lease."""
    start = datetime(2026, 3, 30)
    times = [start + timedelta(hours=1, minutes=20 * n) for n in range(3 * 71)]
    rows: list[tuple[str, Row]] = [("network_activity", sent(time, f"n{n}", n)) for n, time in enumerate(times)]
    for day in range(3):
        time = start + timedelta(days=day, hours=23, minutes=59)
        rows.append(("file_hosting", opened(time, f"f{day}", ANN, label="Secret", site=f"s{day % 2}")))
        rows.append(("email_activity", mailed(time, f"m{day}", ANN, "o@out.example")))
        rows.append(("authentication", {"uid": f"l{day}", "time": time, "actor": ANN, "src_ip": "203.0.113.7"}))
        rows.append(("dns_activity", {"uid": f"q{day}", "time": time, "query": "a.b.example", "src_ip": "10.0.0.5"}))
    queued = {"uid": "t", "message": "m", "time": start + timedelta(hours=23, minutes=58), "activity": "Trace"}
    leaves = {"uid": "u", "message": "m", "time": start + timedelta(days=1, minutes=3), "activity": "Send"}
    rows.append(("email_activity", {**queued, "sender": BOB, "bytes_out": 5_000}))
    rows.append(("email_activity", {**leaves, "recipients": ["o@out.example"]}))
    lease = {"mac": "00:00:00:00:00:aa", "device": "ann-pc", "ip": "10.0.0.5", "lease_ms": 40 * 86_400_000}
    rows.append(("device_inventory", {"uid": "d", "time": start, **lease}))
    return rows


def test_day_by_day_gives_what_all_days_at_once_give(tmp_path: Path) -> None:
    with closing(Lake(tmp_path / "daily")) as daily, closing(Lake(tmp_path / "whole")) as whole:
        rows = life()
        for day in (date(2026, 3, 30), date(2026, 3, 31), date(2026, 4, 1)):
            for name in CLASSES:
                if today := [row for table, row in rows if table == name and row["time"].date() == day]:
                    hold(daily, name, today)
            keep(daily)
        for name in CLASSES:
            if every := [row for table, row in rows if table == name]:
                hold(whole, name, every)
        keep(whole)
        for name in MEASURES:
            columns = MEASURES[name].names
            short = name.removeprefix("measure_")
            assert kept(daily, short, *columns) == kept(whole, short, *columns), name
        beats = [beats for (beats,) in kept(daily, "hourly", "beats")]
        assert beats.count(3) > 3 * 22  # in the hours after midnight as well
        assert {leased for leased, via in kept(daily, "hourly", "leased", "channel") if via == "network"} == {"ann-pc"}
        assert (BOB, 5_000) in kept(daily, "hourly", "actor", "bytes")


def test_months_are_rolled_up_together_as_far_as_they_are_small(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    days = [NOON + timedelta(days=20 * n) for n in range(6)]  # from March to July
    hold(lake, "network_activity", [sent(day, f"u{n}") for n, day in enumerate(days)])
    monkeypatch.setattr(measured, "AT_ONCE", 3)
    told: list[str] = []
    assert measured.keep(lake, INSIDE, Config(), done=told.append) == 6
    assert told == [
        f"measures of {some}" for some in ("March 2026 to April 2026", "May 2026 to June 2026", "July 2026")
    ]
    assert sorted(kept(lake, "hourly", "uid", "day")) == [(f"u{n}", day.date()) for n, day in enumerate(days)]
    assert lake.rows(f"SELECT DISTINCT day FROM ({lake.scan('measure_hourly')}) ORDER BY ALL") == [
        (date(2026, month, 1),) for month in (3, 4, 5, 6, 7)
    ]


def test_what_has_expired_is_kept_where_later_events_of_its_day_are_of_another_class(lake: Lake) -> None:
    hold(lake, "email_activity", [mailed(NOON, "m", ANN, "o@out.example")])
    keep(lake)
    with lake.writing():
        removal.remove(lake, "email_activity", "true", action="expire", days=[str(NOON.date())])
    # Late ones of that day, more than there were, and mail of a month that is rolled up together with it.
    hold(lake, "network_activity", [sent(NOON, "a"), sent(NOON, "b")])
    hold(lake, "email_activity", [mailed(NOON + timedelta(days=21), "n", BOB, "o@out.example")])
    assert keep(lake) == 2
    assert kept(lake, "correspondence", "mailbox") == [(ANN,), (BOB,)]
