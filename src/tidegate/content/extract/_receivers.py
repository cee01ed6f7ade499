"""Binary protocols of satellite receivers: u-blox, SiRF, SkyTraq, Trimble, Motorola, Garmin; others by their frames.

Frames are found by their marks and held to their checksums, or where a protocol has none to the lengths that its
reports have, so that chance in other binary files finds none.
"""

from __future__ import annotations

import math
import re
import struct
from collections.abc import Callable, Iterator
from functools import reduce
from operator import xor

from tidegate.content.extract._nmea import Fix

_E7 = 1e-7  # degrees a unit, in which most receivers count
_NANO = 0.011  # metres that such a unit is


def ublox(data: bytes) -> Iterator[Fix | None]:
    """u-blox UBX (protocol 18 and later): NAV-PVT, NAV-POSLLH, NAV-SOL."""
    for start in _marks(data, b"\xb5\x62"):
        kind, id_, size = struct.unpack_from("<BBH", data, start + 2)
        body = data[start + 6 : start + 6 + size]
        if (
            size > 2048
            or len(body) < size
            or _fletcher(data[start + 2 : start + 6 + size]) != data[start + 6 + size : start + 8 + size]
        ):
            continue
        if (kind, id_) == (1, 7) and size >= 84 and body[20] in {2, 3, 4}:
            lon, lat = struct.unpack_from("<2i", body, 24)
            yield lat * _E7, lon * _E7, _NANO
        elif (kind, id_) == (1, 6) and size == 52 and body[10] in {2, 3}:
            x, y, z = struct.unpack_from("<3i", body, 12)
            yield _geodetic(x / 100, y / 100, z / 100)
        elif (kind, id_) == (1, 2) and size >= 28 and struct.unpack_from("<I", body, 20)[0] < 1_000_000:
            lon, lat = struct.unpack_from("<2i", body, 4)
            yield lat * _E7, lon * _E7, _NANO
        else:
            yield None


def sirf(data: bytes) -> Iterator[Fix | None]:
    """SiRF binary: messages 2 (from the Earth's centre) and 41 (geodetic)."""
    for body in _framed(data, b"\xa0\xa2", lambda b: sum(b) & 0x7FFF, 2):
        if body[0] == 2 and len(body) >= 41 and body[19] & 7:
            yield _geodetic(*struct.unpack_from(">3i", body, 1))
        elif body[0] == 41 and len(body) >= 31 and struct.unpack_from(">H", body, 3)[0] & 7:
            lat, lon = struct.unpack_from(">2i", body, 23)
            yield lat * _E7, lon * _E7, _NANO
        else:
            yield None


def skytraq(data: bytes) -> Iterator[Fix | None]:
    """SkyTraq binary: messages A8 (geodetic) and DF (from the Earth's centre)."""
    for body in _framed(data, b"\xa0\xa1", lambda b: reduce(xor, b), 1):
        if body[0] == 0xA8 and len(body) >= 17 and body[1]:
            lat, lon = struct.unpack_from(">2i", body, 9)
            yield lat * _E7, lon * _E7, _NANO
        elif body[0] == 0xDF and len(body) >= 38 and body[2]:
            yield _geodetic(*struct.unpack_from(">3d", body, 13))
        else:
            yield None


_TRIMBLE = re.compile(rb"\x10([\x41-\x84]|\x8f[\x20\xab\xac])((?:[^\x10]|\x10\x10){1,200}?)\x10\x03")
_REPORTS = {(b"\x41", 10), (b"\x42", 16), (b"\x43", 20), (b"\x46", 2), (b"\x4a", 20), (b"\x4b", 3), (b"\x54", 12),
            (b"\x55", 4), (b"\x56", 20), (b"\x5c", 24), (b"\x5d", 26), (b"\x82", 1), (b"\x83", 36), (b"\x84", 36),
            (b"\x8f\x20", 55), (b"\x8f\x20", 63), (b"\x8f\xab", 16), (b"\x8f\xac", 67)}  # fmt: skip
"""Trimble's reports, and how many bytes follow their numbers: the protocol has no checksum."""


def trimble(data: bytes) -> Iterator[Fix | None]:
    """Trimble TSIP: reports 4A and 84 (radians), 42 and 83 (from the Earth's centre), 8F-20 and 8F-AC."""
    for found in _TRIMBLE.finditer(data):
        kind, body = found[1], found[2].replace(b"\x10\x10", b"\x10")
        if (kind, len(body)) not in _REPORTS:
            continue
        if kind == b"\x4a":
            yield _radians(struct.unpack_from(">2f", body), 1.0)
        elif kind == b"\x84":
            yield _radians(struct.unpack_from(">2d", body), 0.01)
        elif kind in {b"\x42", b"\x83"}:
            yield _geodetic(*struct.unpack_from(">3d" if kind == b"\x83" else ">3f", body))
        elif kind == b"\x8f\xac":
            yield _radians(struct.unpack_from(">2d", body, 35), 0.01)
        elif kind == b"\x8f\x20":
            lat, lon = struct.unpack_from(">2i", body, 11)
            yield lat * 180 / 2**31, lon * 180 / 2**31, 0.01
        else:
            yield None


