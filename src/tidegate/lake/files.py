"""Rows as Parquet files of a table, which no commit names yet."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Mapping
from pathlib import Path

import duckdb
from deltalake.transaction import AddAction

from tidegate.events.schema import DAY
from tidegate.lake.engine import quoted
from tidegate.lake.tables import TABLES

# A third smaller than snappy, and no slower. Values that hardly repeat are not gathered into dictionaries first.
_PARQUET = "COMPRESSION zstd, COMPRESSION_LEVEL 1, PARQUET_VERSION v2, DICTIONARY_SIZE_LIMIT 1000"

_Columns = Mapping[str, Mapping[str, str]]


def write(con: duckdb.DuckDBPyConnection, name: str, query: str, staging: Path) -> list[AddAction]:
    """Write what a query gives as files of the table `name` below `staging`, in a folder a day if it has days.

    Raises duckdb.Error, and then leaves nothing behind.
    """
    folder, token = staging / name, uuid.uuid4().hex
    days = f", PARTITION_BY ({DAY})" if DAY in TABLES[name] else ", FILE_SIZE_BYTES '128MB'"
    try:
        folder.mkdir(exist_ok=True)
        copied = con.execute(
            f"COPY ({query}) TO {quoted(folder)} (FORMAT parquet, {_PARQUET}, APPEND, RETURN_STATS"
            f"{days}, FILENAME_PATTERN {quoted(f'part-{token}-{{uuid}}')})"
        ).fetchall()
    except duckdb.Error:
        for path in folder.rglob(f"part-{token}-*"):
            path.unlink()
        raise
    for path in (path for path, rows, *_ in copied if not rows):  # without days, DuckDB writes a file of nothing
        Path(path).unlink()
    return [_action(folder, *row) for row in copied if row[1]]


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
