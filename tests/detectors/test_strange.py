"""Folders that somebody comes to for the first time."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from tests.detectors.lives import PEOPLE, START, accesses, opened
from tests.tables import engine, measured
from tidegate.detectors._strange import broad, strange
from tidegate.detectors._watched import since

DAY = START + timedelta(days=45, hours=10)  # a Thursday, six weeks in
Rows = list[dict[str, Any]]


def raid(who: str, folders: int, begin: datetime = DAY) -> Rows:
    return [opened(who, begin + timedelta(minutes=n), f"/sites/strange{n}/x.docx") for n in range(folders)]


def first(rows: Rows) -> list[tuple[str, str, float]]:
    made = strange(measured("visits", {"file_hosting": rows}))
    found = engine().to_pyarrow(made.order_by("time", "key")).to_pylist()
    return [(r["key"], r["folder"], r["amount"]) for r in found]


def rare(rows: Rows) -> Rows:
    visits = measured("visits", {"file_hosting": rows})
    found = broad(strange(visits), since(visits), at_most=0.1)
    made: Rows = engine().to_pyarrow(found.order_by("time", "days")).to_pylist()
    return made


def test_only_the_first_visit_counts_and_only_of_somebody_known() -> None:
    known = opened("ann", DAY - timedelta(days=14), "/a/x.docx")
    rows = [known, opened("ann", DAY, "/b/x.docx"), opened("ann", DAY + timedelta(days=1), "/b/y.docx")]
    assert first(rows) == [("ann", "/b", 1.0)]
    # Who came yesterday has been nowhere yet.
    assert not first([known | {"time": DAY - timedelta(days=13)}, *rows[1:]])


def test_a_folder_that_others_begin_to_come_to_as_well_counts_less() -> None:
    known = [opened(who, DAY - timedelta(days=20), "/a/x.docx") for who in ("ann", "bob", "eve")]
    moved = [opened(who, DAY + timedelta(days=n), "/new/x.docx") for n, who in enumerate(("ann", "bob"))]
    later = [opened("eve", DAY + timedelta(days=9), "/new/x.docx")]
    assert [amount for *_, amount in first(known + moved + later)] == [1.0, 0.5, 1.0]


def test_coming_to_dozens_of_folders_in_an_hour_is_found_within_it() -> None:
    found = rare(accesses() + raid("p3", 60))
    assert {r["actor"] for r in found} == {"p3"}
    assert found[0]["time"] <= DAY + timedelta(minutes=30)
    assert len(found[0]["evidence"]) == found[0]["total"]


def test_hundreds_of_files_of_one_new_folder_are_not_broad() -> None:
    # Somebody joins a project: many files, one place.
    project = [opened("p3", DAY + timedelta(seconds=n), f"/sites/project/f{n}.docx") for n in range(300)]
    assert not rare(accesses() + project)


def test_a_reorganisation_is_nobodys_raid() -> None:
    moved = [row for n, who in enumerate(PEOPLE) for row in raid(who, 30, DAY + timedelta(minutes=n))]
    assert {r["actor"] for r in rare(accesses() + moved)} <= set(PEOPLE[:4])  # the first look like thieves


def test_nothing_looks_ahead() -> None:
    rows, cut = accesses() + raid("p3", 60), DAY + timedelta(minutes=40)
    known = [(r["time"], r["per_week"]) for r in rare(rows) if r["time"] < cut]
    assert known == [(r["time"], r["per_week"]) for r in rare([r for r in rows if r["time"] < cut])]
