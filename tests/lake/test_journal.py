from __future__ import annotations

from datetime import datetime
from pathlib import Path

from tidegate.lake.journal import HEAD, Entry, Journal
from tidegate.lake.store import Lake


def entry(path: str, stream: str, **more: object) -> Entry:
    given = {"size": 1, "mtime_ns": 2, "inode": 3, "complete": True, "lines": 4, "bytes": 5, "digest": "d"} | more
    return Entry(at=datetime(2025, 3, 1), path=path, stream=stream, log="diary", **given)  # type: ignore[arg-type]


def test_what_was_read_is_known_again(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    journal = Journal(lake)
    short, long = b"short", b"long" * HEAD
    one, two = journal.new(short), journal.new(long)
    journal.write([entry("a", one), entry("b", two, complete=False, lines=1)])
    journal = Journal(lake)
    assert journal.unchanged("a", 1, 2, 3)
    assert not journal.unchanged("a", 1, 9, 3)
    assert not journal.unchanged("b", 1, 2, 3)  # not read to its end
    assert not journal.unchanged("c", 1, 2, 3)
    assert [found.stream for found in journal.candidates(b"shorter")] == [one]
    assert [found.stream for found in journal.candidates(long + b"!")] == [two]
    assert journal.candidates(b"shor") == []
    assert journal.candidates(b"long" * 10) == []
    lake.close()


def test_streams_that_begin_alike_are_told_apart(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    journal = Journal(lake)
    first = journal.new(b"same")
    journal.remember(entry("a", first, bytes=10))
    second = journal.new(b"same")
    journal.remember(entry("b", second, bytes=20))
    assert first != second
    assert [found.stream for found in journal.candidates(b"same")] == [second, first]  # the longest first
    lake.close()
