from __future__ import annotations

import gzip
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest
import xxhash

from tidegate.lake.journal import Entry, Journal
from tidegate.lake.store import Lake
from tidegate.pipeline.identity import Known, known
from tidegate.pipeline.watch import stat
from tidegate.reading.streams import Member

WHOLE = b"".join(b"line %d\n" % i for i in range(2000))


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with closing(Lake(tmp_path / "lake")) as lake:
        yield Journal(lake)


def read(journal: Journal, path: Path, data: bytes, upto: int) -> Entry:
    """A stream that was read up to somewhere."""
    path.write_bytes(data)
    digest = xxhash.xxh3_128_hexdigest(data[:upto])
    entry = Entry(
        at=datetime(2025, 3, 1),
        path=str(path),
        size=upto,
        mtime_ns=1,
        inode=1,
        complete=True,
        stream=journal.new(data[:upto]),
        log="diary",
        lines=1,
        bytes=upto,
        digest=digest,
    )
    journal.remember(entry)
    return entry


def look(journal: Journal, path: Path, head: bytes, log: str = "diary") -> Known:
    file = stat(path)
    assert file is not None
    return known(Member(str(path), file), head, {log}, journal)


def test_a_stream_is_known_however_it_is_kept(tmp_path: Path, journal: Journal) -> None:
    entry = read(journal, tmp_path / "a", WHOLE[:9000], 9000)
    (tmp_path / "b").write_bytes(WHOLE)
    (tmp_path / "c.gz").write_bytes(gzip.compress(WHOLE))
    for name in ("b", "c.gz"):
        assert look(journal, tmp_path / name, WHOLE) == Known(entry.stream, entry)
    # The same bytes read as another log are another stream.
    assert look(journal, tmp_path / "b", WHOLE, "ledger").entry is None
    (tmp_path / "d").write_bytes(WHOLE[:8999] + b"!" + WHOLE[9000:])
    assert look(journal, tmp_path / "d", WHOLE).entry is None


def test_the_beginning_of_what_was_read_is_a_copy_as_long_as_the_other_is_there(
    tmp_path: Path, journal: Journal
) -> None:
    entry = read(journal, tmp_path / "a", WHOLE, len(WHOLE))
    (tmp_path / "b").write_bytes(WHOLE[:7000])
    assert look(journal, tmp_path / "b", WHOLE[:7000]) == Known(entry.stream, entry, partly=True)
    (tmp_path / "c").write_bytes(WHOLE[:6999] + b"!")
    assert not look(journal, tmp_path / "c", WHOLE[:6999]).partly
    # A log that was emptied and begins anew is none: only it was this stream.
    (tmp_path / "a").write_bytes(WHOLE[:7000])
    assert look(journal, tmp_path / "a", WHOLE[:7000]).entry is None
    (tmp_path / "a").unlink()
    assert look(journal, tmp_path / "b", WHOLE[:7000]).entry is None


def test_a_log_is_compressed_beside_itself(tmp_path: Path, journal: Journal) -> None:
    entry = read(journal, tmp_path / "a.log", WHOLE[:3000], 3000)
    begun = gzip.compress(WHOLE[:1000])[:-8]
    (tmp_path / "a.log.gz").write_bytes(begun)
    found = look(journal, tmp_path / "a.log.gz", WHOLE[:900])
    assert found == Known(entry.stream, entry, partly=True)
    (tmp_path / "b.log.gz").write_bytes(begun)  # beside nothing that was read
    assert look(journal, tmp_path / "b.log.gz", WHOLE[:900]).entry is None
    (tmp_path / "a.log.gz").write_bytes(gzip.compress(b"something else\n"))
    assert look(journal, tmp_path / "a.log.gz", b"something else\n").entry is None
