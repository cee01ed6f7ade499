"""What has been read: one row a file and batch; the last row of a stream says how far it was read.

A stream is the decompressed content of a file, known by its beginning and by the digest of what was read of it. A
copy, a renamed or a compressed file is the same stream, a grown file one with more to read, a rewritten file a new one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import xxhash

from tidegate.lake.store import JOURNAL, Lake

HEAD = 4096
"""Bytes by which a stream is first looked for; shorter streams are known by all they have."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A row of the journal: its columns are described in `lake.store.JOURNAL`."""

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


class Journal:
    """The journal in memory: by path, and by stream."""

    def __init__(self, lake: Lake) -> None:
        self._lake = lake
        self._paths: dict[str, Entry] = {}
        self._heads: dict[str, dict[str, Entry]] = defaultdict(dict)  # by beginning, then by stream
        rows = lake.engine.con.execute(f'SELECT * FROM ({lake.scan("journal")}) ORDER BY "at", lines').fetchall()
        for row in rows:
            self.remember(Entry(**dict(zip(JOURNAL.names, row, strict=True))))

    def remember(self, entry: Entry) -> None:
        """Take note of what is read, before it is written: the next file may be a copy."""
        self._paths[entry.path] = entry
        self._heads[_head_of(entry.stream)][entry.stream] = entry

    def unchanged(self, path: str, size: int, mtime_ns: int, inode: int) -> bool:
        """Whether a file was read to its end and is as it was then."""
        entry = self._paths.get(path)
        return (
            entry is not None
            and entry.complete
            and (entry.size, entry.mtime_ns, entry.inode) == (size, mtime_ns, inode)
        )

    def candidates(self, head: bytes) -> list[Entry]:
        """The streams that begin like this one, longest read first."""
        lengths = {int(name.partition("-")[0]) for name in self._heads}
        names = {_name(head[:length]) for length in lengths if length <= len(head)}
        found = [entry for name in names & self._heads.keys() for entry in self._heads[name].values()]
        return sorted(found, key=lambda entry: entry.bytes, reverse=True)

    def new(self, head: bytes) -> str:
        """An identity for a stream that begins like this and is none of those known."""
        begin = head[:HEAD]
        # A short document may grow where it ends now: what closes it is not its beginning.
        name = _name(begin if len(begin) == HEAD else begin.rstrip(b" \t\r\n]}"))
        return f"{name}-{len(self._heads.get(name, ()))}"

    def write(self, entries: Sequence[Entry]) -> None:
        """Add entries, all at once."""
        columns = {name: [getattr(entry, name) for entry in entries] for name in JOURNAL.names}
        self._lake.append("journal", columns, {})


def _head_of(stream: str) -> str:
    return stream.rpartition("-")[0]


def _name(head: bytes) -> str:
    return f"{len(head)}-{xxhash.xxh3_128_hexdigest(head)}"
