"""Data sets of the atmosphere and the sea in NetCDF and HDF5."""

from __future__ import annotations

from collections.abc import Iterator

from tidegate.content.document import Metadata
from tidegate.content.recognisers import _arrays, _standard_names
from tidegate.content.units import Found, recogniser


@recogniser(
    data_class="meteorological",
    source="CF Metadata Conventions 1.11 and the CF Standard Name Table (cfconventions.org)",
    sees=(Metadata,),
    about=("gridded",),
    hits=(
        Metadata(
            "gridded", {"format": "netcdf", "variables": ("lat", "t"), "standard": ("air_temperature",), "values": 9}
        ),
        Metadata("gridded", {"variables": ("time", "t2m", "tp"), "units": ("K", "m"), "values": 99}),
    ),
    misses=(
        Metadata("gridded", {"variables": ("weights", "biases"), "values": 9_000}),  # a neural network
        Metadata("gridded", {"variables": ("temp",), "values": 100}),  # one temperature, of anything
        Metadata("gridded", {"standard": ("time", "projection_x_coordinate"), "values": 3}),  # axes without data
    ),
)
def gridded_weather(part: Metadata) -> Iterator[Found]:
    """By one standard name of the atmosphere, sea or land surface, or two of the names in common use."""
    weather, _ = _standard_names.told(part)
    if {*weather} & {*part.words("standard")} or len({*weather}) > 1:
        yield from _arrays.found(part, count=1, where="variables", variables=weather)
