from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.detectors.lives import START, accesses, opened, sent
from tests.tables import run
from tidegate.detectors.leaver_haul import leaver_haul

DAY = START + timedelta(days=45, hours=10)  # a Thursday, six weeks in


def haul(folder: str, files: int, **more: object) -> list[dict[str, Any]]:
    return [
        opened("p3", DAY + timedelta(minutes=n), f"{folder.format(n % 20)}/x{n}.docx", **more) for n in range(files)
    ]


def rare(rows: list[dict[str, Any]], **more: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [r for r in run(leaver_haul, file_hosting=rows, **more) if r["per_week"] < 0.05]


def test_many_files_from_folders_never_opened_are_found_early() -> None:
    found = rare(accesses() + haul("/sites/strange{}", 300))
    assert found
    assert {r["actor"] for r in found} == {"p3"}
    assert found[0]["time"] <= DAY + timedelta(minutes=60)  # 60 of the 300 files


def test_as_many_files_from_the_persons_own_folders_are_not() -> None:
    # The handover to a successor: hundreds of files, but where the person has always worked (p3: team3, project3).
    assert not rare(accesses() + haul("/sites/team3", 300))


def test_a_new_laptop_that_syncs_the_persons_own_drive_is_not() -> None:
    own = haul("/personal/p3/Documents/dir{}", 900, site="https://x.example/personal/p3", activity="Sync")
    assert not rare(accesses() + own)


def test_the_same_haul_is_rarer_shortly_before_a_leaving_date() -> None:
    rows = accesses() + haul("/sites/strange{}", 300)
    people = [{"user": f"p{n}", "end": None} for n in range(40)]
    leaving = [p | {"end": (DAY + timedelta(days=20)).date()} if p["user"] == "p3" else p for p in people]
    # The near miss: a leaving date half a year away weighs nothing.
    later = [p | {"end": (DAY + timedelta(days=180)).date()} if p["user"] == "p3" else p for p in people]
    rates = [min(r["per_week"] for r in rare(rows, people=who)) for who in (leaving, later, people)]
    assert rates[0] < rates[1] == rates[2]


def test_files_copied_to_a_removable_device_count_without_any_log_of_reading() -> None:
    usb = {"kind": "unknown", "channel": "removable", "to": "removable:kingston"}
    now_and_then = [
        sent(f"p{n}", START + timedelta(days=d, hours=11), 10**6, files=3, **usb)
        for d in range(50)
        for n in range(d % 4)
    ]
    many = [sent("p9", DAY + timedelta(hours=h), 10**7, files=60, **usb) for h in range(5)]
    found = [r for r in run(leaver_haul, hourly=now_and_then + many) if r["per_week"] < 0.05]
    assert {r["actor"] for r in found} == {"p9"}