def motorola(data: bytes) -> Iterator[Fix | None]:
    """Motorola Oncore: messages Ba, Ea and Ha in thousandths of a second of arc."""
    for found in re.finditer(rb"@@[A-Z][a-z]", data):
        body = _ended(data[found.start() + 2 : found.start() + 300])
        if body is None:
            continue
        if body[:2] not in {b"Ba", b"Ea", b"Ha"} or len(body) < 21:
            yield None
            continue
        lat, lon = struct.unpack_from(">2i", body, 13)
        good = abs(lat) <= 324_000_000 and abs(lon) <= 648_000_000 and (lat or lon)
        yield (lat / 3.6e6, lon / 3.6e6, 0.03) if good else None


def _ended(data: bytes) -> bytes | None:
    """What stands before the first end of line that a right checksum stands before; None where there is none."""
    ends = (found.start() - 1 for found in re.finditer(rb"\r\n", data))
    return next((data[:end] for end in ends if reduce(xor, data[:end], 0) == data[end]), None)


_GARMIN = re.compile(rb"\x10([\x06\x33\x34\x72])([\x00-\xff])((?:[^\x10]|\x10\x10){1,255}?)\x10\x03")


def garmin(data: bytes) -> Iterator[Fix | None]:
    """Garmin binary: packet 33, position and velocity."""
    for found in _GARMIN.finditer(data):
        body = found[3].replace(b"\x10\x10", b"\x10")
        if len(body) != found[2][0] + 1 or sum((*found[1], *found[2], *body)) & 255:
            continue
        if found[1] == b"\x33" and len(body) >= 42 and struct.unpack_from("<H", body, 16)[0] >= 2:
            yield _radians(struct.unpack_from("<2d", body, 26), 0.01)
        else:
            yield None


def javad(data: bytes) -> Iterator[Fix | None]:
    """GREIS of Javad and Topcon: PO, metres from the Earth's centre; other messages by their names."""
    for found in re.finditer(rb"(?:PO|~~|RD|VE|GT|TO)(0[01][0-9A-F])", data):
        body = data[found.end() : found.end() + int(found[1], 16)]
        if not body or _turned(found[0] + body[:-1]) != body[-1]:
            continue
        yield _geodetic(*struct.unpack_from("<3d", body)) if found[0] == b"PO01E" and len(body) == 30 else None


def _turned(data: bytes) -> int:
    """The checksum of GREIS: turned left by two bits before each byte, and once more at the end."""
    value = 0
    for byte in (*data, 0):
        value = (value << 2 & 255 | value >> 6) ^ byte
    return value


_OTHERS = re.compile(
    rb"\x02\x99\x66|<!\x23\x7f|\xff\x81\x54\x04|\x01\x71\x8e|\xd3\x00[\x08-\xff]\x43|\xd3\x00[\x08-\xff][\xfe\x3e]"
    rb"|~~005|RD006|\xba\xce[\x08-\x80]\x00[\x01-\x06]"
)
_TRIMBLE_1 = re.compile(rb"\x10([\xa1-\xa3][\x00-\x30]\x00(?:[^\x10]|\x10\x10){1,300}?)\x10\x03")


def unread(data: bytes) -> int:
    """Frames of NavCom, iTalk, Zodiac, SuperStar, RTCM 3, CASIC and newer Trimble, whose positions are not read."""
    newer = (found[1].replace(b"\x10\x10", b"\x10") for found in _TRIMBLE_1.finditer(data))
    return len(_OTHERS.findall(data)) + sum(not reduce(xor, frame) for frame in newer)


PROTOCOLS: tuple[tuple[str, Callable[[bytes], Iterator[Fix | None]]], ...] = (
    ("ublox", ublox),
    ("sirf", sirf),
    ("skytraq", skytraq),
    ("trimble", trimble),
    ("motorola", motorola),
    ("garmin", garmin),
    ("javad", javad),
)


def _marks(data: bytes, mark: bytes) -> Iterator[int]:
    place = data.find(mark)
    while 0 <= place <= len(data) - 8:
        yield place
        place = data.find(mark, place + 2)


def _framed(data: bytes, mark: bytes, check: Callable[[bytes], int], width: int) -> Iterator[bytes]:
    """Bodies of frames: mark, length, body, checksum."""
    for start in _marks(data, mark):
        size = struct.unpack_from(">H", data, start + 2)[0]
        body = data[start + 4 : start + 4 + size]
        said = data[start + 4 + size : start + 4 + size + width]
        if 0 < size <= 1023 and len(body) == size and len(said) == width and check(body) == int.from_bytes(said, "big"):
            yield body


def _fletcher(data: bytes) -> bytes:
    one = two = 0
    for byte in data:
        one = one + byte & 255
        two = two + one & 255
    return bytes((one, two))


def _radians(pair: tuple[float, ...], precision: float) -> Fix | None:
    lat, lon = pair
    good = math.isfinite(lat) and math.isfinite(lon) and abs(lat) <= math.pi / 2 and abs(lon) <= 2 * math.pi
    return (math.degrees(lat), math.degrees(lon), precision) if good and (lat or lon) else None


def _geodetic(x: float, y: float, z: float) -> Fix | None:
    """From metres off the Earth's centre (Bowring 1976, WGS-84)."""
    a, b = 6378137.0, 6356752.3142
    across = math.hypot(x, y)
    if not 6.2e6 < math.hypot(across, z) < 6.5e6:
        return None
    theta = math.atan2(z * a, across * b)
    e2, ep2 = 1 - b * b / (a * a), a * a / (b * b) - 1
    lat = math.atan2(z + ep2 * b * math.sin(theta) ** 3, across - e2 * a * math.cos(theta) ** 3)
    return math.degrees(lat), math.degrees(math.atan2(y, x)), 1.0
