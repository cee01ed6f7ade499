from __future__ import annotations

from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from tests.diary import DIARY, diary_question, diary_visit, text, visit
from tidegate import clock
from tidegate.errors import LakeError
from tidegate.lake.store import Lake
from tidegate.pipeline.mapping import Plan, plan
from tidegate.pipeline.write import Written, write
from tidegate.reading.layout import Layout


def block(*records: str, file: str = "f") -> pa.Table:
    count = len(records)
    times = pa.array([0] * count, pa.timestamp("us"))
    columns = {"record": records, "source_file": [file] * count, "source_line": range(1, count + 1)}
    return pa.table({name: pa.array(values) for name, values in columns.items()} | {"source_modified": times})


def both(lake: Lake) -> Plan:
    return plan(lake.engine, DIARY, (diary_visit, diary_question), Layout("json"), wrapped=False, now=clock.now())


def test_what_became_of_records_is_told_by_file(tmp_path: Path) -> None:
    lake, result = Lake(tmp_path), Written()
    lines = text(*(visit(i) for i in range(3))).splitlines()
    together = pa.concat_tables([block(*lines), block(lines[0], "{", "nothing happened", file="g")])
    write(lake, both(lake), together, result)
    assert result.events == {"f": 3, "g": 1}
    assert result.ignored == {"g": 1}
    assert [(bad.line, bad.reason, bad.record) for bad in result.refused.kept["g"]] == [(2, "not valid JSON", "{")]
    (action,) = result.files["network_activity"]
    assert action.partition_values == {"day": "2025-03-01"}
    assert (tmp_path / "network_activity" / action.path).stat().st_size == action.size
    assert '"maxValues": {"time": "2025-03-01T00:00:02"}' in action.stats
    lake.close()


def test_a_disk_that_fails_is_no_fault_of_the_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lake, result = Lake(tmp_path), Written()
    (tmp_path / "network_activity").write_text("a file where the folder of a table should be")
    with pytest.raises(LakeError, match="network_activity"):
        write(lake, both(lake), block(*text(visit(1)).splitlines()), result)
    assert result.files == {}
    # The engine is as it was: nothing is registered, nothing switched off.
    with pytest.raises(duckdb.CatalogException):
        lake.engine.con.execute("SELECT * FROM block")
    assert lake.engine.con.execute("SELECT current_setting('disabled_optimizers')").fetchone() == ("",)
    lake.close()
