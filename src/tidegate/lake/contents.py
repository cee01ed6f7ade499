"""What the tables' own log says of their files: no data is read."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

import pyarrow as pa

from tidegate.lake.store import Lake
from tidegate.lake.tables import TABLES

# How the log's table of files names what we want of it.
_COLUMNS = ("path", "size_bytes", "num_records", "partition.day", "min.time", "max.time")


@dataclass(frozen=True)
class File:
    """A file of a table; first and last are the times of its rows, None where the log does not say."""

    path: str
    size: int
    rows: int
    day: date | None
    first: datetime | None
    last: datetime | None


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table in numbers. left: files, and their bytes, that are no part of it (any more)."""

    name: str
    days: int
    files: int
    rows: int
    size: int
    oldest: datetime | None
    newest: datetime | None
    left: int
    left_size: int


@dataclass(frozen=True, kw_only=True)
class Status:
    """A lake in numbers. unfinished: an ingest was cut off, the next one completes it."""

    lake: str
    format: int
    tables: tuple[Table, ...]
    quarantine: tuple[tuple[str, int], ...]  # by reason, the most first
    dropped: tuple[tuple[str, int], ...]  # likewise, what it had no room for
    streams: int
    paths: int
    unfinished: bool


def files(lake: Lake, name: str) -> tuple[File, ...]:
    """The files of a table."""
    delta = lake.delta(name)
    if delta is None:
        return ()
    listed = pa.table(delta.get_add_actions(flatten=True))
    nothing = [None] * len(listed)
    columns = (listed[c].to_pylist() if c in listed.column_names else nothing for c in _COLUMNS)
    return tuple(File(*row) for row in zip(*columns, strict=True))


def left(lake: Lake, name: str, known: Collection[str]) -> dict[str, int]:
    """Files below a table's folder that are not `known`, with their sizes."""
    return {file.path: file.size for file in lake.storage.files(name) if file.path not in known}


def status(lake: Lake) -> Status:
    """The state of a lake, in numbers."""
    reasons = lake.rows(
        f"SELECT reason, count(*) FROM ({lake.scan('quarantine')}) GROUP BY ALL ORDER BY count(*) DESC, reason"
    )
    read = lake.rows(f"SELECT count(DISTINCT stream), count(DISTINCT path) FROM ({lake.scan('journal')})")[0]
    return Status(
        lake=lake.name,
        format=lake.format,
        tables=tuple(table for table in (_table(lake, name) for name in TABLES) if table.files or table.left),
        quarantine=tuple(reasons),
        dropped=dropped(lake),
        streams=read[0],
        paths=read[1],
        unfinished=lake.unfinished,
    )


def dropped(lake: Lake) -> tuple[tuple[str, int], ...]:
    """Records that the quarantine had no room for, by reason, the most first."""
    entries = f"SELECT unnest(map_entries(dropped)) AS one FROM ({lake.scan('journal')})"
    sums = f"SELECT one.key, sum(one.value)::BIGINT FROM ({entries}) GROUP BY ALL"
    return tuple(sorted(lake.rows(sums), key=lambda row: (-row[1], row[0])))


def _table(lake: Lake, name: str) -> Table:
    held = files(lake, name)
    others = left(lake, name, {file.path for file in held})
    return Table(
        name=name,
        days=len({file.day for file in held if file.day}),
        files=len(held),
        rows=sum(file.rows or 0 for file in held),
        size=sum(file.size for file in held),
        oldest=min((file.first for file in held if file.first), default=None),
        newest=max((file.last for file in held if file.last), default=None),
        left=len(others),
        left_size=sum(others.values()),
    )
