"""Few large files of many small ones: the rows, the marks and the journal's sums stay."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest

from tests.diary import amounts, put, text, visit
from tidegate.lake import contents, tidy
from tidegate.lake.spill import Spill
from tidegate.lake.store import Lake
from tidegate.lake.tables import JOURNAL
from tidegate.lake.verify import verify


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "diary.log"


@pytest.fixture
def lake(tmp_path: Path, log: Path) -> Iterator[Lake]:
    """One of six small batches over two days, each with a record for the quarantine."""
    for n in range(6):
        grow(log, n)
        put(tmp_path / "lake", log)
    with closing(Lake(tmp_path / "lake")) as opened:
        yield opened


def grow(log: Path, n: int) -> None:
    with log.open("a") as file:
        file.write(text(visit(n), visit(86_400 + n)) + "{no record\n")


def files(lake: Lake, name: str) -> int:
    return len(contents.files(lake, name))


def parquet(lake: Lake) -> int:
    found = (path.relative_to(lake.path) for path in lake.path.rglob("*.parquet"))
    return sum(not {"tmp", "_delta_log"} & set(path.parts) for path in found)


def test_nothing_but_the_files_changes(lake: Lake, log: Path, tmp_path: Path) -> None:
    before = amounts(tmp_path / "lake")
    with lake.writing():
        done = tidy.tidy(lake, grace=0)
        assert (done.compacted, done.into) == (12 + 6 + 6, 2 + 1 + 1)
        assert tidy.tidy(lake, grace=0) == tidy.Tidied()  # once more there is nothing to do
    assert [files(lake, name) for name in ("network_activity", "quarantine", "journal")] == [2, 1, 1]
    assert parquet(lake) == 4
    assert amounts(tmp_path / "lake") == before
    assert verify(lake) == ()
    grow(log, 6)
    assert put(tmp_path / "lake", log).events == 2  # it goes on where it was
    assert amounts(tmp_path / "lake") == [*range(7), *range(86_400, 86_407)]


def test_who_reads_at_the_same_time_finds_the_files(lake: Lake) -> None:
    seen = lake.scan("network_activity")
    with lake.writing():
        assert tidy.tidy(lake).removed == 0
        assert lake.rows(f"SELECT count(*) FROM ({seen})") == [(12,)]
        assert tidy.tidy(lake, grace=0).removed == 24
    with pytest.raises(Exception, match="network_activity"):  # the near miss: after the grace they are gone
        lake.rows(f"SELECT count(*) FROM ({seen})")


def test_what_a_killed_writer_left_goes_at_once(lake: Lake) -> None:
    left = [
        lake.path / "network_activity" / "day=2025-03-09" / "part-token-1.parquet",
        lake.path / "dns_activity" / "day=2025-03-09" / "part-token-1.parquet",  # a table that nothing was committed to
        lake.path / "journal" / "part-1.parquet#1",
        lake.path / "journal" / "_delta_log" / "_commit_1.json.tmp",
        lake.path / "unfinished.new",
        lake.path / "tmp" / "of-a-dead-process" / "duckdb_temp_storage.tmp",
    ]
    for path in left:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
    alive = Spill(lake.path / "tmp")
    with lake.writing():
        done = tidy.tidy(lake)
    assert not any(path.exists() for path in left)
    assert not left[0].parent.exists()
    assert (done.removed, done.spilled) == (4, 1)
    assert alive.path.exists()  # the near miss: its process lives
    alive.close()
    assert verify(lake) == ()


def test_large_files_are_let_be(lake: Lake) -> None:
    size = max(file.size for file in contents.files(lake, "network_activity"))
    with lake.writing():
        assert tidy.tidy(lake, target=size).into == 0  # none is smaller than half of that
        assert tidy.tidy(lake, fewest=7).into == 0  # too few to be worth it
        assert tidy.tidy(lake, target=size * 4).into > 0


def test_the_journal_is_summed_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tidy, "_MOST", 2)
    logs = [tmp_path / "diary.1", tmp_path / "diary.2"]
    for n in range(10):
        for log in logs:
            grow(log, n) if log is logs[0] else log.write_text((log.read_text() if n else "") + text(visit(1000 + n)))
        put(tmp_path / "lake", *logs)
    with closing(Lake(tmp_path / "lake")) as lake:
        sums = "sum(events), sum(quarantined), max(lines), max(sequence)"
        told = f"SELECT path, {sums} FROM ({{}}) GROUP BY path ORDER BY path"
        before = lake.rows(told.format(lake.scan("journal")))
        with lake.writing():
            assert tidy.tidy(lake).journal_rows == 18
        assert lake.rows(told.format(lake.scan("journal"))) == before
        assert lake.rows(f"SELECT count(*) FROM ({lake.scan('journal')})") == [(2,)]
        assert verify(lake) == ()
    logs[0].rename(tmp_path / "diary.3")
    assert put(tmp_path / "lake", tmp_path / "diary.3", logs[1]).events == 0  # still known, by whatever name


def test_what_was_dropped_stays_counted(lake: Lake) -> None:
    told = [{"bad": 10, "long": 1}, None, {"bad": 5}, *[None] * 100]
    entry = {"at": datetime(2025, 3, 1), "path": "a", "size": 1, "mtime_ns": 1, "inode": 1, "complete": True}
    entry |= {"stream": "s", "log": "diary", "lines": 1, "bytes": 1, "digest": "", "refused": None}
    entry |= dict.fromkeys(("events", "quarantined", "ignored", "duplicates"), 0)
    rows = [entry | {"sequence": 100 + n, "dropped": dropped} for n, dropped in enumerate(told)]
    with lake.writing():
        lake.append("journal", {name: [row[name] for row in rows] for name in JOURNAL.names}, {})
        assert tidy.tidy(lake).journal_rows > 0
    assert contents.dropped(lake) == (("bad", 15), ("long", 1))
    nothing = f"SELECT DISTINCT dropped FROM ({lake.scan('journal')}) WHERE path <> 'a'"
    assert lake.rows(nothing) == [(None,)]  # the near miss: a log of which nothing was dropped


def test_no_name_gets_into_the_log_of_a_table(lake: Lake) -> None:
    with lake.writing():
        tidy.tidy(lake)
    logs = b"".join(path.read_bytes() for path in lake.path.glob("*/_delta_log/*.json"))
    assert b"2025-03-01T00:00:05" in logs  # bounds of times, by which files are found
    assert b'"ann"' not in logs
    assert b"diary.log" not in logs
