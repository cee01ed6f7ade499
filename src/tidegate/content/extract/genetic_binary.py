"""Alignments, variants, reads and genomes in binary: BAM, BCF, CRAM, SFF, 2bit."""

from __future__ import annotations

import gzip
import itertools
import struct
import zlib

from tidegate.content.document import Metadata, Parts
from tidegate.content.source import Source
from tidegate.content.units import extractor

_MAGIC = {b"CRAM": "cram", b".sff": "sff", b"\x43\x27\x41\x1a": "twobit", b"\x1a\x41\x27\x43": "twobit"}
_INNER = {b"BAM\x01": "bam", b"BCF\x02": "bcf"}
_BGZF = b"\x1f\x8b\x08\x04"
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
    magic=((0, _BGZF), (0, b"\x1f\x8b"), *((0, magic) for magic in _MAGIC)),
    sniff=_kind,
)
def genetic_binary(source: Source) -> Parts:
    """How many records it holds, as far as its format says so without a library of its own."""
    kind = _kind(source)
    count = {"bam": _bam, "sff": _sff, "twobit": _twobit}.get(kind or "", lambda _: 1)(source)
    yield Metadata("sequences", {"format": kind or "", "count": count})


def _bam(source: Source) -> int:
    """Alignments: after the header and the references, each begins with its length."""
    with source.open() as raw, gzip.GzipFile(fileobj=raw) as data:
        _, length = struct.unpack("<4si", data.read(8))
        data.read(min(length, 1 << 26))
        for _ in range(struct.unpack("<i", data.read(4))[0]):
            data.read(struct.unpack("<i", data.read(4))[0] + 4)
        for number in itertools.count():
            head = data.read(4)
            if len(head) < 4 or number == _MOST:
                return number
            data.read(min(struct.unpack("<I", head)[0], 1 << 26))
    return 0


def _sff(source: Source) -> int:
    return int(struct.unpack(">I", source.head[20:24])[0])


def _twobit(source: Source) -> int:
    order = "<" if source.head[0] == 0x43 else ">"
    return int(struct.unpack(f"{order}I", source.head[8:12])[0])
