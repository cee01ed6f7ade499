"""dBASE tables, by themselves or as the attributes of a shapefile."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import IO

from tidegate.content.document import Metadata, Parts, Text, tables
from tidegate.content.encoding import encoding_of
from tidegate.content.source import Source
from tidegate.content.units import extractor
from tidegate.errors import InputError

_SHAPES = b"\x00\x00\x27\x0a"
_TYPES = b"CNDLFMBIT@+OGPYVXQWN"  # of fields, in all dialects


def _kind(source: Source) -> str | None:
    """By its header: version, a date, lengths that agree, a first field of a known type, and its end mark."""
    head = source.head
    if len(head) < 65 or head[0] not in {0x03, 0x04, 0x05, 0x30, 0x31, 0x83, 0x8B, 0xF5}:
        return None
    records, start, width = struct.unpack_from("<IHH", head, 4)
    good = 1 <= head[2] <= 12 and 1 <= head[3] <= 31 and start >= 65 and 0 < width <= 65_000
    ends = start <= len(head) and head[32 + (start - 33) // 32 * 32] == 0x0D
    fits = source.size <= start + (records + 1) * width + 1024
    return "dbase" if good and fits and head[43] in _TYPES and (ends or start > len(head)) else None


@extractor(formats=("dbase",), rank=21, sniff=_kind)
def dbase(source: Source) -> Parts:
    """Its rows; and that it belongs to a map, where a shapefile of the same stem lies beside it."""
    if any(_begins(path.open("rb")) for path in source.siblings()):
        yield Metadata("georeference", {"crs": "attributes of a shapefile"})
    records, start, width = struct.unpack_from("<IHH", source.head, 4)
    fields = [source.head[at : at + 32] for at in range(32, min(start, len(source.head)) - 32, 32)]
    fields = [field for field in fields if field[0] not in {0, 0x0D}]
    encoding = encoding_of(source.head[start:].replace(b"\0", b" "), whole=False) or "cp1252"
    header = [field[:11].partition(b"\0")[0].decode(encoding, "replace") for field in fields]
    widths = [field[16] for field in fields]

    def rows() -> Iterator[list[str]]:
        with source.open() as data:
            data.seek(start)
            for _ in range(records):
                row = data.read(width)
                if len(row) < width:
                    raise InputError("fewer rows than its header says")
                place, cells = 1, []
                for size in widths:
                    cells.append(row[place : place + size].decode(encoding, "replace").strip(" \0"))
                    place += size
                yield cells

    for part in tables(header, rows()):
        yield part
        yield Text("\n".join("\t".join(row) for row in part.rows).encode("utf-8", "replace"), line=part.first)


def _begins(data: IO[bytes]) -> bool:
    with data as file:
        return file.read(4) == _SHAPES
