"""Sendings that an approval does not cover."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.detectors.lives import PEOPLE, START, sent
from tests.tables import Row, run
from tidegate.detectors.unpermitted_transfer import unpermitted_transfer

DAY = START + timedelta(days=45, hours=10)
Rows = list[dict[str, Any]]
PERMITS: Rows = [
    {"permit": "P-1", "holder": "p3", "destination": "uni.example", "start": START.date(), "end": DAY.date()},
    {"permit": "P-2", "holder": None, "destination": "inst.example"},
]
ENDPOINTS = [
    {"endpoint": "office@uni.example", "destination": "uni.example", "kind": "unknown"},
    {"endpoint": "office@inst.example", "destination": "inst.example", "kind": "unknown"},
]
LIFE = [sent(p, START + timedelta(days=n % 45, hours=9), 10) for n, p in enumerate(PEOPLE)]


def rare(below: float = 0.05, *, permits: Rows = PERMITS, **rows: Any) -> Rows:
    made = run(unpermitted_transfer, endpoints=ENDPOINTS, permits=permits, **rows)
    return [r for r in made if r["per_week"] < below]


def sending(**more: Any) -> dict[str, Any]:
    return sent("p3", DAY, 10, "uni.example", files=4, permit="P-1", **{"channel": "mail", **more})


@pytest.mark.parametrize(
    ("cover", "why"),
    [
        ("expired", "under an approval that had run out"),
        ("exceeded", "more than the approval allows"),
        ("other holder", "under an approval that another holds"),
    ],
)
def test_a_sending_that_its_approval_does_not_cover_is_found_at_once(cover: str, why: str) -> None:
    (first,) = rare(hourly=[*LIFE, sending(cover=cover)])
    assert (first["actor"], first["destination"], first["time"], first["why"]) == ("p3", "uni.example", DAY, why)
    # The near miss: the same sending while the approval held.
    assert not rare(hourly=[*LIFE, sending(cover="covered", permitted=True)])


def test_browsing_a_place_for_which_an_approval_ran_out_is_not_a_sending() -> None:
    assert not rare(hourly=[*LIFE, sending(cover="expired", channel="web")])


def test_where_everybody_writes_to_a_place_another_has_an_approval_for_it_is_no_news() -> None:
    mails = [
        sent(p, START + timedelta(days=n, hours=9), 10, "uni.example", channel="mail", cover="other holder")
        for n, p in enumerate(PEOPLE)
    ]
    late = [r for r in rare(hourly=[*LIFE, *mails]) if r["time"] > START + timedelta(days=25)]
    assert not late


def entry(permit: str | None, recipient: str = "office@uni.example", **more: Any) -> dict[str, Any]:
    return {"actor": "p3", "activity": "Send", "recipient": recipient, "permit": permit, "time": DAY, **more}


@pytest.mark.parametrize(
    ("named", "why"),
    [
        (entry("P-9"), "under an approval that does not exist"),
        (entry("P-2"), "under an approval for another recipient"),
        (entry("P-1", actor="p5"), "under an approval that another holds"),
        (entry("P-1", time=DAY + timedelta(days=3)), "under an approval that had run out"),
    ],
)
def test_an_entry_that_names_an_approval_it_does_not_have_is_found(named: Row, why: str) -> None:
    assert [r["why"] for r in rare(hourly=LIFE, file_hosting=[named])] == [why]


def test_an_entry_under_its_approval_is_left_alone_and_so_are_all_where_there_are_none() -> None:
    fine = [entry(" p-1 "), entry("P-2", "office@inst.example", actor="p9")]
    assert not rare(hourly=LIFE, file_hosting=fine)
    assert not rare(hourly=LIFE, file_hosting=[entry("P-9")], permits=[])


def register(bare: int, every: int = 2) -> Rows:
    """Forty people, each with an entry or two without an approval, and one with many."""
    usual = [
        sent(p, START + timedelta(days=(7 * n + 20 * k) % 200, hours=9), 0, f"inst{n % 25}.example", channel="register")
        for n, p in enumerate(PEOPLE)
        for k in range(1 + n % 2)
    ]
    return usual + [
        sent("p3", START + timedelta(days=100 + every * n, hours=11), 0, f"friend{n}.example", channel="register")
        for n in range(bare)
    ]


def test_a_sender_of_many_entries_without_an_approval_is_found_though_each_goes_elsewhere() -> None:
    made = rare(hourly=register(40))
    assert {r["actor"] for r in made} == {"p3"}
    assert made[0]["time"] <= START + timedelta(days=140, hours=11)  # the 20th
    assert not rare(hourly=register(3))
    # In an organisation that gives no approvals an entry without one says nothing.
    assert not rare(hourly=register(40), permits=[])


def test_nothing_looks_ahead() -> None:
    rows, cut = register(40), START + timedelta(days=150)
    known = [(r["time"], r["per_week"]) for r in rare(hourly=rows) if r["time"] < cut]
    assert known == [(r["time"], r["per_week"]) for r in rare(hourly=[r for r in rows if r["last_time"] < cut])]


def left(**more: Any) -> dict[str, Any]:
    """A file of known class that went to the university."""
    about = {"data_class": "geographic", "grade": "core", "gravity": 3, "file": "dens.gpx", "count": 900, "way": 1}
    place = {"destination": "uni.example", "scope": "uni.example", "kind": "unknown", "channel": "mail"}
    return {"actor": "p3", "time": DAY, "bytes": 10, "files": 1, **about, **place, **more}


def approved(**terms: Any) -> Rows:
    return [{"permit": "P-3", "holder": "p3", "destination": "uni.example", "start": START.date(), **terms}]


@pytest.mark.parametrize(
    ("terms", "why"),
    [
        ({"data_class": "genetic"}, "under an approval for another class of data"),
        ({"data_class": "geographic", "grade": "sensitive"}, "under an approval for less grave data"),
        ({"holder": "p4"}, "without an approval"),
        ({"end": START.date()}, "without an approval"),
        ({"destination": "inst.example"}, "without an approval"),
    ],
)
def test_a_file_of_a_class_or_grade_that_its_approval_does_not_cover_is_found(terms: Row, why: str) -> None:
    (first,) = rare(hourly=LIFE, labelled=[left()], permits=approved(**terms))
    assert (first["actor"], first["why"], first["what"]) == ("p3", why, ": core geographic data")


@pytest.mark.parametrize(
    "terms", [{}, {"data_class": "geographic"}, {"grade": "core"}, {"data_class": "geographic", "grade": "core"}]
)
def test_one_that_it_covers_is_not(terms: Row) -> None:
    assert not rare(hourly=LIFE, labelled=[left()], permits=approved(**terms))


def test_one_approval_of_several_is_enough() -> None:
    both = approved(data_class="genetic") + approved(data_class="geographic")
    assert not rare(hourly=LIFE, labelled=[left()], permits=both)


def test_what_is_not_grave_needs_no_approval_of_its_own() -> None:
    assert not rare(hourly=LIFE, labelled=[left(grade="internal", gravity=1)], permits=[])
    assert not rare(hourly=LIFE, labelled=[left(kind="partner")], permits=[])  # known to the organisation
    assert rare(hourly=LIFE, labelled=[left()], permits=[])


def test_a_sending_is_told_of_by_the_gravest_of_what_it_held() -> None:
    several = [left(uid="m1", file="a", data_class="mail", grade="sensitive", gravity=2), left(uid="m1")]
    (first,) = rare(hourly=LIFE, labelled=several, permits=[])
    assert (first["what"], first["evidence"], first["bytes_out"]) == (": core geographic data", ["m1"], 10)


def test_where_everybody_sends_such_data_it_is_no_news() -> None:
    usual = [left(actor=p, time=START + timedelta(days=n, hours=9)) for n, p in enumerate(PEOPLE)]
    late = [r for r in rare(hourly=LIFE, labelled=usual, permits=[]) if r["time"] > START + timedelta(days=25)]
    assert not late
