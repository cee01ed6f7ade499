from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from tidegate.lake.engine import Engine, named, quoted


def test_engine_downloads_nothing_and_counts_in_utc(tmp_path: Path) -> None:
    engine = Engine(tmp_path)
    with pytest.raises(duckdb.Error):
        engine.con.execute("SELECT * FROM 's3://bucket/key.parquet'")
    assert engine.con.execute("SELECT current_setting('TimeZone')").fetchone() == ("UTC",)
    engine.con.execute("CREATE VIEW one AS SELECT 1 AS number")
    assert engine.ibis.table("one").number.to_pyarrow().to_pylist() == [1]  # over the same connection
    assert engine.sql_type("array<struct<a: json>>") == 'STRUCT("a" JSON)[]'
    engine.close()


def test_literals_and_identifiers() -> None:
    value, name = "it's", 'a "b"'
    found = duckdb.connect().execute(f"SELECT {quoted(value)} AS {named(name)}").to_arrow_table()
    assert found.to_pydict() == {name: [value]}
