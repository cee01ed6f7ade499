"""What has been read: one row a file and batch; the last row of a stream says how far it was read.

A stream is the decompressed content of a file, known by its beginning and by the digest of what was read of it. A
copy, a renamed or a compressed file is the same stream, a grown file one with more to read, a rewritten file a new one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import xxhash

from tidegate.lake.store import Lake
from tidegate.lake.tables import JOURNAL

HEAD = 4096
"""Bytes by which a stream is first looked for; shorter streams are known by all they have."""
_ORDER = 'sequence {} NULLS {}, "at" {}, lines {}'  # rows of before there was a sequence have only the clock
FIRST, _LAST = _ORDER.format("", "FIRST", "", ""), _ORDER.format("DESC", "LAST", "DESC", "DESC")


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """A row of the journal: its columns are described in `lake.tables.JOURNAL`."""

    at: datetime
    path: str
    size: int
    mtime_ns: int
    inode: int
    complete: bool
    stream: str
    log: str
    lines: int
    bytes: int
    digest: str
    events: int = 0
    quarantined: int = 0
    ignored: int = 0
    duplicates: int = 0
    sequence: int | None = None
    refused: int | None = None
    dropped: Mapping[str, int] | None = None


class Journal:
    """The journal in memory: the last entry of each path, and of each stream."""

    def __init__(self, lake: Lake) -> None:
        self._lake = lake
        self._paths: dict[str, Entry] = {}
        self._heads: dict[str, dict[str, Entry]] = defaultdict(dict)  # by beginning, then by stream
        self._lengths: set[int] = set()  # of these beginnings
        self._sequence = self._version = -1
        self.refresh()

    def refresh(self) -> None:
        """Take note of what was added since, by us or by another process."""
        table = self._lake.delta("journal")
        if table is None or table.version() == self._version:
            return
        self._version = table.version()
        last = " OR ".join(f"row_number() OVER (PARTITION BY {key} ORDER BY {_LAST}) = 1" for key in ("path", "stream"))
        newer = f"coalesce(sequence, 0) > {self._sequence}"
        rows = self._lake.engine.con.execute(
            f"SELECT * FROM ({self._lake.scan('journal')}) WHERE {newer} QUALIFY {last} ORDER BY {FIRST}"
        )
        while some := rows.fetchmany(10_000):
            for row in some:
                self.remember(Entry(**dict(zip(JOURNAL.names, row, strict=True))))

    def remember(self, entry: Entry) -> None:
        """Take note of what is read, before it is written: the next file may be a copy."""
        name = _head_of(entry.stream)
        self._paths[entry.path] = entry
        self._heads[name][entry.stream] = entry
        self._lengths.add(int(name.partition("-")[0]))
        self._sequence = max(self._sequence, entry.sequence or 0)

    def unchanged(self, path: str, size: int, mtime_ns: int, inode: int) -> bool:
        """Whether a file was read to its end and is as it was then."""
        entry = self._paths.get(path)
        return (
            entry is not None
            and entry.complete
            and (entry.size, entry.mtime_ns, entry.inode) == (size, mtime_ns, inode)
        )

    def of(self, path: str) -> Entry | None:
        """How far a file was read, whichever stream it is."""
        return self._paths.get(path)

    def last(self, stream: str) -> Entry | None:
        """How far a stream was read, from whichever file."""
        return self._heads.get(_head_of(stream), {}).get(stream)

    def candidates(self, head: bytes) -> list[Entry]:
        """The streams that begin like this one, longest read first."""
        names = {_name(head[:length]) for length in self._lengths if length <= len(head)}
        found = [entry for name in names & self._heads.keys() for entry in self._heads[name].values()]
        return sorted(found, key=lambda entry: entry.bytes, reverse=True)

    def new(self, head: bytes) -> str:
        """An identity for a stream that begins like this and is none of those known."""
        begin = head[:HEAD]
        # A short document may grow where it ends now: what closes it is not its beginning.
        name = _name(begin if len(begin) == HEAD else begin.rstrip(b" \t\r\n]}"))
        return f"{name}-{len(self._heads.get(name, ()))}"

    def numbered(self, entries: Sequence[Entry]) -> list[Entry]:
        """Entries with the sequence that makes them the next ones."""
        return [replace(entry, sequence=n) for n, entry in enumerate(entries, max(self._sequence, 0) + 1)]


def columns(entries: Sequence[Entry]) -> dict[str, list[object]]:
    """Entries as columns of the table."""
    return {name: [getattr(entry, name) for entry in entries] for name in JOURNAL.names}


def _head_of(stream: str) -> str:
    return stream.rpartition("-")[0]


def _name(head: bytes) -> str:
    return f"{len(head)}-{xxhash.xxh3_128_hexdigest(head)}"
