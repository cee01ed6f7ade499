"""How a table in text is told and read: the character between its cells, its comments, its header."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

DELIMITERS = (",", "\t", ";", "|")
_WIDE = 4  # columns from which a header is believed though rows are shorter
_LOOK = 60  # lines that the delimiter is told from


def delimiter(lines: Sequence[str]) -> str | None:
    """The character that cuts nearly all lines into the same number of cells, two or more; None for prose."""
    sample = [line for line in lines[: _LOOK + 20] if line.strip() and not line.startswith("#")][:_LOOK]
    if len(sample) < 2:
        return None
    best: tuple[float, int, str] | None = None
    for character in DELIMITERS:
        if not any(character in line for line in sample):
            continue
        try:
            widths = Counter(len(row) for row in csv.reader(sample, delimiter=character) if row)
        except csv.Error:
            continue
        (width, often), total = widths.most_common(1)[0], widths.total()
        head = next(csv.reader(sample, delimiter=character))
        if len(head) >= _WIDE and is_header(head):  # empty cells at the ends of rows may be left out
            width, often = len(head), sum(n for w, n in widths.items() if len(head) * 0.6 <= w <= len(head))
        even = often / total
        needed = 0.9 if total > 3 else 1.0
        if width >= 2 and even >= needed and (best is None or (even, width) > best[:2]):
            best = (even, width, character)
    return best[2] if best else None


def read(rows: Iterable[str], character: str) -> Iterator[list[str]]:
    """Rows of cells; comments and empty lines left out. Raises csv.Error where a cell is larger than 128 KiB."""
    lines = (line for line in rows if not line.startswith("#"))
    return (row for row in csv.reader(lines, delimiter=character) if row)


def headed(rows: Iterator[list[str]]) -> tuple[tuple[str, ...], Iterator[list[str]]]:
    """The header and the rows below it; a first row with numbers in it is no header, and columns have no names then."""
    first = next(rows, None)
    if first is None:
        return (), iter(())
    if not is_header(first):
        return ("",) * len(first), _before(first, rows)
    return tuple(cell.strip() for cell in first), rows


def is_header(row: Sequence[str]) -> bool:
    """Whether a row can be a header: half of its cells or more are filled, and none of them is a number."""
    cells = [cell.strip() for cell in row if cell.strip()]
    return bool(cells) and len(cells) * 2 >= len(row) and not any(is_number(cell) for cell in cells)


def is_number(cell: str) -> bool:
    """Whether a cell is a number."""
    try:
        float(cell)
    except ValueError:
        return False
    return cell.strip().lower() not in {"nan", "inf", "infinity"}


def _before(first: list[str], rest: Iterator[list[str]]) -> Iterator[list[str]]:
    yield first
    yield from rest
