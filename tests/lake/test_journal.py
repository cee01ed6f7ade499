from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest

from tidegate.lake.journal import HEAD, Entry, Journal, columns
from tidegate.lake.store import Lake


def entry(path: str, stream: str, **more: object) -> Entry:
    given = {"size": 1, "mtime_ns": 2, "inode": 3, "complete": True, "lines": 4, "bytes": 5, "digest": "d"} | more
    return Entry(**{"at": datetime(2025, 3, 1), "path": path, "stream": stream, "log": "diary"} | given)  # type: ignore[arg-type]


@pytest.fixture
def lake(tmp_path: Path) -> Iterator[Lake]:
    with closing(Lake(tmp_path)) as opened:
        yield opened


def write(lake: Lake, journal: Journal, *entries: Entry) -> None:
    lake.append("journal", columns(journal.numbered(entries)), {})


def test_what_was_read_is_known_again(lake: Lake) -> None:
    journal = Journal(lake)
    short, long = b"short", b"long" * HEAD
    one, two = journal.new(short), journal.new(long)
    write(lake, journal, entry("a", one), entry("b", two, complete=False, lines=1))
    journal = Journal(lake)
    assert journal.unchanged("a", 1, 2, 3)
    assert not journal.unchanged("a", 1, 9, 3)
    assert not journal.unchanged("b", 1, 2, 3)  # not read to its end
    assert not journal.unchanged("c", 1, 2, 3)
    assert [found.stream for found in journal.candidates(b"shorter")] == [one]
    assert [found.stream for found in journal.candidates(long + b"!")] == [two]
    assert journal.candidates(b"shor") == []
    assert journal.candidates(b"long" * 10) == []


def test_streams_that_begin_alike_are_told_apart(lake: Lake) -> None:
    journal = Journal(lake)
    first = journal.new(b"same")
    journal.remember(entry("a", first, bytes=10))
    second = journal.new(b"same")
    journal.remember(entry("b", second, bytes=20))
    assert first != second
    assert [found.stream for found in journal.candidates(b"same")] == [second, first]  # the longest first


def test_a_clock_that_steps_back_does_not_change_the_order(lake: Lake) -> None:
    journal = Journal(lake)
    stream = journal.new(b"text")
    for hour, lines in ((9, 10), (8, 20), (7, 30)):
        write(lake, journal, entry("a", stream, at=datetime(2025, 3, 1, hour), lines=lines, mtime_ns=lines))
        journal.refresh()
    for known in (journal, Journal(lake)):
        last = known.last(stream)
        assert last is not None
        assert (last.lines, last.sequence) == (30, 3)
        assert known.unchanged("a", 1, 30, 3)


def test_rows_without_a_sequence_come_first_in_order_of_time(lake: Lake) -> None:
    old = [entry("a", "4-x-0", at=datetime(2025, 3, 2), lines=9), entry("a", "4-x-0", lines=4)]
    lake.append("journal", columns(old), {})
    journal = Journal(lake)
    last = journal.last("4-x-0")
    assert last is not None
    assert last.lines == 9
    write(lake, journal, entry("a", "4-x-0", at=datetime(2025, 3, 1), lines=12))
    last = Journal(lake).last("4-x-0")
    assert last is not None
    assert last.lines == 12


def test_what_another_process_reads_is_seen(lake: Lake) -> None:
    ours, theirs = Journal(lake), Journal(lake)
    write(lake, theirs, entry("a", theirs.new(b"text")))
    assert ours.last("4-x") is None
    ours.refresh()
    assert ours.unchanged("a", 1, 2, 3)
    assert ours.numbered([entry("b", "s-0")])[0].sequence == 2
