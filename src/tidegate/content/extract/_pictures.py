"""How large the pages of a picture file are, from its headers alone: nothing is unpacked to find out."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

_SMALLEST = 400_000  # pixels: an A6 card at 150 dpi has 540,000, an icon or a logo fewer
_DEEPEST = 8  # bits of a colour: what has more is measured, not printed
_DPI = 100  # coarser is a screen's or a photo's, and says nothing of paper
_PAPER = (4.0, 17.0)  # inches: from the short side of A6 to the long one of A3
_CHAIN = 10_000  # pages of a TIFF, and segments of a JPEG or chunks of a PNG, that are looked for
_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}  # markers of JPEG that are followed by a picture's size
_SHORT, _LONG, _RATIONAL = 3, 4, 5


@dataclass(frozen=True)
class Page:
    """A page as its header describes it."""

    width: int
    height: int
    bits: int = 8  # of a colour
    dpi: float = 0.0  # 0 where it is not said
    number: int = 0

    @property
    def pixels(self) -> int:
        """How many it unpacks to."""
        return self.width * self.height

    @property
    def legible(self) -> bool:
        """Whether there may be lines of print on it."""
        return self.pixels >= _SMALLEST and self.bits <= _DEEPEST

    @property
    def on_paper(self) -> bool:
        """Whether its resolution makes it as large as paper, as scanners have it."""
        if self.dpi < _DPI:
            return False
        short, long = sorted((self.width / self.dpi, self.height / self.dpi))
        return _PAPER[0] <= short and long <= _PAPER[1]


def pages(data: IO[bytes]) -> list[Page]:
    """Pages of a TIFF, PNG or JPEG; up to the damage where it is damaged, none of other formats."""
    head = data.read(8)
    found: list[Page] = []
    try:
        if head[:4] in {b"II*\0", b"MM\0*"}:
            found.extend(_tiff(data, head))
        elif head == _SIGNATURE:
            found.append(_png(data))
        elif head.startswith(b"\xff\xd8\xff"):
            found.extend(_jpeg(data))
    except struct.error:
        return found
    return found


def _tiff(data: IO[bytes], head: bytes) -> Iterator[Page]:
    order = "<" if head.startswith(b"II") else ">"
    (at,) = struct.unpack(f"{order}I", head[4:])
    met: set[int] = set()
    number = 0
    while at and at not in met and number < _CHAIN:
        met.add(at)
        data.seek(at)
        (count,) = struct.unpack(f"{order}H", data.read(2))
        directory = data.read(count * 12)
        (at,) = struct.unpack(f"{order}I", data.read(4))
        entries = {directory[i : i + 2]: directory[i + 2 : i + 12] for i in range(0, len(directory), 12)}
        width, height, bits, unit, dpi, reduced = (
            _value(data, order, entries.get(struct.pack(f"{order}H", tag)), default)
            for tag, default in ((256, 0), (257, 0), (258, 1), (296, 2), (282, 0), (254, 0))
        )
        if not int(reduced) & 1:
            yield Page(int(width), int(height), int(bits), dpi * 2.54 if unit == 3 else dpi, number)
        number += 1


def _value(data: IO[bytes], order: str, entry: bytes | None, default: float) -> float:
    """The first value of a tag, which stands in its entry if it is short, and elsewhere if not."""
    if entry is None:
        return default
    kind, count = struct.unpack(f"{order}HI", entry[:6])
    inline = entry[6:]
    if (kind == _SHORT and count > 2) or kind == _RATIONAL:
        data.seek(struct.unpack(f"{order}I", inline)[0])
        inline = data.read(8)
    if kind == _RATIONAL:
        over, under = struct.unpack(f"{order}II", inline)
        return float(over / under) if under else default
    if kind == _SHORT:
        return float(struct.unpack(f"{order}H", inline[:2])[0])
    return float(struct.unpack(f"{order}I", inline)[0]) if kind == _LONG and count == 1 else default


def _png(data: IO[bytes]) -> Page:
    _, _, width, height, bits = struct.unpack(">I4sIIB", data.read(17))
    data.seek(33)
    dpi = 0.0
    for _ in range(_CHAIN):
        size, kind = struct.unpack(">I4s", data.read(8).ljust(8, b"\0"))
        if kind == b"pHYs":
            across, _, metres = struct.unpack(">IIB", data.read(9))
            dpi = across * 0.0254 if metres else 0.0
        if kind in {b"pHYs", b"IDAT", b"\0\0\0\0"}:
            break
        data.seek(size + 4, 1)
    return Page(width, height, bits, dpi)


def _jpeg(data: IO[bytes]) -> Iterator[Page]:
    dpi = 0.0
    data.seek(2)
    for _ in range(_CHAIN):
        start, marker, size = struct.unpack(">BBH", data.read(4))
        if start != 0xFF or size < 2:
            return
        body = data.read(size - 2)
        if marker == 0xE0 and body.startswith(b"JFIF\0"):
            unit, across = struct.unpack(">BH", body[7:10])
            dpi = {1: 1.0, 2: 2.54}.get(unit, 0.0) * across
        elif marker in _FRAMES:
            bits, height, width = struct.unpack(">BHH", body[:5])
            yield Page(width, height, bits, dpi)
            return
