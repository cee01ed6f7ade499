"""Data sets of arrays: NetCDF (classic and 4) and HDF5, with what the CF conventions say of their variables."""

from __future__ import annotations

import contextlib
import itertools
import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from tidegate.content.document import Metadata, Parts
from tidegate.content.extract import _netcdf
from tidegate.content.extract._netcdf import DataSet, Variable
from tidegate.content.source import Source
from tidegate.content.units import extractor

_HDF = b"\x89HDF\r\n\x1a\n"
_CLASSIC = (b"CDF\x01", b"CDF\x02", b"CDF\x05")
_MOST = 2_000  # variables looked at
_DEPTH = 12  # groups in groups
_SAID = ("Conventions", "title", "summary", "keywords", "source", "institution", "featureType", "project", "platform")
_SINCE = re.compile(r"(second|minute|hour|day)s? since (\d{4}-\d{1,2}-\d{1,2})(?:[T ](\d{1,2}):(\d{2}))?")
_SECONDS = {"second": 1, "minute": 60, "hour": 3_600, "day": 86_400}

Reader = Callable[[Variable], Sequence[float]]


def _kind(source: Source) -> str | None:
    if source.head.startswith(_CLASSIC):
        return "netcdf"
    return "netcdf4" if b"_NCProperties" in source.head or b"_Netcdf4Dimid" in source.head else "hdf5"


@extractor(formats=("netcdf", "netcdf4", "hdf5"), rank=10, magic=tuple((0, m) for m in (_HDF, *_CLASSIC)), sniff=_kind)
def gridded(source: Source) -> Parts:
    """Names of variables with their standard names and units, what the file says of itself, where and when."""
    with contextlib.ExitStack() as stack:
        if source.head.startswith(_CLASSIC):
            data = stack.enter_context(source.open())
            found = _netcdf.read(data)
            yield _described(_kind(source) or "", found, lambda variable: _netcdf.values(data, variable))
        else:
            import pyfive

            file = stack.enter_context(pyfive.File(str(stack.enter_context(source.on_disk()))))
            arrays = dict(_arrays(file, ""))
            found = DataSet(_texts(file.attrs), [_variable(name, array) for name, array in arrays.items()])
            yield _described(_kind(source) or "", found, lambda variable: _first(arrays[variable.name]))


def _arrays(group: Any, path: str, depth: int = 0) -> Iterator[tuple[str, Any]]:
    for name in list(group)[:_MOST]:
        try:
            item = group[name]
        except (KeyError, NotImplementedError, ValueError):  # links to elsewhere, kinds the library does not read
            continue
        if hasattr(item, "shape"):
            yield f"{path}{name}", item
        elif depth < _DEPTH and hasattr(item, "keys"):
            yield from _arrays(item, f"{path}{name}/", depth + 1)


def _variable(name: str, array: Any) -> Variable:
    return Variable(name, tuple(int(length) for length in array.shape or ()), _texts(array.attrs))


def _texts(attributes: Mapping[str, Any]) -> dict[str, str]:
    found = {}
    with contextlib.suppress(NotImplementedError, ValueError, KeyError):
        for name, value in attributes.items():
            while getattr(value, "shape", None) and len(value) == 1:
                value = value[0]
            if isinstance(value, bytes):
                value = value.decode("utf-8", "replace")
            found[str(name)] = str(value)[:2_000]
    return found


def _first(array: Any) -> list[float]:
    """First values of an array; none where it is no array of numbers."""
    import numpy as np

    if getattr(array.dtype, "kind", "") not in "fiu" or math.prod(array.shape or ()) > 1 << 24:
        return []
    return [float(v) for v in np.ravel(np.asarray(array[()]))[: _netcdf.SAMPLE]]


def _described(format_: str, data: DataSet, read: Reader) -> Metadata:
    scales = [v for v in data.variables if set(v.attributes) <= _SCALE and "CLASS" in v.attributes]  # bare dimensions
    variables = [v for v in data.variables if v not in scales][:_MOST]
    said = {key: text[:500] for key in _SAID if (text := data.attributes.get(key, ""))}
    largest = max((v.size for v in variables), default=0)
    return Metadata(
        "gridded",
        {
            "format": format_,
            "variables": tuple(v.name for v in variables),
            "standard": tuple(filter(None, (v.attributes.get("standard_name", "").strip() for v in variables))),
            "named": tuple(filter(None, (v.attributes.get("long_name", "").strip() for v in variables))),
            "units": tuple(dict.fromkeys(filter(None, (v.attributes.get("units", "").strip() for v in variables)))),
            "values": largest,
            **said,
            **_box(variables, read),
            **_span(data, variables, read),
        },
    )


_SCALE = frozenset({"CLASS", "NAME", "REFERENCE_LIST", "_Netcdf4Dimid", "_Netcdf4Coordinates"})
_AXES = {
    "lat": (
        re.compile(r"degrees?_?n(?:orth)?", re.IGNORECASE),
        re.compile(r"(?:.*[/_])?(?:lat|latitude)", re.IGNORECASE),
    ),
    "lon": (
        re.compile(r"degrees?_?e(?:ast)?", re.IGNORECASE),
        re.compile(r"(?:.*[/_])?(?:lon|longitude)", re.IGNORECASE),
    ),
}


def _axis(variables: Sequence[Variable], axis: str) -> Variable | None:
    """The variable that holds latitudes or longitudes, by its unit or, failing that, its name."""
    unit, name = _AXES[axis]
    told = [v for v in variables if unit.fullmatch(v.attributes.get("units", ""))]
    told = told or [v for v in variables if name.fullmatch(v.name)]
    return max(told, key=lambda v: v.size, default=None)


def _box(variables: Sequence[Variable], read: Reader) -> dict[str, float]:
    found: dict[str, float] = {}
    for axis, low, high, most in (("lat", "south", "north", 90), ("lon", "west", "east", 360)):
        variable = _axis(variables, axis)
        numbers = [v for v in read(variable) if abs(v) <= most] if variable is not None else []
        if not numbers:
            return {}
        found |= {low: min(numbers), high: max(numbers)}
    return found


def _span(data: DataSet, variables: Sequence[Variable], read: Reader) -> dict[str, str]:
    """First and last time, and how far apart times are."""
    given = [data.attributes.get(f"time_coverage_{end}", "") for end in ("start", "end")]
    found = {key: text[:20] for key, text in zip(("since", "until"), given, strict=True) if text}
    for variable in variables:
        told = _SINCE.match(variable.attributes.get("units", ""))
        if told is None or not variable.size or found:
            continue
        with contextlib.suppress(ValueError, OverflowError):
            start = datetime.fromisoformat("-".join(p.zfill(2) for p in told[2].split("-"))).replace(tzinfo=UTC)
            start += timedelta(hours=int(told[3] or 0), minutes=int(told[4] or 0))
            numbers = [v * _SECONDS[told[1]] for v in read(variable)[: _netcdf.SAMPLE] if math.isfinite(v)]
            if numbers:
                moments = [start + timedelta(seconds=v) for v in (min(numbers), max(numbers))]
                found = {"since": moments[0].isoformat()[:16], "until": moments[1].isoformat()[:16]}
                steps = [b - a for a, b in itertools.pairwise(numbers) if b > a]
                found |= {"resolution": f"{min(steps):g} s"} if steps else {}
    return found
