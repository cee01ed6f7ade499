"""A steady beat to where nobody else calls is found; clocks, monitoring, updates and new software are not."""

from __future__ import annotations

from datetime import timedelta

from tests.detectors.lives import START
from tests.detectors.network_lives import LAPTOPS, Row, called, calling, told
from tests.tables import run
from tidegate.detectors.beacon import beacon

DAY = START + timedelta(days=43)
LIFE = calling()


def rare(rows: list[Row], below: float = 0.05) -> list[Row]:
    """What is rare after a month, in which the servers' own ways have become known."""
    known = START + timedelta(days=31)
    return [r for r in run(beacon, hourly=rows) if r["per_week"] < below and r["time"] > known]


def beat(hour: int, beats: int = 57, sent: int = 60_000, got: int = 20_000, **more: object) -> Row:
    end = DAY + timedelta(hours=hour, minutes=59)
    return called("dev-p3", end, "c2.example", sent, got, **{"beats": beats, "events": 60, **more})


def test_a_beat_of_a_minute_is_found_in_its_first_hours() -> None:
    first, *_ = rare(LIFE + [beat(h) for h in range(10, 18)])
    assert (first["device"], first["destination"]) == ("dev-p3", "c2.example")
    assert first["time"] <= DAY + timedelta(hours=12, minutes=59)
    assert (first["beats"], first["events"], first["others"]) == (57, 60, 0)


def test_a_beat_of_ten_minutes_is_found_within_two_days() -> None:
    found = rare(LIFE + [beat(h, beats=6) for h in range(48)])
    assert {(r["device"], r["destination"]) for r in found} == {("dev-p3", "c2.example")}
    assert found[0]["time"] < DAY + timedelta(days=2)


def test_quiet_calls_raise_nothing() -> None:
    # Clocks, a monitoring agent at a beat of a minute, stations, updates, anti-virus: all in quiet life.
    assert not rare(calling(1))


def test_as_many_calls_at_random_moments_are_no_beacon() -> None:
    assert not rare(LIFE + [beat(h, beats=1) for h in range(10, 18)])


def test_what_mostly_receives_is_a_feed() -> None:
    assert not rare(LIFE + [beat(h, got=6_000_000) for h in range(10, 18)])


def test_an_approved_or_own_place_is_left_alone() -> None:
    rows = [beat(h, kind=kind) for h in range(10, 18) for kind in ("own", "approved")]
    assert not rare(LIFE + rows)


def test_new_software_on_all_laptops_is_one_event_and_not_forty() -> None:
    # The twin: telemetry every ten minutes, a few laptops more each hour.
    rows = [
        called(d, DAY + timedelta(hours=9 + n // 8 + h, minutes=n), "telemetry.example", 6_000, 3_000, beats=6)
        for n, d in enumerate(LAPTOPS)
        for h in range(8)
    ]
    assert len({r["device"] for r in rare(LIFE + rows)}) <= 3


def test_what_comes_later_changes_nothing_before() -> None:
    rows = LIFE + [beat(h) for h in (10, 11)]
    end = DAY + timedelta(hours=12)
    late = [called(d, DAY + timedelta(hours=15), "c2.example", 10**6, 0, beats=60) for d in LAPTOPS[20:]]
    before = told(run(beacon, hourly=rows), end)
    assert before
    assert told(run(beacon, hourly=rows + late), end) == before


def test_a_steady_exchange_with_a_partner_is_no_hidden_channel() -> None:
    assert not rare(LIFE + [beat(h, kind="partner") for h in range(10, 18)])
