"""What a cell of a context file may hold: lenient where people write the same thing differently, strict where not."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator

_UNITS = {"": 1, "b": 1, "k": 10**3, "m": 10**6, "g": 10**9, "t": 10**12}


def day(cell: object) -> object:
    """A date from `2024-03-31`, `2024/03/31`, `31.03.2024` or a time on that day.

    `03/04/2024` is refused: it is two different days on the two sides of an ocean.
    """
    if not isinstance(cell, str):
        return cell
    try:
        return datetime.fromisoformat(cell.replace("/", "-")).date()
    except ValueError:
        pass
    try:
        dotted = re.fullmatch(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", cell)
        if dotted:
            return date(int(dotted[3]), int(dotted[2]), int(dotted[1]))
    except ValueError:
        pass
    raise ValueError(f"{cell!r} is not a date; write it as 2024-03-31")


def registered(cell: object) -> object:
    """Since when a device is in the register; `yes` means always, `no` means not yet."""
    if isinstance(cell, str) and cell.lower() in ("yes", "true", "y", "1"):
        return date.min
    if isinstance(cell, str) and cell.lower() in ("no", "false", "n", "0"):
        return date.max
    return day(cell)


def amount(cell: object) -> object:
    """A whole number from `5000000000`, `5,000,000,000`, `5e9` or `5 GB` (decimal units)."""
    if not isinstance(cell, str):
        return cell
    compact = re.sub(r"(?<=\d)[ ,_'](?=\d{3}(\D|$))", "", cell).lower()
    parts = re.fullmatch(r"(\d+(?:\.\d+)?(?:e\d{1,2})?)\s*([kmgt]?)b?", compact)
    if not parts:
        raise ValueError(f"{cell!r} is not an amount; write a number of items or bytes, such as 5000000 or 5 MB")
    return round(float(parts[1]) * _UNITS[parts[2]])


def word(cell: object) -> object:
    """A word of a fixed list: `Third Party` is `third_party`."""
    return re.sub(r"[\s-]+", "_", cell.strip().lower()) if isinstance(cell, str) else cell


def several(cell: object) -> object:
    """A cell with several values, separated by `;`, `|`, commas or spaces."""
    return tuple(filter(None, re.split(r"[;|,\s]+", cell.lower()))) if isinstance(cell, str) else cell


Account = Annotated[str, AfterValidator(str.lower)]
Day = Annotated[date, BeforeValidator(day)]
RegisteredDay = Annotated[date, BeforeValidator(registered)]
Amount = Annotated[int, BeforeValidator(amount)]
Several = Annotated[tuple[str, ...], BeforeValidator(several)]
