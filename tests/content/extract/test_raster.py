"""Rasters by what their headers say of where they lie; words that begin as one does are text."""

from __future__ import annotations

import struct

import pytest

from tests.content.seeing import classes, format_id, parts
from tidegate.content.document import Positions, Text

GRID = "ncols 4\nnrows 3\nxllcorner 13.5\nyllcorner 46.25\ncellsize 0.25\nNODATA_value -9999\n" + "1 2 3 4\n" * 3


@pytest.mark.parametrize("grid", [GRID, GRID.upper(), GRID.replace("corner", "center")])
def test_an_esri_grid_says_where_it_lies(grid: str) -> None:
    assert format_id(grid.encode()) == "esri-grid"
    (place,) = (part for part in parts(grid.encode()) if isinstance(part, Positions))
    assert (place.lat, place.lon, place.total) == ([46.25, 47.0], [13.5, 14.5], 12)


@pytest.mark.parametrize(
    "text",
    [
        GRID.replace("cellsize 0.25\n", ""),  # without the size of its cells
        GRID.replace("0.25", "1.2.5"),  # no number
        'ncols and nrows are the first words of a grid\npassword = "tr0ub4dor&3"\n',
    ],
)
def test_what_only_begins_as_a_grid_is_read_as_text(text: str) -> None:
    assert "".join(part.text for part in parts(text.encode()) if isinstance(part, Text)) == text
    assert ("secret" in classes(text)) is ("password" in text)


def test_a_header_of_envi() -> None:
    head = "ENVI\nmap info = {UTM, 1.0, 1.0, 412000.0, 5151000.0, 10.0, 10.0, 33, North}\n"
    (place,) = (part for part in parts(head.encode()) if isinstance(part, Positions))
    assert (place.lon, place.lat, place.precision_m, place.datum) == ([412_000.0], [5_151_000.0], 10.0, "local")
    assert not [part for part in parts(b"ENVI\nmap info = {Arbitrary, a, b}\n") if isinstance(part, Positions)]


def test_heights_of_srtm_by_their_size_and_range() -> None:
    tile = struct.pack(">h", 1_200) * (1201 * 1201)
    assert format_id(tile) == "srtm-heights"
    assert format_id(tile[:-2]) != "srtm-heights"  # of another size
    assert format_id(struct.pack(">h", 12_000) * (1201 * 1201)) != "srtm-heights"  # higher than any mountain
