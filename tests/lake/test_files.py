from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path

import duckdb
import pytest

from tidegate.lake import files
from tidegate.lake.engine import Engine
from tidegate.lake.store import Lake


def test_a_file_a_day_with_its_rows_and_times(tmp_path: Path) -> None:
    query = (
        "SELECT TIMESTAMP '2025-03-01 01:02:03.5' + INTERVAL 1 DAY * n AS time, time::DATE AS day FROM range(2) t(n)"
    )
    (tmp_path / "staging").mkdir()
    with closing(Lake(tmp_path / "lake")) as lake:
        one, two = sorted(
            files.write(lake.engine.con, "dns_activity", query, tmp_path / "staging"), key=lambda a: a.path
        )
        assert (one.partition_values, two.partition_values) == ({"day": "2025-03-01"}, {"day": "2025-03-02"})
        assert (tmp_path / "staging" / "dns_activity" / one.path).stat().st_size == one.size
        stats = json.loads(one.stats)
        assert stats["numRecords"] == 1
        assert stats["minValues"] == stats["maxValues"]
        assert stats["minValues"]["time"].startswith("2025-03-01T01:02:03.5")
        assert files.write(lake.engine.con, "quarantine", "SELECT 1 AS time WHERE false", tmp_path / "staging") == []
        with pytest.raises(duckdb.Error):
            files.write(
                lake.engine.con, "dns_activity", "SELECT error('no'), DATE '2025-01-01' AS day", tmp_path / "staging"
            )
    left = [path.name for path in (tmp_path / "staging").rglob("*.parquet")]
    assert len(left) == 2  # nothing of the empty one, nor of the one that failed


def test_more_days_than_fit_in_memory_are_written_some_at_a_time(tmp_path: Path) -> None:
    # DuckDB keeps a block of memory for each file that it writes: a register of years is one log, and a file a day.
    engine, days = Engine(tmp_path / "spill", memory="150MiB"), 600
    (tmp_path / "staging").mkdir()
    query = (
        "SELECT TIMESTAMP '2017-01-01' + INTERVAL (n) HOUR AS time, time::DATE AS day, "
        + ", ".join(f"'text {k} ' || n AS column{k}" for k in range(25))
        + f" FROM range({24 * days}) t(n)"
    )
    written = files.write(engine.con, "file_hosting", query, tmp_path / "staging")
    assert len({action.path.split("/")[0] for action in written}) == days
    assert sum(json.loads(action.stats)["numRecords"] for action in written) == 24 * days
    on_disk = list((tmp_path / "staging").rglob("*.parquet"))
    assert len(on_disk) == len(written)
