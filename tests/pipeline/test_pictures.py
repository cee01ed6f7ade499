"""The small picture of a finding: its subject's days before it and during, in what the finding is about."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from tests.pipeline.test_evidence import DAY, case, sent, tables
from tests.tables import Row, engine
from tidegate.cases.model import Case
from tidegate.pipeline.pictures import PICTURED, pictured


def drawn(made: Case, **rows: list[Row]) -> list[list[tuple[int, int, float]]]:
    """Of each finding, its days as (bytes, files, usual)."""
    shown = pictured(engine(), tables(**rows), made)
    return [[(day.bytes, day.files, day.usual) for day in finding.timeline] for finding in shown.findings]


def about(**changes: Any) -> Case:
    plain = case()
    usual: dict[str, Any] = {"actor": "ann", "device": None, "destination": "x.example", "first_time": DAY}
    usual["last_time"] = DAY + timedelta(days=1)
    return replace(plain, findings=(replace(plain.findings[0], **(usual | changes)),))


def test_bytes_to_the_place_that_the_finding_names() -> None:
    hourly = [
        sent(-3, 1), sent(-1, 5), sent(0, 70), sent(1, 90),
        sent(0, 1000, destination="y.example"),  # elsewhere
        sent(0, 1000, actor="bob"),  # somebody else
        sent(2, 1000),  # afterwards
    ]  # fmt: skip
    (days,) = drawn(about(), hourly=hourly)
    assert days == [(1, 0, 5.0), (0, 0, 5.0), (5, 0, 5.0), (70, 0, 5.0), (90, 0, 5.0)]


def test_a_place_new_to_somebody_has_empty_days_before() -> None:
    hourly = [sent(-2, 9, destination="y.example"), sent(0, 70)]
    assert drawn(about(last_time=DAY), hourly=hourly) == [[(0, 0, 0.0), (0, 0, 0.0), (70, 0, 0.0)]]


def test_acts_where_the_detector_counts_files_or_no_place_is_named() -> None:
    opened = [{"time": DAY + timedelta(days=n), "actor": "ann"} for n in (-1, 0, 0, 0)]
    made = about(detector="leaver_haul", destination=None, last_time=DAY)
    assert drawn(made, file_hosting=[dict(row) for row in opened]) == [[(0, 1, 1.0), (0, 3, 1.0)]]


def test_the_rarest_findings_are_pictured_and_no_more() -> None:
    one = about(last_time=DAY)
    many = tuple(replace(one.findings[0], uid=f"f{n}", surprise=float(n)) for n in range(PICTURED + 2))
    days = drawn(replace(one, findings=many), hourly=[sent(0, 70)])
    assert [bool(picture) for picture in days] == [False, False, *[True] * PICTURED]
