"""A file as streams of UTF-8 bytes: decompressed and decoded by what it contains, whatever its name says.

gzip (also concatenated), zstd, zip (each member a stream of its own), UTF-8 and UTF-16 with and without byte-order
mark, EVTX. What is damaged is read up to the damage; then InputError says what is wrong.
"""

from __future__ import annotations

import codecs
import itertools
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import BinaryIO

import zstandard

from tidegate.errors import InputError
from tidegate.reading import evtx
from tidegate.reading.files import File

PIECE = 1 << 20
"""Bytes read or decompressed at a time: large enough to cost nothing, small beside a block."""

_SAMPLE = 1 << 12
_GZIP, _ZSTD, _ZIP = b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"PK\x03\x04"
Pieces = Iterator[bytes]
_UNREADABLE = (OSError, EOFError, zlib.error, zipfile.BadZipFile, NotImplementedError, RuntimeError)
"""What opening a damaged, encrypted or strangely compressed archive raises, besides the operating system."""


@dataclass(frozen=True)
class Member:
    """One stream of a file: the file itself, or a member of an archive (`name` is then `path!member`)."""

    name: str
    file: File
    inner: str | None = None

    @contextmanager
    def open(self) -> Iterator[Opened]:
        """Open it from its start. Raises InputError where it cannot be read at all."""
        with ExitStack() as stack:
            try:
                raw: BinaryIO = stack.enter_context(self.file.path.open("rb", buffering=0))
                data = raw
                if self.inner is not None:
                    archive = stack.enter_context(zipfile.ZipFile(raw))
                    data = stack.enter_context(archive.open(self.inner))  # type: ignore[assignment]
                pieces = _decoded(_decompressed(data, nested=self.inner is not None))
            except _UNREADABLE as error:
                raise InputError(f"cannot be read: {error}", file=self.name) from error
            yield Opened(pieces, raw.tell)


@dataclass(frozen=True)
class Opened:
    """The pieces of a stream, and how many bytes of the (compressed) file they took so far."""

    pieces: Pieces
    position: Callable[[], int]


def members(file: File) -> list[Member]:
    """The streams of a file. Raises InputError where an archive cannot be listed."""
    try:
        with file.path.open("rb") as raw:
            if raw.read(4) != _ZIP:
                return [Member(str(file.path), file)]
            with zipfile.ZipFile(raw) as archive:
                names = [info.filename for info in archive.infolist() if not info.is_dir()]
    except _UNREADABLE as error:
        raise InputError(f"cannot be read: {error}", file=file.path) from error
    return [Member(f"{file.path}!{name}", file, name) for name in names]


def _decompressed(raw: BinaryIO, *, nested: bool = False) -> Pieces:
    first = raw.read(4)
    if first[:2] == _GZIP:
        return _gunzip(_rest(first, raw))
    if first == _ZSTD:
        return _unzstd(_rest(first, raw))
    if nested and first == _ZIP:
        raise zipfile.BadZipFile("an archive within an archive: unpack it first")
    return _rest(first, raw)


def _rest(first: bytes, raw: BinaryIO) -> Pieces:
    piece = first
    while piece:
        yield piece
        try:
            piece = raw.read(PIECE)
        except _UNREADABLE as error:
            raise InputError(f"damaged: {error}") from error


def _gunzip(pieces: Pieces) -> Pieces:
    machine, open_ = zlib.decompressobj(31), False
    rest = b""
    for piece in pieces:
        data = rest + piece
        while data:
            if not open_:  # between members: padding, or the next one
                data = data.lstrip(b"\0")
                if len(data) < len(_GZIP):
                    break
                if data[:2] != _GZIP:
                    raise InputError("gzip: something else follows the compressed data")
                machine, open_ = zlib.decompressobj(31), True
            before = machine.copy()
            try:
                yield machine.decompress(data, PIECE)
            except zlib.error as error:
                yield from _last(before, data)
                raise InputError(f"gzip: {_what(error)}") from error
            open_ = not machine.eof
            data = machine.unconsumed_tail if open_ else machine.unused_data
        rest = data
    if open_:
        raise InputError("gzip: the file ends early")


def _what(error: zlib.error) -> str:
    checks = {"incorrect data check": "the checksum is wrong", "incorrect length check": "the length is wrong"}
    return next((ours for theirs, ours in checks.items() if theirs in str(error)), "damaged data")


def _last(machine: zlib._Decompress, data: bytes) -> Pieces:
    """What can still be had before an error that a large step ran into."""
    try:
        for i in range(len(data)):
            yield machine.decompress(data[i : i + 1])
    except zlib.error:
        return


def _unzstd(pieces: Pieces) -> Pieces:
    machine, open_ = zstandard.ZstdDecompressor().decompressobj(), True
    for piece in pieces:
        for at in range(0, len(piece), 1 << 14):  # small steps: a step has no bound on what it unpacks
            data = piece[at : at + (1 << 14)]
            while data:
                if not open_:
                    machine, open_ = zstandard.ZstdDecompressor().decompressobj(), True
                try:
                    yield machine.decompress(data)
                except zstandard.ZstdError as error:
                    raise InputError("zstd: damaged data") from error
                open_ = not machine.eof
                data = b"" if open_ else machine.unused_data
    if open_:
        raise InputError("zstd: the file ends early")


def _decoded(pieces: Pieces) -> Pieces:
    """UTF-8 without byte-order mark; UTF-16 is recognised by its mark, or by its zeros; EVTX becomes JSON."""
    first, rest = _sample(pieces)
    if first.startswith(evtx.MAGIC):
        yield from evtx.lines(itertools.chain([first], rest))
        return
    if first.startswith(codecs.BOM_UTF8):
        yield first.removeprefix(codecs.BOM_UTF8)
    elif encoding := _utf16(first):
        decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
        yield decoder.decode(first).removeprefix("\ufeff").encode()
        for piece in rest:
            yield decoder.decode(piece).encode()
        yield decoder.decode(b"", final=True).encode()
    else:
        yield first
    yield from rest


def _sample(pieces: Pieces) -> tuple[bytes, Pieces]:
    """The beginning, enough to tell the encoding by, and what follows: at the least the damage that cut it short."""
    first = b""
    try:
        for piece in pieces:
            first += piece
            if len(first) >= _SAMPLE:
                break
    except InputError as error:
        return first, _damaged(error)
    return first, pieces


def _damaged(error: InputError) -> Pieces:
    yield b""
    raise error


def _utf16(first: bytes) -> str | None:
    sample = first[:_SAMPLE]
    for encoding, mark, zero in (("utf-16-le", codecs.BOM_UTF16_LE, 1), ("utf-16-be", codecs.BOM_UTF16_BE, 0)):
        # Text of mostly Latin letters has a zero in every second byte, and hardly one elsewhere.
        high, low = sample[zero::2].count(0), sample[1 - zero :: 2].count(0)
        if sample.startswith(mark) or (len(sample) >= 8 and high > len(sample) * 0.35 and low == 0):
            return encoding
    return None
