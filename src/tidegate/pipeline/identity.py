"""Which stream a file holds: a new one, one that was read before and may have grown, or a part of one."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import xxhash

from tidegate.errors import InputError
from tidegate.lake.journal import Entry, Journal
from tidegate.reading.files import File
from tidegate.reading.streams import Member

_COPIED = 4
"""Streams compared, the last read: logs of one kind can all begin with the same header."""


@dataclass(frozen=True)
class Known:
    """A stream's identity, and its last entry where it has one. partly: the file holds only what was read before."""

    stream: str
    entry: Entry | None = None
    partly: bool = False


def known(member: Member, head: bytes, logs: Collection[str], journal: Journal) -> Known:
    """Look a stream of one of these logs up by its beginning, then by the digest of as much as was read."""
    candidates = [c for c in journal.candidates(head) if c.log in logs]
    if candidates:
        digests, size = _digests(member, {c.bytes for c in candidates})
        for entry in candidates:
            if digests.get(entry.bytes) == entry.digest:
                return Known(entry.stream, entry)
        longer = [c for c in candidates if c.bytes > size and c.path != member.name]
        for entry in sorted(longer, key=lambda c: c.sequence or 0, reverse=True)[:_COPIED]:
            if _begins(Path(entry.path), size, digests[size]):
                return Known(entry.stream, entry, partly=True)
    # A log is compressed beside itself. Of one that has only begun to be, even the beginning may not be there yet.
    packed = journal.of(str(Path(member.name).with_suffix("")))
    if packed is not None and packed.path != member.name and packed.log in logs:
        digests, size = _digests(member, ())
        if size < packed.bytes and _begins(Path(packed.path), size, digests[size]):
            return Known(packed.stream, packed, partly=True)
    return Known(journal.new(head))


def _begins(path: Path, size: int, digest: str) -> bool:
    """Whether a file begins so: of copies, the one that is being made is the beginning of the other."""
    try:
        status = path.stat()
        file = File(path, status.st_size, status.st_mtime_ns, status.st_ino)
        return _digests(Member(str(path), file), {size})[0].get(size) == digest
    except (OSError, InputError):
        return False


def _digests(member: Member, lengths: Collection[int]) -> tuple[dict[int, str], int]:
    """Digests of the first so many bytes of a stream, for those lengths that it has; how much was looked at, too."""
    hasher, read, digests = xxhash.xxh3_128(), 0, {}
    left = sorted(lengths)
    with member.open() as opened:
        try:
            for piece in opened.pieces:
                while left and left[0] <= read + len(piece):
                    ahead = hasher.copy()
                    ahead.update(piece[: left[0] - read])
                    digests[left.pop(0)] = ahead.hexdigest()
                if lengths and not left:
                    return digests, max(lengths)
                hasher.update(piece)
                read += len(piece)
        except InputError:
            pass  # reading it will say so
    return digests | {read: hasher.hexdigest()}, read
