"""Shapefiles (ESRI, 1998): geometry, its index, and the coordinate system beside it."""

from __future__ import annotations

import re
import struct

from tidegate.content.document import Metadata, Parts
from tidegate.content.extract import _crs
from tidegate.content.source import Source
from tidegate.content.units import extractor
from tidegate.errors import InputError

_TYPES = {1: "point", 3: "line", 5: "polygon", 8: "points"}  # of the lower half; 11–18 have heights, 21–28 measures
_HEADER = 100  # bytes
_SHAPES = 2_000  # whose corners are looked at; the count comes from the lengths of all
_WKT = re.compile(r'^\s{0,80}(?:PROJCS|GEOGCS|GEOCCS|COMPD_CS|PROJCRS|GEOGCRS|LOCAL_CS|BOUNDCRS)\s{0,3}\[\s{0,80}"')


@extractor(formats=("shapefile",), rank=10, magic=((0, b"\x00\x00\x27\x0a"),))
def shapefile(source: Source) -> Parts:
    """Its bounds and its number of shapes; the index looks the same and has as many."""
    head = source.head
    if len(head) < _HEADER:
        raise InputError("cut off within its header")
    words = struct.unpack_from(">I", head, 24)[0]
    kind, x0, y0, x1, y1 = struct.unpack_from("<i4d", head, 32)
    index = (words * 2 - _HEADER) % 8 == 0 and _is_index(head)
    count = (source.size - _HEADER) // 8 if index else _count(source)
    what = _TYPES.get(kind % 10, "shape")
    yield Metadata("shapefile", {"shapes": count, "what": what, "index": index})
    xs, ys = [x0, x1, x0, x1], [y0, y0, y1, y1]
    if not index and (points := _points(source, kind)):
        xs, ys = points
    yield _crs.positions(xs, ys, "", count=max(count, 1), what=what)


def _is_index(head: bytes) -> bool:
    """Whether records are of eight bytes: where a shape begins, and its length, each after the one before."""
    if len(head) < _HEADER + 16:
        return len(head) == _HEADER + 8 and struct.unpack_from(">I", head, _HEADER)[0] == _HEADER // 2
    first, length, second = struct.unpack_from(">3I", head, _HEADER)
    return bool(first == _HEADER // 2 and second == first + length + 4)


def _count(source: Source) -> int:
    count = 0
    with source.open() as data:
        place = _HEADER
        while place < source.size:
            data.seek(place)
            record = data.read(8)
            if len(record) < 8:
                break
            place += 8 + struct.unpack(">2I", record)[1] * 2
            count += 1
    return count


def _points(source: Source, kind: int) -> tuple[list[float], list[float]] | None:
    """Points of a point shapefile: the first two numbers after the type of each record."""
    if kind % 10 != 1:
        return None
    xs, ys = list[float](), list[float]()
    with source.open() as data:
        data.seek(_HEADER)
        while len(xs) < _SHAPES and len(record := data.read(8)) == 8:
            body = data.read(min(struct.unpack(">2I", record)[1] * 2, 1 << 16))
            if len(body) >= 20:
                x, y = struct.unpack_from("<2d", body, 4)
                xs.append(x)
                ys.append(y)
    return (xs, ys) if xs else None


@extractor(formats=("wkt-crs",), rank=30, sniff=lambda s: "wkt-crs" if _WKT.match(s.text[:400]) else None)
def coordinate_system(source: Source) -> Parts:
    """A coordinate system by itself (`.prj`): it lies beside a map's data and says where they are."""
    yield Metadata("coordinate system", {"name": source.text.split('"')[1][:200], "datum": _crs.datum_of(source.text)})
