"""Accounts of third parties beyond their hours, systems and volume."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from tests.detectors.lives import PEOPLE, START, accesses, opened, sending, sent, working_days
from tests.tables import run
from tidegate.detectors.vendor_reach import vendor_reach

NIGHT = START + timedelta(days=46, hours=2)
Rows = list[dict[str, Any]]
VENDORS = [f"v{n}" for n in range(4)]
LISTED = [{"user": p, "kind": "staff"} for p in PEOPLE] + [{"user": v, "kind": "third_party"} for v in VENDORS]


def maintenance() -> Rows:
    """Every vendor looks after its own system, a few files on working days."""
    return [
        opened(v, day + timedelta(hours=10, minutes=n), f"/systems/{v}/log{day.day}-{n}.txt")
        for day in working_days()
        for v in VENDORS
        for n in range(3)
    ]


def raid(files: int = 200, begin: datetime = NIGHT, actor: str = "v1", folder: str = "/core/plots") -> Rows:
    return [opened(actor, begin + timedelta(minutes=n // 10), f"{folder}/x{n}.csv") for n in range(files)]


def rare(rows: Rows, people: Rows = LISTED, **more: Any) -> Rows:
    made = run(vendor_reach, file_hosting=accesses() + maintenance() + rows, people=people, **more)
    return [r for r in made if r["per_week"] < 0.05 and r["time"] > START + timedelta(days=21)]


def test_a_vendor_at_night_in_places_new_to_it_is_found_at_its_first_files() -> None:
    first, *_ = rare(raid(1) + raid(5_000, NIGHT + timedelta(hours=1)))
    assert (first["actor"], first["files"], first["time"]) == ("v1", 1, NIGHT)


def test_its_own_system_at_night_and_another_at_its_hours_are_not() -> None:
    assert not rare(raid(20, folder="/systems/v1"))
    assert not rare(raid(3, NIGHT.replace(hour=10), folder="/systems/v2"))


def test_an_announced_window_answers_and_one_that_is_over_does_not() -> None:
    window = {"permit": "W-1", "holder": "v1", "start": NIGHT.date(), "end": NIGHT.date()}
    assert not rare(raid(), permits=[window])
    assert rare(raid(), permits=[window | {"start": START.date(), "end": START.date()}])
    # A standing approval without dates is no window.
    assert rare(raid(), permits=[{"permit": "W-2", "holder": "v1"}])


def test_staff_at_night_are_not_its_business() -> None:
    assert not rare(raid(actor="p3"))


def test_a_vendor_on_call_is_no_news_after_some_nights() -> None:
    calls = [f for n in range(8) for f in raid(4, START + timedelta(days=18 + 3 * n, hours=2), folder=f"/systems/s{n}")]
    assert not [r for r in rare(calls + raid(4)) if r["time"] >= NIGHT]


def test_a_guest_of_a_foreign_domain_counts_though_nobody_listed_it() -> None:
    guest = "eng@vendor.example"
    endpoints = [{"endpoint": guest, "destination": "vendor.example", "kind": "partner"}]
    past = [opened(guest, day + timedelta(hours=10), f"/systems/g/{day.day}.txt") for day in working_days()]
    assert {r["actor"] for r in rare(past + raid(actor=guest), endpoints=endpoints)} == {guest}


def test_mailboxes_are_places_too() -> None:
    mail = [
        {"actor": "v1", "mailbox": f"p{n}", "activity": "Read", "items": 9, "time": NIGHT + timedelta(minutes=n)}
        for n in range(3)
    ]
    assert {r["actor"] for r in rare([], email_activity=mail)} == {"v1"}


def test_far_more_than_its_usual_is_found_at_any_hour() -> None:
    many = raid(2_000, NIGHT.replace(hour=10), folder="/systems/v1")
    assert {r["actor"] for r in rare(many)} == {"v1"}


def test_nothing_looks_ahead() -> None:
    rows, cut = raid(1) + raid(500, NIGHT + timedelta(hours=1)), NIGHT + timedelta(hours=1)
    known = [(r["time"], r["per_week"]) for r in rare(rows) if r["time"] < cut]
    before = [r for r in accesses() + maintenance() + rows if r["time"] < cut]
    made = run(vendor_reach, file_hosting=before, people=LISTED)
    assert known == [
        (r["time"], r["per_week"]) for r in made if r["per_week"] < 0.05 and r["time"] > START + timedelta(days=21)
    ]


def test_data_sent_to_the_network_of_a_third_party_are_found_and_its_window_is_not() -> None:
    home = {"user": "fix@firm.example", "kind": "third_party"}
    pulled = [sent("p3", NIGHT + timedelta(hours=n), 5 * 10**9, "firm.example") for n in range(3)]
    rows = {"hourly": sending() + pulled, "people": [*LISTED, home]}
    window = {"permit": "W-1", "holder": "fix@firm.example", "start": NIGHT.date(), "end": NIGHT.date()}
    assert {r["destination"] for r in rare([], **rows)} == {"firm.example"}
    approved = [row | {"kind": "approved"} for row in pulled]
    assert rare([], **(rows | {"hourly": sending() + approved}))  # for its stations, but never for as much
    assert not rare([], **rows, permits=[window])
    # As much to somebody else is a matter of `bulk_volume`.
    elsewhere = [row | {"destination": "other.example"} for row in pulled]
    assert not rare([], **(rows | {"hourly": sending() + elsewhere}))


def test_a_third_party_that_comes_to_dozens_of_folders_by_day_is_found() -> None:
    noon = NIGHT.replace(hour=11)
    wide = [opened("v1", noon + timedelta(minutes=n), f"/core/part{n}/x.csv") for n in range(60)]
    found = rare(wide)
    assert {r["actor"] for r in found} == {"v1"}
    assert found[0]["time"] < noon + timedelta(minutes=55)
    # The near miss: as many files of one place.
    assert not rare([row | {"file_path": f"/core/x{n}.csv"} for n, row in enumerate(wide[:3])])
