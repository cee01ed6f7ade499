"""GRIB editions 1 and 2 (WMO 306): fields of weather models, told from the headers of their messages."""

from __future__ import annotations

import struct
from dataclasses import dataclass

from tidegate.content.document import Metadata, Parts
from tidegate.content.extract._bulletin import first, messages
from tidegate.content.source import Source
from tidegate.content.units import extractor
from tidegate.errors import InputError

_MARK = b"GRIB"

# WMO 306, code table 4.2 by discipline and category, and table 2 of edition 1: what the field is about.
_KINDS = {
    (0, 0): "temperature",
    (0, 1): "moisture",
    (0, 2): "wind",
    (0, 3): "pressure",
    (0, 4): "radiation",
    (0, 5): "radiation",
    (0, 6): "cloud",
    (0, 7): "stability",
    (0, 13): "aerosols",
    (0, 14): "trace gases",
    (0, 16): "radar",
    (0, 19): "atmosphere",
    (1, 0): "hydrology",
    (1, 1): "hydrology",
    (1, 2): "inland water",
    (2, 0): "land surface",
    (2, 3): "soil",
    (3, 0): "satellite image",
    (3, 1): "satellite",
    (10, 0): "waves",
    (10, 1): "currents",
    (10, 2): "ice",
    (10, 3): "sea surface",
    (10, 4): "ocean",
}
_EDITION_1 = (
    (range(1, 11), "pressure"),
    (range(11, 20), "temperature"),
    (range(28, 31), "waves"),
    (range(31, 38), "wind"),
    (range(51, 68), "moisture"),
    (range(71, 79), "cloud"),
    (range(80, 81), "sea surface"),
    (range(82, 83), "sea level"),
    (range(100, 111), "waves"),
    (range(111, 122), "radiation"),
)
_STANDARD_TABLES = 3  # versions of table 2 up to this are WMO's; higher ones are a centre's own
_ECMWF = {129: "pressure", 130: "temperature", 131: "wind", 132: "wind", 133: "moisture", 134: "pressure",
          151: "pressure", 157: "moisture", 164: "cloud", 165: "wind", 166: "wind", 167: "temperature",
          168: "moisture", 228: "precipitation"}  # fmt: skip


@dataclass(frozen=True)
class _Field:
    """What the header of a message says."""

    kind: str
    date: str  # ISO 8601, to the minute
    box: tuple[float, float, float, float] | None  # south, west, north, east
    step: float  # degrees between points; 0 where the grid is not one of degrees
    points: int


def _kind(source: Source) -> str | None:
    place = first(source.head, _MARK)
    return "grib" if place is not None and source.head[place + 7 : place + 8] in {b"\1", b"\2"} else None


@extractor(formats=("grib",), rank=10, sniff=_kind)
def grib(source: Source) -> Parts:
    """Number of messages, their variables, reference times, area and grid."""
    count, kinds, dates = 0, dict[str, None](), list[str]()
    boxes: list[tuple[float, float, float, float]] = []
    step, points, whole = 0.0, 0, True
    for field in messages(source, _MARK, _length, _read):
        if field is None:
            whole = False
            break
        count += 1
        kinds[field.kind] = None
        dates = [min((*dates[:1], field.date)), max((*dates[1:], field.date))]
        boxes = [_around(*boxes, field.box)] if field.box else boxes
        step = min(filter(None, (step, field.step)), default=0.0)
        points += field.points
    yield Metadata(
        "weather",
        {
            "format": "grib",
            "records": count,
            "variables": tuple(kinds),
            "values": points,
            **({"since": dates[0], "until": dates[1]} if dates else {}),
            **(dict(zip(("south", "west", "north", "east"), boxes[0], strict=True)) if boxes else {}),
            **({"resolution": f"{step:.3g} degrees"} if step else {}),
        },
    )
    if not whole:
        raise InputError("cut off or damaged within a message", file=source.name)


def _length(head: bytes) -> int:
    if head[7] == 2:
        return int.from_bytes(head[8:16], "big")
    return int.from_bytes(head[4:7], "big") if head[7] == 1 else 0


def _read(head: bytes) -> _Field:
    return _edition_1(head) if head[7] == 1 else _edition_2(head)


def _edition_1(head: bytes) -> _Field:
    section = head[8:]
    table, flag, number = section[3], section[7], section[8]
    century = section[24] or 20
    year = (century - 1) * 100 + section[12]
    kind = next((name for numbers, name in _EDITION_1 if number in numbers), f"parameter {number}")
    if table > _STANDARD_TABLES:
        kind = _ECMWF.get(number, f"parameter {table}.{number}")
    date = f"{year:04}-{section[13]:02}-{section[14]:02}T{section[15]:02}:{section[16]:02}"
    grid = section[int.from_bytes(section[:3], "big") :] if flag & 0x80 else b""
    if len(grid) < 28 or grid[5] not in {0, 4, 10}:  # latitude and longitude, Gaussian, rotated
        return _Field(kind, date, None, 0.0, 0)
    width, height = struct.unpack_from(">2H", grid, 6)
    la1, lo1, la2, lo2 = (_signed(grid[at : at + 3]) / 1000 for at in (10, 13, 17, 20))
    step = struct.unpack_from(">H", grid, 23)[0] / 1000
    points = width * height if 0xFFFF not in (width, height) else 0
    return _Field(kind, date, _box(la1, lo1, la2, lo2), step if step < 60 else 0.0, points)


def _edition_2(head: bytes) -> _Field:
    discipline, place = head[6], 16
    date, kind, box, step, points = "", f"discipline {discipline}", None, 0.0, 0
    while place + 5 <= len(head):
        length, number = struct.unpack_from(">IB", head, place)
        section = head[place : place + length]
        if length < 5 or len(section) < min(length, 21):
            break
        if number == 1:
            year, month, day, hour, minute = struct.unpack_from(">H4B", section, 12)
            date = f"{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}"
        elif number == 3 and len(section) >= 72:
            points = struct.unpack_from(">I", section, 6)[0]
            if struct.unpack_from(">H", section, 12)[0] in {0, 40}:
                la1, lo1 = (_signed(section[at : at + 4]) / 1e6 for at in (46, 50))
                la2, lo2 = (_signed(section[at : at + 4]) / 1e6 for at in (55, 59))
                box, step = _box(la1, lo1, la2, lo2), struct.unpack_from(">I", section, 63)[0] / 1e6
        elif number == 4:
            kind = _KINDS.get((discipline, section[9]), f"discipline {discipline}, category {section[9]}")
            break
        place += length
    return _Field(kind, date, box, step if step < 60 else 0.0, points)


def _signed(field: bytes) -> int:
    """Sign and magnitude."""
    value, sign = int.from_bytes(field, "big"), 1 << (len(field) * 8 - 1)
    return -(value - sign) if value & sign else value


def _box(la1: float, lo1: float, la2: float, lo2: float) -> tuple[float, float, float, float] | None:
    box = (min(la1, la2), lo1, max(la1, la2), lo2)
    return box if -90 <= box[0] <= box[2] <= 90 and -180 <= lo1 <= 360 and -180 <= lo2 <= 360 else None


def _around(*boxes: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    south, west, north, east = zip(*boxes, strict=True)
    return min(south), min(west), max(north), max(east)
