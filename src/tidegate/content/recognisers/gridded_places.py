"""Places of measurements in data sets that are of something else than weather and water."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tidegate.content.document import Metadata
from tidegate.content.recognisers import _arrays, _standard_names
from tidegate.content.units import Found, recogniser

_LAT = re.compile(r"(?:.*[/_])?lat(?:itude)?s?", re.IGNORECASE)
_LON = re.compile(r"(?:.*[/_])?(?:lon|lng|long|longitude)s?", re.IGNORECASE)


@recogniser(
    data_class="geographic",
    source="CF Metadata Conventions 1.11, chapter 4: latitude and longitude coordinates",
    sees=(Metadata,),
    about=("gridded",),
    hits=(
        Metadata("gridded", {"variables": ("GRID_LAT", "GRID_LON", "RADIANCE"), "values": 800}),
        Metadata(
            "gridded",
            {"variables": ("lat", "lon", "gravity"), "south": 46.1, "west": 13.2, "north": 46.2, "east": 13.3},
        ),
    ),
    misses=(
        Metadata("gridded", {"variables": ("latency", "long_name"), "values": 9}),  # words that begin so
        Metadata(
            "gridded", {"variables": ("lat", "lon", "t2m", "tp"), "values": 9}
        ),  # weather, which says where by nature
    ),
)
def gridded_places(part: Metadata) -> Iterator[Found]:
    """By variables of latitude and longitude."""
    weather, water = _standard_names.told(part)
    names = part.words("variables")
    if weather or water:
        return
    if any(_LAT.fullmatch(n) for n in names) and any(_LON.fullmatch(n) for n in names):
        yield from _arrays.found(part, count=1, where="variables", confidence=0.8)
