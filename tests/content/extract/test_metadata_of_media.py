"""Where pictures and films were made, as cameras, telephones and makers of maps write it into them."""

from __future__ import annotations

import struct

import pytest

from tests.content.seeing import format_id, parts
from tidegate.content.document import Metadata, Positions

_BYTES = {2: 1, 3: 2, 4: 4, 5: 8, 12: 8}  # of a value, by its type: text, short, long, fraction, double


def _value(kind: int, values: object) -> tuple[int, bytes]:
    if isinstance(values, bytes):
        return len(values), values
    assert isinstance(values, tuple)
    code = {3: "H", 4: "I", 5: "I", 12: "d"}[kind]
    return len(values) // (2 if kind == 5 else 1), struct.pack(f"<{len(values)}{code}", *values)


def directory(place: int, tags: dict[int, tuple[int, object]], following: int = 0) -> bytes:
    """A directory of a TIFF at a place, with its longer values behind it."""
    entries, values = b"", b""
    behind = place + 2 + 12 * len(tags) + 4
    for tag, (kind, said) in sorted(tags.items()):
        count, data = _value(kind, said)
        if len(data) > 4:
            data, values = struct.pack("<I", behind + len(values)), values + data + bytes(len(data) % 2)
        entries += struct.pack("<HHI", tag, kind, count) + data.ljust(4, b"\0")
    return struct.pack("<H", len(tags)) + entries + struct.pack("<I", following) + values


def tiff(tags: dict[int, tuple[int, object]], gps: dict[int, tuple[int, object]] | None = None) -> bytes:
    first = directory(8, {**tags, **({0x8825: (4, (0,))} if gps else {})})
    place = 8 + len(first)
    if gps:
        first = directory(8, {**tags, 0x8825: (4, (place,))})
    return b"II*\0" + struct.pack("<I", 8) + first + (directory(place, gps) if gps else b"")


def gps(north: bytes = b"N\0", degrees: tuple[int, ...] = (46, 1, 30, 1, 54, 1)) -> dict[int, tuple[int, object]]:
    return {1: (2, north), 2: (5, degrees), 3: (2, b"E\0"), 4: (5, (13, 1, 51, 1, 36, 1))}


def placed(content: bytes) -> list[Positions]:
    return [part for part in parts(content) if isinstance(part, Positions)]


def test_where_a_photograph_was_taken() -> None:
    (place,) = placed(tiff({0x010F: (2, b"NIKON\0")}, gps()))
    assert (place.lat[0], place.lon[0]) == pytest.approx((46.515, 13.86))
    (south,) = placed(tiff({}, gps(b"S\0")))
    assert south.lat[0] == pytest.approx(-46.515)


@pytest.mark.parametrize("degrees", [(46, 0, 30, 1, 54, 1), (146, 1, 0, 1, 0, 1)])
def test_a_place_that_is_none_is_passed_over(degrees: tuple[int, ...]) -> None:
    assert placed(tiff({}, gps(degrees=degrees))) == []


@pytest.mark.parametrize("form", ['exif:GPS{}="{}"', "<exif:GPS{0}>{1}</exif:GPS{0}>"])
def test_where_it_stands_in_xmp(form: str) -> None:
    inside = form.format("Latitude", "46,30.9072N") + " " + form.format("Longitude", "13,51.6078W")
    content = b"\xff\xd8\xff\xe1" + f"http://ns.adobe.com/xap/1.0/ {inside}".encode() + b"\xff\xd9"
    (place,) = placed(content)
    assert (place.lat[0], place.lon[0]) == pytest.approx((46.51512, -13.86013))
    assert placed(content.replace(b"Longitude", b"Altitudes")) == []  # half a place


SIZE = {0x100: (3, (100,)), 0x101: (3, (50,))}
KEYS = (1, 1, 0, 1, 3072, 0, 1, 32633)


@pytest.mark.parametrize(
    "tags",
    [
        {0x830E: (12, (10.0, 10.0, 0.0)), 0x8482: (12, (0.0, 0.0, 0.0, 500_000.0, 5_150_000.0, 0.0))},
        {0x85D8: (12, (10.0, 0.0, 0.0, 500_000.0, 0.0, -10.0, 0.0, 5_150_000.0, *(0.0,) * 8))},
    ],
)
def test_what_a_map_covers(tags: dict[int, tuple[int, object]]) -> None:
    content = tiff({**SIZE, **tags, 0x87AF: (3, KEYS)})
    (place,) = placed(content)
    assert (place.total, place.crs, place.precision_m) == (5_000, "EPSG:32633", 10.0)
    assert (place.lat[0], place.lon[0]) == pytest.approx((46.5035, 15.0), abs=1e-3)
    (said,) = (part.values for part in parts(content) if isinstance(part, Metadata) and part.about == "georeference")
    assert said == {"crs": "EPSG:32633", "pixel": 10.0}


def test_points_that_tie_a_map_to_the_earth() -> None:
    ties = (0.0, 0.0, 0.0, 13.8, 46.5, 0.0, 9.0, 9.0, 0.0, 13.9, 46.4, 0.0)
    (place,) = placed(tiff({**SIZE, 0x8482: (12, ties)}))
    assert (place.lon, place.lat) == ([13.8, 13.9], [46.5, 46.4])
    assert placed(tiff({**SIZE, 0x8482: (12, ties[:6])})) == []  # one alone ties nothing


FILM = b"\0\0\0\x18ftypmp42" + bytes(12)


@pytest.mark.parametrize("mark", [b"\xa9xyz\0\x12\x15\xc7", b"com.apple.quicktime.location.ISO6709" + bytes(40)])
@pytest.mark.parametrize("between", [0, 3 << 20])
def test_where_a_film_was_made(mark: bytes, between: int) -> None:
    (place,) = placed(FILM + bytes(between) + mark + b"+46.5151+013.8601/")
    assert (place.lat, place.lon) == ([46.5151], [13.8601])


def test_numbers_in_a_film_are_no_place() -> None:
    assert format_id(FILM) == "mp4"
    assert placed(FILM + b"+46.5151+013.8601/") == []  # nothing says what they are
    assert placed(FILM + b"\xa9xyz" + bytes(500) + b"+46.5151+013.8601/") == []  # too far from what does
