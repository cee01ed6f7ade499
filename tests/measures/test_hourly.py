"""The hourly roll-up, and which of its rows a permit covers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from ibis import _

from tests.tables import Row, engine, table
from tidegate.measures.hourly import hourly, permitted

NOON = datetime(2026, 3, 2, 12)
PERMIT = {"permit": "P1", "holder": "ann", "destination": "uni.example"}


def rolled(*rows: Row) -> list[dict[str, Any]]:
    full = [{"uid": f"u{n}", "time": NOON, "actor": "ann", "endpoint": "d", **row} for n, row in enumerate(rows)]
    return sorted(engine().to_pyarrow(hourly(table("leaving", full))).to_pylist(), key=lambda r: (r["hour"], r["uid"]))


def covered(rows: Sequence[Row], *permits: Row) -> list[bool]:
    """Whether each of the hourly rows is permitted, in their order."""
    return [r["permitted"] for r in answers(rows, *permits)]


def answers(rows: Sequence[Row], *permits: Row) -> list[dict[str, Any]]:
    """The hourly rows with what permits say of them, in their order."""
    plain = {
        "actor": "ann",
        "destination": "uni.example",
        "kind": "unknown",
        "channel": "mail",
        "bytes": 10,
        "files": 1,
    }
    timed = [{**plain, "last_time": NOON + timedelta(hours=n), **row} for n, row in enumerate(rows)]
    scoped = [{"scope": row["destination"], **row} for row in timed]
    measure = table("hourly", scoped).drop("permit", "cover", "permitted")
    given = table("permits", permits).mutate(scope=_.destination)
    found = engine().to_pyarrow(permitted(measure, given)).to_pylist()
    assert len(found) == len(rows)
    return sorted(found, key=lambda r: (r["last_time"], r["destination"]))


def test_an_hour_is_a_row_with_its_largest_transfer() -> None:
    (row,) = rolled(
        {"time": NOON, "bytes": 1, "bytes_in": 5},
        {"time": NOON + timedelta(minutes=59, seconds=59), "bytes": 8},
    )
    assert (row["bytes"], row["bytes_in"], row["files"], row["events"], row["uid"]) == (9, 5, 0, 2, "u1")
    assert (row["first_time"], row["last_time"]) == (NOON, NOON + timedelta(minutes=59, seconds=59))


def test_large_uploads_and_files_are_told_by_the_minute() -> None:
    near, later = NOON + timedelta(seconds=30), NOON + timedelta(minutes=5)
    upload = {"bytes": 100_500, "bytes_in": 400}
    rows = rolled(upload, upload | {"time": near}, upload | {"time": later})
    assert [(r["events"], r["last_time"], r["hour"]) for r in rows] == [(2, near, NOON), (1, later, NOON)]
    stick = {"channel": "removable", "files": 1, "bytes": 10}
    assert [r["last_time"] for r in rolled(stick, stick | {"time": later})] == [NOON, later]
    # A download of as much is none, whatever is asked for it.
    browsed = {"bytes": 100_500, "bytes_in": 5_000_000}
    assert len(rolled(browsed, browsed | {"time": later})) == 1


def test_another_hour_day_person_or_place_is_another_row() -> None:
    midnight = datetime(2026, 3, 3)
    rows = rolled(
        {"time": midnight - timedelta(microseconds=1)}, {"time": midnight}, {"actor": None}, {"endpoint": "e"}
    )
    assert len(rows) == 4
    assert [r["day"] for r in rows[2:]] == [date(2026, 3, 2), date(2026, 3, 3)]


def test_of_equal_transfers_always_the_same_one_stands_for_the_hour() -> None:
    # A case's uid is made of it: it must not change with the order in which the engine reads.
    mails = [{"uid": f"m{n}", "bytes": None} for n in (5, 3, 7)]
    assert rolled(*mails)[0]["uid"] == rolled(*reversed(mails))[0]["uid"] == "m3"


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({}, True),
        ({"actor": None}, True),  # a server that is nobody's may carry it out
        ({"actor": "bob"}, False),  # somebody else's permit
        ({"destination": "other.example"}, False),  # approved for elsewhere
        ({"last_time": datetime(2026, 3, 1)}, True),  # the first day,
        ({"last_time": datetime(2026, 3, 31, 23, 59)}, True),  # and the last, to its end
        ({"last_time": datetime(2026, 2, 28, 23, 59)}, False),
        ({"last_time": datetime(2026, 4, 1)}, False),
    ],
)
def test_a_permit_is_for_a_holder_a_place_and_days(row: Row, expected: bool) -> None:
    assert covered([row], {**PERMIT, "start": date(2026, 3, 1), "end": date(2026, 3, 31)}) == [expected]


def test_what_a_permit_leaves_open_is_not_limited_but_the_place() -> None:
    assert covered([{"actor": "bob"}], {**PERMIT, "holder": None}) == [True]
    assert covered([{}], {**PERMIT, "destination": None}) == [False]  # or a stale line would permit everything


@pytest.mark.parametrize(
    ("limit", "each"), [("max_bytes", {"bytes": 10}), ("max_items", {"bytes": 10**9, "files": 10})]
)
def test_amounts_run_until_the_permit_is_used_up(limit: str, each: Row) -> None:
    assert covered([each] * 4, {**PERMIT, limit: 30}) == [True, True, True, False]
    assert covered([each] * 4, {**PERMIT, limit: 29}) == [True, True, False, False]


def test_one_delivery_seen_on_two_channels_uses_the_permit_once() -> None:
    seen = [{"channel": "register"}, {"channel": "network"}]
    assert covered(seen, {**PERMIT, "max_bytes": 10}) == [True, True]
    # The near miss: two on one channel are two.
    assert covered([{"channel": "network"}] * 2, {**PERMIT, "max_bytes": 10}) == [True, False]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({}, "covered"),
        ({"last_time": datetime(2026, 4, 1)}, "expired"),
        ({"last_time": datetime(2026, 2, 28)}, "early"),
        ({"bytes": 99}, "exceeded"),
        ({"actor": "bob"}, "other holder"),
        ({"actor": "bob", "last_time": datetime(2026, 4, 1)}, "other holder"),
        ({"destination": "other.example"}, "none"),
    ],
)
def test_what_is_not_permitted_says_why(row: Row, expected: str) -> None:
    permit = {**PERMIT, "start": date(2026, 3, 1), "end": date(2026, 3, 31), "max_bytes": 50}
    (said,) = answers([row], permit)
    assert (said["cover"], said["permit"]) == (expected, None if expected == "none" else "P1")


def test_a_permit_that_was_renewed_covers() -> None:
    old = {**PERMIT, "end": date(2026, 2, 28)}
    assert [r["permit"] for r in answers([{}], old, {**PERMIT, "permit": "P2"})] == ["P2"]
    assert [r["cover"] for r in answers([{}], old)] == ["expired"]


def test_a_permit_for_a_mailbox_covers_that_one_and_not_its_whole_domain() -> None:
    rows: list[Row] = [{"scope": "bob@uni.example"}, {"scope": None, "channel": "register"}]
    assert covered(rows, {**PERMIT, "destination": "bob@uni.example"}) == [True, False]


def test_two_permits_for_one_place_cover_one_row_once() -> None:
    assert covered([{}], PERMIT, {**PERMIT, "permit": "P2"}) == [True]


def test_a_permit_for_one_recipient_of_a_mail_is_none_for_the_others() -> None:
    mail = {"uid": "m1", "last_time": NOON}
    assert covered([{**mail, "destination": "spy.example"}, {**mail, "destination": "uni.example"}], PERMIT) == [
        False,
        True,
    ]


def beats(*times: float, **more: Any) -> int:
    """Beats of transfers at these seconds after noon, over all hours."""
    rows = [{"time": NOON + timedelta(seconds=t), "device": "d1", "endpoint": "c2.example", **more} for t in times]
    return sum(row["beats"] for row in rolled(*rows))


def test_a_beat_of_a_minute_is_counted_from_its_fourth_call_on() -> None:
    assert beats(*range(0, 3600, 60)) == 57
    assert beats(*range(0, 7200, 60)) == 117  # and goes on through the hour
    # Whoever has no name is known by the address.
    assert beats(*range(0, 3600, 60), device=None, src_ip="10.0.0.5") == 57


def test_a_beat_may_swing_by_a_tenth_and_mostly_by_a_fifth() -> None:
    rng = np.random.default_rng(1)
    assert beats(*np.cumsum(60 * rng.uniform(0.9, 1.1, 60))) == 57
    assert beats(*np.cumsum(60 * rng.uniform(0.8, 1.2, 60))) > 25


def test_calls_at_random_moments_hardly_ever_make_a_beat() -> None:
    rng = np.random.default_rng(1)
    assert beats(*np.cumsum(rng.exponential(60, 600))) < 15  # of 600


def test_a_burst_is_one_call() -> None:
    # The near miss: a page that loads a request every second is no beat; a beacon of two connections each time is.
    assert beats(*range(60)) == 0
    assert beats(*(t + n for t in range(0, 3600, 60) for n in (0, 0.3))) == 57


def test_calls_of_several_devices_or_to_several_places_do_not_make_one_beat() -> None:
    rows = [{"time": NOON + timedelta(minutes=n), "device": f"d{n % 7}", "endpoint": f"e{n % 5}"} for n in range(30)]
    assert sum(row["beats"] for row in rolled(*rows)) == 0


def test_another_service_is_another_row() -> None:
    assert [row["via"] for row in rolled({"via": "ssl"}, {"via": "tcp/4444"})] == ["ssl", "tcp/4444"]


def test_what_comes_once_a_night_is_no_beat() -> None:
    # Three such gaps would need days that are not read along: a night's run and a replay would count differently.
    nightly = [{"time": NOON + timedelta(days=n), "bytes": 10, "device": "srv"} for n in range(8)]
    assert sum(r["beats"] for r in rolled(*nightly)) == 0
    often = [{"time": NOON + timedelta(hours=6 * n), "bytes": 10, "device": "srv"} for n in range(8)]
    assert sum(r["beats"] for r in rolled(*often)) == 5
