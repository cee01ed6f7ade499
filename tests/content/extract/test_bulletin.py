"""Weather bulletins: messages are found behind what stands before them, and read up to the damage."""

from __future__ import annotations

import pytest

from tests.content.extract.test_grib import edition_1, edition_2
from tests.content.seeing import format_id, parts, seen
from tidegate.content.document import Metadata
from tidegate.content.extract import _bulletin
from tidegate.content.recognisers.weather_messages import BUFR_4
from tidegate.content.source import from_bytes

BUFR = BUFR_4 + bytes(0x40 - len(BUFR_4) - 4) + b"7777"


@pytest.mark.parametrize(
    ("before", "place"),
    [
        (b"", 0),
        (b"\0\0\0\x40", 4),  # a record's length, as Fortran writes it
        (bytes(8), 8),
        (b"\x01\r\r\n001\r\r\nISMD02 LIIB 201200\r\r\n", 31),
        (b"ISMD02 LIIB 201200 RRA\r\r\n", 25),
        (b"the format is called ", None),
        (b"ISMD02 LIIB 2012\r\r\n", None),  # a heading without its minutes
        (b" " * 700 + b"ISMD02 LIIB 201200\n", None),  # too far from the start
    ],
)
def test_where_the_first_message_begins(before: bytes, place: int | None) -> None:
    assert _bulletin.first(before + b"BUFR", b"BUFR") == place


@pytest.mark.parametrize("message", [BUFR, edition_1(), edition_2()], ids=["bufr", "grib 1", "grib 2"])
def test_what_stands_before_the_damage_is_counted(message: bytes) -> None:
    between = b"\r\r\n\x03\x01\r\r\n002\r\r\nISMD03 LIIB 201200\r\r\n"
    assert seen(message + between + message).tallies["weather_messages"].count == 2
    for length in range(5, len(message), 7):
        found = seen(message + between + message[:length])
        assert found.error == "cut off or damaged within a message", length
        assert found.tallies["weather_messages"].count in {1, 2}, length


def test_what_stands_too_far_behind_is_no_more_of_them() -> None:
    found = seen(BUFR + bytes(5_000) + BUFR)
    assert (found.error, found.tallies["weather_messages"].count) == (None, 1)


def test_a_section_that_is_too_short_for_what_it_holds_is_damage() -> None:
    damaged = bytearray(edition_2())
    damaged[16:20] = (6).to_bytes(4, "big")
    found = seen(edition_2() + bytes(damaged))
    assert found.error == "cut off or damaged within a message"
    assert found.tallies["weather_messages"].count == 1


def test_a_length_beyond_all_files_is_damage() -> None:
    damaged = bytearray(edition_2())
    damaged[8:16] = b"\xff" * 8
    assert seen(bytes(damaged)).error == "cut off or damaged within a message"


@pytest.mark.parametrize(("edition", "known"), [(2, True), (3, True), (4, True), (1, False), (5, False)])
def test_editions_of_bufr(edition: int, known: bool) -> None:
    assert (format_id(BUFR[:7] + bytes((edition,)) + BUFR[8:]) == "bufr") is known


def test_reports_of_edition_3() -> None:
    section = (18).to_bytes(3, "big") + bytes((0, 0, 98, 0, 0, 2, 4, 13, 0, 22, 3, 21, 12, 30, 0))
    data = (10).to_bytes(3, "big") + b"\0" + (7).to_bytes(2, "big") + bytes(8)
    body = section + data + b"7777"
    message = b"BUFR" + (len(body) + 8).to_bytes(3, "big") + b"\x03" + body
    (said,) = (part.values for part in parts(from_bytes(message)) if isinstance(part, Metadata))
    assert said["variables"] == ("soundings",)
    assert (said["values"], said["since"]) == (7, "2022-03-21T12:30")
