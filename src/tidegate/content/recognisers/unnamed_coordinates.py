"""Coordinates in tables without a header: two columns beside each other that can hardly be anything else."""

from __future__ import annotations

import itertools
import statistics
from collections.abc import Iterator, Sequence

from tidegate.content.document import Positions, Table
from tidegate.content.units import Found, recogniser

_ROWS = 5  # filled, at least: fewer numbers look like coordinates by chance
_SHARE = 0.05  # of rows that are filled: many records have no place
_DIGITS = 3  # after the point: a hundred metres
_FINE = 0.4  # of the numbers that have so many: some places are round
_FAR = 1.0  # degrees off zero, in the middle: shares and ratios lie below


@recogniser(
    data_class="geographic",
    source="Darwin Core text guide (TDWG 2023), whose tables may leave their header to another file",
    sees=(Table,),
    judge=lambda tally: len(tally.places) > 2,
    hits=("".join(f"{n}\tTetraodon\t{-6.2 - n / 97:.4f}\t{106.81 + n / 89:.4f}\tmuseum\n" for n in range(1, 9)),),
    misses=(
        "".join(f"{n}\tloss\t{0.2 + n / 97:.4f}\t{0.81 + n / 89:.4f}\tepoch\n" for n in range(1, 9)),  # shares
        "".join(f"{n}\tprice\t{12 + n}.50\t{113 + n}.25\tmonth\n" for n in range(1, 9)),  # amounts have two digits
        "".join(f"{12 + n / 97:.4f}\t{113 + n / 89:.4f}\n" for n in range(1, 9)),  # nothing but numbers
        "a\tx\t-6.2012\t106.8123\tmuseum\n1\ty\t-6.2013\t106.8124\tmuseum\n",  # two are too few
    ),
)
def unnamed_coordinates(part: Table) -> Iterator[Found]:
    """Rows with such columns, where records also hold words."""
    if any(part.header) or not part.rows or not _words(part):
        return
    columns = [part.column(index) for index in range(min(len(part.header), 200))]
    for index, (one, other) in enumerate(itertools.pairwise(columns), 1):
        points = _points(one, other)
        if points is not None:
            lat, lon = points
            where = f"columns {index} and {index + 1}, rows {part.first}–{part.first + len(part.rows) - 1}"
            yield Found(count=len(lat), where=where, confidence=0.65, positions=Positions(lat, lon, what="row"))
            return


def _words(part: Table) -> bool:
    return any(cell.strip().isalpha() for row in part.rows[:5] for cell in row)


def _points(one: Sequence[str], other: Sequence[str]) -> tuple[list[float], list[float]] | None:
    filled = ((a.strip(), b.strip()) for a, b in zip(one, other, strict=True))
    pairs = [(a, b) for a, b in filled if a and b and (a.strip("0.") or b.strip("0."))]  # zeros are no place
    if len(pairs) < max(_ROWS, _SHARE * len(one)):
        return None
    try:
        lat, lon = [float(a) for a, _ in pairs], [float(b) for _, b in pairs]
    except ValueError:
        return None
    fine = sum(len(cell.partition(".")[2]) >= _DIGITS for pair in pairs for cell in pair)
    inside = all(abs(y) <= 90 for y in lat) and all(abs(x) <= 180 for x in lon)
    far = all(statistics.median(map(abs, axis)) > _FAR for axis in (lat, lon))
    return (lat, lon) if inside and far and fine >= _FINE * 2 * len(pairs) else None
