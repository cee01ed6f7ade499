"""Folders new to somebody and much sent away: both, of one person, within days."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from tests.detectors.lives import START, accesses, opened, sending, sent
from tests.tables import Row, run
from tidegate.detectors.gathered_and_sent import gathered_and_sent

DAY = START + timedelta(days=45, hours=10)  # a Thursday, six weeks in
HOUR = timedelta(hours=1)
Rows = list[dict[str, Any]]


def gather(folders: int = 20, begin: datetime = DAY, actor: str = "p3") -> Rows:
    return [opened(actor, begin + timedelta(minutes=n), f"/sites/strange{n}/x.docx") for n in range(folders)]


def send(time: datetime = DAY + HOUR, size: int = 10**9, **more: Any) -> Rows:
    return [sent("p3", time, size, **{"to": "drive.example", **more})]


def rare(hosted: Sequence[Row] = (), out: Sequence[Row] = (), people: Sequence[Row] = ()) -> Rows:
    made = run(gathered_and_sent, file_hosting=[*accesses(), *hosted], hourly=[*sending(), *out], people=people)
    return [r for r in made if r["per_week"] < 0.1]


def test_what_was_gathered_and_sent_is_found_at_the_sending() -> None:
    found = rare(gather(), send())
    assert {(r["actor"], r["destination"]) for r in found} == {("p3", "drive.example")}
    assert found[0]["time"] == DAY + HOUR
    assert found[0]["first_time"] >= DAY - timedelta(days=30)
    one = next(r for r in found if r["days"] == 1)
    assert one["folders"] == "20"
    assert one["bytes_out"] >= 10**9


def test_neither_alone_is() -> None:
    assert not rare(gather())
    assert not rare(out=send())


def test_gathering_after_the_sending_is_none() -> None:
    assert not rare(gather(begin=DAY + 2 * HOUR), send())


def test_what_is_sent_weeks_later_is_none_though_a_folder_came_between() -> None:
    assert not rare(gather(begin=DAY - timedelta(days=31)), send())
    between = [opened("p3", DAY - timedelta(days=5), "/sites/between/x.docx")]
    assert not rare([*gather(15, DAY - timedelta(days=31)), *between], send())


def test_what_is_gathered_on_one_day_and_sent_within_the_week_is_found() -> None:
    assert {r["days"] for r in rare(gather(begin=DAY - timedelta(days=3)), send())} == {7, 30}


def test_who_sends_as_much_every_day_sent_nothing_of_it() -> None:
    daily = [sent("q", START + timedelta(days=n, hours=12), 10**8, "drive.example") for n in range(56)]
    known = [opened("q", START + timedelta(hours=9), "/sites/team1/x.docx")]
    made = run(gathered_and_sent, file_hosting=[*known, *gather(10, actor="q")], hourly=daily)
    assert not [r for r in made if r["actor"] == "q"]


def test_a_delivery_to_an_approved_place_or_under_a_permit_is_none() -> None:
    assert not rare(gather(), send(kind="approved"))
    assert not rare(gather(), send(permitted=True))


def test_a_page_that_is_looked_at_is_no_sending() -> None:
    assert not rare(gather(), send(bytes_in=10**9))


def test_a_backup_service_reads_everything_and_sends_it() -> None:
    assert not rare(gather(), send(), people=[{"user": "p3", "kind": "service"}])


def test_nothing_looks_ahead() -> None:
    cut = DAY + 3 * HOUR
    later = [*gather(30, cut + HOUR, "p4"), *(opened("p3", cut + HOUR, f"/sites/later{n}/x.docx") for n in range(9))]
    known = [
        (r["time"], r["per_week"]) for r in rare(gather() + later, send() + send(cut + 2 * HOUR)) if r["time"] < cut
    ]
    assert known
    assert known == [(r["time"], r["per_week"]) for r in rare(gather(), send()) if r["time"] < cut]
