"""A stream of bytes as blocks of whole records, found with NumPy and never copied out of the buffer they came into.

How records end is the business of a `Cutter`; this module fills the buffer, bounds it, and keeps account of how far the
stream has been read and of what had to be refused on the way.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Protocol

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import xxhash

from tidegate.errors import InputError
from tidegate.reading.streams import Pieces

Bytes = npt.NDArray[np.uint8]
Positions = npt.NDArray[np.int64]

BLOCK = 128 << 20
"""Bytes of a block: about 300,000 Zeek records, enough to occupy every core and to be worth planning queries for."""
_LINES = 1 << 19
"""Line breaks in a block, about: finding records takes 60 bytes a line, much where lines hold next to nothing."""
LIMIT = 16 << 20
"""Bytes of a record: the largest that a product writes (a Microsoft 365 record) is under 1 MB."""
TOO_LONG = f"longer than {LIMIT >> 20} MiB"
KEPT = 64 << 10
"""Bytes of a refused record that are kept in the quarantine."""
TAIL = 4 << 10
"""Bytes before the end of what was read by which a stream is known to be still the same."""
_NEWLINE = 10
_SPARE = 16
"""Bytes past the end of a buffer that may be read, never used: string views look at 12 bytes at once."""


@dataclass(frozen=True)
class Bad:
    """A record that is refused, and why."""

    line: int
    reason: str
    record: str


@dataclass(frozen=True)
class Mark:
    """How far a stream has been read: its last source_line, its decompressed bytes, and their digest."""

    lines: int = 0
    bytes: int = 0
    digest: str = ""


@dataclass(frozen=True)
class Cut:
    """Where the records in a buffer lie: `numbers` are their source_line, `last` that of the last one there was.

    used: bytes of the buffer that are dealt with. sure: those that stay so should the stream grow. open: how many
    source_lines the last record takes, which begins there, where it may be only the beginning of one.
    """

    starts: Positions
    ends: Positions
    numbers: Positions
    used: int
    sure: int
    last: int
    blank: int = 0
    bad: tuple[Bad, ...] = ()
    open: int = 0


@dataclass
class Reached:
    """Where a stream is cut up to: kept with its cutter, cutting goes on there once the stream has grown.

    offset: decompressed bytes. tail: the last bytes before. held: something is there already that is not finished.
    """

    offset: int = 0
    lines: int = 0
    hasher: xxhash.xxh3_128 = field(default_factory=xxhash.xxh3_128)
    tail: bytes = b""
    held: bool = False


class Cutter(Protocol):
    """Finds the records in what is buffered; it is called with what it left over and more, until the end."""

    def cut(self, data: Bytes, *, end: bool, full: bool) -> Cut:
        """Cut `data`. end: nothing follows. full: the buffer holds no more, so something must be used."""


@dataclass(frozen=True)
class Block:
    """Records of a buffer, valid until the next but one is asked for (the last block of a stream: for good).

    before: the mark without the last record, where that may be only the beginning of one. final: the stream ends.
    """

    buffer: Bytes
    starts: Positions
    ends: Positions
    numbers: Positions
    mark: Mark
    before: Mark
    final: bool
    blank: int = 0
    bad: tuple[Bad, ...] = ()

    def kept(self, keep: npt.NDArray[np.bool_], *bad: Bad) -> Block:
        """Only some of the records."""
        return replace(
            self, starts=self.starts[keep], ends=self.ends[keep], numbers=self.numbers[keep], bad=self.bad + bad
        )

    def texts(self) -> pa.Array:
        """The records as string views into the buffer: no byte is copied."""
        sizes = self.ends - self.starts
        views = np.zeros((len(sizes), 4), np.int32)
        views[:, 0] = sizes
        views[:, 1] = _words(self.buffer)[self.starts]
        views[:, 3] = self.starts
        short = np.flatnonzero(sizes <= 12)  # these are held in the view itself, filled with zeros
        inline = self.buffer[self.starts[short, None] + np.arange(12)]
        inline[np.arange(12) >= sizes[short, None]] = 0
        views.view(np.uint8)[short, 4:] = inline
        return pa.Array.from_buffers(
            pa.string_view(), len(sizes), [None, pa.py_buffer(views), pa.py_buffer(self.buffer)]
        )


def _words(buffer: Bytes) -> npt.NDArray[np.int32]:
    """The four bytes that begin at each byte."""
    return np.ndarray(shape=(len(buffer) - 3,), dtype="<i4", buffer=buffer, strides=(1,))


def blocks(
    pieces: Pieces,
    cutter: Cutter,
    *,
    done: int = 0,
    reached: Reached | None = None,
    hold: bool = False,
    size: int = BLOCK,
    limit: int = LIMIT,
) -> Iterator[Block]:
    """Blocks of whole, valid UTF-8 records. A block ends at `done` bytes, up to where the stream was read before.

    reached: from where on `pieces` are; it goes along. hold: leave out what is not finished at the end.
    Raises InputError after the last block where the stream is damaged.
    """
    at = reached or Reached()
    buffer = _Buffer(pieces, size)
    while True:
        until = done - at.offset if at.offset < done else None
        buffer.fill(until)
        end = until == buffer.filled or (buffer.ended and not hold)
        data = buffer.data[: buffer.filled]
        cut = cutter.cut(data, end=end, full=buffer.filled >= size)
        at.hasher.update(data[: cut.sure].data)
        before = mark = Mark(cut.last - cut.open, at.offset + cut.sure, at.hasher.hexdigest())
        at.hasher.update(data[cut.sure : cut.used].data)
        at.offset, at.lines = at.offset + cut.used, cut.last
        at.tail = (at.tail + data[max(0, cut.used - TAIL) : cut.used].tobytes())[-TAIL:]
        if cut.open:
            mark = Mark(at.lines, at.offset, at.hasher.hexdigest())
        if buffer.ended:
            at.held = bool(data[cut.used :].tobytes().strip())
        block = Block(buffer.data, cut.starts, cut.ends, cut.numbers, mark, before, buffer.ended, cut.blank, cut.bad)
        yield _readable(_bounded(block, limit))
        if buffer.ended:
            break
        buffer.drop(cut.used)
    if buffer.damage is not None:
        raise InputError(buffer.damage.message, line=at.lines + 1) from buffer.damage.__cause__


class _Buffer:
    """A buffer of at most `size` bytes that grows with what the stream holds, one of two that take turns."""

    def __init__(self, pieces: Pieces, size: int) -> None:
        self._pieces, self._size = pieces, size
        self._piece = memoryview(b"")
        self.data: Bytes = np.empty(min(size, 1 << 16) + _SPARE, np.uint8)
        self._other: Bytes = np.empty(0, np.uint8)
        self.filled = 0
        self.ended = False
        self.damage: InputError | None = None

    def fill(self, until: int | None) -> None:
        wanted = self._size if until is None else min(self._size, until)
        lines = 0
        while self.filled < wanted and lines < _LINES:
            if not self._piece and not self._next():
                self.ended = True
                return
            taken = min(len(self._piece), wanted - self.filled)
            self._reserve(self.filled + taken)
            self.data[self.filled : self.filled + taken] = self._piece[:taken]
            lines += int(np.count_nonzero(self.data[self.filled : self.filled + taken] == _NEWLINE))
            self.filled += taken
            self._piece = self._piece[taken:]

    def _next(self) -> bool:
        try:
            for piece in self._pieces:
                if piece:
                    self._piece = memoryview(piece)
                    return True
        except InputError as error:
            self.damage = error
        return False

    def _reserve(self, wanted: int) -> None:
        room = len(self.data) - _SPARE
        if wanted > room:
            grown = np.empty(min(self._size, max(2 * room, wanted)) + _SPARE, np.uint8)
            grown[: self.filled] = self.data[: self.filled]
            self.data = grown

    def drop(self, used: int) -> None:
        if len(self._other) < len(self.data):
            self._other = np.empty_like(self.data)
        self.filled -= used
        self._other[: self.filled] = self.data[used : used + self.filled]
        self.data, self._other = self._other, self.data


def _bounded(block: Block, limit: int) -> Block:
    """Without the records longer than `limit`."""
    long = block.ends - block.starts > limit
    if not long.any():
        return block
    bad = (
        Bad(int(number), TOO_LONG, excerpt(block.buffer, start, end))
        for number, start, end in zip(block.numbers[long], block.starts[long], block.ends[long], strict=True)
    )
    return block.kept(~long, *bad)


def _readable(block: Block) -> Block:
    """Without the records that are not UTF-8."""
    if not len(block.starts) or _is_utf8(block.buffer, int(block.starts[0]), int(block.ends[-1])):
        return block
    keep, bad = np.ones(len(block.starts), bool), []
    wide = np.flatnonzero(block.buffer[: block.ends[-1]] > 127)
    held = np.searchsorted(wide, block.ends) > np.searchsorted(wide, block.starts)
    for i in np.flatnonzero(held):
        start, end = block.starts[i], block.ends[i]
        try:
            block.buffer[start:end].tobytes().decode()
        except UnicodeDecodeError:
            keep[i] = False
            bad.append(Bad(int(block.numbers[i]), "not UTF-8 text", excerpt(block.buffer, start, end)))
    return block.kept(keep, *bad)


def _is_utf8(buffer: Bytes, start: int, end: int) -> bool:
    whole = pa.StringArray.from_buffers(1, pa.py_buffer(np.array([start, end], np.int32)), pa.py_buffer(buffer))
    try:
        whole.validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True


def excerpt(buffer: Bytes, start: int, end: int) -> str:
    """The first `KEPT` bytes of a record, whatever they are."""
    return buffer[start : min(end, start + KEPT)].tobytes().decode(errors="replace")
