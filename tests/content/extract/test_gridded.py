"""NetCDF classic files told from their headers, with where and when; NetCDF 4 and HDF5 through a library."""

from __future__ import annotations

import struct

from tests.content.seeing import classes, format_id, parts, seen
from tidegate.content.document import Metadata


def _name(text: str) -> bytes:
    raw = text.encode()
    return struct.pack(">I", len(raw)) + raw + bytes(-len(raw) % 4)


def _attributes(given: dict[str, str]) -> bytes:
    if not given:
        return bytes(8)
    return struct.pack(">2I", 12, len(given)) + b"".join(
        _name(k) + struct.pack(">I", 2) + _name(v) for k, v in given.items()
    )


def netcdf(variables: dict[str, tuple[dict[str, str], list[float]]], attributes: dict[str, str] | None = None) -> bytes:
    """A file of one dimension, each variable of doubles along it."""
    length = max((len(values) for _, values in variables.values()), default=0)

    def header(begins: dict[str, int]) -> bytes:
        listed = b"".join(
            _name(name)
            + struct.pack(">2I", 1, 0)
            + _attributes(said)
            + struct.pack(">3I", 6, 8 * length, begins.get(name, 0))
            for name, (said, _) in variables.items()
        )
        dimensions = struct.pack(">2I", 10, 1) + _name("n") + struct.pack(">I", length)
        return (
            b"CDF\x01"
            + bytes(4)
            + dimensions
            + _attributes(attributes or {})
            + struct.pack(">2I", 11, len(variables))
            + listed
        )

    start = len(header({}))
    begins = {name: start + 8 * length * n for n, name in enumerate(variables)}
    return header(begins) + b"".join(struct.pack(f">{length}d", *values) for _, values in variables.values())


STATION = netcdf(
    {
        "time": ({"units": "hours since 2026-03-01 00:00:00"}, [0.0, 1.0, 2.0]),
        "lat": ({"units": "degrees_north"}, [46.5, 46.5, 46.5]),
        "lon": ({"units": "degrees_east"}, [13.5, 13.5, 13.75]),
        "ta": ({"standard_name": "air_temperature", "units": "K"}, [280.0, 281.0, 282.0]),
    },
    {"Conventions": "CF-1.8"},
)


def said(content: bytes) -> Metadata:
    return next(part for part in parts(content) if isinstance(part, Metadata))


def test_where_and_when_are_told() -> None:
    values = said(STATION).values
    assert values["standard"] == ("air_temperature",)
    assert (values["south"], values["west"], values["north"], values["east"]) == (46.5, 13.5, 46.5, 13.75)
    assert (values["since"], values["until"]) == ("2026-03-01T00:00", "2026-03-01T02:00")
    assert (values["resolution"], values["Conventions"]) == ("3600 s", "CF-1.8")


def test_weather_has_an_extent_and_is_not_called_geographic_for_it() -> None:
    found = seen(STATION)
    assert found.tallies["gridded_weather"].extent is not None
    assert classes(STATION) == {"meteorological"}


def test_water_levels_are_of_water_only() -> None:
    level = {"standard_name": "water_surface_height_above_reference_datum"}
    assert classes(netcdf({"h": (level, [1.0, 2.0])})) == {"hydrological"}
    assert classes(netcdf({"h": ({"long_name": "height of children"}, [1.0, 1.2])})) == set()  # a school's


def test_a_header_that_is_cut_off_or_lies_is_said_so() -> None:
    assert "cut off" in (seen(STATION[:90]).error or "")
    assert seen(STATION[:12] + b"\xff\xff\xff\xff" + STATION[16:]).error  # four milliards of dimensions
    assert format_id(b"\x89HDF\r\n\x1a\n" + bytes(20)) == "hdf5"
    assert seen(b"\x89HDF\r\n\x1a\n" + bytes(200)).error
