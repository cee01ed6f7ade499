"""Tracks of gliders and watches: every fix is read up to the damage, and the damage said."""

from __future__ import annotations

import struct

import pytest

from tests.content.seeing import format_id, parts, seen
from tidegate.content.document import Positions

IGC = "AXXX001\nHFDTE010124\n" + "B1101355206343N00006198WA0058700558\n" * 3
UNIT = 2**31 / 180


def record(lat: float, lon: float) -> bytes:
    return b"\0" + struct.pack("<2i", round(lat * UNIT), round(lon * UNIT))


def fit(*messages: bytes, size: int | None = None) -> bytes:
    """A file of a device whose messages 0 are positions."""
    body = b"\x40\0\0" + struct.pack("<HB", 20, 2) + bytes((0, 4, 0x85, 1, 4, 0x85)) + b"".join(messages)
    length = len(body) if size is None else size
    return bytes((14, 16)) + struct.pack("<HI", 2100, length) + b".FIT" + bytes(2) + body + bytes(2)


def points(content: bytes) -> list[tuple[float, float]]:
    found = [part for part in parts(content) if isinstance(part, Positions)]
    return [point for part in found for point in zip(part.lat, part.lon, strict=True)]


def test_fixes_of_a_watch() -> None:
    content = fit(record(46.5, 13.8), record(-33.9, 151.2), struct.pack("<b2i", 0, 0x7FFFFFFF, 0x7FFFFFFF))
    assert format_id(content) == "fit"
    assert points(content) == [pytest.approx((46.5, 13.8)), pytest.approx((-33.9, 151.2))]  # and one without a fix


def test_what_a_device_could_not_finish_is_read() -> None:
    assert len(points(fit(record(46.5, 13.8), size=0))) == 1


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (fit(record(46.5, 13.8), record(46.6, 13.9))[:-5], "cut off"),
        (fit(record(46.5, 13.8), b"\x40\0\0", size=40), "cut off within a definition"),
        (fit(record(46.5, 13.8), b"\x03abc"), "damaged: a message without its definition"),
    ],
)
def test_what_stands_before_the_damage_is_kept(content: bytes, why: str) -> None:
    found = seen(content, "positions")
    assert (found.error, found.tallies["positions"].count) == (why, 1)


def test_fixes_of_a_glider() -> None:
    assert points(IGC.encode()) == [pytest.approx((52.105717, -0.1033), abs=1e-4)] * 3
    assert format_id(IGC.replace("N0", "X0").encode()) == "text"  # neither north nor south
