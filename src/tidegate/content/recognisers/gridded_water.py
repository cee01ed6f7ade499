"""Data sets of water level, discharge and tide in NetCDF and HDF5, and fields of waves and water in GRIB."""

from __future__ import annotations

from collections.abc import Iterator

from tidegate.content.document import Metadata
from tidegate.content.recognisers import _arrays, _standard_names
from tidegate.content.units import Found, recogniser

_FIELDS = frozenset({"waves", "sea level", "hydrology", "inland water"})


@recogniser(
    data_class="hydrological",
    source="CF Standard Name Table; WMO-No. 306, GRIB code table 4.2, disciplines 1 and 10",
    sees=(Metadata,),
    about=("gridded", "weather"),
    hits=(
        Metadata("gridded", {"variables": ("time", "water_level"), "values": 8_760}),
        Metadata("gridded", {"standard": ("water_volume_transport_in_river_channel",), "values": 90}),
        Metadata("weather", {"format": "grib", "variables": ("waves",), "records": 1}),
    ),
    misses=(
        Metadata("gridded", {"standard": ("air_temperature",), "values": 9}),  # weather
        Metadata("gridded", {"variables": ("discharge_date", "patient"), "values": 9}),  # a ward's register
    ),
)
def gridded_water(part: Metadata) -> Iterator[Found]:
    """By a standard name of water level, river, tide or discharge."""
    if part.about == "gridded":
        _, water = _standard_names.told(part)
        if water:
            yield from _arrays.found(part, count=1, where="variables", variables=water)
        return
    if fields := _FIELDS.intersection(part.words("variables")):
        yield from _arrays.found(part, count=part.number("records"), where="fields", variables=tuple(sorted(fields)))
