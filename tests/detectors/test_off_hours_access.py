"""Files taken when their taker does not work."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from tests.detectors.lives import START, accesses, opened
from tests.tables import run
from tidegate.detectors.off_hours_access import off_hours_access

NIGHT = START + timedelta(days=46, hours=2)  # a Friday, six weeks in; everybody works from nine on
Rows = list[dict[str, Any]]


def taken(files: int, begin: datetime = NIGHT, actor: str = "p3", **more: Any) -> Rows:
    return [opened(actor, begin + timedelta(minutes=n % 55), f"/sites/team3/n{n}.docx", **more) for n in range(files)]


def late() -> Rows:
    """Now and then somebody is at it late in the evening, for a few files."""
    return [
        opened(f"p{(7 * n) % 40}", START + timedelta(days=n, hours=20), f"/sites/team1/e{n}-{k}.docx")
        for n in range(0, 55, 3)
        for k in range(6 + n % 4)
    ]


def rare(rows: Rows, **more: Any) -> Rows:
    return [r for r in run(off_hours_access, file_hosting=rows, **more) if r["per_week"] < 0.05]


def test_hundreds_of_files_in_the_night_are_found_within_minutes() -> None:
    first, *_ = rare(accesses() + late() + taken(200) + taken(300, NIGHT + timedelta(hours=1)))
    assert (first["actor"], first["did"]) == ("p3", "took 80 files")  # of ten minutes
    assert first["time"] < NIGHT + timedelta(minutes=20)


def test_as_many_at_noon_are_not() -> None:
    assert not rare(accesses() + late() + taken(200, NIGHT.replace(hour=10)))


def test_a_few_late_files_are_not() -> None:
    assert not rare(accesses() + late() + taken(9))


def test_somebody_on_the_night_shift_is_not() -> None:
    # They have always worked then: it is their day that would be odd.
    shift = [f for day in range(56) for f in taken(12, START + timedelta(days=day, hours=2), "guard")]
    made = rare(accesses() + late() + shift + taken(200, NIGHT, "guard"))
    assert not [r for r in made if r["time"] > START + timedelta(days=28)]


def test_a_newcomer_is_judged_by_the_hours_of_all() -> None:
    day = START + timedelta(days=43)
    new = taken(10, day.replace(hour=9), "new")
    assert not rare(accesses() + late() + new + taken(200, day + timedelta(hours=10), "new"))
    assert rare(accesses() + late() + new + taken(200, day + timedelta(hours=26), "new"))


def test_nothing_looks_ahead() -> None:
    rows, cut = accesses() + late() + taken(200) + taken(300, NIGHT + timedelta(hours=1)), NIGHT + timedelta(hours=1)
    known = [(r["time"], r["per_week"]) for r in rare(rows) if r["time"] < cut]
    assert known == [(r["time"], r["per_week"]) for r in rare([r for r in rows if r["time"] < cut])]
