"""Numbers, times and names in plain words: what every renderer says the same way."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from datetime import date, datetime, timedelta

WEEKS_A_MONTH = 52.1775 / 12
WEEKS_A_YEAR = 52.1775


def human(size: float) -> str:
    """Bytes in decimal units, two or three figures: `512 bytes`, `4.2 GB`, `81 GB`."""
    if round(size) < 1000:
        return many(round(size), "byte")
    power = next((power for power in range(1, 5) if size / 1000**power < 999.5), 5)
    size /= 1000**power
    figures = f"{size:.1f}".removesuffix(".0") if size < 9.95 else f"{size:,.0f}"
    return f"{figures} {('kB', 'MB', 'GB', 'TB', 'PB')[power - 1]}"


def many(count: int, noun: str, plural: str | None = None) -> str:
    """`1 file`, `3,204 files`; `plural` where adding an s does not do."""
    return f"{count:,} {noun if count == 1 else plural or noun + 's'}"


def some(names: Sequence[str], *, limit: int = 2) -> str:
    """The first names and how many more: `ann, bob and 3 more`; an em dash where there are none.

    limit: names, so that a cell of a table stays within two lines.
    """
    if not names:
        return "—"
    more = [f"{len(names) - limit:,} more"] if len(names) > limit else []
    listed = [*names[:limit], *more]
    return listed[0] if len(listed) == 1 else f"{', '.join(listed[:-1])} and {listed[-1]}"


def per_week_in_words(rate: float) -> str:
    """How often something happens, from its rate a week: `about 3 a week`, `about once in 14 years`."""
    if rate >= 14:
        return f"about {rate / 7:,.0f} a day"
    if rate >= 1.5:
        return f"about {rate:.0f} a week"
    if rate <= 1 / (1000 * WEEKS_A_YEAR):
        return "less than once in 1,000 years"
    weeks = 1 / rate
    if weeks < 3.5:
        return _once(weeks, "week")
    if weeks < 11.5 * WEEKS_A_MONTH:
        return _once(weeks / WEEKS_A_MONTH, "month")
    years = weeks / WEEKS_A_YEAR
    return _once(years if years < 20 else float(f"{years:.1g}"), "year")  # 37 years would claim to know too much


def _once(every: float, unit: str) -> str:
    return f"about once a {unit}" if round(every) <= 1 else f"about once in {round(every):,} {unit}s"


def day(time: date) -> str:
    """`12 Mar 2024`."""
    return f"{time.day} {time:%b %Y}"


def moment(time: datetime) -> str:
    """`12 Mar 2024, 14:05` (UTC, as every time here)."""
    return f"{day(time)}, {time:%H:%M}"


def between(first: date, last: date) -> str:
    """`12 Mar 2024` or `1 Jan to 31 Mar 2024`, naming month and year once where they are the same."""
    if (first.year, first.month, first.day) == (last.year, last.month, last.day):
        return day(last)
    if first.year != last.year:
        return f"{day(first)} to {day(last)}"
    return f"{first.day} to {day(last)}" if first.month == last.month else f"{first.day} {first:%b} to {day(last)}"


def lasting(length: timedelta) -> str:
    """`40 minutes`, `26 hours`, `12 days`, `3 years`: in one unit that keeps the figure short."""
    minutes = max(0, round(length.total_seconds() / 60))
    for size, unit, until in ((1, "minute", 120), (60, "hour", 72), (1440, "day", 1000)):
        if round(minutes / size) < until:
            return many(round(minutes / size), unit)
    return many(round(length.days / 365.25), "year")


def visible(text: str) -> str:
    """Text from a log, safe to show: what would not be seen, or would turn what follows around, as `\\u202e`.

    Terminal escapes, line breaks, marks that reverse the direction of writing and halves of characters all become
    escapes that can be read; odd spaces become plain ones.
    """
    return text if text.isprintable() else "".join(map(_visible, text))


def _visible(char: str) -> str:
    if char.isprintable():
        return char
    if unicodedata.category(char) == "Zs":
        return " "
    return f"\\u{ord(char):04x}"


def sentence(text: str) -> str:
    """With a capital and a full stop, where it has none: units describe themselves in parts of sentences."""
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "?", "!")) or not text else ".")


def shorten(text: str, limit: int) -> str:
    """At most `limit` characters, cut in the middle: both ends of a file name say something."""
    if len(text) <= limit:
        return text
    tail = (limit - 1) // 2
    return f"{text[: limit - 1 - tail]}…{text[len(text) - tail :]}"
