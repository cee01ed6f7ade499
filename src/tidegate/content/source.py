"""A file to look into, wherever it lies: its first bytes, its text, its whole, and what may be spent on it."""

from __future__ import annotations

import codecs
import contextlib
import glob
import io
import itertools
import os
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path
from typing import IO, cast

from tidegate.content.encoding import encoding_of
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
class Scanning:
    """Time that is left for pages that are pictures, shared by a file on disk and all that is inside it."""

    seconds: float = 60.0  # half of what a file is given, so that what else it holds is not lost


@dataclass
class Budget:
    """What is left of the limits, shared by a file and all that is inside it."""

    limits: Limits = field(default_factory=Limits)
    size: int = 0  # bytes of the file on disk
    members: int = 0
    unpacked: int = 0
    scanning: Scanning = field(default_factory=Scanning)

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
    scanning: Scanning = field(default_factory=Scanning)
    damage: Exception | None = None  # why there is no more of it

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
    """Files of the same stem that may be read: formats such as shapefiles are made of several."""
    if not path.stem or not path.suffix:
        return ()
    found = (
        p
        for p in path.parent.glob(f"{glob.escape(path.stem)}.*")
        if p != path and not p.is_symlink() and p.is_file() and os.access(p, os.R_OK)
    )
    return tuple(itertools.islice(found, 20))


def from_bytes(data: bytes, *, name: str = "-") -> Source:
    """Bytes at hand."""
    return Source(name, lambda: io.BytesIO(data), None, len(data))


@contextlib.contextmanager
def from_stream(stream: IO[bytes], *, name: str, budget: Budget) -> Iterator[Source]:
    """What a stream gives up to its damage, read once, counted in a budget, and kept where it can be read again."""
    read = getattr(stream, "read1", stream.read)  # else what was unpacked just before the damage would be lost with it
    damage: Exception | None = None
    with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as copy:
        size = 0
        try:
            while piece := read(PIECE):
                budget.spend(name, len(piece))
                size += len(piece)
                copy.write(piece)
        except InputError:
            raise
        except Exception as error:  # noqa: BLE001  decompressors of damaged members raise anything
            damage = error
        yield Source(name, lambda: _again(copy), None, size, scanning=budget.scanning, damage=damage)


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
