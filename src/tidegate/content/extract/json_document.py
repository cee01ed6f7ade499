"""JSON, GeoJSON and JSON Lines: text, records as tables, geometries as positions."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tidegate.content.document import Metadata, Parts, Positions, blocks, tables
from tidegate.content.source import Source
from tidegate.content.units import extractor
from tidegate.errors import InputError

_MOST = 128 << 20  # bytes of one document: it lies in memory, some five times as large
_WAITING = 20_000  # objects and points of lines that are kept until they are handed on
_DEEP = 60  # levels looked into
_TABLES = 200  # paths at which objects are taken for records
_FARTHEST = 1e9  # in whatever unit: beyond are numbers that cannot be places, or are none
_GEOMETRIES = frozenset(
    {"Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon", "GeometryCollection"}
)
_GEOJSON = _GEOMETRIES | {"Feature", "FeatureCollection"}


def _kind(source: Source) -> str | None:
    start = source.text.lstrip()
    if not start.startswith(("{", "[")):
        return None
    if source.size <= len(source.head):
        try:
            json.loads(source.text)
        except (ValueError, RecursionError):
            return "jsonl" if _lines(source) else None
        return "geojson" if _geojson(start) else "json"
    rest = start[1:].lstrip()
    if not (rest.startswith(('"', "{", "[", "}", "]")) or rest[:1].isdigit()):
        return None
    return "jsonl" if _lines(source) else "geojson" if _geojson(start) else "json"


def _lines(source: Source) -> bool:
    """Whether each line is a document of its own."""
    lines = [line for line in source.lines[:3] if line.strip()]
    try:
        return len(lines) > 1 and all(isinstance(json.loads(line), dict | list) for line in lines[:2])
    except (ValueError, RecursionError):
        return False


def _geojson(start: str) -> bool:
    return start.startswith("{") and any(f'"{name}"' in start[:20_000] for name in _GEOJSON) and '"type"' in start


@extractor(formats=("json", "geojson", "jsonl"), rank=40, sniff=_kind)
def json_document(source: Source) -> Parts:
    """The text as it stands, objects at the same place as the rows of a table, points of GeoJSON, all keys."""
    yield from blocks(source.pieces())
    found, wrong = _Records(), list[str]()
    if _kind(source) == "jsonl":
        for number, line in enumerate(source.rows(), 1):
            if line.strip():
                try:
                    found.walk(json.loads(line), "$", 0)
                except (ValueError, RecursionError) as error:
                    wrong.append(f"line {number:,} is no JSON: {error}" if not wrong else "")
            if found.size > _WAITING:
                yield from found.parts()
    else:
        try:
            document = json.loads(source.read(_MOST).decode(source.encoding or "utf-8", "replace").lstrip("\ufeff"))
        except (ValueError, RecursionError) as error:
            raise InputError(f"no JSON throughout: {error}", file=source.name) from error
        found.walk(document, "$", 0)
    yield from found.parts()
    yield Metadata("json", {"keys": tuple(found.keys)})
    if wrong:
        raise InputError(wrong[0] + (f", and so are {len(wrong) - 1:,} more" if wrong[1:] else ""), file=source.name)


@dataclass
class _Records:
    """Objects by place, points by place, names of keys."""

    rows: defaultdict[str, list[dict[str, str]]] = field(default_factory=lambda: defaultdict(list))
    lat: list[float] = field(default_factory=list)
    lon: list[float] = field(default_factory=list)
    local: bool = False
    keys: dict[str, None] = field(default_factory=dict)
    size: int = 0

    def walk(self, value: Any, place: str, depth: int) -> None:
        """Look into a value at a place; lists do not make another place."""
        if depth > _DEEP:
            return
        if isinstance(value, list):
            for item in value:
                if isinstance(item, dict | list):
                    self.walk(item, place, depth + 1)
            return
        if not isinstance(value, dict):
            return
        if str(value.get("type")) in _GEOMETRIES and isinstance(value.get("coordinates"), list):
            self.points(value["coordinates"], 0)
            return
        self.row({key: _cell(item) for key, item in value.items() if not isinstance(item, dict)}, place)
        for key, item in value.items():
            if len(self.keys) < 1_000:
                self.keys.setdefault(str(key)[:100])
            self.walk(item, f"{place}.{key}" if len(place) < 200 else place, depth + 1)

    def row(self, row: dict[str, str], place: str) -> None:
        if row and (place in self.rows or len(self.rows) < _TABLES):
            self.rows[place].append(row)
            self.size += 1

    def points(self, coordinates: list[Any], depth: int) -> None:
        """Points of a geometry: longitude, latitude; what is off the Earth is on some site's own grid."""
        if len(coordinates) >= 2 and all(isinstance(c, int | float) and abs(c) < _FARTHEST for c in coordinates[:2]):
            self.size += 1
            self.lon.append(float(coordinates[0]))
            self.lat.append(float(coordinates[1]))
        elif depth < 6:
            for item in coordinates:
                if isinstance(item, list):
                    self.points(item, depth + 1)

    def parts(self) -> Parts:
        """What there is so far."""
        if self.lat:
            yield from self._positions()
        for place, rows in self.rows.items():
            header = tuple(dict.fromkeys(str(key) for row in rows for key in row))[:500]
            yield from tables(header, ([row.get(key, "") for key in header] for row in rows), where=place)
        self.rows.clear()
        self.size = 0

    def _positions(self) -> Iterator[Positions]:
        on_earth = sum(abs(y) <= 90 and abs(x) <= 360 for y, x in zip(self.lat, self.lon, strict=True))
        datum = "WGS-84" if on_earth * 2 > len(self.lat) else "local"
        for start in range(0, len(self.lat), 2_000):
            part = slice(start, start + 2_000)
            yield Positions(self.lat[part], self.lon[part], datum=datum, what="vertex")  # type: ignore[arg-type]
        self.lat, self.lon = [], []


def _cell(value: Any) -> str:
    if isinstance(value, list):
        return " ".join(str(v) for v in value[:20] if not isinstance(v, dict | list))
    return "" if value is None else str(value)
