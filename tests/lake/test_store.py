from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from deltalake import DeltaTable, write_deltalake

from tests.diary import amounts, put, text, visit
from tidegate.errors import LakeError
from tidegate.events.schema import CLASSES
from tidegate.lake.store import Lake
from tidegate.lake.tables import QUARANTINE, TABLES

ROW = {
    "time": datetime(2025, 3, 1),
    "source_file": "file",
    "source_line": 1,
    "reason": "no reason",
    "record": 'text "…" \n\0 ',
}
COLUMNS = {name: [value] for name, value in ROW.items()}


def test_every_table_is_there_before_anything_is_stored(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    for name, schema in TABLES.items():
        table = lake.table(name)
        assert table.schema() == schema
        assert table.count().to_pyarrow().as_py() == 0
    assert set(CLASSES) < set(TABLES)
    lake.close()


def test_appended_rows_are_read_with_their_marks(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    assert lake.mark("quarantine", "stream") == 0
    lake.append("quarantine", COLUMNS, {"stream": 7})
    lake.append("quarantine", COLUMNS, {"other": 8})
    assert lake.table("quarantine").to_pyarrow().to_pylist() == [ROW, ROW]
    assert (lake.mark("quarantine", "stream"), lake.mark("quarantine", "other")) == (7, 8)
    lake.close()


def test_a_lake_of_before_a_column_was_added_is_read_and_written(tmp_path: Path) -> None:
    Lake(tmp_path).close()
    old = pa.Table.from_pylist([ROW], schema=QUARANTINE.to_pyarrow()).drop_columns(["record"])
    write_deltalake(tmp_path / "quarantine", old)
    lake = Lake(tmp_path)
    assert lake.table("quarantine").record.to_pyarrow().to_pylist() == [None]
    lake.append("quarantine", COLUMNS, {})
    assert sorted(map(str, lake.table("quarantine").record.to_pyarrow().to_pylist())) == ["None", ROW["record"]]
    lake.close()


def test_files_of_before_a_column_was_added_are_read_by_day(tmp_path: Path) -> None:
    (tmp_path / "log").write_text(text(visit(1)))
    put(tmp_path / "lake", tmp_path / "log")
    (file,) = (tmp_path / "lake" / "network_activity").glob("day=*/*")
    pq.write_table(pq.ParquetFile(file).read().drop_columns(["state"]), file)  # which the table has by now
    lake = Lake(tmp_path / "lake")
    assert lake.rows(f"SELECT bytes_out, state FROM ({lake.scan('network_activity', days=['2025-03-01'])})") == [
        (1, None)
    ]
    lake.close()


def test_days_are_partitions_that_other_readers_find(tmp_path: Path) -> None:
    (tmp_path / "log").write_text(text(visit(1), visit(86_400 + 2)))
    put(tmp_path / "lake", tmp_path / "log")
    stored = DeltaTable(str(tmp_path / "lake" / "network_activity"))
    assert [row["day"] for row in sorted(stored.partitions(), key=str)] == ["2025-03-01", "2025-03-02"]
    assert stored.count() == 2
    assert {field.name: field.type.type for field in stored.schema().fields}["time"] == "timestamp_ntz"
    lake = Lake(tmp_path / "lake")
    (row,) = lake.engine.con.execute(lake.scan("network_activity", days=["2025-03-02"])).to_arrow_table().to_pylist()
    assert (row["bytes_out"], row["day"]) == (86_402, date(2025, 3, 2))
    lake.close()


def test_the_lake_is_for_its_owner_only(tmp_path: Path) -> None:
    Lake(tmp_path / "deep" / "lake").close()
    assert (tmp_path / "deep" / "lake").stat().st_mode & 0o777 == 0o700


def test_what_is_no_lake_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LakeError, match="no lake at"):
        Lake(tmp_path / "lake", create=False)
    (tmp_path / "file").write_text("x")
    with pytest.raises(LakeError, match="holds other files"):
        Lake(tmp_path)
    with pytest.raises(LakeError, match="Not a directory"):
        Lake(tmp_path / "file" / "lake")
    Lake(tmp_path / "later").close()
    (tmp_path / "later" / "lake.json").write_text(json.dumps({"format": 99}))
    with pytest.raises(LakeError, match="has format 99"):
        Lake(tmp_path / "later")
    (tmp_path / "later" / "lake.json").write_text("{}")
    with pytest.raises(LakeError, match="does not say"):
        Lake(tmp_path / "later")


def test_one_writer_at_a_time(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    wait = "import sys; from tidegate.lake.store import Lake\nwith Lake(sys.argv[1]).writing(): print('in'); input()"
    other = [sys.executable, "-c", wait, str(tmp_path)]
    with subprocess.Popen(other, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=os.environ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"in\n"
        with pytest.raises(LakeError, match="another Tidegate is writing"), lake.writing():
            pass
        process.communicate(b"\n")
    with lake.writing():  # it is free again, and reading never was in the way
        pass
    lake.close()
    assert amounts(tmp_path) == []
