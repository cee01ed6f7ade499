from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from tidegate import clock


def test_now_is_utc_and_has_no_zone() -> None:
    assert clock.now().tzinfo is None
    assert abs(clock.now() - datetime.now(UTC).replace(tzinfo=None)) < timedelta(minutes=1)


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("2026-03-02", datetime(2026, 3, 2)),
        ("2026-03-02T10:11:12", datetime(2026, 3, 2, 10, 11, 12)),  # without an offset: UTC
        ("2026-03-02T10:11:12Z", datetime(2026, 3, 2, 10, 11, 12)),
        ("2026-03-02 01:30:00+02:00", datetime(2026, 3, 1, 23, 30)),  # the day before
        ("2026-03-02T10:11:12.000250Z", datetime(2026, 3, 2, 10, 11, 12, 250)),
    ],
)
def test_a_time_is_read_as_utc(text: str, time: datetime) -> None:
    assert clock.parse(text) == time
    assert clock.parse(clock.iso(time)) == time


def test_a_time_is_written_as_short_as_it_is_exact() -> None:
    assert clock.iso(datetime(2026, 3, 2, 10)) == "2026-03-02T10:00:00Z"
    assert clock.iso(datetime(2026, 3, 2, 10, microsecond=5)) == "2026-03-02T10:00:00.000005Z"


@pytest.mark.parametrize("text", ["", "yesterday", "2026-13-01", "02.03.2026"])
def test_what_is_no_time(text: str) -> None:
    with pytest.raises(ValueError, match=r"Invalid isoformat|month must be"):
        clock.parse(text)


def test_any_zone_will_do() -> None:
    zone = timezone(timedelta(hours=-9, minutes=-30))
    time = datetime(2026, 3, 2, 20, tzinfo=zone)
    assert clock.parse(time.isoformat()) == datetime(2026, 3, 3, 5, 30)
