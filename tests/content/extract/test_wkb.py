"""Points of geometries in binary, whatever their byte order, dimensions and nesting, up to the damage."""

from __future__ import annotations

import struct

import pytest

from tidegate.content.extract._wkb import points

POINT = struct.pack("<BI2d", 1, 1, 13.8, 46.5)
LINE = struct.pack("<BII4d", 1, 2, 2, 13.8, 46.5, 13.9, 46.6)
RING = struct.pack("<BIII6d", 1, 3, 1, 3, 0.0, 1.0, 2.0, 3.0, 0.0, 1.0)


def collection(*parts: bytes, code: int = 7) -> bytes:
    return struct.pack("<BII", 1, code, len(parts)) + b"".join(parts)


@pytest.mark.parametrize(
    ("geometry", "found"),
    [
        (POINT, [(13.8, 46.5)]),
        (struct.pack(">BI2d", 0, 1, 13.8, 46.5), [(13.8, 46.5)]),
        (struct.pack("<BI3d", 1, 1001, 13.8, 46.5, 800.0), [(13.8, 46.5)]),  # with a height
        (struct.pack("<BII2d", 1, 0x20000001, 4326, 13.8, 46.5), [(13.8, 46.5)]),  # PostGIS, with its system
        (struct.pack("<BI3d", 1, 0x80000001, 13.8, 46.5, 800.0), [(13.8, 46.5)]),  # PostGIS, with a height
        (b"GP\0\x01" + struct.pack("<I", 4326) + POINT, [(13.8, 46.5)]),
        (b"GP\0\x03" + struct.pack("<I4d", 4326, 0, 1, 2, 3) + POINT, [(13.8, 46.5)]),  # GeoPackage, with its bounds
        (LINE, [(13.8, 46.5), (13.9, 46.6)]),
        (RING, [(0.0, 1.0), (2.0, 3.0), (0.0, 1.0)]),
        (collection(POINT, LINE), [(13.8, 46.5), (13.8, 46.5), (13.9, 46.6)]),
        (collection(POINT, POINT, code=4), [(13.8, 46.5)] * 2),
        (collection(collection(POINT)), [(13.8, 46.5)]),
        (struct.pack("<BI2d", 1, 1, float("nan"), float("nan")), []),  # how an empty point is written
        (b"", []),
        (b"GP\0\x01", []),
        (b"some bytes of anything at all", []),
        (LINE[:-8], [(13.8, 46.5)]),
        (struct.pack("<BII", 1, 2, 0xFFFFFFFF) + POINT[5:], [(13.8, 46.5)]),  # a number of points that lies
        (
            collection(
                collection(collection(collection(collection(collection(collection(collection(collection(POINT))))))))
            ),
            [],
        ),
    ],
)
def test_points_of_geometries(geometry: bytes, found: list[tuple[float, float]]) -> None:
    assert points(geometry) == found
