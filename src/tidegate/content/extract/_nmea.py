"""Sentences of NMEA 0183 and AIS (ITU-R M.1371): fixes of a receiver, positions of ships."""

from __future__ import annotations

import re
from collections.abc import Iterator

SENTENCE = re.compile(rb"\$[A-Z]{2}(GGA|RMC|GLL|GNS|GSV|GSA|VTG|ZDA|TXT|GST|BWC|DPT|HDT),([\x20-\x7e]{3,120})")
SHIPS = re.compile(rb"!(?:AI|BS|AB)VD[MO],(\d),(\d),\d?,[AB12]?,([0-W`-w]{6,64}),\d(?:\*[0-9A-F]{2})?")

_PLACE = {b"GGA": (1, 5), b"RMC": (2, 1), b"GLL": (0, 5), b"GNS": (1, 5)}
"""Where latitude begins in a sentence, and where it says whether the fix holds."""

_SHIP_FIELDS = {**dict.fromkeys((1, 2, 3), (61, 28, 27)), **dict.fromkeys((4, 11), (79, 28, 27)),
                **dict.fromkeys((18, 19), (57, 28, 27)), 9: (61, 28, 27), 21: (164, 28, 27),
                27: (44, 18, 17)}  # fmt: skip
"""First bit of the longitude, and the bits of both, by message type."""

Fix = tuple[float, float, float]
"""Latitude, longitude, precision in metres."""


def fixes(data: bytes) -> Iterator[Fix]:
    """Fixes that the receiver says hold."""
    for found in SENTENCE.finditer(data):
        place = _PLACE.get(found[1])
        if place is None:
            continue
        cells = found[2].partition(b"*")[0].split(b",")
        start, status = place
        if len(cells) > max(status, start + 3) and cells[status] not in {b"", b"0", b"V", b"N", b"NN", b"NNN"}:
            lat = _degrees(cells[start], cells[start + 1], 2)
            lon = _degrees(cells[start + 2], cells[start + 3], 3)
            if lat is not None and lon is not None and abs(lat) <= 90 and abs(lon) <= 180:
                digits = len(cells[start].partition(b".")[2])
                yield lat, lon, float(f"{1852 / 10**digits:.2g}")


def _degrees(cell: bytes, side: bytes, whole: int) -> float | None:
    try:
        value = int(cell[:whole]) + float(cell[whole:]) / 60
    except ValueError:
        return None
    return -value if side in {b"S", b"W"} else value


def ships(data: bytes) -> Iterator[Fix]:
    """Positions that ships, aids and stations report of themselves."""
    for found in SHIPS.finditer(data):
        if found[2] != b"1":  # where they stand, they stand in the first part
            continue
        bits = 0
        for byte in found[3]:
            bits = bits << 6 | (byte - 48 - (8 if byte > 87 else 0))
        size = len(found[3]) * 6
        fields = _SHIP_FIELDS.get(bits >> (size - 6))
        if fields is None or size < fields[0] + fields[1] + fields[2]:
            continue
        at, wide, narrow = fields
        unit = 600_000.0 if wide == 28 else 600.0
        lon = _signed(bits >> (size - at - wide), wide) / unit
        lat = _signed(bits >> (size - at - wide - narrow), narrow) / unit
        if abs(lat) <= 90 and abs(lon) <= 180:
            yield lat, lon, 1852 * 60 / unit


def _signed(value: int, bits: int) -> int:
    value &= (1 << bits) - 1
    return value - (1 << bits) if value >> (bits - 1) else value
