"""What is written to removable media."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.detectors.lives import PEOPLE, START, sent
from tests.tables import run
from tidegate.detectors.removable_media import removable_media

DAY = START + timedelta(days=50)
Rows = list[dict[str, Any]]


def written(actor: str, day: int, files: int, medium: str | None = None, hour: int = 11, **more: Any) -> dict[str, Any]:
    usb = {"kind": "unknown", "channel": "removable", "to": f"removable:{medium or actor}", "files": files}
    return sent(actor, START + timedelta(days=day, hours=hour), 10**5 * files, **{**usb, **more})


def life() -> Rows:
    """Everybody has a stick and writes a few files to it now and then; all the organisation's other work is in it."""
    sticks = [written(p, day, 1 + (n * day) % 7) for n, p in enumerate(PEOPLE) for day in range(n % 6, 56, 6)]
    return sticks + [sent(p, START, 10) for p in PEOPLE]


def rare(rows: Rows, below: float = 0.05, **more: Any) -> Rows:
    made = run(removable_media, hourly=life() + rows, **more)
    return [r for r in made if r["per_week"] < below and r["time"] >= DAY]


def test_hundreds_of_files_on_a_stick_are_found_in_the_first_hours() -> None:
    found = rare([written("p9", 50, 60, hour=9 + n) for n in range(8)])
    assert {r["actor"] for r in found} == {"p9"}
    assert found[0]["time"] <= DAY + timedelta(hours=11)


def test_a_few_files_on_the_own_stick_are_not() -> None:
    assert not rare([written("p9", 50, 8)])


def test_an_approved_medium_a_permit_and_a_backup_service_are_not() -> None:
    many = [written("p9", 50, 60, hour=9 + n, kind="approved") for n in range(8)]
    allowed = [written("p9", 50, 60, hour=9 + n, permitted=True) for n in range(8)]
    backup = [written("backup", 50, 600, hour=9 + n) for n in range(8)]
    assert not rare(many + allowed + backup, people=[{"user": "backup", "kind": "service"}])


def few() -> Rows:
    """An organisation in which hardly anybody uses media."""
    return [sent(p, START, 10) for p in PEOPLE] + [written("p1", 5, 2)]


def test_a_medium_never_seen_before_is_told_where_media_are_rare() -> None:
    def new(medium: str) -> Rows:
        made = run(removable_media, hourly=[*few(), written("p9", 50, 2, medium)])
        return [r for r in made if "never seen" in r["did"] and r["time"] >= DAY]

    assert [r["destination"] for r in new("kingston")] == ["removable:kingston"]
    # The near miss: a colleague's stick, known for weeks.
    assert not new("p1")


def test_nothing_looks_ahead() -> None:
    rows = life() + [written("p9", 50, 60, hour=9 + n) for n in range(8)]
    cut = DAY + timedelta(hours=12)
    known = [(r["time"], r["per_week"]) for r in run(removable_media, hourly=rows) if r["time"] < cut]
    before = run(removable_media, hourly=[r for r in rows if r["last_time"] < cut])
    assert sorted(known) == sorted((r["time"], r["per_week"]) for r in before)
