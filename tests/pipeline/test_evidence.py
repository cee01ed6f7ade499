"""What a case shows: its events, what left per day against the usual, and who sent to where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import ibis.expr.types as ir

from tests.cases.examples import a_case
from tests.tables import Row, engine, measured
from tidegate.cases.model import Case, EventRef
from tidegate.events.schema import CLASSES
from tidegate.pipeline.evidence import FLOWS, LISTED, REMEMBERED, common, illustrated, span

DAY = datetime(2026, 3, 2, 10)


def case(*evidence: str, **more: Any) -> Case:
    plain = replace(a_case(), actors=("ann",), devices=("ann-pc",), destinations=("x.example",), bytes_out=0)
    findings = tuple(replace(f, evidence=evidence) for f in plain.findings)
    return replace(plain, first_time=DAY, last_time=DAY + timedelta(days=1), findings=findings, **more)


def tables(**rows: Sequence[Row]) -> dict[str, ir.Table]:
    return {name: measured(name, rows) for name in (*CLASSES, *REMEMBERED, "handled", "visits")}


def sent(days: float, size: int, **more: Any) -> Row:
    time = DAY + timedelta(days=days)
    return {"last_time": time, "actor": "ann", "destination": "x.example", "bytes": size, "events": 1, **more}


def shown(made: Case, **rows: Sequence[Row]) -> Case:
    return illustrated(engine(), tables(**rows), [made])[0]


def test_flows_are_of_the_cases_people_and_places_since_it_began() -> None:
    hourly = [
        sent(0, 5), sent(1, 7),
        sent(0, 3, actor=None, device="ann-pc"),
        sent(-1, 100),  # before
        sent(0, 100, destination="y.example"),  # elsewhere
        sent(0, 100, actor="bob"),  # somebody else,
        sent(0, 100, actor="bob", device="ann-pc"),  # on Ann's device too
    ]  # fmt: skip
    made = shown(case(), hourly=hourly)
    assert [(f.who, f.destination, f.bytes, f.events) for f in made.flows] == [
        ("ann", "x.example", 12, 2),
        ("ann-pc", "x.example", 3, 1),
    ]
    assert made.bytes_out == 15


def test_what_left_is_counted_beyond_the_flows_shown() -> None:
    places = tuple(f"{n}.example" for n in range(FLOWS + 3))
    made = shown(case(destinations=places), hourly=[sent(0, 10, destination=place) for place in places])
    assert (len(made.flows), made.bytes_out) == (FLOWS, 10 * (FLOWS + 3))


def test_the_timeline_sets_each_day_against_the_days_before() -> None:
    before = [sent(-day, 10 * day) for day in (1, 2, 3, 40)]
    made = shown(case(), hourly=[*before, sent(0, 500), sent(2, 700)])
    days = {day.day: day.bytes for day in made.timeline}
    assert min(days) == date(2026, 2, 2)  # 28 days before, the fortieth only counts
    assert max(days) == date(2026, 3, 4)  # to the last day on which it went there
    assert (days[date(2026, 3, 1)], days[date(2026, 3, 2)], days[date(2026, 3, 3)]) == (10, 500, 0)
    assert {(day.usual, day.high) for day in made.timeline} == {(30.0, 400.0)}


def test_where_no_bytes_are_logged_acts_are_counted() -> None:
    opened = [{"time": DAY, "actor": "ann"}] * 3 + [{"time": DAY, "actor": "bob"}]
    made = shown(case(), file_hosting=opened)
    assert [(d.day, d.bytes, d.files) for d in made.timeline] == [(date(2026, 3, 2), 0, 3), (date(2026, 3, 3), 0, 0)]


def test_a_case_of_a_device_alone_has_its_flows() -> None:
    made = shown(case(actors=()), hourly=[sent(0, 3, actor=None, device="ann-pc"), sent(0, 5)])
    assert [(f.who, f.bytes) for f in made.flows] == [("ann-pc", 3)]


def test_the_events_it_rests_on_are_listed_in_order_of_time_with_where_they_stand() -> None:
    place = {"source_file": "a.log", "source_line": 7}
    made = shown(
        case("n", "h", "e", "w", "late"),
        network_activity=[
            {"uid": "n", "time": DAY, "src_ip": "10.0.0.5", "dst_ip": "203.0.113.9", "bytes_out": 5, **place}
        ],
        http_activity=[{"uid": "h", "time": DAY + timedelta(hours=1), "dst_ip": "203.0.113.9", **place}],
        email_activity=[{"uid": "e", "time": DAY + timedelta(hours=2), "recipients": ["a@x", "b@x"], **place},
                        {"uid": "other", "time": DAY, **place}],
        web_resources=[
            {"uid": "w", "time": DAY + timedelta(days=1), "resource": "maps", "src_ip": "198.51.100.7", **place}
        ],
        file_hosting=[{"uid": "late", "time": DAY + timedelta(days=2), **place}],
    )  # fmt: skip
    assert [(e.uid, e.destination, e.file_name) for e in made.events] == [
        ("n", "203.0.113.9", None),
        ("h", "203.0.113.9", None),
        ("e", "a@x, b@x", None),
        ("w", "198.51.100.7", "maps/"),
    ]
    assert made.events[0] == EventRef(
        uid="n", time=DAY, actor=None, device="10.0.0.5", destination="203.0.113.9", activity=None,
        file_name=None, bytes=5, source_file="a.log", source_line=7,
    )  # fmt: skip


def test_there_is_an_end_to_the_list_and_the_earliest_stay() -> None:
    many: list[Row] = [
        {"uid": f"{n:04}", "time": DAY + timedelta(seconds=n), "source_file": "a", "source_line": n}
        for n in range(LISTED + 9)
    ]
    made = shown(case(*(row["uid"] for row in many)), file_activity=many[::-1])
    assert [e.source_line for e in made.events] == list(range(LISTED))


def test_a_destination_of_five_senders_ties_nobody_together() -> None:
    hourly = [sent(0, 1, actor=f"p{n}", destination="cloud.example") for n in range(4)]
    hourly += [sent(0, 1, actor=f"p{n}", destination="four.example") for n in range(4)]
    hourly.append(sent(0, 1, actor=None, device="d", destination="cloud.example"))
    assert common(engine(), tables(hourly=hourly)) == {"cloud.example", "anyone"}


def test_a_device_of_five_people_ties_nobody_together() -> None:
    opened: list[Row] = [
        {"time": DAY, "actor": f"p{n}", "device": device, "activity": "Open", "site": "s", "file_path": "/a/x.doc"}
        for device, users in (("files-1", 5), ("desk", 4))
        for n in range(users)
    ]
    assert common(engine(), tables(file_hosting=opened)) == {"files-1", "anyone"}


def test_the_span_is_that_of_all_classes() -> None:
    ends = {"dns_activity": [{"time": DAY}], "device_inventory": [{"time": DAY + timedelta(days=3)}]}
    assert span(engine(), tables(**ends)) == (DAY, DAY + timedelta(days=3))
    assert span(engine(), tables()) == (None, None)


def test_what_was_watched_begins_with_what_only_measures_remember() -> None:
    known = tables(hourly=[sent(-400, 1)], authentication=[{"time": DAY, "actor": "ann"}])
    assert span(engine(), known) == (DAY - timedelta(days=400), DAY)
