"""The organisation's own zones, from `zones.geojson` of its context: which points lie in which.

Each feature is a Polygon or MultiPolygon in WGS-84 with `kind` (such as `core`, `buffer`, `line`) and `name` among its
properties.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tidegate.errors import ConfigError

if TYPE_CHECKING:
    import numpy as np

FILE_NAME = "zones.geojson"

Ring = list[tuple[float, float]]
"""Points of a closed line: longitude, latitude."""


@dataclass(frozen=True)
class Zone:
    """An area and what it is."""

    name: str
    kind: str
    rings: tuple[Ring, ...]  # outer ones and holes alike: a point inside an even number of them is outside


def load(folder: Path) -> tuple[Zone, ...]:
    """Zones of a context folder; none where it has no such file. Raises ConfigError where it is wrong."""
    file = folder / FILE_NAME
    if not file.exists():
        return ()
    try:
        features = list(json.loads(file.read_text("utf-8"))["features"])
    except (ValueError, KeyError, TypeError) as error:
        raise ConfigError(f"is no GeoJSON FeatureCollection: {error}", file=file) from error
    return tuple(_zone(feature, number, file) for number, feature in enumerate(features, 1))


def _zone(feature: object, number: int, file: Path) -> Zone:
    try:
        properties, geometry = feature["properties"] or {}, feature["geometry"]  # type: ignore[index]
        polygons = {"Polygon": [geometry["coordinates"]], "MultiPolygon": geometry["coordinates"]}[geometry["type"]]
        rings = tuple(_ring(ring) for polygon in polygons for ring in polygon)
        return Zone(str(properties.get("name") or f"zone {number}"), str(properties["kind"]), rings)
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise ConfigError(
            f"feature {number} needs a `kind` and a Polygon or MultiPolygon: {error!r}", file=file
        ) from error


def _ring(points: Sequence[Sequence[float]]) -> Ring:
    """A closed line, also of points the last of which is not the first again. Raises ValueError where it is none."""
    ring = [(float(p[0]), float(p[1])) for p in points]
    if len(ring) < 3:
        raise ValueError("a ring of fewer than three points")
    return ring if ring[0] == ring[-1] else [*ring, ring[0]]


def inside(zones: Sequence[Zone], lat: Sequence[float], lon: Sequence[float]) -> dict[str, int]:
    """How many points lie in zones of each kind."""
    if not zones or not len(lat):
        return {}
    import numpy as np

    y, x = np.asarray(lat, dtype=float), np.asarray(lon, dtype=float)
    found: dict[str, np.ndarray] = {}
    for zone in zones:
        hit = _in_zone(zone, y, x)
        found[zone.kind] = found[zone.kind] | hit if zone.kind in found else hit
    return {kind: int(hits.sum()) for kind, hits in found.items() if hits.any()}


def _in_zone(zone: Zone, y: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Even-odd rule: a ray from the point crosses the zone's lines an odd number of times."""
    import numpy as np

    odd = np.zeros(y.shape, dtype=bool)
    for ring in zone.rings:
        edge = np.asarray(ring)
        x1, y1, x2, y2 = edge[:-1, 0], edge[:-1, 1], edge[1:, 0], edge[1:, 1]
        for ax, ay, bx, by in zip(x1, y1, x2, y2, strict=True):
            if ay != by:
                odd ^= ((ay > y) != (by > y)) & (x < (bx - ax) * (y - ay) / (by - ay) + ax)
    return odd
