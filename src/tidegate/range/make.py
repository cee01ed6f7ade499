"""Makes a synthetic nature-reserve agency's logs, its context folder and the truth about what is hidden in them.

The same arguments give the same bytes.
"""

from __future__ import annotations

import os
import shutil
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import duckdb

from tidegate.errors import InputError
from tidegate.range import context, dirt, truth
from tidegate.range.day import written
from tidegate.range.incidents import patterns
from tidegate.range.logs.register import register
from tidegate.range.scene import Scene
from tidegate.range.stealth import LEVELS, ORDINARY, Stealth
from tidegate.range.world import Cast, World, world

LAST = date(2026, 10, 26)  # a Monday before which a period ends, unless told when to start
START = date(2026, 1, 5)  # a Monday, too; a longer period starts as much earlier
PEOPLE = (20, 5_000)  # fewest and most that teams, names and addresses are made for
DAYS = (28, 3_300)  # fewest that hold a quiet past and an incident, and nine years, the longest case reported
_OWN = ("cloudtrail", "context", "microsoft365", "register", "squid", "windows", "zeek")


@dataclass(frozen=True, kw_only=True)
class Made:
    """What a run made: records (lines of logs), bytes on disk, files."""

    folder: Path
    records: int
    bytes: int
    files: int


@dataclass(frozen=True, kw_only=True)
class MakeProgress:
    """How far a run is, after each day."""

    days_done: int
    days_total: int
    records: int


@dataclass(frozen=True, kw_only=True)
class _Day:
    """A day's files (relative path → content), what they hold of the scenes, and its number of records."""

    files: tuple[tuple[str, bytes], ...]
    truth: tuple[truth.Record, ...]
    records: int


def make(
    folder: Path,
    *,
    people: int = 200,
    days: int = 90,
    seed: int = 1,
    incidents: Sequence[str] = (),
    stealth: str = "ordinary",  # or careful, or patient
    thin: bool = False,  # no routine browsing, updates and look-ups: for long periods
    start: date | None = None,  # the fifth of January 2026, or as much earlier as a long period needs
    utc_offset: int = 0,  # minutes local office time is ahead of UTC
    twins: bool = True,  # innocent look-alikes of every pattern, whichever incidents are asked for
    dirty: bool = True,  # a few broken, truncated and unknown files, as anywhere
    overwrite: bool = False,
    progress: Callable[[MakeProgress], None] | None = None,
) -> Made:
    """Write logs, `context/` and `truth.json` into a folder that is empty or new, or may be overwritten.

    Raises InputError: the folder holds something, an unknown incident or level of stealth, or numbers out of range.
    """
    _check(people, days, incidents, stealth)
    _prepare(folder, overwrite=overwrite)
    begin = start or first_day(days)
    stage = world(people=people, days=days, seed=seed, start=begin, utc_offset=utc_offset, thin=thin)
    scenes = cast(stage, wanted=incidents, twins=twins, stealth=LEVELS[stealth])
    records = 0
    found: list[truth.Record] = []
    for done, made in enumerate(_days(stage, scenes), 1):
        for name, content in made.files:
            _write(folder / name, content)
        records += made.records
        found += made.truth
        if progress:
            progress(MakeProgress(days_done=done, days_total=days, records=records))
    entries = register(stage, scenes)
    _write(folder / entries.file, entries.content())
    records += entries.rows.num_rows
    found += truth.records(entries, scenes)
    context.write(folder / "context", stage, scenes)
    listed = dirt.spill(folder, stage) if dirty else []
    (folder / "truth.json").write_bytes(truth.document(stage, scenes, found, listed, LEVELS[stealth]))
    paths = [p for p in folder.rglob("*") if p.is_file()]
    return Made(folder=folder, records=records, bytes=sum(p.stat().st_size for p in paths), files=len(paths))


def cast(stage: World, *, wanted: Sequence[str], twins: bool, stealth: Stealth = ORDINARY) -> tuple[Scene, ...]:
    """The scenes that are played. Twins are cast first, and always: no incident, however it hides, changes them."""
    roles, units = Cast(world=stage), patterns()
    innocent = [twin for name, unit in units.items() for twin in unit.twins(stage, roles, stage.random(name, "twins"))]
    asked = [(name, unit) for name, unit in units.items() if name in wanted]
    incidents = [unit.incident(stage, roles, stage.random(name), stealth=stealth) for name, unit in asked]
    return (*incidents, *(innocent if twins else ()))


def first_day(days: int) -> date:
    """The usual first day, or the last Monday from which so many days end in time."""
    return min(START, LAST - timedelta(weeks=-(-days // 7)))


def _days(stage: World, scenes: Sequence[Scene]) -> Iterator[_Day]:
    """All days in order, some made ahead on other cores; few, so that memory stays small."""
    workers = min(4, os.cpu_count() or 1)
    # One thread for DuckDB: days run side by side already.
    with ThreadPoolExecutor(workers) as pool, duckdb.connect(config={"threads": 1}) as db:
        ahead: deque[Future[_Day]] = deque()
        for day in range(stage.days):
            ahead.append(pool.submit(_day, db, stage, scenes, day))
            if len(ahead) > workers + 1:
                yield ahead.popleft().result()
        while ahead:
            yield ahead.popleft().result()


def _day(db: duckdb.DuckDBPyConnection, stage: World, scenes: Sequence[Scene], day: int) -> _Day:
    files, found, records = [], [], 0
    for log in written(db, stage, scenes, day):
        if not (log.rows.num_rows or log.head):  # products open a file with its first record
            continue
        files.append((log.file, log.content()))
        found += truth.records(log, scenes)
        records += log.rows.num_rows
    return _Day(files=tuple(files), truth=tuple(found), records=records)


def _check(people: int, days: int, wanted: Sequence[str], stealth: str) -> None:
    for name, value, (fewest, most) in (("people", people, PEOPLE), ("days", days, DAYS)):
        if not fewest <= value <= most:
            raise InputError(f"{name} must be {fewest} to {most}, not {value}")
    for pattern in wanted:
        if pattern not in patterns():
            raise InputError(f"no incident is called {pattern!r}; there are {', '.join(patterns())}")
    if stealth not in LEVELS:
        raise InputError(f"no level of stealth is called {stealth!r}; there are {', '.join(LEVELS)}")


def _prepare(folder: Path, *, overwrite: bool) -> None:
    """An empty folder with an unfinished truth.json, the sign that what is in it is ours to overwrite."""
    truth_file = folder / "truth.json"
    if folder.exists() and not folder.is_dir():
        raise InputError("is a file; name a folder", file=folder)
    if folder.is_dir() and any(folder.iterdir()):
        if not overwrite:
            raise InputError(
                "is not empty; name another folder, or add --overwrite to replace an earlier run", file=folder
            )
        if not truth_file.exists():
            raise InputError("holds no truth.json, so no earlier run; not overwritten", file=folder)
        for name in _OWN:
            shutil.rmtree(folder / name, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    truth_file.write_text('{"unfinished": true}\n')


def _write(path: Path, content: bytes) -> None:
    """A file; what is already there (a week's export) goes on."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab") as file:
        file.write(content)
