"""Looking every day at what is new finds what one look at everything finds, and what else changed is looked at anew."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pytest

from tidegate import registry
from tidegate.cases.found import Found
from tidegate.config import Config
from tidegate.context.load import Context, load
from tidegate.context.people import Person
from tidegate.lake.kept import Kept
from tidegate.lake.kept import kept as keeping
from tidegate.lake.store import Lake
from tidegate.pipeline import looks
from tidegate.pipeline.detect import answers
from tidegate.pipeline.ingest import ingest
from tidegate.pipeline.investigate import investigate
from tidegate.pipeline.looks import Look, Since
from tidegate.pipeline.measured import held
from tidegate.pipeline.scene import scene
from tidegate.range.incidents import patterns
from tidegate.range.make import make

DAYS = 42
LATEST = 2  # days that are looked at one by one


@pytest.fixture(scope="module")
def organisation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Lake, Context]]:
    """A small organisation in which something of every kind happens."""
    folder = tmp_path_factory.mktemp("organisation")
    make(folder / "logs", people=30, days=DAYS, seed=11, incidents=list(patterns()), thin=True)
    lake = Lake(folder / "lake")
    ingest([folder / "logs"], lake)
    yield folder / "logs", lake, load(folder / "logs" / "context")
    lake.close()


def look(lake: Lake, context: Context, until: datetime, since: Since | None = None) -> dict[str, pa.Table]:
    tables = scene(lake, context, Config(), until=until)
    return answers(lake.engine.ibis, tables, registry.detectors(), Config(), since=since)


def said(found: dict[str, pa.Table]) -> dict[str, list[tuple[str, float]]]:
    """What each detector said: every finding's uid, and its rate."""
    units = registry.detectors()
    return {
        name: sorted((one.uid, round(one.per_week, 6)) for one in (Found.of(units[name], r) for r in rows.to_pylist()))
        for name, rows in found.items()
    }


def test_day_by_day_is_found_what_one_look_finds(organisation: tuple[Path, Lake, Context]) -> None:
    _, lake, context = organisation
    last = max(held(lake))
    days = [last - timedelta(days=back) for back in range(LATEST, -1, -1)]
    found = look(lake, context, until=midnight(days[0]))
    for day in days:
        before = Since(day=day, found={name: looks.before(table, day) for name, table in found.items()})
        found = look(lake, context, until=midnight(day + timedelta(days=1)), since=before)
    assert said(found) == said(look(lake, context, until=midnight(last + timedelta(days=1))))
    assert sum(map(len, said(found).values())) > 50


def test_who_investigates_every_day_is_told_what_one_run_tells(
    tmp_path: Path, organisation: tuple[Path, Lake, Context], monkeypatch: pytest.MonkeyPatch
) -> None:
    logs, everything, context = organisation
    since, asked = looks.since, []

    def noted(last: Look | None, now: Look, *, kept: Kept | None) -> Since | None:
        asked.append(since(last, now, kept=kept))
        return asked[-1]

    monkeypatch.setattr(looks, "since", noted)
    last, daily, config = max(held(everything)), Lake(tmp_path / "daily"), Config()
    latest = [str(last - timedelta(days=back)) for back in range(LATEST)]
    files = [file for file in logs.rglob("*") if file.is_file()]
    for number in range(LATEST, 0, -1):
        early = [file for file in files if not any(day in str(file) for day in latest[:number])]
        investigate(early, lake=daily, context=context, config=config)
    told = investigate([logs], lake=daily, context=context, config=config)
    once = investigate([], lake=everything, context=context, config=config)
    assert [unasked and str(unasked.day) for unasked in asked] == [None, *reversed(latest), None]
    by_day, at_once = (looks.latest(lake) for lake in (daily, everything))
    assert by_day
    assert at_once
    assert said(dict(by_day.found)) == said(dict(at_once.found))
    assert [c.uid for c in told.cases] == [c.uid for c in once.cases] != []


def midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)


