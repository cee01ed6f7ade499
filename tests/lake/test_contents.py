"""A lake in numbers."""

from __future__ import annotations

from contextlib import closing
from datetime import date, datetime
from pathlib import Path

from tests.diary import put, text, visit
from tidegate.lake import contents
from tidegate.lake.store import Lake


def test_what_a_lake_holds(tmp_path: Path) -> None:
    (tmp_path / "a.log").write_text(text(visit(1), visit(86_402), visit(86_403)) + "{no record\nnot one\n")
    (tmp_path / "b.log").write_text((tmp_path / "a.log").read_text())  # the same content under another name
    put(tmp_path / "lake", tmp_path / "a.log", tmp_path / "b.log")
    left = tmp_path / "lake" / "network_activity" / "part-of-a-killed-writer"
    left.write_bytes(b"12345")
    with closing(Lake(tmp_path / "lake")) as lake:
        seen = contents.status(lake)
        days = {file.day: file.rows for file in contents.files(lake, "network_activity")}
        assert days == {date(2025, 3, 1): 1, date(2025, 3, 2): 2}
        assert contents.files(lake, "dns_activity") == ()
    table = seen.tables[0]
    assert (table.name, table.days, table.files, table.rows) == ("network_activity", 2, 2, 3)
    assert (table.oldest, table.newest) == (datetime(2025, 3, 1, 0, 0, 1), datetime(2025, 3, 2, 0, 0, 3))
    assert (table.left, table.left_size) == (1, 5)
    assert [(name, rows) for name, rows in seen.quarantine] == [("not valid JSON", 2)]
    assert (seen.streams, seen.paths, seen.unfinished) == (1, 2, False)
    assert [table.name for table in seen.tables] == ["network_activity", "quarantine", "journal"]


def test_an_empty_lake(tmp_path: Path) -> None:
    with closing(Lake(tmp_path)) as lake:
        seen = contents.status(lake)
    assert (seen.tables, seen.quarantine, seen.streams) == ((), (), 0)
