"""What CF standard names and their informal relatives are about: weather, water, or neither."""

from __future__ import annotations

import re

from tidegate.content.document import Metadata

# The CF standard name table (version 86) by its leading and distinguishing words; `sea_water` and `sea_surface` are
# what services of weather and sea give out together.
_WEATHER = re.compile(
    r"air_(?:temperature|pressure|density)|atmosphere_|(?:.*_)?(?:wind|precipitation|rainfall"
    r"|snowfall|humidity|cloud|dew_point)"
    r"(?:_.*)?|lwe_|surface_(?:air|downwelling|upwelling|snow)|toa_|air_pressure|geopotential"
    r"|eastward_|northward_|upward_"
    r"|mass_(?:fraction|concentration)_of|sea_(?:water|surface|ice)_|direction_of_sea_water|soil_|land_|snow|radiance"
    r"|brightness_temperature|solar_|barometric|visibility",
    re.IGNORECASE,
)
_INFORMAL = re.compile(
    r"(?:t2m|d2m|u10|v10|msl|mslp|slp|tp|tas|tasmax|tasmin|pr|hurs|psl|ps|sst|t_?air|rh|"
    r"(?:air_?)?temp(?:erature)?|rel(?:ative)?_?hum(?:idity)?|rain(?:fall)?|precip(?:itation)?"
    r"|wind_?(?:speed|dir(?:ection)?))",
    re.IGNORECASE,
)
_WATER = re.compile(
    r"water_level|(?:.*_)?water_(?:surface_height|level)(?:_.*)?|(?:.*_)?(?:river|stream)_?.*"
    r"|(?:.*_)?discharge|stream_?flow"
    r"|gage_height|gauge_height|stage|(?:.*_)?tid(?:e|al)(?:_.*)?|sea_surface_height(?:_.*)?|runoff_.*",
    re.IGNORECASE,
)


def told(part: Metadata) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Names of variables of weather, and of water level and flow, in a data set."""
    standard, names = part.words("standard"), part.words("variables")
    weather = [n for n in standard if _WEATHER.match(n) and not _WATER.fullmatch(n)]
    weather += [n for n in names if _INFORMAL.fullmatch(n.rpartition("/")[2])]
    water = [n for n in (*standard, *(n.rpartition("/")[2] for n in names)) if _WATER.fullmatch(n)]
    return tuple(weather), tuple(water)
