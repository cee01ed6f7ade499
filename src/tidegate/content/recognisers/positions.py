"""Positions as such: tracks, waypoints, features, photographs, point clouds."""

from __future__ import annotations

from collections.abc import Iterator

from tidegate.content.document import Positions
from tidegate.content.units import Found, recogniser


@recogniser(
    data_class="geographic",
    source="ISO 6709:2022, standard representation of geographic point location by coordinates",
    sees=(Positions,),
    hits=(
        b'<gpx version="1.1"><wpt lat="46.51512" lon="13.86013"/></gpx>',
        b'{"type": "Point", "coordinates": [13.86013, 46.51512]}',
        Positions([46.51512], [13.86013], what="photo"),
    ),
    misses=(
        b'<gpx version="1.1"><metadata><name>Nowhere</name></metadata></gpx>',  # a track file without a point
        Positions([0.0, 0.0], [0.0, 0.0]),  # what a receiver without a fix writes
        b'{"type": "FeatureCollection", "features": []}',
    ),
)
def positions(part: Positions) -> Iterator[Found]:
    """Points that a file's format holds as points."""
    local = part.datum == "local"
    points = enumerate(zip(part.lat, part.lon, strict=True))
    somewhere = [i for i, (y, x) in points if (y or x) and (local or (abs(y) <= 90 and abs(x) <= 360))]
    if not somewhere:
        return
    y, x = part.lat[somewhere[0]], part.lon[somewhere[0]]
    yield Found(
        count=part.total,
        confidence=0.97,
        value="" if part.total > 1 else f"{y}, {x}",
        positions=part,
        facts={"what": (part.what,)},
    )
