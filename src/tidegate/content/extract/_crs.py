"""From a map's own coordinates to degrees, by PROJ; nothing is fetched, grids that are not at hand are done without."""

from __future__ import annotations

from collections.abc import Sequence

from tidegate.content.document import Datum, Positions
from tidegate.content.precision import metres

_LONGEST = 20_000  # characters of a definition


def datum_of(crs: str) -> Datum:
    """The datum that a coordinate system's name or definition tells of."""
    text = crs.upper()
    if "CGCS2000" in text or "CGCS_2000" in text or "CHINA_2000" in text or "CHINA GEODETIC" in text:
        return "CGCS2000"
    return "WGS-84" if not crs or "WGS" in text or ":4326" in text or "CRS84" in text else "unknown"


def positions(
    x: Sequence[float], y: Sequence[float], crs: str, *, count: int, what: str, precision_m: float | None = None
) -> Positions:
    """Points of a coordinate system (EPSG code or WKT) as degrees; of none, degrees where they can be, else local."""
    in_degrees = all(abs(v) <= 360 for v in x) and all(abs(v) <= 90 for v in y)
    if crs and (moved := _moved(x, y, crs)) is not None:
        lon, lat = moved
    elif in_degrees:
        lon, lat = list(x), list(y)
    else:
        fine = precision_m if precision_m is not None else metres([*x, *y], unit=1.0)
        return Positions(y, x, count=count, what=what, precision_m=fine, datum="local", crs=crs[:80])
    if precision_m is None and not in_degrees:
        precision_m = metres([*x, *y], unit=1.0)
    return Positions(lat, lon, count=count, what=what, precision_m=precision_m, datum=datum_of(crs), crs=_name(crs))


def _moved(x: Sequence[float], y: Sequence[float], crs: str) -> tuple[list[float], list[float]] | None:
    from pyproj import Transformer
    from pyproj.exceptions import ProjError

    try:
        transformer = Transformer.from_crs(crs[:_LONGEST], "EPSG:4326", always_xy=True)
        lon, lat = transformer.transform(list(x), list(y))
    except ProjError:
        return None
    good = [(a, b) for a, b in zip(lon, lat, strict=True) if abs(a) <= 360 and abs(b) <= 90]
    return ([a for a, _ in good], [b for _, b in good]) if good else None


def _name(crs: str) -> str:
    """`EPSG:32612`, or the first name in a definition."""
    return crs.split('"')[1][:80] if '"' in crs[:200] else crs[:80]
