"""What is read gathers here until it is worth a commit: many small files become one batch, a large one many.

A batch holds the events, the quarantine and how far every stream was read, and is committed as a whole (`lake.intent`).
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pyarrow as pa
import pyarrow.compute as pc
from deltalake.transaction import AddAction

from tidegate import clock
from tidegate.cases.model import IngestSummary
from tidegate.config import Quarantine
from tidegate.errors import LakeError
from tidegate.lake import contents, intent
from tidegate.lake.journal import Entry, Journal, columns
from tidegate.lake.store import Lake
from tidegate.lake.tables import QUARANTINE
from tidegate.pipeline import mapping
from tidegate.pipeline.mapping import Plan
from tidegate.pipeline.refused import OTHERS, Refused
from tidegate.pipeline.write import Written, write
from tidegate.reading import sheets
from tidegate.reading.blocks import BLOCK, Bad, Mark
from tidegate.reading.layout import Layout
from tidegate.reading.read import Part, table
from tidegate.reading.recognise import Recognised, applicable
from tidegate.units import Log, Source

COUNTED = ("events", "quarantined", "ignored", "duplicates")
"""What becomes of records: columns of the journal, and of the summary."""
_STREAMS = 5000
"""Streams in a batch at most: each is a row that the journal takes at once."""
_COMMIT = 512 << 20
"""Bytes read that are worth a commit: few small files in the lake, and seconds to read again after a crash."""
_REFUSED = 50_000, 64 << 20
"""Refused records, and bytes of them, that are worth one: they are held in memory until then."""
_REASONS = 1000
"""Reasons counted one by one: they quote what logs say, which a service could otherwise never forget."""
_LAYOUTS = 100
"""Headers of a stream that are taken seriously: each has its sources compiled for it."""
_PLANS = timedelta(days=1)
"""How long a plan holds: it says which times are too far ahead."""


@dataclass
class Totals:
    """What was committed since the start: records by log and what became of them, decompressed bytes by log."""

    records: Counter[tuple[str, str]] = field(default_factory=Counter)
    events: Counter[str] = field(default_factory=Counter)  # by event class
    bytes: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)  # of quarantine
    dropped: Counter[str] = field(default_factory=Counter)  # … and of what it had no room for

    def counts(self) -> Counter[str]:
        """Records by what became of them."""
        counts: Counter[str] = Counter()
        for (_, outcome), number in list(self.records.items()):
            counts[outcome] += number
        return counts

    def summary(self) -> IngestSummary:
        """As much of it as is counted here."""
        counts = self.counts()
        return IngestSummary(
            events=counts["events"],
            quarantined=counts["quarantined"],
            ignored=counts["ignored"],
            duplicates=counts["duplicates"],
            reasons=tuple(self.reasons.most_common()),
            dropped=tuple(self.dropped.most_common()),
        )


@dataclass
class _Stream:
    """A stream in this batch: its journal entry so far, where this run began, and how far it has come."""

    entry: Entry
    begun: Mark
    mark: Mark
    before: Mark
    blank: int = 0
    ended: bool = False
    layouts: set[Layout | None] = field(default_factory=set)


class Batch:
    """Records to write, by plan. totals are of all that was committed."""

    def __init__(self, lake: Lake, journal: Journal, sources: Iterable[Source], totals: Totals) -> None:
        self.lake, self.journal, self.totals = lake, journal, totals
        self._by_log: dict[str, list[Source]] = defaultdict(list)
        for source in sources:
            self._by_log[source.log.id].append(source)
        self._plans: dict[object, Plan | None] = {}
        self._now = clock.now()
        self._streams: dict[str, _Stream] = {}  # by source_file
        self.limits = Quarantine()
        self._by_file: Counter[str] = Counter()
        self._clear()

    def _clear(self) -> None:
        self._tables: dict[Plan, list[pa.Table]] = defaultdict(list)
        self.written = Written(refused=Refused(self.limits, self._held, self._by_file))
        self._size = self._uncommitted = 0

    def limit(self, limits: Quarantine) -> None:
        """Keep no more in quarantine than so much."""
        self.limits = self.written.refused.limits = limits

    def begin(self, entry: Entry) -> None:
        """Begin to read a stream, on from where `entry` says."""
        if len(self._streams) >= _STREAMS or entry.path in self._streams:
            self.commit()
        if entry.refused:
            self.written.refused.known[entry.path] = entry.refused
        mark = Mark(entry.lines, entry.bytes, entry.digest)
        self._streams[entry.path] = _Stream(entry, mark, mark, mark)

    def add(self, path: str, part: Part, found: Recognised) -> None:
        """Add records of a stream; writes what has gathered when that is much, or cannot be kept."""
        stream, block = self._streams[path], part.block
        if len(stream.layouts) < _LAYOUTS:
            stream.layouts.add(part.layout)
        one_more = part.layout not in stream.layouts
        chosen = self.plan(part.layout, found) if part.layout and not one_more else None
        if chosen is None:
            why = f"more than {_LAYOUTS} headers" if one_more else unread_reason(part.layout, found)
            bad = (Bad(int(n), why, record) for n, record in _records(part))
            self.written.refuse(path, [*block.bad, *bad])
        else:
            sheet: dict[str, pa.ChunkedArray] = {}
            if chosen.layout.format == "csv":
                block, sheet = sheets.columns(block, chosen.layout, chosen.wanted)
            self.refuse(path, block.bad, found.log)
            if len(block.starts):
                self._tables[chosen].append(table(path, stream.entry.mtime_ns, block, sheet))
                self._size += len(block.buffer)
        if part.last:
            self.advance(path, block.mark, block.before, blank=block.blank)
            if self._size >= BLOCK // 2 or not block.final:
                self.write()

    def refuse(self, path: str, bad: Sequence[Bad], log: Log) -> None:
        """Set aside what is no record of the log, unless the log has it beside its records: a summary, a total."""
        if bad and log.ignore:
            useless = pc.match_substring_regex(pa.array([one.record for one in bad], pa.string()), log.ignore)
            self.written.ignored[path] += useless.true_count
            bad = [one for one, drop in zip(bad, useless.to_pylist(), strict=True) if not drop]
        self.written.refuse(path, bad)

    def advance(self, path: str, mark: Mark, before: Mark, *, blank: int) -> None:
        """Note how far a stream was read; before: up to what is sure to stay as it is should it grow."""
        stream = self._streams[path]
        stream.mark, stream.before = mark, before
        stream.blank += blank

    def end(self, path: str, damage: str = "", *, complete: bool = True) -> Mark:
        """All of a stream was read, or all up to its damage; not complete: there is more to come back for."""
        stream = self._streams[path]
        if damage and (stream.begun.bytes == 0 or stream.mark.bytes > stream.begun.bytes):
            self.written.refuse(path, [Bad(stream.mark.lines + 1, damage, "")])
        stream.entry, stream.ended = replace(stream.entry, complete=complete), True
        self.journal.remember(_at(stream.entry, stream.mark))
        return stream.mark

    def plan(self, layout: Layout, found: Recognised) -> Plan | None:
        """The plan for a layout, None where no source of the log reads it."""
        sources = found.sources
        if layout.format == "zeek" or layout.directives:  # a header may change within the file
            sources = applicable(found.log, self._by_log[found.log.id], layout, frozenset(layout.fields))
        wrapped = found.log.unwrap in found.head.fields
        key = (found.log.id, tuple(s.id for s in sources), layout, wrapped)
        if abs(clock.now() - self._now) > _PLANS or len(self._plans) > 10 * _LAYOUTS:
            self._now = clock.now()
            self._plans.clear()
        if key not in self._plans:
            engine = self.lake.engine
            made = mapping.plan(engine, found.log, sources, layout, wrapped=wrapped, now=self._now) if sources else None
            self._plans[key] = made
        return self._plans[key]

    def so_far(self) -> Counter[str]:
        """What became of records up to now, committed or not."""
        written = self.written
        now = {"events": written.events.total(), "quarantined": len(written.refused)}
        return self.totals.counts() + Counter(now)

    def write(self) -> None:
        """Write what has gathered; commit if that, with what was written before, is much."""
        self._write()
        refused = self.written.refused
        if self._uncommitted >= _COMMIT or len(refused) >= _REFUSED[0] or refused.size >= _REFUSED[1]:
            self.commit()

    def _write(self) -> None:
        for chosen, tables in self._tables.items():
            write(self.lake, chosen, pa.concat_tables(tables), self.written)
        self._uncommitted += self._size
        self._tables.clear()
        self._size = 0

    def commit(self) -> None:
        """Write what has gathered, and make all that was written part of the lake. Raises LakeError: then `abort`."""
        self._write()
        if self._streams:
            self._commit()
        self._clear()

    def abort(self) -> None:
        """Remove what was written and not committed."""
        intent.discard(self.lake, self.written.files)

    def _commit(self) -> None:
        entries = self.journal.numbered([self._entry(path, stream) for path, stream in self._streams.items()])
        if len(self.written.refused):
            self.written.files["quarantine"] = [intent.stored(self.lake, "quarantine", self._quarantine())]
        files, self.written.files = self.written.files, {}
        try:
            intent.commit(self.lake, files, columns(entries))
        except LakeError:
            intent.discard(self.lake, files)
            raise
        self._count(entries, files)
        for entry in entries:
            self.journal.remember(entry)
        self._streams = {
            path: _Stream(entry, stream.begun, stream.mark, stream.before)
            for (path, stream), entry in zip(self._streams.items(), entries, strict=True)
            if not stream.ended
        }

    def _count(self, entries: Iterable[Entry], files: Mapping[str, Sequence[AddAction]]) -> None:
        totals = self.totals
        for entry in entries:
            totals.records.update({(entry.log, name): getattr(entry, name) for name in COUNTED})
            totals.records[entry.log, "dropped"] += sum((entry.dropped or {}).values())
            totals.bytes[entry.log] += entry.bytes - self._streams[entry.path].entry.bytes
        for name, actions in files.items():
            if name != "quarantine":
                totals.events[name] += sum(json.loads(action.stats)["numRecords"] for action in actions)
        refused = self.written.refused
        for reason in (bad.reason for kept in refused.kept.values() for bad in kept):
            _add(totals.reasons, reason, 1)
        for reason, number in ((r, n) for dropped in refused.dropped.values() for r, n in dropped.items()):
            _add(totals.dropped, reason, number)

    def _entry(self, path: str, stream: _Stream) -> Entry:
        written, entry = self.written, stream.entry
        refused = written.refused
        # The beginning of a line that makes no event is no harm: the line is read again once it is complete.
        begun = stream.before != stream.mark and refused.last[path] > stream.before.lines
        return replace(
            _at(entry, stream.before if begun else stream.mark),
            at=clock.now(),
            events=written.events[path],
            quarantined=len(refused.kept.get(path, ())),
            ignored=written.ignored[path] + stream.blank,
            duplicates=written.duplicates[path],
            refused=stream.mark.lines if begun else None,
            dropped=refused.dropped.get(path),
        )

    def _held(self) -> int:
        """Bytes of the quarantine's files."""
        return sum(file.size for file in contents.files(self.lake, "quarantine"))

    def _quarantine(self) -> pa.Table:
        refused = [(path, bad) for path, kept in self.written.refused.kept.items() for bad in kept]
        held = {
            "time": [clock.now()] * len(refused),
            "source_file": [path for path, _ in refused],
            "source_line": [bad.line for _, bad in refused],
            "reason": [bad.reason for _, bad in refused],
            "record": [bad.record for _, bad in refused],
        }
        return pa.Table.from_pydict(held, schema=QUARANTINE.to_pyarrow())


def _add(counter: Counter[str], reason: str, number: int) -> None:
    counter[reason if reason in counter or len(counter) < _REASONS else OTHERS] += number


def _at(entry: Entry, mark: Mark) -> Entry:
    return replace(entry, lines=mark.lines, bytes=mark.bytes, digest=mark.digest)


def _records(part: Part) -> Iterable[tuple[int, str]]:
    return zip(part.block.numbers, part.block.texts().to_pylist(), strict=True)


def unread_reason(layout: Layout | None, found: Recognised) -> str:
    """Why there is no plan for records of a layout."""
    if layout is None:
        return "no #fields line says what its columns are"
    kinds = "".join(f" '{value}'" for _, value in layout.constants)
    return f"no source reads {found.log.title}{kinds}"
