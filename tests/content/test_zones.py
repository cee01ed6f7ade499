from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tidegate.content import zones
from tidegate.content.zones import Zone
from tidegate.errors import ConfigError

SQUARE = [(0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (0.0, 10.0), (0.0, 0.0)]
HOLE = [(4.0, 4.0), (6.0, 4.0), (6.0, 6.0), (4.0, 6.0), (4.0, 4.0)]


def file(folder: Path, *features: Any) -> Path:
    (folder / "zones.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return folder


def feature(**properties: Any) -> dict[str, Any]:
    return {"properties": properties, "geometry": {"type": "Polygon", "coordinates": [SQUARE, HOLE]}}


def test_points_in_zones_and_in_their_holes() -> None:
    core = Zone("a", "core", (SQUARE, HOLE))
    found = zones.inside([core, Zone("b", "buffer", (SQUARE,))], [1.0, 5.0, 11.0], [1.0, 5.0, 1.0])
    assert found == {"core": 1, "buffer": 2}


def test_a_point_in_two_zones_of_a_kind_counts_once() -> None:
    assert zones.inside([Zone("a", "core", (SQUARE,)), Zone("b", "core", (SQUARE,))], [1.0], [1.0]) == {"core": 1}


def test_zones_are_read(tmp_path: Path) -> None:
    (zone,) = zones.load(file(tmp_path, feature(kind="core", name="Ridge")))
    assert (zone.name, zone.kind, len(zone.rings)) == ("Ridge", "core", 2)
    assert zones.load(tmp_path / "nothing") == ()


def test_a_zone_without_a_kind_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"zones.geojson: feature 2 needs a `kind`"):
        zones.load(file(tmp_path, feature(kind="core"), feature(name="Ridge")))


@pytest.mark.parametrize("ring", [[], [[1.0, 2.0]], [[1.0, 2.0], [3.0, 4.0]], [["a", "b"]] * 4, [[1.0]] * 4])
def test_a_ring_that_encloses_nothing_is_an_error(tmp_path: Path, ring: list[Any]) -> None:
    wrong = {"properties": {"kind": "core"}, "geometry": {"type": "Polygon", "coordinates": [ring]}}
    with pytest.raises(ConfigError, match=r"zones.geojson: feature 1 needs a `kind` and a Polygon"):
        zones.load(file(tmp_path, wrong))


def test_a_ring_that_was_left_open_is_closed(tmp_path: Path) -> None:
    closed = {"properties": {"kind": "core"}, "geometry": {"type": "Polygon", "coordinates": [SQUARE]}}
    left_open = {"properties": {"kind": "core"}, "geometry": {"type": "Polygon", "coordinates": [SQUARE[:-1]]}}
    assert zones.load(file(tmp_path, closed))[0].rings == zones.load(file(tmp_path, left_open))[0].rings


@pytest.mark.parametrize("text", ["[]", '{"features": 5}', '{"features": null}', "{"])
def test_what_is_no_geojson_is_an_error(tmp_path: Path, text: str) -> None:
    (tmp_path / "zones.geojson").write_text(text)
    with pytest.raises(ConfigError, match="no GeoJSON FeatureCollection"):
        zones.load(tmp_path)
