"""Papers with a marking: copied away, or opened outside the own work."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.detectors.lives import START, accesses, opened, sent
from tests.tables import run
from tidegate.detectors.marked_copy import marked_copy

DAY = START + timedelta(days=45, hours=10)
Rows = list[dict[str, Any]]
ENDPOINTS = [
    {"endpoint": "removable:K1", "destination": "removable:K1", "kind": "unknown"},
    {"endpoint": "removable:ours", "destination": "removable:ours", "kind": "approved"},
    {"endpoint": "me@mail.example", "destination": "mail.example", "kind": "personal"},
    {"endpoint": "chief@ministry.example", "destination": "ministry.example", "kind": "partner"},
]


def stick(time: datetime = DAY, path: str = "C:\\work\\SECRET plan.docx", medium: str = "K1") -> dict[str, Any]:
    copy = {"activity": "Copy", "file_path": path, "removable": True, "medium": medium, "file_size": 9}
    return {"actor": "p3", "device": "dev-p3", "time": time, **copy}


def rare(**rows: Any) -> Rows:
    life = {"file_hosting": accesses(), "endpoints": ENDPOINTS}
    return [r for r in run(marked_copy, **{**life, **rows}) if r["per_week"] < 0.3]


def test_the_first_marked_paper_on_a_private_stick_is_found() -> None:
    (first,) = rare(file_activity=[stick(), stick(DAY + timedelta(hours=1))])
    assert (first["actor"], first["destination"], first["time"]) == ("p3", "removable:K1", DAY)
    assert first["marking"] == "SECRET"


def test_a_paper_without_a_marking_and_an_approved_stick_are_not() -> None:
    assert not rare(file_activity=[stick(path="C:\\work\\plan for the secretary.docx")])
    assert not rare(file_activity=[stick(medium="ours")])


def test_a_marked_paper_mailed_home_is_found_and_one_to_a_partner_is_not() -> None:
    def mail(to: str) -> Rows:
        sent = {"activity": "Send", "sender": "p3", "recipients": [to], "attachments": ["Lage VS-NfD.pdf"]}
        return [{"actor": "p3", "time": DAY, **sent}]

    assert rare(email_activity=mail("me@mail.example"))
    assert not rare(email_activity=mail("chief@ministry.example"))


def test_a_records_officers_transfer_under_an_approval_is_left_alone() -> None:
    permit = {"permit": "R-7", "holder": "p3", "destination": "removable:K1"}
    assert not rare(file_activity=[stick()], permits=[permit])
    expired = permit | {"end": START.date()}
    assert rare(file_activity=[stick()], permits=[expired])


def test_a_managers_board_pack_is_left_alone() -> None:
    # Somebody who handles marked papers every week of the past.
    habit = [
        opened("p3", START + timedelta(days=day, hours=9), f"/sites/team3/CONFIDENTIAL {day}.docx") for day in range(45)
    ]
    assert not rare(file_hosting=accesses() + habit, file_activity=[stick()])


def papers(count: int, folder: str) -> Rows:
    return [opened("p3", DAY + timedelta(minutes=n), f"{folder}/SECRET {n}.docx") for n in range(count)]


def some() -> Rows:
    """Now and then somebody opens a marked paper in a place they came to only lately."""
    return [
        opened(f"p{n % 40}", START + timedelta(days=15 + n, hours=11), f"/sites/guest{n}/SECRET {k}.docx")
        for n in range(30)
        for k in range(1 + n % 2)
    ]


def test_marked_papers_opened_in_a_run_in_strange_places_are_found() -> None:
    made = rare(file_hosting=accesses() + some() + papers(60, "/sites/strange"))
    assert {r["actor"] for r in made} == {"p3"}
    assert made[0]["time"] <= DAY + timedelta(minutes=52)


def test_as_many_in_the_persons_own_folders_are_not() -> None:
    assert not rare(file_hosting=accesses() + some() + papers(60, "/sites/team3"))


def test_nothing_looks_ahead() -> None:
    rows, cut = accesses() + some() + papers(60, "/sites/strange"), DAY + timedelta(minutes=50)
    copies = [stick(DAY + timedelta(minutes=2 * n), f"D:\\SECRET {n}.docx") for n in range(40)]
    sendings = [sent("p3", DAY + timedelta(minutes=20 + 7 * n), 70_000, "box.example") for n in range(10)]
    whole = rare(file_hosting=rows, file_activity=copies, hourly=sendings)
    known = [(r["time"], r["per_week"], r["did"]) for r in whole if r["time"] < cut]
    assert any("went to" in did for *_, did in known)
    before = rare(
        file_hosting=[r for r in rows if r["time"] < cut],
        file_activity=[r for r in copies if r["time"] < cut],
        hourly=[r for r in sendings if r["last_time"] < cut],
    )
    assert known == [(r["time"], r["per_week"], r["did"]) for r in before]


def test_a_reader_with_an_approval_for_marked_papers_or_a_machine_is_left_alone() -> None:
    rows = accesses() + some() + papers(60, "/sites/strange")
    permit = {"permit": "R-7", "holder": "p3", "destination": "archive.example", "data_class": "marked"}
    assert not rare(file_hosting=rows, permits=[permit])
    # One that had run out, or for other papers, is none for these.
    assert rare(file_hosting=rows, permits=[permit | {"end": START.date()}])
    assert rare(file_hosting=rows, permits=[permit | {"data_class": "biological"}])
    assert not rare(file_hosting=rows, people=[{"user": "p3", "kind": "service"}])


FEW = papers(8, "/sites/strange")
HOME = [sent("p3", DAY + timedelta(minutes=30 + n), 70_000, "box.example", uid=f"up{n}") for n in range(4)]


def test_papers_after_which_something_went_where_nobody_else_sends_are_found() -> None:
    (*_, last) = rare(file_hosting=accesses() + FEW, hourly=HOME)
    assert (last["actor"], last["destination"], last["files"]) == ("p3", "box.example", 8)
    assert "opened 8 papers" in last["did"]
    assert last["bytes_out"] == 8 * 50_000
    assert set(last["evidence"]) > {"up0"}
    assert len(last["evidence"]) == 9  # eight openings and what was sent next


@pytest.mark.parametrize(
    "sendings",
    [
        [*HOME, sent("p5", DAY - timedelta(days=3), 70_000, "box.example") | {"actor": None}],  # so does a machine
        [*HOME, sent("p5", DAY - timedelta(days=3), 70_000, "box.example")],  # others send there, too
        [*HOME, sent("p3", DAY - timedelta(days=20), 70_000, "box.example")],  # the person has long done so
        [row | {"bytes_in": 10 * row["bytes"]} for row in HOME],  # more came than went
        [row | {"last_time": row["last_time"] + timedelta(hours=2)} for row in HOME],  # hours later
    ],
    ids=["machines", "others", "long", "came", "later"],
)
def test_what_is_sent_at_other_times_and_to_other_places_is_left_alone(sendings: Rows) -> None:
    assert not rare(file_hosting=accesses() + FEW, hourly=sendings)


def test_papers_copied_under_their_names_are_counted_and_the_same_every_month_are_not() -> None:
    def pack(month: int) -> tuple[Rows, Rows]:
        day = START + timedelta(days=30 + 17 * month)
        papers = [opened("p3", day, f"/sites/new{month}/SECRET {month}{n}.docx") for n in range(12)]
        copies = [stick(day + timedelta(hours=2), f"D:\\SECRET {month}{n}.docx") for n in range(12)]
        return papers, copies

    (first, put), (second, later) = pack(0), pack(1)
    made = rare(file_hosting=accesses() + first + second, file_activity=put + later)
    assert {r["time"].date() for r in made if "went to" in r["did"]} == {put[0]["time"].date()}


def test_papers_mailed_together_are_told_apart() -> None:
    names = [f"SECRET {n}.DOCX" for n in range(8)]
    mail = {"activity": "Send", "sender": "p3", "recipients": ["me@mail.example"], "attachments": names}
    made = rare(
        file_hosting=accesses() + FEW, email_activity=[{"actor": "p3", "time": DAY + timedelta(hours=5), **mail}]
    )
    assert [r["files"] for r in made if "went to" in r["did"]] == [8]
