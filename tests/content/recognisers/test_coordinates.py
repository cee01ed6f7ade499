"""Coordinates as people write them: which columns, which notation, how precise."""

from __future__ import annotations

import math

import pytest

from tests.content.seeing import seen
from tidegate.content.recognisers import _mgrs
from tidegate.content.recognisers._coordinates import axis, columns, datum, degrees, joined
from tidegate.content.recognisers.coordinate_text import COORDINATE_TEXT


@pytest.mark.parametrize(
    ("header", "found"),
    [
        ("Latitude", "lat"),
        ("decimalLatitude", "lat"),
        ("DECIMAL_LATITUDE", "lat"),
        ("stop_lon", "lon"),
        ("纬度", "lat"),
        ("经度(E)", "lon"),
        ("GPS Latitude", "lat"),
        ("location-long", "lon"),
        ("UTM Easting", "easting"),
        ("WKT", "both"),
        ("verbatim latitude error", None),  # about a latitude
        ("coordinateUncertaintyInMeters", None),
        ("platform", None),  # has `lat` in it
        ("belongs to", None),
    ],
)
def test_axis(header: str, found: str | None) -> None:
    assert axis(header) == found


def test_the_first_of_several_columns_counts() -> None:
    place = columns(["id", "lat", "lon", "latitude", "longitude"])
    assert place is not None
    assert (place.first, place.second, place.kind) == (1, 2, "degrees")
    assert columns(["id", "lat"]) is None


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("46.51512", 46.51512),
        ("-46.5", -46.5),
        ("46.5 S", -46.5),
        ("W46.5°", -46.5),
        ("46°30'54.4\"N", 46.515111),
        ("46 30 54 S", -46.515),
        ("46°30.9'", 46.515),
        ("东经103°52′10″", 103.869444),
        ("n/a", math.nan),
        ("9" * 100, 1e100),  # off the Earth, where it is left out
    ],
)
def test_degrees(cell: str, value: float) -> None:
    if math.isnan(value):
        assert math.isnan(degrees(cell))
    else:
        assert degrees(cell) == pytest.approx(value, rel=1e-6)


@pytest.mark.parametrize(
    ("cell", "point"),
    [
        ("46.5, 13.8", (46.5, 13.8)),
        ("POINT (13.8 46.5)", (46.5, 13.8)),
        ("103.8 46.5", (46.5, 103.8)),  # no latitude is above 90
        ("12 13", None),  # whole numbers are anything
    ],
)
def test_joined(cell: str, point: tuple[float, float] | None) -> None:
    assert joined(cell) == point


@pytest.mark.parametrize(
    ("reference", "lat", "lon"),
    [
        ("33UXP0500444998", 48.24949, 16.41450),  # Vienna
        ("4QFJ1234567890", 21.40976, -157.91608),  # Honolulu
        ("31NAA6602110000", 0.09035, 0.0),  # south-west corner of a square on the equator
    ],
)
def test_grid_references(reference: str, lat: float, lon: float) -> None:
    found = _mgrs.degrees(reference)
    assert found is not None
    assert found == pytest.approx((lat, lon), abs=5e-4)


def test_datum() -> None:
    assert datum(["gcj02_lng", "gcj02_lat"]) == "GCJ-02"
    assert datum(["经度(CGCS2000)", "纬度"]) == "CGCS2000"
    assert datum(["lat", "lon"]) == "WGS-84"
    tally = seen("gcj02_lng,gcj02_lat\n103.51512,33.86013\n103.52,33.87\n").tallies["coordinate_columns"]
    assert tally.facts["datum"] == ("GCJ-02",)


@pytest.mark.parametrize(
    ("text", "lat", "lon", "precision"),
    [
        ("46°30'54.4\"N, 13°51'36.5\"E", 46.515111, 13.860139, 3.1),
        ("N 46° 30.912' E 13° 51.608'", 46.5152, 13.860133, 1.9),
        ("北纬33°12′24″，东经103°52′10″", 33.206667, 103.869444, 31.0),
        ("东经103.86°，北纬33.2°", 33.2, 103.86, 1100.0),
        ("513018N 0002640W", 51.505, -0.444444, 31.0),
        ("33TVM1234567890", 46.65893, 13.8543, 1.0),
    ],
)
def test_places_in_text(text: str, lat: float, lon: float, precision: float) -> None:
    found = seen(f"at {text} today", *(unit.id for unit in COORDINATE_TEXT))
    (tally,) = found.tallies.values()
    ((y, x),) = tally.places
    assert (y, x) == pytest.approx((lat, lon), abs=2e-3)
    assert tally.precision_m == pytest.approx(precision, rel=0.05)
