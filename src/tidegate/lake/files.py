"""Rows as Parquet files of a table, which no commit names yet."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb
from deltalake.transaction import AddAction

from tidegate.events.schema import DAY
from tidegate.lake.engine import quoted
from tidegate.lake.tables import TABLES

# A third smaller than snappy, and no slower. Values that hardly repeat are not gathered into dictionaries first.
_PARQUET = "COMPRESSION zstd, COMPRESSION_LEVEL 1, PARQUET_VERSION v2, DICTIONARY_SIZE_LIMIT 1000"

_SPAN = 100  # days written at once where all at once are too many

_Columns = Mapping[str, Mapping[str, str]]
_Copied = tuple[Any, ...]


def write(con: duckdb.DuckDBPyConnection, name: str, query: str, staging: Path) -> list[AddAction]:
    """Write what a query gives as files of the table `name` below `staging`, in a folder a day if it has days.

    Raises duckdb.Error, and then leaves nothing behind.
    """
    folder, token = staging / name, uuid.uuid4().hex
    try:
        folder.mkdir(exist_ok=True)
        try:
            copied = _copied(con, name, query, folder, token)
        except duckdb.OutOfMemoryException:
            if DAY not in TABLES[name]:
                raise
            _discard(folder, token)
            copied = _span_by_span(con, name, query, folder, token)
    except duckdb.Error:
        _discard(folder, token)
        raise
    for path in (path for path, rows, *_ in copied if not rows):  # without days, DuckDB writes a file of nothing
        Path(path).unlink()
    return [_action(folder, *row) for row in copied if row[1]]


def _copied(con: duckdb.DuckDBPyConnection, name: str, query: str, folder: Path, token: str) -> list[_Copied]:
    days = f", PARTITION_BY ({DAY})" if DAY in TABLES[name] else ", FILE_SIZE_BYTES '128MB'"
    return con.execute(
        f"COPY ({query}) TO {quoted(folder)} (FORMAT parquet, {_PARQUET}, APPEND, RETURN_STATS"
        f"{days}, FILENAME_PATTERN {quoted(f'part-{token}-{{uuid}}')})"
    ).fetchall()


def _span_by_span(con: duckdb.DuckDBPyConnection, name: str, query: str, folder: Path, token: str) -> list[_Copied]:
    """Write some days at a time: a register of nine years is one file, and DuckDB keeps a block for each day of it."""
    con.execute(f"CREATE OR REPLACE TEMP TABLE many_days AS {query}")
    try:
        days = [day for (day,) in con.execute(f"SELECT DISTINCT {DAY} FROM many_days ORDER BY ALL").fetchall()]
        copied = []
        for n in range(0, len(days), _SPAN):
            some = f"FROM many_days WHERE {DAY} BETWEEN '{days[n]}' AND '{days[n : n + _SPAN][-1]}'"
            copied += _copied(con, name, some, folder, token)
        return copied
    finally:
        con.execute("DROP TABLE many_days")


def _discard(folder: Path, token: str) -> None:
    for path in folder.rglob(f"part-{token}-*"):
        path.unlink()


def _action(
    folder: Path, path: str, rows: int, size: int, _: int, stats: _Columns, partition: dict[str, str] | None
) -> AddAction:
    span = stats.get('"time"', {})
    bounds = {f"{bound}Values": {"time": span[bound].replace(" ", "T")} for bound in ("min", "max") if bound in span}
    return AddAction(
        path=str(Path(path).relative_to(folder)),
        size=size,
        partition_values=partition or {},
        modification_time=int(time.time() * 1000),
        data_change=True,
        stats=json.dumps({"numRecords": rows} | bounds),
    )
