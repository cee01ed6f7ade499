from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.detectors.lives import START, sending, sent
from tests.tables import run
from tidegate.detectors.bulk_volume import bulk_volume

DAY = START + timedelta(days=50)  # a Tuesday, seven weeks in
GB = 10**9


def rare(rows: list[dict[str, Any]], below: float = 0.05) -> list[dict[str, Any]]:
    return [r for r in run(bulk_volume, hourly=rows) if r["per_week"] < below]


def test_a_large_upload_to_a_new_place_is_found_in_the_hour_in_which_it_became_large() -> None:
    hours = [sent("p3", DAY + timedelta(hours=h), GB, "client.example") for h in range(20)]
    found = rare(sending() + hours)
    assert found
    assert {r["actor"] for r in found} == {"p3"}
    assert found[0]["time"] <= DAY + timedelta(hours=4)  # 5 GB of 20
    assert found[0]["destination"] == "client.example"
    assert set(found[0]["evidence"]) <= {f"u{n}" for n in range(len(sending()) + 20)}


def test_several_devices_that_share_a_new_destination_are_found_by_the_destination() -> None:
    # No device of them sends more than others do on a busy day: only together, to one new place, they stand out.
    hours = [sent(f"p{n}", DAY + timedelta(hours=h), 40 * 10**6, "client.example") for n in range(10) for h in range(8)]
    assert "destination" in {r["level"] for r in rare(sending() + hours, 0.5)}


def test_quiet_life_raises_next_to_nothing() -> None:
    # The near miss of all: heavy-tailed sendings of 40 people over eight weeks.
    assert len({(r["actor"], r["day"]) for r in rare(sending(1))}) <= 2


def test_an_approved_place_or_a_permit_ends_the_argument() -> None:
    approved = [sent("p3", DAY + timedelta(hours=h), GB, "backup.example", kind="approved") for h in range(20)]
    permitted = [sent("p4", DAY + timedelta(hours=h), GB, "university.example", permitted=True) for h in range(20)]
    assert not [r for r in rare(sending() + approved + permitted) if r["actor"] in ("p3", "p4")]


def test_a_subject_who_always_sends_as_much_is_no_news() -> None:
    # The off-site backup nobody entered: 20 GB every night from the first on.
    nights = [sent("server", START + timedelta(days=d, hours=2), 20 * GB, "offsite.example") for d in range(56)]
    late = START + timedelta(days=14)
    assert not [r for r in rare(sending() + nights) if r["actor"] == "server" and r["time"] > late]
