"""Logs into the lake: find, open, recognise, read on from where they were read before, map, commit."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import xxhash

from tidegate import clock, registry
from tidegate.cases.model import IngestSummary
from tidegate.errors import InputError
from tidegate.lake.journal import Entry, Journal
from tidegate.lake.store import Lake
from tidegate.pipeline.batch import Batch
from tidegate.reading.blocks import Mark
from tidegate.reading.files import File, find
from tidegate.reading.read import parts
from tidegate.reading.recognise import HEAD, HEAD_MOST, Recognised, recognise
from tidegate.reading.streams import Member, members
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
) -> IngestSummary:
    """Read every log at or below `paths` into the lake; what was read before is not read again.

    progress: called a few times a second, and at the end. Raises InputError where a path cannot be read at all,
    LakeError where the lake cannot be written.
    """
    files, skipped = find(paths, avoid=lake.path)
    with lake.writing():
        run = _Run(lake, sources if sources is not None else registry.sources(), files, progress)
        run.unknown += map(str, skipped)
        for file in files:
            run.read_file(file)
        run.batch.commit()
        run.tell(0, "", last=True)
        return run.summary()


class _Run:
    def __init__(
        self,
        lake: Lake,
        sources: Mapping[str, Source],
        files: Sequence[File],
        progress: Callable[[Progress], None] | None,
    ) -> None:
        self.sources, self.progress = sources, progress
        self.journal = Journal(lake)
        self.batch = Batch(lake, self.journal, sources.values(), clock.now())
        self.unknown: list[str] = []
        self.read = self.unchanged = self.files_done = self.bytes_done = 0
        self.files_total, self.bytes_total = len(files), sum(file.size for file in files)
        self.told = 0.0

    def read_file(self, file: File) -> None:
        """Read each stream of a file."""
        for member in self._members(file):
            try:
                self.read_member(member)
            except InputError as error:
                self.unknown.append(f"{member.name}: {error.message}")
        self.files_done += 1
        self.bytes_done += file.size
        self.tell(0, str(file.path))

    def _members(self, file: File) -> list[Member]:
        try:
            return members(file)
        except InputError as error:
            self.unknown.append(f"{file.path}: {error.message}")
            return []

    def read_member(self, member: Member) -> None:
        """Read what is new in a stream."""
        file = member.file
        if self.journal.unchanged(member.name, file.size, file.mtime_ns, file.inode):
            self.unchanged += 1
            return
        head, whole = _head(member, HEAD)
        found = recognise(member.name, head, self.sources.values(), whole=whole)
        if found is None and not whole:
            head, whole = _head(member, HEAD_MOST)
            found = recognise(member.name, head, self.sources.values(), whole=whole)
        if found is None:
            if head:
                self.unknown.append(member.name)
            return
        if found.others:
            _LOG.info("%s: read as %s, though it could be %s", member.name, found.log.id, ", ".join(found.others))
        fields = found.head.layout.fields
        for name in dict.fromkeys(name for name in fields if fields.count(name) > 1):
            _LOG.warning("%s: more than one column is named %r: the first is read", member.name, name)
        self.read += 1
        self.read_stream(member, found, *self._known(member, head, found))

    def _known(self, member: Member, head: bytes, found: Recognised) -> tuple[str, Mark]:
        """The stream's identity, and how far it was read: its start if it is new."""
        candidates = [c for c in self.journal.candidates(head) if c.log == found.log.id]
        if candidates:
            digests = _digests(member, {c.bytes for c in candidates})
            for entry in candidates:
                if digests.get(entry.bytes) == entry.digest:
                    return entry.stream, Mark(entry.lines, entry.bytes, entry.digest)
        return self.journal.new(head), Mark()

    def read_stream(self, member: Member, found: Recognised, stream: str, done: Mark) -> None:
        """Read a stream on from `done`."""
        entry = Entry(
            at=clock.now(),
            path=member.name,
            size=member.file.size,
            mtime_ns=member.file.mtime_ns,
            inode=member.file.inode,
            complete=False,
            stream=stream,
            log=found.log.id,
            lines=done.lines,
            bytes=done.bytes,
            digest=done.digest,
        )
        self.batch.begin(entry, found)
        damage = ""
        with member.open() as opened:
            try:
                for part in parts(opened.pieces, found.head, done=done):
                    self.batch.add(member.name, part, found)
                    self.tell(opened.position(), member.name)
            except InputError as error:
                damage = error.message
        self.batch.end(member.name, damage)

    def tell(self, position: int, current: str, *, last: bool = False, every: float = 0.25) -> None:  # seconds
        """Report progress, if it is time."""
        now = time.monotonic()
        if self.progress is not None and (last or now - self.told >= every):
            self.told = now
            counts = self.batch.so_far()
            self.progress(
                Progress(
                    self.files_done,
                    self.files_total,
                    min(self.bytes_done + position, self.bytes_total),
                    self.bytes_total,
                    counts["events"],
                    counts["quarantined"],
                    current,
                )
            )

    def summary(self) -> IngestSummary:
        """What was done."""
        counts = self.batch.counts
        return IngestSummary(
            files=self.read,
            events=counts["events"],
            quarantined=counts["quarantined"],
            ignored=counts["ignored"],
            duplicates=counts["duplicates"],
            unchanged_files=self.unchanged,
            unknown_files=tuple(self.unknown),
            reasons=tuple(self.batch.reasons.most_common()),
        )


def _head(member: Member, most: int) -> tuple[bytes, bool]:
    """The first bytes of a stream, and whether they are all of it."""
    data = b""
    with member.open() as opened:
        try:
            for piece in opened.pieces:
                data += piece
                if len(data) > most:
                    return data[:most], False
        except InputError:
            pass  # reading it will say so
    return data, True


def _digests(member: Member, lengths: set[int]) -> dict[int, str]:
    """Digests of the first so many bytes of a stream, for those lengths that it has."""
    hasher, read, digests = xxhash.xxh3_128(), 0, {}
    left = sorted(lengths)
    with member.open() as opened:
        try:
            for piece in opened.pieces:
                while left and left[0] <= read + len(piece):
                    ahead = hasher.copy()
                    ahead.update(piece[: left[0] - read])
                    digests[left.pop(0)] = ahead.hexdigest()
                if not left:
                    break
                hasher.update(piece)
                read += len(piece)
        except InputError:
            pass
    return digests
