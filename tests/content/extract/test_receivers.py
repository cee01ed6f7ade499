"""Where each receiver says it is, and that it says nothing without a fix."""

from __future__ import annotations

import math
import struct
from collections.abc import Callable, Iterator
from functools import reduce
from operator import xor

import pytest

from tests.content.extract.test_gnss import ublox
from tidegate.content.extract import _receivers
from tidegate.content.extract._nmea import Fix

LAT, LON = 46.51512, 13.86013
E7 = struct.pack(">2i", round(LAT * 1e7), round(LON * 1e7))
RADIANS = math.radians(LAT), math.radians(LON)


def _centre() -> tuple[float, float, float]:
    """Metres from the Earth's centre, on the ellipsoid."""
    a, e2 = 6378137.0, 0.00669437999014
    n = a / math.sqrt(1 - e2 * math.sin(RADIANS[0]) ** 2)
    across = n * math.cos(RADIANS[0])
    return across * math.cos(RADIANS[1]), across * math.sin(RADIANS[1]), n * (1 - e2) * math.sin(RADIANS[0])


CENTRE = _centre()


def at(size: int, place: int, field: bytes, *others: tuple[int, int]) -> bytes:
    """A body of so many bytes with a field at a place, and single bytes at others."""
    body = bytearray(size)
    body[place : place + len(field)] = field
    for where, value in others:
        body[where] = value
    return bytes(body)


def sirf(body: bytes) -> bytes:
    return b"\xa0\xa2" + struct.pack(">H", len(body)) + body + struct.pack(">H", sum(body) & 0x7FFF)


def skytraq(body: bytes) -> bytes:
    return b"\xa0\xa1" + struct.pack(">H", len(body)) + body + bytes((reduce(xor, body),))


def trimble(kind: bytes, body: bytes) -> bytes:
    return b"\x10" + kind + body.replace(b"\x10", b"\x10\x10") + b"\x10\x03"


def motorola(body: bytes) -> bytes:
    return b"@@" + body + bytes((reduce(xor, body),)) + b"\r\n"


def garmin(body: bytes) -> bytes:
    whole = bytes((0x33, len(body))) + body
    return b"\x10" + whole[:2] + (body + bytes((-sum(whole) & 255,))).replace(b"\x10", b"\x10\x10") + b"\x10\x03"


def javad(body: bytes) -> bytes:
    return body + bytes((_receivers._turned(body),))


ARC = struct.pack(">2i", round(LAT * 3.6e6), round(LON * 3.6e6))
TURNS = struct.pack(">2i", round(LAT * 2**31 / 180), round(LON * 2**31 / 180))
METRES = tuple(map(round, CENTRE))
Read = Callable[[bytes], Iterator[Fix | None]]


@pytest.mark.parametrize(
    ("read", "frame"),
    [
        (_receivers.ublox, ublox(1, 2, at(28, 4, struct.pack("<2i", *struct.unpack(">2i", E7)[::-1])))),
        (_receivers.ublox, ublox(1, 6, at(52, 12, struct.pack("<3i", *(m * 100 for m in METRES)), (10, 3)))),
        (_receivers.sirf, sirf(at(91, 23, E7, (0, 41), (4, 4)))),
        (_receivers.sirf, sirf(at(41, 1, struct.pack(">3i", *METRES), (0, 2), (19, 4)))),
        (_receivers.skytraq, skytraq(at(59, 9, E7, (0, 0xA8), (1, 2)))),
        (_receivers.skytraq, skytraq(at(81, 13, struct.pack(">3d", *CENTRE), (0, 0xDF), (2, 3)))),
        (_receivers.trimble, trimble(b"\x4a", at(20, 0, struct.pack(">2f", *RADIANS)))),
        (_receivers.trimble, trimble(b"\x84", at(36, 0, struct.pack(">2d", *RADIANS)))),
        (_receivers.trimble, trimble(b"\x42", at(16, 0, struct.pack(">3f", *CENTRE)))),
        (_receivers.trimble, trimble(b"\x83", at(36, 0, struct.pack(">3d", *CENTRE)))),
        (_receivers.trimble, trimble(b"\x8f\x20", at(63, 11, TURNS))),
        (_receivers.trimble, trimble(b"\x8f\xac", at(67, 35, struct.pack(">2d", *RADIANS)))),
        (_receivers.motorola, motorola(at(72, 13, ARC, (0, ord("E")), (1, ord("a"))))),
        (_receivers.garmin, garmin(at(64, 26, struct.pack("<2d", *RADIANS), (16, 3)))),
        (_receivers.javad, javad(b"PO01E" + struct.pack("<3dfB", *CENTRE, 1.0, 1))),
    ],
)
def test_where_a_receiver_is(read: Read, frame: bytes) -> None:
    (fix,) = read(b"\xfe" + frame + b"\xfe")
    assert fix is not None
    assert fix[:2] == pytest.approx((LAT, LON), abs=1e-4)
    assert list(read(frame[:-4])) == []  # cut off


@pytest.mark.parametrize(
    ("read", "frame"),
    [
        (_receivers.ublox, ublox(1, 2, at(28, 4, E7, (22, 255)))),  # right to sixteen kilometres
        (_receivers.ublox, ublox(1, 6, at(52, 12, bytes(12), (10, 3)))),  # the centre of the Earth
        (_receivers.sirf, sirf(at(91, 23, E7, (0, 41)))),
        (_receivers.skytraq, skytraq(at(59, 9, E7, (0, 0xA8)))),
        (_receivers.trimble, trimble(b"\x4a", at(20, 0, struct.pack(">2f", 99.0, 1.0)))),
        (_receivers.trimble, trimble(b"\x84", bytes(36))),
        (_receivers.trimble, trimble(b"\x46", bytes(2))),  # a report of its state
        (_receivers.motorola, motorola(at(72, 13, bytes(8), (0, ord("E")), (1, ord("a"))))),
        (_receivers.motorola, motorola(b"Bb" + bytes(20))),  # satellites in view
        (_receivers.garmin, garmin(at(64, 26, struct.pack("<2d", *RADIANS)))),
        (_receivers.javad, javad(b"~~005" + bytes(4))),  # the time
    ],
)
def test_without_a_fix_it_is_nowhere(read: Read, frame: bytes) -> None:
    assert list(read(frame)) == [None]