EARLIER = pa.table({"time": pa.array([datetime(2026, 3, 1, 9), datetime(2026, 3, 2, 9)], pa.timestamp("us"))})
BEFORE = Look(key="same", days={date(2026, 3, 1): 5, date(2026, 3, 2): 7}, found={"beacon": EARLIER})


@pytest.mark.parametrize(
    ("days", "day", "kept"),
    [
        # A day was added: only it is asked about.
        ({date(2026, 3, 1): 5, date(2026, 3, 2): 7, date(2026, 3, 3): 2}, date(2026, 3, 3), 2),
        # The last day went on: what was found of it is asked again.
        ({date(2026, 3, 1): 5, date(2026, 3, 2): 9}, date(2026, 3, 2), 1),
        # A log came late: everything from its day on is asked again.
        ({date(2026, 3, 1): 6, date(2026, 3, 2): 7, date(2026, 3, 3): 2}, date(2026, 3, 1), 0),
        # Nothing is new: the last day is asked about once more.
        ({date(2026, 3, 1): 5, date(2026, 3, 2): 7}, date(2026, 3, 2), 1),
    ],
)
def test_only_what_is_new_is_asked_about(days: dict[date, int], day: date, kept: int) -> None:
    unasked = looks.since(BEFORE, replace(BEFORE, days=days, found={}))
    assert unasked is not None
    assert (unasked.day, unasked.found["beacon"].num_rows) == (day, kept)


@pytest.mark.parametrize(
    ("kept", "day"),
    [
        (date(2026, 3, 3), date(2026, 3, 3)),
        (date(2026, 3, 2), date(2026, 3, 2)),  # another machine had looked since: the day before is asked again
        (date(2026, 3, 4), None),  # and what is kept here is of a later look than the findings are
        (None, None),
    ],
)
def test_what_was_found_stands_as_far_as_what_it_rests_on_is_kept(
    tmp_path: Path, kept: date | None, day: date | None
) -> None:
    with closing(Lake(tmp_path / "lake")) as lake:
        here = keeping(lake, {})
        assert here is not None
        here.since = kept
        unasked = looks.since(BEFORE, replace(BEFORE, days={**BEFORE.days, date(2026, 3, 3): 2}, found={}), kept=here)
    assert (unasked and unasked.day) == day


@pytest.mark.parametrize(
    "now",
    [
        replace(BEFORE, key="other"),  # another context, other settings, other code
        replace(BEFORE, days={date(2026, 3, 1): 4, date(2026, 3, 2): 7}),  # somebody's events were erased
        replace(BEFORE, days={date(2026, 3, 2): 7}),  # a day has expired
    ],
)
def test_what_rests_on_something_else_is_looked_at_anew(now: Look) -> None:
    assert looks.since(BEFORE, now) is None
    assert looks.since(None, now) is None


def test_a_look_rests_on_settings_and_context() -> None:
    keys = [
        looks.resting_on({}, context, config, own).key
        for context, config, own in (
            (Context(), Config(), ()),
            (Context(people=(Person(user="ann"),)), Config(), ()),
            (Context(), Config(detectors={"beacon": {"few": 5}}), ()),
            (Context(), Config(), ("own.example",)),
        )
    ]
    assert len(set(keys)) == len(keys)
    assert keys[0] == looks.resting_on({}, Context(), Config(), ()).key


def test_a_look_is_kept_until_it_is_forgotten(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    assert looks.latest(lake) is None
    looks.keep(lake, replace(BEFORE, days={}))
    assert looks.latest(lake) == replace(BEFORE, days={})
    looks.forget(lake)
    assert looks.latest(lake) is None


def test_a_look_at_events_that_were_erased_meanwhile_is_not_kept(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    looks.keep(lake, BEFORE)
    assert looks.latest(lake) is None


def test_a_damaged_look_is_none(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    lake.storage.write(looks.LOOK, b"nothing of the kind")
    assert looks.latest(lake) is None
