"""Receivers' logs: where they were, and that they say nothing where they knew nothing."""

from __future__ import annotations

import struct

import pytest

from tests.content.seeing import labelled, parts, seen
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


def test_chance_makes_no_receiver() -> None:
    import random

    noise = random.Random(4).randbytes(200_000)
    assert not [p for p in parts(noise) if isinstance(p, Metadata | Positions)]
