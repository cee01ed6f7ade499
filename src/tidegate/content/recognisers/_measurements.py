"""Tables of measurements: what their columns measure, when, and at which stations."""

from __future__ import annotations

import itertools
import re
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from tidegate.content.document import Table
from tidegate.content.units import Fact

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_UNIT = re.compile(r"[(\[（【].{0,30}?[)\]）】]")
_SIGNS = re.compile(r"[^\w]+|_+")
_LOOK = 400  # rows that values are looked at in
_STATION = re.compile(
    r"(?:.{1,30} )?(?:stations?|site|gauge|gage|platform|buoy|sensor|wsi)"
    r"(?: ?(?:id|name|no|nm|number|code|identifier|local|nr))?"
    r"|site no|wmo (?:station|block)(?: number)?|icao|stcd|stnm|messstelle|pegel(?:name|nummer)?"
    r"|站号|站名|站点|区站号|台站|测站|站码|测站编码|测站名称|自动站"
)
_TIME = re.compile(
    r"(?:.{1,20} )?(?:date|time|timestamp|datetime)(?: .{1,20})?|day|valid|utc|zeit|datum"
    r"|mess ?datum|(?:m )?year|yyyy|tm"
    r"|日期|时间|观测时间|时次|年|年月日|采集时间|资料时间"
)
_HOUR = re.compile(r"(?:m )?hour(?: of day)?|(?:m )?minutes?|m hour of day|hh(?:mm)?|时|小时|分")
_MOMENT = re.compile(r"(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?(?:[T ]+(\d{1,2})[:时](\d{2}))?")
_AMERICAN = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})(?: +(\d{1,2}):(\d{2}))?")


@dataclass(frozen=True)
class Series:
    """Columns of a table that measure something, and what its rows say of when and where."""

    quantities: dict[str, int]  # and the first column of each
    timed: bool
    stations: tuple[str, ...]
    placed: bool  # whether a column names stations
    since: str
    until: str
    step: float | None  # seconds between rows of a station
    hourly: bool  # whether there are columns of hours


def quantity(before: str, after: str) -> Callable[..., re.Pattern[str]]:
    """What makes a pattern of a quantity's names, given what may stand before and after them.

    No two alternatives of `before` or of `after` may begin alike: so matching stays linear.
    """
    return lambda *names: re.compile(f"{before}(?:{'|'.join(names)}){after}")


def words(header: str) -> str:
    """A column's name as plain words: `AirTempK`, `air_temperature [K]` and `Air Temp.` come out alike."""
    plain = _UNIT.sub(" ", header[:80])
    return " ".join(_SIGNS.sub(" ", _CAMEL.sub(" ", plain)).lower().split())


def series(part: Table, vocabulary: Sequence[tuple[str, re.Pattern[str]]]) -> Series:
    """What of a vocabulary a table measures: columns by name whose cells are numbers, most of them."""
    names = [words(name) for name in part.header]
    rows = part.rows[:_LOOK]
    quantities: dict[str, int] = {}
    for number, name in enumerate(names):
        what = next((key for key, pattern in vocabulary if pattern.fullmatch(name)), None)
        if what is not None and what not in quantities and _measured([row[number] for row in rows]):
            quantities[what] = number
    station = next((n for n, name in enumerate(names) if _STATION.fullmatch(name)), None)
    times = [n for n, name in enumerate(names) if _TIME.fullmatch(name)]
    moments = [_moment(" ".join(row[n] for n in times[:3])) for row in rows] if times and quantities else []
    known = sorted(m for m in set(moments) if m)
    return Series(
        quantities,
        bool(times),
        tuple(dict.fromkeys(row[station][:60] for row in rows if row[station]))[:40] if station is not None else (),
        station is not None,
        known[0] if known else "",
        known[-1] if known else "",
        _step(known),
        any(_HOUR.fullmatch(name) for name in names),
    )


def _measured(cells: Sequence[str]) -> bool:
    """Whether cells hold numbers; a header alone, and columns that are always empty, do too."""
    filled = [cell.strip().strip('"') for cell in cells if cell.strip() and cell.strip().lower() not in _MISSING]
    return sum(bool(_NUMBER.match(cell)) for cell in filled) * 2 >= len(filled)


_MISSING = frozenset({"na", "nan", "null", "none", "-", "--", "/", "//", "m", "t", "missing", "缺测"})
_NUMBER = re.compile(r"[-+]?\d{0,9}[.,]?\d{1,12}(?:[eE][-+]?\d{1,3})?\s{0,2}[%°A-Za-z/]{0,8}$")


def _moment(text: str) -> str:
    """A time as ISO 8601, to the minute where it has one; empty where it is none."""
    found, american = _MOMENT.search(text[:60]), _AMERICAN.search(text[:60])
    if american:
        month, day, year, hour, minute = american.groups()
    elif found:
        year, month, day, hour, minute = found.groups()
    else:
        return ""
    if hour is None and (clock := re.search(r"(\d{1,2}):(\d{2})", text[:60])):
        hour, minute = clock.groups()
    if not (1 <= int(month) <= 12 and 1 <= int(day) <= 31):
        return ""
    return f"{year}-{int(month):02}-{int(day):02}" + (f"T{int(hour):02}:{minute}" if hour else "")


def _step(moments: Sequence[str]) -> float | None:
    """The usual time between rows, in seconds."""
    known = []
    for moment in moments:
        try:
            known.append(datetime.fromisoformat(moment))
        except ValueError:
            continue
    steps = [(b - a).total_seconds() for a, b in itertools.pairwise(known) if b > a]
    return statistics.median(steps) if steps else None


def facts(found: Series) -> dict[str, Fact]:
    """The same as facts of something found; a policy asks for what is told of how often, and of how many stations."""
    said: dict[str, Fact] = {"variables": tuple(found.quantities)}
    if found.stations:
        said["stations"] = found.stations
    for key in ("since", "until"):
        if text := getattr(found, key):
            said[key] = text
    if found.step:
        said["resolution"] = (_span(found.step),)
    if found.hourly or (found.step is not None and found.step < 86_400):
        said["status"] = ("sub-daily", "sub-daily network") if len(found.stations) > 1 else ("sub-daily",)
    return said


def _span(seconds: float) -> str:
    for length, name in ((86_400, "d"), (3_600, "h"), (60, "min")):
        if seconds >= length:
            return f"{seconds / length:g} {name}"
    return f"{seconds:g} s"
