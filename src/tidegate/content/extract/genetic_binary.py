"""Alignments, variants, reads and genomes in binary: BAM, BCF, CRAM, SFF, 2bit."""

from __future__ import annotations

import gzip
import struct
import zlib
from collections.abc import Iterator
from typing import Literal

from tidegate.content.document import Metadata, Parts
from tidegate.content.source import Source
from tidegate.content.units import extractor
from tidegate.errors import InputError

_MAGIC = {b"CRAM": "cram", b".sff": "sff", b"\x43\x27\x41\x1a": "twobit", b"\x1a\x41\x27\x43": "twobit"}
_INNER = {b"BAM\x01": "bam", b"BCF\x02": "bcf"}
_LITTLE = 0x43  # how a 2bit file begins whose numbers begin with their smallest byte
_HEADER = 24  # bytes of SFF and 2bit in which the number of records stands
_PIECE = 1 << 20  # bytes unpacked at a time
_MOST = 5_000_000  # alignments counted one by one; more are as grave


def _kind(source: Source) -> str | None:
    if (name := _MAGIC.get(source.head[:4])) is not None:
        return name
    try:
        start = zlib.decompressobj(31).decompress(source.head, 8)
    except zlib.error:
        return None
    return _INNER.get(start[:4])


@extractor(
    formats=("bam", "bcf", "cram", "sff", "twobit"),
    rank=5,
    magic=((0, b"\x1f\x8b"), *((0, magic) for magic in _MAGIC)),
    sniff=_kind,
)
def genetic_binary(source: Source) -> Parts:
    """How many records it holds, as far as its format says so without a library of its own."""
    kind, head = _kind(source) or "", source.head
    count, damage = 1, None
    if kind == "bam":
        try:
            for count, _ in enumerate(_alignments(source)):  # noqa: B007  how many there were before the damage
                pass
        except (EOFError, OSError, struct.error, zlib.error) as error:
            count, damage = max(count, 1), error
    elif kind in {"sff", "twobit"}:
        if len(head) < _HEADER:
            raise InputError("cut off within its header", file=source.name)
        order: Literal["little", "big"] = "little" if head[0] == _LITTLE else "big"
        count = int.from_bytes(head[20:24] if kind == "sff" else head[8:12], order)
    yield Metadata("sequences", {"format": kind, "count": count})
    if damage is not None:
        raise InputError("cut off or damaged within its alignments", file=source.name) from damage


def _alignments(source: Source) -> Iterator[None]:
    """Once for the header with its references, then for each alignment, which begins with its length."""
    with source.open() as raw, gzip.GzipFile(fileobj=raw) as data:
        data.read(4)
        _skip(data, _number(data))
        for _ in range(_number(data)):
            _skip(data, _number(data) + 4)
        yield
        for _ in range(_MOST):
            length = data.read(4)
            if not length:
                return
            _skip(data, *struct.unpack("<I", length))
            yield


def _number(data: gzip.GzipFile) -> int:
    return int.from_bytes(data.read(4), "little")


def _skip(data: gzip.GzipFile, size: int) -> None:
    while size:
        piece = data.read(min(size, _PIECE))
        if not piece:
            raise EOFError
        size -= len(piece)
