"""Tracks of gliders and sports devices: IGC (FAI) and FIT (Garmin)."""

from __future__ import annotations

import itertools
import re
import struct
from collections.abc import Iterator

from tidegate.content.document import Parts, Positions, blocks
from tidegate.content.source import Source
from tidegate.content.units import extractor
from tidegate.errors import InputError

_FIX = re.compile(r"^B\d{6}(\d{2})(\d{5})([NS])(\d{3})(\d{5})([EW])[AV]")  # degrees, minutes with three decimals
_BLOCK = 2_000  # points
_SEMICIRCLE = 180 / 2**31  # degrees, in which FIT counts
_LAT, _LON, _RECORD = 0, 1, 20  # fields of the message `record`
_MOST = 64 << 20  # bytes of a FIT file

_Layout = tuple[str, int, list[tuple[int, int]]]
"""Byte order, number of the message, numbers of its fields and their bytes."""


def _kind(source: Source) -> str | None:
    if source.head[8:12] == b".FIT" and source.head[0] in {12, 14}:
        return "fit"
    return "igc" if source.text[:1] == "A" and sum(bool(_FIX.match(line)) for line in source.lines) >= 2 else None


@extractor(formats=("igc", "fit"), rank=26, sniff=_kind)
def flight_log(source: Source) -> Parts:
    """Its fixes."""
    if _kind(source) == "igc":
        yield from blocks(source.pieces())
        fixes, precision = _igc(source), 1.9  # metres that a thousandth of a minute is
    else:
        fixes, precision = _fit(source.read(_MOST)), 0.01
    damage: InputError | None = None
    while not damage:
        lat, lon = list[float](), list[float]()
        try:
            for y, x in itertools.islice(fixes, _BLOCK):
                lat.append(y)
                lon.append(x)
        except InputError as error:
            damage = error
        if not lat:
            break
        yield Positions(lat, lon, precision_m=precision, what="track")
    if damage is not None:
        raise damage


def _igc(source: Source) -> Iterator[tuple[float, float]]:
    for line in source.rows():
        if (found := _FIX.match(line[:60])) is not None:
            lat, lon = int(found[1]) + int(found[2]) / 60_000, int(found[4]) + int(found[5]) / 60_000
            yield lat * (-1 if found[3] == "S" else 1), lon * (-1 if found[6] == "W" else 1)


def _fit(data: bytes) -> Iterator[tuple[float, float]]:
    """Positions of its messages `record`: definitions say which fields a message has, data messages follow them.

    Raises InputError where it is cut off or damaged; one that a device could not finish does not say its length.
    """
    place, layouts = data[0], dict[int, _Layout]()
    end = place + int.from_bytes(data[4:8], "little") if any(data[4:8]) else len(data) - 2
    while place < min(end, len(data)):
        head = data[place]
        place += 1
        if head & 0x80:  # with a time in the header
            kind, defines = head >> 5 & 3, False
        else:
            kind, defines = head & 15, bool(head & 0x40)
        if defines:
            try:
                layouts[kind], place = _layout(data, place, more=bool(head & 0x20))
            except (IndexError, struct.error) as error:
                raise InputError("cut off within a definition") from error
            continue
        if kind not in layouts:
            raise InputError("damaged: a message without its definition")
        order, number, fields = layouts[kind]
        values: dict[int, int] = {}
        for field, size in fields:
            if number == _RECORD and field in {_LAT, _LON} and size == 4 and place + 4 <= len(data):
                values[field] = struct.unpack_from(order + "i", data, place)[0]
            place += size
        if len(values) == 2 and values[_LAT] != 0x7FFFFFFF:
            yield values[_LAT] * _SEMICIRCLE, values[_LON] * _SEMICIRCLE
    if place > len(data) or end > len(data):
        raise InputError("cut off")


def _layout(data: bytes, place: int, *, more: bool) -> tuple[_Layout, int]:
    """A definition, with the fields of the device's own where it has `more`; and where it ends."""
    order = ">" if data[place + 1] else "<"
    number, count = struct.unpack_from(order + "HB", data, place + 2)
    fields = [(data[place + 5 + 3 * n], data[place + 6 + 3 * n]) for n in range(count)]
    place += 5 + 3 * count
    if more:
        fields += [(-1, data[place + 2 + 3 * n]) for n in range(data[place])]
        place += 1 + 3 * data[place]
    return (order, number, fields), place
