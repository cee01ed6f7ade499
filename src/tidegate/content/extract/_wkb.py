"""Points of geometries in well-known binary (ISO 19125, also PostGIS's and GeoPackage's headers before it)."""

from __future__ import annotations

import struct

_MOST = 20_000  # points of one geometry
_EWKB_Z, _EWKB_M, _EWKB_SRID = 0x80000000, 0x40000000, 0x20000000
_ENVELOPES = (0, 32, 48, 48, 64)  # bytes, by GeoPackage's envelope code


def points(data: bytes) -> list[tuple[float, float]]:
    """Points as (x, y); none where it is no geometry."""
    if data[:2] == b"GP" and len(data) > 8:
        code = data[3] >> 1 & 7
        data = data[8 + (_ENVELOPES[code] if code < len(_ENVELOPES) else 0) :]
    found: list[tuple[float, float]] = []
    try:
        _geometry(data, 0, found, 0)
    except struct.error:
        return found
    return found


def _geometry(data: bytes, place: int, found: list[tuple[float, float]], depth: int) -> int:
    order = "<" if data[place : place + 1] == b"\x01" else ">"
    code = struct.unpack_from(order + "I", data, place + 1)[0]
    place += 5 + (4 if code & _EWKB_SRID else 0)
    kind = code & 0x0FFFFFFF
    extra = kind // 1000
    width = 2 + (extra in {1, 2}) + 2 * (extra == 3) + bool(code & _EWKB_Z) + bool(code & _EWKB_M)
    match kind % 1000:
        case 1:
            return _run(data, place, order, width, 1, found)
        case 2:
            return _line(data, place, order, width, found)
        case 3:
            rings = struct.unpack_from(order + "I", data, place)[0]
            place += 4
            for _ in range(min(rings, _MOST)):
                place = _line(data, place, order, width, found)
            return place
        case 4 | 5 | 6 | 7 if depth < 8:
            parts = struct.unpack_from(order + "I", data, place)[0]
            place += 4
            for _ in range(min(parts, _MOST)):
                place = _geometry(data, place, found, depth + 1)
            return place
    raise struct.error("no geometry")


def _line(data: bytes, place: int, order: str, width: int, found: list[tuple[float, float]]) -> int:
    count = struct.unpack_from(order + "I", data, place)[0]
    return _run(data, place + 4, order, width, count, found)


def _run(data: bytes, place: int, order: str, width: int, count: int, found: list[tuple[float, float]]) -> int:
    for number in range(count):
        x, y = struct.unpack_from(order + "2d", data, place + number * width * 8)
        if x == x and len(found) < _MOST:
            found.append((x, y))
    return place + count * width * 8
