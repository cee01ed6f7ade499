"""`quarantine`: what could not be read, with file, line and reason."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pytest

from tests.cli.conftest import tidegate
from tidegate.lake.store import Lake


@pytest.fixture
def lake(tmp_path: Path) -> Path:
    rows = [
        {
            "time": datetime(2024, 3, 1),
            "source_file": "/logs/conn.log",
            "source_line": line,
            "reason": "not valid JSON",
            "record": record,
        }
        for line, record in ((7, "{\x1b[2J"), (8, None))
    ]
    lake = Lake(tmp_path / "lake")
    lake.append("quarantine", {name: [row[name] for row in rows] for name in rows[0]}, {})
    lake.close()
    return tmp_path / "lake"


def test_table(lake: Path) -> None:
    outcome = tidegate("quarantine", "--lake", lake)
    assert outcome.status == 0
    assert "/logs/conn.log:7" in outcome.out
    assert "{\\x1b[2J" in outcome.out
    assert outcome.err == "2 of 2 records in quarantine\n"


def test_json(lake: Path) -> None:
    outcome = tidegate("quarantine", "--lake", lake, "--format", "json", "--limit", 1)
    assert json.loads(outcome.out) == [
        {
            "time": "2024-03-01T00:00:00Z",
            "source_file": "/logs/conn.log",
            "source_line": 7,
            "reason": "not valid JSON",
            "record": "{\x1b[2J",
        }
    ]
    assert outcome.err == "1 of 2 records in quarantine\n"


def test_no_lake(tmp_path: Path) -> None:
    outcome = tidegate("quarantine", "--lake", tmp_path)
    assert outcome.status == 3
    assert outcome.err.startswith(f"tidegate: no lake at {tmp_path};")
