"""Coordinates in the columns of any table: degrees, metres of a grid, minutes and seconds, split or joined."""

from __future__ import annotations

import math
from collections.abc import Iterator

from tidegate.content.document import Positions, Table
from tidegate.content.precision import metres
from tidegate.content.recognisers._coordinates import columns, datum, degrees, joined
from tidegate.content.units import Found, recogniser


@recogniser(
    data_class="geographic",
    source="Darwin Core decimalLatitude/decimalLongitude (TDWG); GTFS stop_lat; ISO 6709:2022 annexes D and H",
    sees=(Table,),
    judge=lambda tally: len(tally.places) > 1,  # a table of one place is about what was measured there
    hits=(
        "plot,MGRS\na,33TVM1234567890\nb,33T VM 12400 67900\n",
        "gcj02_lng,gcj02_lat\n103.51512,33.86013\n103.52,33.87\n",
        "id,latitude,longitude\n1,46.51512,13.86013\n2,46.52,13.87\n",
        "编号,经度,纬度\n1,103.51512,33.86013\n2,103.6,33.9\n",
        "plot;easting;northing\na;412345.1;5151234.2\nb;412399.9;5151288.8\n",
        "name,lat,lon\nden,46°30'54.4\"N,13°51'36.5\"E\nnest,46°30'55\"N,13°51'37\"E\n",
        'site,location\na,"46.51512, 13.86013"\nb,POINT (13.87 46.52)\n',
    ),
    misses=(
        "id,latitude,longitude\n1,,\n2,,\n",  # the columns are there, nothing is in them
        "time,latitude,longitude,temperature\n1,46.515,13.86,8.5\n2,46.515,13.86,8.7\n",  # one station's readings
        "lat,long\nshort,tall\nwide,far\n",  # words, not places
        "east,north\n12,17\n13,19\n",  # sales by region
        "id,latitude,longitude\n1,0,0\n2,0,0\n",  # a receiver without a fix
    ),
)
def coordinate_columns(part: Table) -> Iterator[Found]:
    """Rows whose coordinate columns hold coordinates."""
    place = columns(part.header)
    if place is None:
        return
    where = f"{part.header[place.first]}, rows {part.first}–{part.first + len(part.rows) - 1}"
    if place.kind == "metres" and place.second is not None:
        yield from _grid(part, place.first, place.second, where)
        return
    points = [_point(row, place.first, place.second) for row in part.rows]
    good = [p for p in points if abs(p[0]) <= 90 and abs(p[1]) <= 360 and (p[0] or p[1])]
    filled = sum(bool(row[place.first].strip()) for row in part.rows)
    if not good or len(good) * 2 < filled:
        return
    lat, lon = [p[0] for p in good], [p[1] for p in good]
    found = Positions(lat, lon, what="row", datum=datum(part.header))
    yield Found(count=len(good), where=where, confidence=0.9, positions=found)


def _point(row: object, first: int, second: int | None) -> tuple[float, float]:
    cells: list[str] = row  # type: ignore[assignment]  # rows are lists of cells
    if second is None:
        return joined(cells[first]) or (math.nan, math.nan)
    return degrees(cells[first]), degrees(cells[second])


def _grid(part: Table, north: int, east: int, where: str) -> Iterator[Found]:
    """Metres of a grid such as UTM or Gauss-Krüger: eastings of six digits or more, northings up to ten thousand km."""
    good = []
    for row in part.rows:
        y, x = degrees(row[north]), degrees(row[east])
        if 0 <= y <= 10_002_000 and 100_000 <= x <= 99_999_999 and y > 1_000:
            good.append((y, x))
    if good:
        lat, lon = [p[0] for p in good], [p[1] for p in good]
        grid = Positions(lat, lon, precision_m=metres((*lat, *lon), unit=1.0), datum="local", what="row")
        yield Found(count=len(good), where=where, confidence=0.8, positions=grid, facts={"notation": ("grid",)})
