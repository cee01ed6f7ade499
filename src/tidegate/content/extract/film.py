"""Films (MP4, QuickTime): the place where they were made, which telephones write into them."""

from __future__ import annotations

import re

from tidegate.content.document import Metadata, Parts, Positions
from tidegate.content.source import Source
from tidegate.content.units import extractor

_LOCATION = re.compile(rb"([+-]\d{2}\.\d{2,6})([+-]\d{3}\.\d{2,6})(?:[+-][\d.]{1,12})?/?")  # ISO 6709, annex H
_MARKS = (b"\xa9xyz", b"com.apple.quicktime.location.ISO6709")
_ENDS = 1 << 20  # bytes from the start and the end in which it stands
_BRANDS = (b"mp4", b"iso", b"avc", b"qt  ", b"3gp", b"3g2", b"M4V", b"M4A", b"MSNV", b"dash")


@extractor(
    formats=("mp4",),
    rank=11,
    magic=((4, b"ftyp"),),
    sniff=lambda s: "mp4" if s.head[8:12].startswith(_BRANDS) else None,
)
def film(source: Source) -> Parts:
    """Its place, if it tells."""
    with source.open() as data:
        start = data.read(_ENDS)
        data.seek(max(len(start), source.size - _ENDS))
        ends = start + data.read(_ENDS)
    yield Metadata("film", {"bytes": source.size})
    place = next((at for mark in _MARKS if (at := ends.find(mark)) >= 0), -1)
    if place >= 0 and (found := _LOCATION.search(ends[place : place + 400])) is not None:
        yield Positions([float(found[1])], [float(found[2])], what="film")
