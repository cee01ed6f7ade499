"""What is read gathers here until it is worth a commit: many small files become one batch, a large one many.

The order of commits is the guarantee: first the class tables and the quarantine, each with how far of every stream it
now holds, then the journal. After a crash in between, the journal says where to read on, and each table what it has.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

import pyarrow as pa

from tidegate import clock
from tidegate.lake.journal import Entry, Journal
from tidegate.lake.store import Lake
from tidegate.pipeline.mapping import Plan, plan
from tidegate.pipeline.write import Written, write
from tidegate.reading import sheets
from tidegate.reading.blocks import BLOCK, KEPT, Bad, Mark
from tidegate.reading.layout import Layout
from tidegate.reading.read import Part, table
from tidegate.reading.recognise import Recognised, applicable
from tidegate.units import Source

COUNTED = ("events", "quarantined", "ignored", "duplicates")
"""What becomes of records: columns of the journal, and of the summary."""
_STREAMS = 1000
"""Streams in a batch at most: each is an application transaction in every commit."""
_COMMIT = 512 << 20
"""Bytes read that are worth a commit: few small files in the lake, and seconds to read again after a crash."""
_REFUSED = 50_000
"""Refused records that are worth one: they are held in memory until then."""


@dataclass
class _Stream:
    """A stream in this batch: its journal entry so far, where this run began, and how far it has come."""

    entry: Entry
    begun: Mark
    mark: Mark
    before: Mark
    blank: int = 0


class Batch:
    """Records to write, by plan. counts and reasons are of all that was written."""

    def __init__(self, lake: Lake, journal: Journal, sources: Iterable[Source], now: datetime) -> None:
        self.lake, self.journal, self._now = lake, journal, now
        self.counts: Counter[str] = Counter()
        self.reasons: Counter[str] = Counter()
        self._by_log: dict[str, list[Source]] = defaultdict(list)
        for source in sources:
            self._by_log[source.log.id].append(source)
        self._plans: dict[object, Plan | None] = {}
        self._streams: dict[str, _Stream] = {}  # by source_file
        self._held: dict[str, dict[str, int]] = defaultdict(dict)
        self._recover = lake.unfinished.exists()
        self._clear()

    def _clear(self) -> None:
        self._tables: dict[Plan, list[pa.Table]] = defaultdict(list)
        self._written = Written()
        self._size = self._uncommitted = 0

    def begin(self, entry: Entry, found: Recognised) -> None:
        """Begin to read a stream, on from where `entry` says."""
        if len(self._streams) >= _STREAMS:
            self.commit()
        mark = Mark(entry.lines, entry.bytes, entry.digest)
        self._streams[entry.path] = _Stream(entry, mark, mark, mark)
        # After a crash a table may be ahead of the journal; the quarantine also where it has the beginning of a line.
        ahead = {source.produces for source in found.sources} if self._recover else set()
        for name in ahead | ({"quarantine"} if self._recover or entry.lines else set()):
            if (held := self.lake.mark(name, entry.stream)) > entry.lines:
                self._held[name][entry.path] = held

    def add(self, path: str, part: Part, found: Recognised) -> None:
        """Add records of a stream; writes what has gathered when that is much, or cannot be kept."""
        stream, block = self._streams[path], part.block
        chosen = self._plan(part.layout, found) if part.layout else None
        if chosen is None:
            bad = (Bad(int(n), _unread(part.layout, found), r[:KEPT]) for n, r in _records(part))
            self._written.refuse(path, [*block.bad, *bad])
        else:
            columns: dict[str, pa.ChunkedArray] = {}
            if chosen.layout.format == "csv":
                block, columns = sheets.columns(block, chosen.layout, chosen.wanted)
            self._written.refuse(path, block.bad)
            if len(block.starts):
                self._tables[chosen].append(table(path, stream.entry.mtime_ns, block, columns))
                self._size += len(block.buffer)
        if part.last:
            stream.blank += block.blank
            stream.mark, stream.before = block.mark, block.before
            if self._size >= BLOCK // 2 or not block.final:
                self.write()

    def end(self, path: str, damage: str = "") -> None:
        """All of a stream was read, or all up to its damage."""
        stream = self._streams[path]
        if damage and (stream.begun.bytes == 0 or stream.mark.bytes > stream.begun.bytes):
            self._written.refuse(path, [Bad(stream.mark.lines + 1, damage, "")])
        stream.entry = replace(stream.entry, complete=True)
        self.journal.remember(_at(stream.entry, stream.mark))

    def _plan(self, layout: Layout, found: Recognised) -> Plan | None:
        """The plan for a layout, None where no source of the log reads it."""
        sources = found.sources
        if layout.format == "zeek" or layout.directives:  # a header may change within the file
            sources = applicable(found.log, self._by_log[found.log.id], layout, frozenset(layout.fields))
        wrapped = found.log.unwrap in found.head.fields
        key = (found.log.id, tuple(s.id for s in sources), layout, wrapped)
        if key not in self._plans:
            engine = self.lake.engine
            made = plan(engine, found.log, sources, layout, wrapped=wrapped, now=self._now) if sources else None
            self._plans[key] = made
        return self._plans[key]

    def so_far(self) -> Counter[str]:
        """What became of records up to now, committed or not."""
        written = self._written
        now = {"events": written.events.total(), "quarantined": sum(map(len, written.bad.values()))}
        return self.counts + Counter(now)

    def write(self) -> None:
        """Write what has gathered; commit if that, with what was written before, is much."""
        for chosen, tables in self._tables.items():
            write(self.lake, chosen, pa.concat_tables(tables), self._held, self._written)
        self._uncommitted += self._size
        self._tables.clear()
        self._size = 0
        if self._uncommitted >= _COMMIT or sum(map(len, self._written.bad.values())) >= _REFUSED:
            self.commit()

    def commit(self) -> None:
        """Write what has gathered, and make all that was written part of the lake."""
        for chosen, tables in self._tables.items():
            write(self.lake, chosen, pa.concat_tables(tables), self._held, self._written)
        if self._streams:
            self._commit()
        self._clear()

    def _commit(self) -> None:
        self.lake.unfinished.touch()
        entries = [self._entry(path, stream) for path, stream in self._streams.items()]
        for name, files in self._written.files.items():
            if files:
                self.lake.commit(name, files, {entry.stream: entry.lines for entry in entries})
        if any(self._written.bad.values()):
            marks = {stream.entry.stream: stream.mark.lines for stream in self._streams.values()}
            self.lake.append("quarantine", self._quarantine(), marks)
        self.journal.write(entries)
        self.lake.unfinished.unlink()
        for entry in entries:
            self.counts.update({name: getattr(entry, name) for name in COUNTED})
            self.journal.remember(entry)
        self.reasons.update(bad.reason for refused in self._written.bad.values() for bad in refused)
        self._streams = {
            path: _Stream(entry, stream.begun, stream.mark, stream.before)
            for (path, stream), entry in zip(self._streams.items(), entries, strict=True)
            if not entry.complete
        }

    def _entry(self, path: str, stream: _Stream) -> Entry:
        written = self._written
        refused = written.bad.get(path, [])
        # The beginning of a line that makes no event is no harm: the line is read again once it is complete.
        begun = stream.before != stream.mark and any(bad.line > stream.before.lines for bad in refused)
        written.bad[path] = refused = [bad for bad in refused if bad.line > self._held["quarantine"].get(path, 0)]
        return replace(
            _at(stream.entry, stream.before if begun else stream.mark),
            at=clock.now(),
            events=written.events[path],
            quarantined=len(refused),
            ignored=written.ignored[path] + stream.blank,
            duplicates=written.duplicates[path],
        )

    def _quarantine(self) -> dict[str, list[object]]:
        refused = [(path, bad) for path, refused in self._written.bad.items() for bad in refused]
        return {
            "time": [self._now] * len(refused),
            "source_file": [path for path, _ in refused],
            "source_line": [bad.line for _, bad in refused],
            "reason": [bad.reason for _, bad in refused],
            "record": [bad.record for _, bad in refused],
        }


def _at(entry: Entry, mark: Mark) -> Entry:
    return replace(entry, lines=mark.lines, bytes=mark.bytes, digest=mark.digest)


def _records(part: Part) -> Iterable[tuple[int, str]]:
    return zip(part.block.numbers, part.block.texts().to_pylist(), strict=True)


def _unread(layout: Layout | None, found: Recognised) -> str:
    if layout is None:
        return "no #fields line says what its columns are"
    kinds = "".join(f" '{value}'" for _, value in layout.constants)
    return f"no source reads {found.log.title}{kinds}"
