"""What headers of fields and data sets say, as something found: variables, times, area, resolution."""

from __future__ import annotations

from collections.abc import Iterator

from tidegate.content.document import Metadata, Positions, Value
from tidegate.content.units import Found

_VARIABLES = 30  # told of one file


def found(
    part: Metadata, *, count: Value, where: str, variables: tuple[str, ...] = (), confidence: float = 0.97
) -> Iterator[Found]:
    """One thing found, with its facts; what was cut off in its first record is one all the same."""
    said = part.values
    named = variables or said.get("variables", ())
    facts: dict[str, str | int | tuple[str, ...]] = {"format": (str(said.get("format", "")),)}
    if isinstance(named, tuple) and named:
        facts["variables"] = tuple(dict.fromkeys(name[:60] for name in named))[:_VARIABLES]
    for key in ("since", "until"):
        if said.get(key):
            facts[key] = str(said[key])[:20]
    if said.get("resolution"):
        facts["resolution"] = (str(said["resolution"]),)
    if isinstance(values := said.get("values"), int):
        facts["values"] = values
    yield Found(
        count=max(1, count) if isinstance(count, int) else 1,
        where=where,
        confidence=confidence,
        positions=area(part),
        facts=facts,
    )


def area(part: Metadata) -> Positions | None:
    """Corners of the area a data set covers, as positions."""
    numbers = [part.values.get(side) for side in ("south", "west", "north", "east")]
    south, west, north, east = (n if isinstance(n, float) else float("nan") for n in numbers)
    if any(n != n for n in (south, west, north, east)):
        return None
    return Positions([south, north], [_wrapped(west), _wrapped(east)], what="area")


def _wrapped(lon: float) -> float:
    return lon - 360 if lon > 180 else lon
