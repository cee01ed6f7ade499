"""Fields told from the headers of their messages, in both editions; what is damaged is said so."""

from __future__ import annotations

import struct

from tests.content.seeing import format_id, parts, seen
from tidegate.content.document import Metadata


def _signed(value: int, width: int) -> bytes:
    return (abs(value) | (1 << (width * 8 - 1) if value < 0 else 0)).to_bytes(width, "big")


def edition_1(*, number: int = 11, south: int = 45_000, west: int = -10_000) -> bytes:
    """A field of 3 by 2 points, half a degree apart, of 18 October 2017, 12:00."""
    product = bytearray(28)
    product[:3], product[3], product[7], product[8] = (28).to_bytes(3, "big"), 2, 0x80, number
    product[12:17], product[24] = bytes((17, 10, 18, 12, 0)), 21
    corners = _signed(south, 3) + _signed(west, 3) + b"\x80" + _signed(south + 500, 3) + _signed(west + 1_000, 3)
    grid = (
        (32).to_bytes(3, "big") + bytes((0, 255, 0)) + struct.pack(">2H", 3, 2) + corners + struct.pack(">2H", 500, 500)
    )
    body = bytes(product) + grid.ljust(32, b"\0") + bytes(16)
    return b"GRIB" + (len(body) + 12).to_bytes(3, "big") + b"\x01" + body + b"7777"


def edition_2(*, discipline: int = 0, category: int = 0) -> bytes:
    """A field of 3 by 2 points, a degree apart, of 30 November 2023, 16:00."""
    identity = struct.pack(">IB2H2BB", 21, 1, 98, 0, 2, 1, 1) + struct.pack(">H5B", 2023, 11, 30, 16, 0, 0) + bytes(2)
    grid = bytearray(72)
    grid[:5], grid[6:10] = struct.pack(">IB", 72, 3), struct.pack(">I", 6)
    grid[46:54] = _signed(10_000_000, 4) + _signed(-5_000_000, 4)
    grid[55:71] = _signed(11_000_000, 4) + _signed(-3_000_000, 4) + struct.pack(">2I", 1_000_000, 1_000_000)
    product = struct.pack(">IB2H2B", 34, 4, 0, 0, category, 0).ljust(34, b"\0")
    body = identity + bytes(grid) + product
    return b"GRIB\0\0" + bytes((discipline, 2)) + struct.pack(">Q", len(body) + 20) + body + b"7777"


def said(content: bytes) -> Metadata:
    return next(part for part in parts(content) if isinstance(part, Metadata))


def test_edition_1_tells_variable_time_area_and_grid() -> None:
    values = said(edition_1() + edition_1(number=33)).values
    assert values["records"] == 2
    assert values["variables"] == ("temperature", "wind")
    assert (values["since"], values["resolution"]) == ("2017-10-18T12:00", "0.5 degrees")
    assert (values["south"], values["west"], values["north"], values["east"]) == (45.0, -10.0, 45.5, -9.0)


def test_edition_2_tells_variable_time_area_and_grid() -> None:
    values = said(edition_2(discipline=10)).values
    assert (values["variables"], values["since"], values["values"]) == (("waves",), "2023-11-30T16:00", 6)
    assert (values["south"], values["east"], values["resolution"]) == (10.0, -3.0, "1 degrees")


def test_a_message_behind_a_heading_is_found() -> None:
    heading = b"\x01\r\r\n001\r\r\nHTXA50 ECMF 181200\r\r\n"
    assert format_id(heading + edition_1()) == "grib"
    assert format_id(b"GRIB is a format, says the manual" + bytes(60)) != "grib"  # the word, and no edition


def test_a_field_that_is_cut_off_is_labelled_and_its_damage_said() -> None:
    found = seen(edition_1() + edition_1()[:60])
    assert "cut off" in (found.error or "")
    assert found.tallies["weather_messages"].count == 2


def test_waves_are_of_water_too() -> None:
    assert "gridded_water" in seen(edition_2(discipline=10)).tallies
    assert "gridded_water" not in seen(edition_2()).tallies  # temperature of air is not
