"""Streams that may grow: kept open in mind, so that what is new in them is read without looking at the rest again.

Only plain files are: what is compressed or written in another encoding is read whole whenever it has changed.
"""

from __future__ import annotations

import os
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from typing import BinaryIO

from tidegate.errors import InputError
from tidegate.reading.blocks import Mark
from tidegate.reading.files import File, why
from tidegate.reading.read import Reader
from tidegate.reading.recognise import HEAD, Recognised
from tidegate.reading.streams import PIECE, Opened, Pieces

_MOST = 2000
"""Streams kept, those that grew last: a hundred kilobytes each; another one is looked up as if it were new."""
_BEGIN = 512
"""Bytes of the beginning by which a file is known to be still the same, with those before the end of what was read."""
_SURE = 200
"""Records after which it is settled what a stream is: `recognise` looks at no more."""
_PACKED = (b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"PK\x03\x04", b"ElfFile")
_MARK = b"\xef\xbb\xbf"


@dataclass
class Growing:
    """A stream that was read up to `mark`, and the reader that goes on there. skip: bytes before it begins."""

    found: Recognised
    stream: str
    mark: Mark
    reader: Reader
    begin: bytes
    skip: int

    @property
    def sure(self) -> bool:
        """Whether enough was seen to know what it is."""
        return self.mark.lines >= _SURE or self.mark.bytes >= HEAD

    @contextmanager
    def open(self, file: File) -> Iterator[Opened | None]:
        """What follows in the file; None where it is not the file it was. Raises InputError."""
        with ExitStack() as stack:
            try:
                raw = stack.enter_context(file.open())
                same = os.fstat(raw.fileno()).st_ino == file.inode and raw.read(len(self.begin)) == self.begin
                following = self._following(raw) if same else None
            except OSError as error:
                raise InputError(f"cannot be read: {why(error)}", file=file.name) from error
            yield None if following is None else Opened(following, raw.tell)

    def _following(self, raw: BinaryIO) -> Pieces | None:
        tail = self.reader.reached.tail
        raw.seek(self.skip + self.reader.reached.offset - len(tail))
        first = raw.read(len(tail) + PIECE)
        return _rest(first[len(tail) :], raw) if first.startswith(tail) else None


def _rest(piece: bytes, raw: BinaryIO) -> Pieces:
    while piece:
        yield piece
        try:
            piece = raw.read(PIECE)
        except OSError as error:
            raise InputError(f"damaged: {error}") from error


class Streams:
    """Those that grew last, by inode."""

    def __init__(self) -> None:
        self._held: OrderedDict[int, Growing] = OrderedDict()

    def take(self, file: File) -> Growing | None:
        """The stream of a file, which is to be kept again when it was read."""
        return self._held.pop(file.inode, None)

    def keep(self, file: File, growing: Growing) -> None:
        """Read on from here next time."""
        head = replace(growing.found.head, records=())
        growing.found = replace(growing.found, head=head)
        self._held[file.inode] = growing
        if len(self._held) > _MOST:
            self._held.popitem(last=False)


def packed(file: File) -> bool:
    """Whether a file is of a kind that makes no sense before all of it is there."""
    return first_bytes(file, 8).startswith(_PACKED)


def plain(file: File, head: bytes) -> tuple[bytes, int] | None:
    """The file's first bytes and how many to skip, if after them it is its stream, which begins with `head`."""
    raw = first_bytes(file, _BEGIN)
    skip = len(_MARK) if raw.startswith(_MARK) else 0
    return (raw, skip) if raw and head.startswith(raw[skip:]) else None


def first_bytes(file: File, count: int) -> bytes:
    """Raises InputError."""
    try:
        with file.open() as raw:
            return raw.read(count)
    except OSError as error:
        raise InputError(f"cannot be read: {why(error)}", file=file.name) from error
