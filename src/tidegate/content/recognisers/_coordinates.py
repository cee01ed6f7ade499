"""Which columns of a table hold coordinates, in what notation, and the degrees in them."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from tidegate.content.document import Datum
from tidegate.content.recognisers import _mgrs

Axis = Literal["lat", "lon", "both", "easting", "northing"]

NAMES: dict[Axis, frozenset[str]] = {
    "lat": frozenset(
        [
            "lat",
            "latitude",
            "decimallatitude",
            "latitudedecimal",
            "latdd",
            "latwgs84",
            "wgs84lat",
            "ycoord",
            "gpslatitude",
            "gpslat",
            "latdeg",
            "latitudedeg",
            "latitudedegrees",
            "locationlatitude",
            "stoplat",
            "shapeptlat",
            "declatva",
            "deploymentlatitude",
            "decimallat",
            "纬度",
            "緯度",
            "北纬",
            "纬度n",
            "站点纬度",
            "breite",
            "breitengrad",
            "위도",
            "широта",
            "latitud",
            "latitudine",
        ]
    ),
    "lon": frozenset(
        [
            "lon",
            "lng",
            "long",
            "longitude",
            "decimallongitude",
            "longitudedecimal",
            "londd",
            "lonwgs84",
            "wgs84lon",
            "xcoord",
            "gpslongitude",
            "gpslon",
            "gpslong",
            "londeg",
            "longitudedeg",
            "longitudedegrees",
            "locationlongitude",
            "stoplon",
            "shapeptlon",
            "declongva",
            "decimallon",
            "deploymentlongitude",
            "经度",
            "經度",
            "东经",
            "经度e",
            "站点经度",
            "laenge",
            "länge",
            "laengengrad",
            "längengrad",
            "경도",
            "долгота",
            "longitud",
            "longitudine",
        ]
    ),
    "both": frozenset(
        [
            "coordinates",
            "coordinate",
            "latlon",
            "latlng",
            "lonlat",
            "position",
            "location",
            "geom",
            "geometry",
            "wkt",
            "wktgeometry",
            "geometrywkt",
            "thegeom",
            "footprintwkt",
            "gps",
            "gpsposition",
            "mgrs",
            "utm",
            "gridref",
            "坐标",
            "经纬度",
            "地理坐标",
            "位置坐标",
            "point",
        ]
    ),
    "easting": frozenset(
        ["easting", "east", "utmeasting", "utme", "utmx", "东坐标", "横坐标", "eastingm", "xutm", "rechtswert"]
    ),
    "northing": frozenset(
        ["northing", "north", "utmnorthing", "utmn", "utmy", "北坐标", "纵坐标", "northingm", "yutm", "hochwert"]
    ),
}
"""Headers, without case, spaces and signs: Darwin Core, GTFS, WMO, USGS, and what people write."""

_SPLIT = re.compile(r"[^0-9a-z\u00c0-\uffff]+")
_WORDS = {"lat": {"lat", "latitude", "纬度"}, "lon": {"lon", "lng", "long", "longitude", "经度"}}
_NOT = {"unit", "units", "uncertainty", "precision", "accuracy", "verbatim", "error", "datum", "long_name", "crs"}


_DATUMS: tuple[tuple[str, Datum], ...] = (
    ("gcj", "GCJ-02"),
    ("火星", "GCJ-02"),
    ("高德", "GCJ-02"),
    ("bd09", "BD-09"),
    ("百度", "BD-09"),
    ("cgcs", "CGCS2000"),
    ("2000国家", "CGCS2000"),
    ("国家2000", "CGCS2000"),
)
"""What headers say of the datum; who says nothing is taken to mean WGS-84, from which CGCS2000 is centimetres apart."""


def datum(header: Sequence[str]) -> Datum:
    """The datum that a table's header tells of."""
    text = " ".join(header).lower().replace("-", "").replace("_", "")
    return next((name for mark, name in _DATUMS if mark in text), "WGS-84")


@dataclass(frozen=True)
class Columns:
    """Where coordinates stand: two columns, or one (`second` is None)."""

    first: int
    second: int | None
    kind: Literal["degrees", "metres", "joined"]


def axis(header: str) -> Axis | None:
    """What a column of this header holds."""
    text = header.strip().lower()
    squeezed = _SPLIT.sub("", text)
    for name, words in NAMES.items():
        if squeezed in words:
            return name
    parts = set(filter(None, _SPLIT.split(re.sub(r"([a-z])([A-Z])", r"\1 \2", header).lower())))
    if parts & _NOT:
        return None
    if len(parts) > 4:
        return None
    return "lat" if parts & _WORDS["lat"] else "lon" if parts & _WORDS["lon"] else None


def columns(header: Sequence[str]) -> Columns | None:
    """The coordinates of a table by its header; the first of each axis where there are several."""
    found: dict[Axis, int] = {}
    for index, name in enumerate(header):
        if (kind := axis(name)) is not None:
            found.setdefault(kind, index)
    if "lat" in found and "lon" in found:
        return Columns(found["lat"], found["lon"], "degrees")
    if "easting" in found and "northing" in found:
        return Columns(found["northing"], found["easting"], "metres")
    return Columns(found["both"], None, "joined") if "both" in found else None


_DMS = re.compile(
    r"^\s*([NSEWnsew北南东西])?[纬经]?\s{0,2}(-?\d{1,3})\s{0,2}[°度:d ]\s{0,2}"
    r"(\d{1,2}(?:\.\d{1,8})?)\s{0,2}['′’分:m ]\s{0,2}"
    r"(?:(\d{1,2}(?:\.\d{1,8})?)\s{0,2}(?:\"|″|”|''|秒|s)?)?\s{0,2}([NSEWnsew北南东西])?\s*$"
)
_SIDE = {"S": -1, "W": -1, "南": -1, "西": -1}
_SIDED = re.compile(r"^\s*([NSEWnsew])?\s{0,2}(-?\d{1,3}(?:\.\d{1,15})?)\s{0,2}°?\s{0,2}([NSEWnsew])?\s*$")


def degrees(cell: str) -> float:
    """Degrees of a cell: decimal, with a letter for the side, or in minutes and seconds; NaN for anything else."""
    try:
        return float(cell)
    except ValueError:
        pass
    if len(cell) > 40:
        return math.nan
    if (sided := _SIDED.match(cell)) is not None:
        return float(sided[2]) * _SIDE.get((sided[1] or sided[3] or "").upper(), 1)
    if (dms := _DMS.match(cell)) is None:
        return math.nan
    whole = abs(float(dms[2])) + float(dms[3]) / 60 + float(dms[4] or 0) / 3600
    return whole * _SIDE.get((dms[1] or dms[5] or "").upper(), 1) * (-1 if dms[2].startswith("-") else 1)


_NUMBERS = re.compile(r"-?\d{1,3}\.\d{1,15}")


def joined(cell: str) -> tuple[float, float] | None:
    """Latitude and longitude of one cell: `46.5, 13.8`, `33TVM1234567890`, `POINT (13.8 46.5)` with its own order."""
    if (grid := _mgrs.degrees(cell)) is not None:
        return grid
    numbers = _NUMBERS.findall(cell[:200])
    if len(numbers) < 2:
        return None
    one, other = float(numbers[0]), float(numbers[1])
    swapped = cell.lstrip()[:12].upper().startswith(("POINT", "LINE", "POLY", "MULTI", "SRID")) or abs(one) > 90
    lat, lon = (other, one) if swapped else (one, other)
    return (lat, lon) if abs(lat) <= 90 and abs(lon) <= 180 else None
