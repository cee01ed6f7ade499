"""What headers of fields and data sets say, as something found: variables, times, area, resolution."""

from __future__ import annotations

from collections.abc import Iterator

from tidegate.content.document import Metadata, Positions
from tidegate.content.units import Fact, Found

_VARIABLES = 30  # told of one file


def found(
    part: Metadata, *, count: int, where: str, variables: tuple[str, ...] = (), confidence: float = 0.97
) -> Iterator[Found]:
    """One thing found, with its facts; what was cut off in its first record is one all the same."""
    said = part.values
    facts: dict[str, Fact] = {"format": (str(said.get("format", "")),)}
    if named := variables or part.words("variables"):
        facts["variables"] = tuple(dict.fromkeys(name[:60] for name in named))[:_VARIABLES]
    for key in ("since", "until"):
        if said.get(key):
            facts[key] = str(said[key])[:20]
    if said.get("resolution"):
        facts["resolution"] = (str(said["resolution"]),)
    if "values" in said:
        facts["values"] = part.number("values")
    yield Found(count=max(1, count), where=where, confidence=confidence, positions=area(part), facts=facts)


def area(part: Metadata) -> Positions | None:
    """Corners of the area a data set covers, as positions."""
    numbers = [part.values.get(side) for side in ("south", "west", "north", "east")]
    south, west, north, east = (n if isinstance(n, float) else float("nan") for n in numbers)
    if any(n != n for n in (south, west, north, east)):
        return None
    return Positions([south, north], [_wrapped(west), _wrapped(east)], what="area")


def _wrapped(lon: float) -> float:
    return lon - 360 if lon > 180 else lon
