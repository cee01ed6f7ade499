"""Time is UTC here: naive `datetime`s and Ibis `timestamp(6)` columns both mean UTC, to the microsecond.

DuckDB computes on naive timestamps ten times faster than on zoned ones (design/0003), so the zone is dropped
once, where a log is read, and put back once, where something is printed or exported.
"""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> datetime:
    """The current time: naive, UTC."""
    return datetime.now(UTC).replace(tzinfo=None)


def iso(time: datetime) -> str:
    """RFC 3339 with `Z`, to the second or, where there is a fraction, to the microsecond."""
    return time.isoformat(timespec="microseconds" if time.microsecond else "seconds") + "Z"


def parse(text: str) -> datetime:
    """Read an ISO 8601 date or time as naive UTC; a time without an offset is taken to be UTC.

    Raises ValueError.
    """
    time = datetime.fromisoformat(text)
    return time if time.tzinfo is None else time.astimezone(UTC).replace(tzinfo=None)
