"""Receivers' logs: where they were, and that they say nothing where they knew nothing."""

from __future__ import annotations

import struct
from collections.abc import Callable
from functools import reduce
from operator import xor

import pytest

from tests.content.seeing import format_id, labelled, parts, seen
from tests.samples import sample
from tidegate.content.document import Metadata, Positions
from tidegate.content.extract import _nmea, _receivers


def placed(name: str) -> Positions:
    content = sample("content", "geographic", "gpsd", name).read_bytes()
    (found,) = [part for part in parts(content) if isinstance(part, Positions)]
    return found


@pytest.mark.parametrize(
    ("name", "lat", "lon"),  # as their headers tell: Warsaw, the Alps, Oregon and so on
    [
        ("garmin17n.log", 52.22, 21.01),
        ("bu303-climbing.log", 46.50, 7.57),
        ("skytraq-bin.log", 44.07, -121.31),
        ("oncore-binary.log", 57.71, 12.02),
        ("trimble-lassen_iq-3dfix.log", 53.54, -113.50),
        ("ublox-neo-m8n.log", -34.91, 138.61),
        ("garmin18x-bin.log", 29.45, -98.61),
    ],
)
def test_where_receivers_were(name: str, lat: float, lon: float) -> None:
    found = placed(name)
    for y, x in zip(found.lat, found.lon, strict=True):
        assert (y, x) == pytest.approx((lat, lon), abs=0.2)


@pytest.mark.parametrize("name", ["bu303-nofix", "bu303b-nofix", "pypilot", "skytraq", "skytraq-err", "tn200"])
def test_a_receiver_without_a_fix_says_nothing(name: str) -> None:
    found = seen(sample("content", "none", "gpsd", f"{name}.log").read_bytes(), "positions", "georeference")
    assert labelled(found) == set()


def test_nmea() -> None:
    data = b"$GPGGA,092750.000,5321.6802,N,00630.3372,W,1,8,1.03,61.7,M,55.2,M,,*76\r\n"
    (fix,) = _nmea.fixes(data)
    assert fix == pytest.approx((53.361337, -6.505620, 0.19))
    assert list(_nmea.fixes(data.replace(b"W,1,", b"W,0,"))) == []  # no fix
    assert list(_nmea.fixes(b"$GPRMC,1,V,5321.6,N,00630.3,W,,*00\n")) == []  # a warning


@pytest.mark.parametrize("odd", [b"9921.6802,N", b"53nan,N", b"53inf,S", b",N", b"5x21.6802,N"])
def test_what_is_nowhere_on_earth_is_no_fix(odd: bytes) -> None:
    data = b"$GPGGA,092750.000,5321.6802,N,00630.3372,W,1,8,1.03,61.7,M,55.2,M,,*76\r\n"
    assert list(_nmea.fixes(data.replace(b"5321.6802,N", odd))) == []


def test_ships() -> None:
    # The example of ITU-R M.1371's commentary: a ship at anchor off Seattle.
    ((lat, lon, _),) = _nmea.ships(b"!AIVDM,1,1,,B,15M67FC000G?ufbE`FepT@3n00Sa,0*5C\n")
    assert (lat, lon) == pytest.approx((37.80212, -122.341618), abs=1e-4)


def ublox(kind: int, id_: int, body: bytes) -> bytes:
    frame = struct.pack("<BBH", kind, id_, len(body)) + body
    return b"\xb5\x62" + frame + _receivers._fletcher(frame)


def test_ublox() -> None:
    body = bytearray(92)
    body[20] = 3
    struct.pack_into("<2i", body, 24, 138_601_300, 465_151_200)
    frame = ublox(1, 7, bytes(body))
    (fix,) = _receivers.ublox(frame)
    assert fix == pytest.approx((46.51512, 13.86013, 0.011))
    body[20] = 0  # no fix
    assert list(_receivers.ublox(ublox(1, 7, bytes(body)))) == [None]
    assert list(_receivers.ublox(frame[:-1] + b"\0")) == []  # the checksum is wrong


def sirf() -> bytes:
    body = b"\x29" + bytes(90)
    return b"\xa0\xa2" + struct.pack(">H", len(body)) + body + struct.pack(">H", sum(body) & 0x7FFF) + b"\xb0\xb3"


def skytraq() -> bytes:
    body = b"\xa8" + bytes(range(58))
    return b"\xa0\xa1" + struct.pack(">H", len(body)) + body + bytes((reduce(xor, body),)) + b"\r\n"


def trimble() -> bytes:
    return b"\x10\x4a" + struct.pack(">5f", 0.8, 0.2, 500.0, 0.0, 0.0).replace(b"\x10", b"\x10\x10") + b"\x10\x03"


def newer_trimble() -> bytes:
    body = b"\xa2\x00\x00\x05\x02" + bytes(range(17, 22))
    return b"\x10" + body + bytes((reduce(xor, body),)) + b"\x10\x03"


def motorola() -> bytes:
    body = b"Ea" + bytes(11) + struct.pack(">2i", 167_454_432, 49_896_468) + bytes(20)
    return b"@@" + body + bytes((reduce(xor, body),)) + b"\r\n"


def garmin() -> bytes:
    body = b"\x33\x40" + bytes(64)
    return b"\x10" + body + bytes((-sum(body) & 255,)) + b"\x10\x03"


def javad() -> bytes:
    body = b"PO01E" + struct.pack("<3dfB", 4_270_000.0, 1_050_000.0, 4_600_000.0, 1.0, 1)
    return body + bytes((_receivers._turned(body),))


def position() -> bytes:
    return ublox(1, 7, bytes(92))


@pytest.mark.parametrize("frame", [position, sirf, skytraq, trimble, newer_trimble, motorola, garmin, javad])
def test_three_whole_frames_make_a_receivers_log(frame: Callable[[], bytes]) -> None:
    whole, binary = frame(), b"\xfe\xfe\x00\x01" * 40
    assert format_id(binary + whole * 3) == "gnss"
    assert format_id(binary + whole * 2) != "gnss"  # chance has two
    damaged = whole[:6] + bytes((whole[6] ^ 1,)) + whole[7:] if frame is not trimble else whole[:6] + whole[7:]
    assert format_id(binary + damaged * 3) != "gnss"  # their marks alone


@pytest.mark.parametrize(
    "mark", [b"\x10\x41ab\x10\x03", b"\x10\x8f\x20ab\x10\x03", b"@@Ba", b"PO01E", b"\x10\x33\x01a\x10\x03"]
)
def test_a_picture_in_which_marks_stand_is_no_receivers_log(mark: bytes) -> None:
    assert format_id(b"GIF89aX\x02\xb4\x01\xf7\x00\x00" + (bytes(range(128, 256)) + mark) * 9) == "gif"


def test_chance_makes_no_receiver() -> None:
    import random

    noise = random.Random(4).randbytes(200_000)
    assert not [p for p in parts(noise) if isinstance(p, Metadata | Positions)]
