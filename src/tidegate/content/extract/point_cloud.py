"""Point clouds of laser scanning: LAS and LAZ, whose headers hold count, scale and bounds, packed or not."""

from __future__ import annotations

import struct

from tidegate.content.document import Metadata, Parts
from tidegate.content.extract import _crs
from tidegate.content.precision import METRES_A_DEGREE
from tidegate.content.source import Source
from tidegate.content.units import extractor
from tidegate.errors import InputError

_WKT, _GEO_KEYS = 2112, 34735  # ids of the records that hold a coordinate system (LAS 1.4, chapter 3)
_RECORDS = 100  # variable length records looked at


@extractor(
    formats=("las", "laz"),
    rank=10,
    magic=((0, b"LASF"),),
    sniff=lambda s: "laz" if s.head[104:105] >= b"\x80" else "las",
)
def point_cloud(source: Source) -> Parts:
    """Corners of its bounds, standing for all its points."""
    head = source.head
    if len(head) < 227:
        raise InputError("cut off within its header")
    size, start, records = struct.unpack_from("<HII", head, 94)
    count = struct.unpack_from("<I", head, 107)[0] or (struct.unpack_from("<Q", head, 247)[0] if size >= 375 else 0)
    scale = struct.unpack_from("<3d", head, 131)
    x1, x0, y1, y0 = struct.unpack_from("<4d", head, 179)
    crs = _system(head, size, records)
    xs, ys = [x0, x1, x0, x1], [y0, y0, y1, y1]
    unit = METRES_A_DEGREE if all(abs(x) <= 360 for x in xs) and all(abs(y) <= 90 for y in ys) else 1.0
    fine = max(0.01, min(abs(scale[0]), abs(scale[1])) * unit)
    yield Metadata("point cloud", {"points": count, "crs": crs[:200], "start": start})
    yield _crs.positions(xs, ys, crs, count=max(count, 1), what="point cloud", precision_m=fine)


def _system(head: bytes, place: int, records: int) -> str:
    """The coordinate system in its records, WKT or EPSG; empty where there is none in the first 64 KiB."""
    for _ in range(min(records, _RECORDS)):
        if place + 54 > len(head):
            break
        id_, length = struct.unpack_from("<HH", head, place + 18)
        body = head[place + 54 : place + 54 + length]
        place += 54 + length
        if id_ == _WKT and len(body) == length:
            return body.rstrip(b"\0").decode("utf-8", "replace")
        if id_ == _GEO_KEYS and len(body) >= 8:
            keys = struct.unpack(f"<{len(body) // 2}H", body[: len(body) // 2 * 2])
            found = {keys[i]: keys[i + 3] for i in range(4, len(keys) - 3, 4)}
            code = found.get(3072) or found.get(2048) or 0
            if 1024 <= code < 32767 or 32600 < code < 32761:
                return f"EPSG:{code}"
    return ""
