"""A file to look into, wherever it lies: its first bytes, its text, its whole, and what may be spent on it."""

from __future__ import annotations

import codecs
import contextlib
import glob
import io
import itertools
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path
from typing import IO, cast

from tidegate.errors import InputError

HEAD = 1 << 16
"""Bytes that a format is told from."""

PIECE = 1 << 16
"""Bytes read at a time."""

IN_MEMORY = 8 << 20
"""Bytes of a member that are kept in memory; larger ones go to a temporary file that has no name."""


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What may be spent on one file on disk, with all that is inside it."""

    depth: int = 6  # files within files: an attachment in a mail in an archive is 2
    members: int = 20_000
    unpacked: int = 2 << 30  # bytes
    ratio: int = 300  # unpacked for packed, beyond `free` bytes; deflate reaches 1,032, documents stay under 50
    free: int = 64 << 20  # bytes unpacked before the ratio is looked at: small files may be very regular


@dataclass
class Budget:
    """What is left of the limits, shared by a file and all that is inside it."""

    limits: Limits = field(default_factory=Limits)
    size: int = 0  # bytes of the file on disk
    members: int = 0
    unpacked: int = 0

    def member(self, name: str, depth: int) -> None:
        """Count one. Raises InputError where there are too many, or too deep."""
        self.members += 1
        if self.members > self.limits.members:
            raise InputError(f"more than {self.limits.members:,} members", file=name)
        if depth > self.limits.depth:
            raise InputError(f"more than {self.limits.depth} files deep", file=name)

    def spend(self, name: str, amount: int) -> None:
        """Count unpacked bytes. Raises InputError where there are too many for what they were packed in."""
        self.unpacked += amount
        if self.unpacked > self.limits.unpacked:
            raise InputError(f"unpacks to more than {self.limits.unpacked >> 20:,} MB", file=name)
        if self.unpacked > max(self.limits.free, self.limits.ratio * max(self.size, 1)):
            raise InputError(f"unpacks to more than {self.limits.ratio} times its size", file=name)


@dataclass(frozen=True)
class Source:
    """A file by name (for messages only: nothing is told from it), opened as often as wanted."""

    name: str
    opener: Callable[[], IO[bytes]]
    file: Path | None = None  # where it lies on disk by itself
    size: int = 0
    siblings: Callable[[], tuple[Path, ...]] = tuple

    def open(self) -> IO[bytes]:
        """Open it from its start, seekable."""
        return self.opener()

    @cached_property
    def head(self) -> bytes:
        """Its first bytes."""
        with self.open() as data:
            return data.read(HEAD)

    @cached_property
    def encoding(self) -> str | None:
        """How its text is encoded, or None where it is not text."""
        return encoding_of(self.head, whole=self.size <= HEAD)

    @cached_property
    def text(self) -> str:
        """Text of its first bytes; empty where it is not text."""
        if self.encoding is None:
            return ""
        return codecs.getincrementaldecoder(self.encoding)("replace").decode(self.head).removeprefix("\ufeff")

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """First lines of its text, without their ends; the last may be cut where the file goes on."""
        return tuple(self.text.splitlines()[:500])

    def pieces(self) -> Iterator[str]:
        """All its text, piece by piece."""
        decoder = codecs.getincrementaldecoder(self.encoding or "latin-1")("replace")
        with self.open() as data:
            first = True
            while piece := data.read(PIECE):
                text = decoder.decode(piece)
                yield text.removeprefix("\ufeff") if first else text
                first = False
            yield decoder.decode(b"", final=True)

    def rows(self) -> Iterator[str]:
        """All its lines, with their ends; one of more than a mebibyte comes in several."""
        rest = ""
        for piece in self.pieces():
            lines = (rest + piece).splitlines(keepends=True)
            rest = lines.pop() if lines and not lines[-1].endswith("\n") else ""
            yield from lines
            if len(rest) > 1 << 20:
                yield rest
                rest = ""
        if rest:
            yield rest

    def bound(self, most: int) -> None:
        """Raise InputError where it is larger than `most` bytes."""
        if self.size > most:
            raise InputError(f"larger than the {most >> 20:,} MB that are read of this format", file=self.name)

    def read(self, most: int) -> bytes:
        """All of it. Raises InputError where that is more than `most` bytes."""
        self.bound(most)
        with self.open() as data:
            return data.read(most)

    @contextlib.contextmanager
    def on_disk(self) -> Iterator[Path]:
        """A path to it, for libraries that take no stream."""
        if self.file is not None:
            yield self.file
            return
        with tempfile.NamedTemporaryFile(prefix="tidegate-") as copy, self.open() as data:
            while piece := data.read(1 << 20):
                copy.write(piece)
            copy.flush()
            yield Path(copy.name)


def from_file(path: Path, *, name: str = "") -> Source:
    """A file on disk. Raises OSError where it cannot be opened."""
    return Source(name or str(path), lambda: path.open("rb"), path, path.stat().st_size, partial(_beside, path))


def _beside(path: Path) -> tuple[Path, ...]:
    """Files of the same stem: formats such as shapefiles are made of several."""
    if not path.stem or not path.suffix:
        return ()
    found = (
        p for p in path.parent.glob(f"{glob.escape(path.stem)}.*") if p != path and not p.is_symlink() and p.is_file()
    )
    return tuple(itertools.islice(found, 20))


def from_bytes(data: bytes, *, name: str = "-") -> Source:
    """Bytes at hand."""
    return Source(name, lambda: io.BytesIO(data), None, len(data))


@contextlib.contextmanager
def from_stream(stream: IO[bytes], *, name: str, spend: Callable[[int], None]) -> Iterator[Source]:
    """What a stream gives, read once, counted by `spend`, and kept where it can be read again."""
    with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as copy:
        size = 0
        while piece := stream.read(PIECE):
            spend(len(piece))
            size += len(piece)
            copy.write(piece)
        yield Source(name, lambda: _again(copy), None, size)


def _again(copy: IO[bytes]) -> IO[bytes]:
    copy.seek(0)
    return cast("IO[bytes]", _Kept(copy))


class _Kept(io.RawIOBase):
    """A view of a temporary file that outlives being closed."""

    def __init__(self, inner: IO[bytes]) -> None:
        self.inner, self.place = inner, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        if whence == 1:
            offset += self.place
        self.place = self.inner.seek(offset, 2 if whence == 2 else 0)
        return self.place

    def tell(self) -> int:
        return self.place

    def read(self, size: int | None = -1) -> bytes:
        self.inner.seek(self.place)
        data = self.inner.read(-1 if size is None else size)
        self.place += len(data)
        return data

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]  # any writable buffer
        data = self.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)


_BOMS = (("utf-8", codecs.BOM_UTF8), ("utf-32", codecs.BOM_UTF32_LE), ("utf-16", codecs.BOM_UTF16_LE),
         ("utf-16", codecs.BOM_UTF16_BE))  # fmt: skip
_CONTROL = bytes(set(range(32)) - {7, 8, 9, 10, 12, 13, 27}) + b"\x7f"


def encoding_of(head: bytes, *, whole: bool) -> str | None:
    """Encoding of a text by its first bytes: a mark, UTF-8, UTF-16 by its zeros, GB 18030 by its common characters."""
    for name, mark in _BOMS:
        if head.startswith(mark):
            return name
    if not head:
        return None
    sample = head if whole else head[: len(head) - 4]
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if max(even, odd) > len(sample) / 5 and min(even, odd) < len(sample) / 50:
        return "utf-16-le" if odd > even else "utf-16-be"
    if max(even, odd) > 1 and min(even, odd) == 0 and _wide(sample, name := "utf-16-le" if odd else "utf-16-be"):
        return name
    if len(sample.translate(None, _CONTROL)) < len(sample) * 0.99 or b"\0" in sample[:1024]:
        return None
    with contextlib.suppress(UnicodeDecodeError):
        codecs.getincrementaldecoder("utf-8")("strict").decode(sample)
        return "utf-8"
    return "gb18030" if _chinese(sample) else "cp1252" if _western(sample) else None


def _wide(sample: bytes, encoding: str) -> bool:
    """Whether a text decodes to characters that are printed, nearly all."""
    with contextlib.suppress(UnicodeDecodeError):
        text = sample[: len(sample) // 2 * 2].decode(encoding)
        return sum(c.isprintable() or c in "\r\n\t" for c in text) >= 0.99 * len(text)
    return False


def _chinese(sample: bytes) -> bool:
    """Whether nearly all that is not ASCII are pairs of bytes that stand for the 3,755 most common characters."""
    high = common = 0
    place = 0
    while place < len(sample) - 1:
        if sample[place] < 0x80:
            place += 1
            continue
        high += 1
        common += (0xB0 <= sample[place] <= 0xD7 or 0xA1 <= sample[place] <= 0xA3) and sample[place + 1] >= 0xA1
        place += 2
    return high > 0 and common / high > 0.85


def _western(sample: bytes) -> bool:
    """Whether few bytes are not ASCII, as in languages of Latin letters."""
    return sum(byte >= 0x80 for byte in sample) < len(sample) * 0.3
