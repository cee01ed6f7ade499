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
from dataclasses import dataclass, field
from functools import partial
from typing import IO

import zstandard

from tidegate.errors import InputError
from tidegate.reading import archives, evtx
from tidegate.reading.archives import Archive
from tidegate.reading.files import File, why

PIECE = 1 << 20
"""Bytes read or decompressed at a time: large enough to cost nothing, small beside a block."""

_SAMPLE = 1 << 12
_GZIP, _ZSTD, _ZIP = b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"PK\x03\x04"
Pieces = Iterator[bytes]
_STEP = 1 << 14
"""Bytes of compressed data taken at a time."""
_ZSTD_STEP = 1 << 9
"""… of zstd, which has no bound on what a step unpacks but 128 KiB for every four bytes: so to 16 MiB at most."""
_WIDE = "packed with more than 128 MiB of memory (--long, --ultra): unpack it first"


@dataclass(frozen=True)
class Member:
    """One stream of a file: the file itself, or what is at place `inner` of an archive (`name` is `path!member`)."""

    name: str
    file: File
    inner: int | None = None
    archive: Archive | None = field(default=None, compare=False)  # while it is open anyway

    @contextmanager
    def open(self) -> Iterator[Opened]:
        """Open it from its start. Raises InputError where it cannot be read at all."""
        data: IO[bytes]
        packed: Callable[[], int]
        with ExitStack() as stack:
            try:
                if self.inner is None:
                    raw = stack.enter_context(self.file.open())
                    data, packed = raw, raw.tell
                else:
                    archive = self.archive
                    if archive is None or archive.closed:
                        archive = stack.enter_context(archives.opened(self.file))
                    raw, packed = archive.raw, partial(archive.size, self.inner)
                    data = stack.enter_context(archive.open(self.inner))
                pieces = _decoded(_bounded(_decompressed(data, nested=self.inner is not None), packed))
            except OSError as error:
                raise InputError(f"cannot be read: {why(error)}", file=self.name) from error
            except archives.DAMAGED as error:
                raise InputError(f"cannot be read: {error}", file=self.name) from error
            yield Opened(pieces, raw.tell)


@dataclass(frozen=True)
class Opened:
    """The pieces of a stream, and how many bytes of the (compressed) file they took so far."""

    pieces: Pieces
    position: Callable[[], int]


def members(file: File) -> Iterator[Member]:
    """The streams of a file. Raises InputError where an archive cannot be listed, or would unpack to too much."""
    try:
        with file.open() as raw:
            if raw.read(4) != _ZIP:
                yield Member(file.name, file)
                return
        with archives.opened(file) as archive:
            for place, name in enumerate(archive.names()):
                yield Member(f"{file.name}!{name}", file, place, archive)
    except OSError as error:
        raise InputError(f"cannot be read: {why(error)}", file=file.name) from error
    except archives.DAMAGED as error:
        raise InputError(f"cannot be read: {error}", file=file.name) from error


def _bounded(pieces: Pieces, packed: Callable[[], int]) -> Pieces:
    """Pieces until they are too many for what they were unpacked from."""
    total = 0
    for piece in pieces:
        yield piece
        total += len(piece)
        if archives.too_much(total, packed()):
            raise InputError(archives.TOO_MUCH)


def _decompressed(raw: IO[bytes], *, nested: bool = False) -> Pieces:
    first = raw.read(4)
    if first[:2] == _GZIP:
        return _gunzip(_small(_rest(first, raw)))
    if first == _ZSTD:
        return _unzstd(_small(_rest(first, raw)))
    if nested and first == _ZIP:
        raise zipfile.BadZipFile("an archive within an archive: unpack it first")
    return _rest(first, raw)


def _rest(first: bytes, raw: IO[bytes]) -> Pieces:
    piece = first
    while piece:
        yield piece
        try:
            piece = raw.read(PIECE)
        except archives.DAMAGED as error:
            raise InputError(f"damaged: {error}") from error


def _small(pieces: Pieces) -> Pieces:
    """Pieces so small that it costs little to copy what follows a compressed stream's end, of which there are many."""
    for piece in pieces:
        for at in range(0, len(piece), _STEP):
            yield piece[at : at + _STEP]


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
    context = zstandard.ZstdDecompressor()
    machine, open_ = context.decompressobj(), True
    for piece in pieces:
        found = []
        for at in range(0, len(piece), _ZSTD_STEP):
            data = piece[at : at + _ZSTD_STEP]
            while data:
                if not open_:
                    machine, open_ = context.decompressobj(), True
                try:
                    found.append(machine.decompress(data))
                except zstandard.ZstdError as error:
                    yield b"".join(found)
                    wide = "memory" in str(error)
                    raise InputError(f"zstd: {_WIDE if wide else 'damaged data'}") from error
                open_ = not machine.eof
                data = b"" if open_ else machine.unused_data
            if sum(map(len, found)) >= PIECE:
                yield b"".join(found)
                found = []
        yield b"".join(found)
    if open_:
        raise InputError("zstd: the file ends early")


def _decoded(pieces: Pieces) -> Pieces:
    """UTF-8 without byte-order mark; UTF-16 is recognised by its mark, or by its zeros; EVTX becomes JSON."""
    first, rest = sample(pieces)
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


def sample(pieces: Pieces) -> tuple[bytes, Pieces]:
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
