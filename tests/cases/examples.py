"""A case to test with: one person, one device, one destination, two findings."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from tidegate.cases.model import Case, DayVolume, EventRef, Finding, Flow

FIRST, LAST = datetime(2024, 3, 1, 8), datetime(2024, 3, 2, 9, 0, 0, 250)


def a_case(
    uid: str = "c1", *, actor: str = "person-aaaaaaaa", device: str = "device-bbbbbbbb", score: float = 80.0
) -> Case:
    finding = Finding(
        uid="f1",
        detector="bulk_volume",
        time=LAST,
        first_time=FIRST,
        last_time=LAST,
        actor=actor,
        device=None,
        destination="example.net",
        surprise=2.0,
        explanation=f"{actor} sent 5 GB to example.net",
        bytes_out=5_000_000_000,
        files=3,
        evidence=("e1",),
    )
    return Case(
        uid=uid,
        pattern="bulk_commission",
        title=f"{actor} sent 5 GB to example.net",
        score=score,
        false_alarms_per_week=0.01,
        actors=(actor,),
        devices=(device,),
        destinations=("example.net",),
        first_time=FIRST,
        last_time=LAST,
        raised_time=LAST,
        bytes_out=5_000_000_000,
        findings=(finding, replace(finding, uid="f2", actor=None, device=device, destination=None)),
        summary=f"{actor} on {device}",
        twin="a backup",
        question="Who ordered it?",
        techniques=("T1048",),
        timeline=(DayVolume(day=date(2024, 3, 1), bytes=5, files=3, usual=1.5, high=2.5),),
        flows=(Flow(who=actor, destination="example.net", bytes=5, events=1),),
        events=(
            EventRef(
                uid="e1",
                time=FIRST,
                actor=actor,
                device=device,
                destination="example.net",
                activity="Upload",
                file_name=f"/home/{actor}/maps.zip",
                bytes=5,
                source_file=f"/logs/{device}.log",
                source_line=7,
            ),
        ),
    )
