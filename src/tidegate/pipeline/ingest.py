"""Logs into the lake: find, open, recognise, read on from where they were read before, map, commit."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from itertools import chain
from pathlib import Path

from tidegate import clock, registry
from tidegate.cases.model import IngestSummary
from tidegate.config import Quarantine
from tidegate.errors import InputError
from tidegate.lake import journal
from tidegate.lake.journal import Entry, Journal
from tidegate.lake.storage import WAIT
from tidegate.lake.store import Lake
from tidegate.pipeline.batch import Batch, Totals
from tidegate.pipeline.growing import Growing, Streams, packed, plain
from tidegate.pipeline.identity import known
from tidegate.reading.blocks import Mark
from tidegate.reading.files import File, find
from tidegate.reading.read import Reader
from tidegate.reading.recognise import HEAD, HEAD_MOST, Head, Recognised, recognise
from tidegate.reading.streams import Member, Opened, members, sample
from tidegate.units import Source

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Progress:
    """How far an ingest is; bytes are those of the files as they are stored."""

    files_done: int
    files_total: int
    bytes_done: int
    bytes_total: int
    events: int
    quarantined: int
    current: str


def ingest(
    paths: Sequence[Path],
    lake: Lake,
    *,
    sources: Mapping[str, Source] | None = None,
    progress: Callable[[Progress], None] | None = None,
    reader: Reading | None = None,
    limits: Quarantine | None = None,
) -> IngestSummary:
    """Read every log at or below `paths` into the lake; what was read before is not read again.

    progress: called a few times a second, and at the end. reader: what reads, `Run` unless said. limits: of
    what goes to quarantine. Raises InputError
    where a path cannot be read at all, LakeError where the lake cannot be written.
    """
    files, skipped = find(paths, avoid=lake.path)
    with lake.writing(wait=WAIT):
        run = (reader or Run)(lake, sources)
        run.batch.limit(limits or Quarantine())
        run.unknown.update({skip.path: skip.reason for skip in skipped})
        told = _Told(files, run, progress)
        run.tell = told.tell
        try:
            for file in files:
                run.read_file(file)
                told.done(file)
            run.finish()
        finally:
            run.batch.abort()
        told.tell(0, "", every=0)
        return run.summary()


class _Told:
    def __init__(self, files: Sequence[File], run: Run, progress: Callable[[Progress], None] | None) -> None:
        self._run, self._progress = run, progress
        self._files, self._bytes = len(files), sum(file.size for file in files)
        self._files_done = self._bytes_done = 0
        self._last = 0.0

    def done(self, file: File) -> None:
        """All of a file was dealt with."""
        self._files_done += 1
        self._bytes_done += file.size
        self.tell(0, file.name)

    def tell(self, position: int, current: str, *, every: float = 0.25) -> None:  # seconds
        """Report progress, if it is time."""
        now = time.monotonic()
        if self._progress is not None and now - self._last >= every:
            self._last = now
            done, counts = min(self._bytes_done + position, self._bytes), self._run.batch.so_far()
            events, refused = counts["events"], counts["quarantined"]
            self._progress(Progress(self._files_done, self._files, done, self._bytes, events, refused, current))


class Left(IntEnum):
    """What there is to come back for, once a file was read: an end that is not finished, all of it, if it can be."""

    NOTHING = 0
    UNFINISHED = 1
    UNKNOWN = 2
    UNREADABLE = 3


class Run:
    """Reading into a lake, file by file: what was read before, and what has gathered since the last commit.

    unknown: what could not be read, and why, if that can be said. tell: called now and then with the position in a
    file and its name. stopping: asked between parts of a file whether to leave it at that.
    """

    def __init__(self, lake: Lake, sources: Mapping[str, Source] | None = None, totals: Totals | None = None) -> None:
        self.sources = sources if sources is not None else registry.sources()
        self.journal = Journal(lake)
        self.batch = Batch(lake, self.journal, self.sources.values(), totals or Totals())
        self.unknown: dict[str, str] = {}
        self.read = self.unchanged = 0
        self.tell: Callable[[int, str], None] = lambda _position, _name: None
        self.stopping: Callable[[], bool] = lambda: False
        self._streams = Streams()

    def read_file(self, file: File, *, hold: bool = False) -> Left:
        """Read what is new in each stream of a file. hold: it may be growing; what is not finished is left."""
        if self._unchanged(file.name, file):
            return Left.NOTHING
        try:
            if hold and packed(file):
                return Left.UNFINISHED
            return max((self._read_member(member, hold) for member in members(file)), default=Left.NOTHING)
        except InputError as error:
            self.unknown[file.name] = error.message
            return Left.UNREADABLE

    def _unchanged(self, name: str, file: File) -> bool:
        known = self.journal.unchanged(name, file.size, file.mtime_ns, file.inode)
        self.unchanged += known
        return known

    def _read_member(self, member: Member, hold: bool) -> Left:
        if self._unchanged(member.name, member.file):
            return Left.NOTHING
        try:
            left = self._read_on(member, hold)
            return self._read_anew(member, hold) if left is None else left
        except InputError as error:
            self.unknown[member.name] = error.message
            return Left.UNREADABLE

    def _read_on(self, member: Member, hold: bool) -> Left | None:
        """Read a stream that grows on from where it was; None where this is not it."""
        growing = self._streams.take(member.file)
        if growing is None or not (growing.sure or self._still(growing, member)):
            return None
        entry = self.journal.last(growing.stream)
        # The same beginning may have been read from another file, which by now has come further.
        if entry is None or (entry.bytes, entry.digest) != (growing.mark.bytes, growing.mark.digest):
            return None
        with growing.open(member.file) as opened:
            return None if opened is None else self._read_stream(member, growing, entry, opened, hold=hold)

    def _still(self, growing: Growing, member: Member) -> bool:
        """Whether a short stream is what it was, now that there is more of it, which may bring in further kinds."""
        head, whole = _head(member, HEAD)
        found = recognise(member.name, _lines(head), self.sources.values(), whole=whole)
        if found is None or found.log != growing.found.log or _shape(found) != _shape(growing.found):
            return False
        growing.found = found
        return True

    def _read_anew(self, member: Member, hold: bool) -> Left:
        """Find out what a stream is and how far it was read, and read the rest."""
        head, found = self._recognised(member, hold)
        if found is None:
            if head and not hold:
                self.unknown[member.name] = ""
            return Left.UNKNOWN if head else Left.NOTHING
        stream = known(member, head, found.kin, self.journal)
        if stream.partly and hold:
            return Left.UNFINISHED  # a copy that is being made
        entry = stream.entry
        mark = Mark(entry.lines, entry.bytes, entry.digest) if entry else Mark()
        begin, skip = (plain(member.file, head) if hold else None) or (b"", 0)
        growing = Growing(found, stream.stream, mark, Reader(found.head), begin, skip)
        with member.open() as opened:
            first, rest = sample(opened.pieces)
            seen = min(len(first), len(head), journal.HEAD)
            if first[:seen] == head[:seen]:
                self.read += 1
                whole = replace(opened, pieces=chain([first], rest))
                return self._read_stream(member, growing, entry, whole, hold=hold)
        return self._read_anew(member, hold)  # it was replaced or truncated since it was looked at

    def _recognised(self, member: Member, hold: bool) -> tuple[bytes, Recognised | None]:
        """The beginning of a stream, and what it is."""
        for most in (HEAD, HEAD_MOST):
            head, whole = _head(member, most)
            data = _lines(head) if hold and whole else head
            found = recognise(member.name, data, self.sources.values(), whole=whole)
            if found is not None or whole:
                break
        if found is not None:
            _tell_of(member.name, found)
        return head, found

    def _read_stream(
        self, member: Member, growing: Growing, known: Entry | None, opened: Opened, *, hold: bool
    ) -> Left:
        """Read a stream on from its mark."""
        file, mark, reader = member.file, growing.mark, growing.reader
        self.batch.begin(self._entry(member, growing, known))
        damage: InputError | None = None
        try:
            for part in reader.parts(opened.pieces, done=mark, hold=hold):
                self.batch.add(member.name, part, growing.found)
                self.tell(opened.position(), member.name)
                if self.stopping():
                    return Left.UNFINISHED
        except InputError as error:
            damage = error
        if damage is not None and isinstance(damage.__cause__, OSError):  # the disk's, not the log's: it may pass
            self.batch.end(member.name, complete=False)
            raise damage
        held = hold and reader.reached.held
        growing.mark = self.batch.end(member.name, damage.message if damage else "", complete=not held)
        if hold and growing.begin and reader.resumes and growing.mark.bytes == reader.reached.offset:
            self._streams.keep(file, growing)
        return Left.UNFINISHED if held else Left.NOTHING

    def _entry(self, member: Member, growing: Growing, known: Entry | None) -> Entry:
        """A stream's row of the journal before it is read."""
        file, mark = member.file, growing.mark
        return Entry(
            at=clock.now(),
            path=member.name,
            size=file.size,
            mtime_ns=file.mtime_ns,
            inode=file.inode,
            complete=False,
            stream=growing.stream,
            log=growing.found.log.id,
            lines=mark.lines,
            bytes=mark.bytes,
            digest=mark.digest,
            refused=known.refused if known else None,
        )

    def finish(self) -> None:
        """Commit what has gathered."""
        self.batch.commit()

    def summary(self) -> IngestSummary:
        """What was done."""
        unknown = tuple(f"{name}: {why}" if why else name for name, why in self.unknown.items())
        return replace(
            self.batch.totals.summary(), files=self.read, unchanged_files=self.unchanged, unknown_files=unknown
        )


Reading = Callable[[Lake, Mapping[str, Source] | None], Run]


def _head(member: Member, most: int) -> tuple[bytes, bool]:
    """The first bytes of a stream, and whether they are all of it. Raises InputError where there are none to be had."""
    data = b""
    with member.open() as opened:
        try:
            for piece in opened.pieces:
                data += piece
                if len(data) > most:
                    return data[:most], False
        except InputError:
            if not data:
                raise
            # Reading it will say so.
    return data, True


def _lines(data: bytes) -> bytes:
    """The whole lines: of what is being written, the last one may be anything."""
    return data[: data.rfind(b"\n") + 1]


def _shape(found: Recognised) -> Head:
    return replace(found.head, records=(), fields=frozenset())


def _tell_of(name: str, found: Recognised) -> None:
    if found.others:
        _LOG.info("%s: read as %s, though it could be %s", name, found.log.id, ", ".join(found.others))
    fields = found.head.layout.fields
    for column in dict.fromkeys(column for column in fields if fields.count(column) > 1):
        _LOG.warning("%s: more than one column is named %r: the first is read", name, column)
