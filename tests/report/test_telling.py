"""What a report and its cases say in words."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.report import reports
from tidegate.cases.model import IngestSummary
from tidegate.report import telling


def test_amount_is_bytes_else_files_else_events() -> None:
    case = reports.leaver()
    assert telling.amount(case) == "4.7 GB"
    assert telling.amount(replace(case, bytes_out=0)) == "5,204 files"
    assert telling.amount(reports.forwarding()) == "7 events"


def test_subjects_are_devices_only_where_no_person_is_known() -> None:
    assert telling.subjects(reports.bulk()) == ("person-5e1c09aa",)
    assert telling.subjects(replace(reports.bulk(), actors=())) == ("device-71be20d4", "device-0c93aa1f")


def test_delay() -> None:
    assert telling.delay(reports.bulk()) == "5 hours after it began"
    assert telling.delay(reports.forwarding()) == "at its first event"
    early = replace(reports.bulk(), raised_time=reports.bulk().first_time - timedelta(days=1))
    assert telling.delay(early) == "at its first event"


def test_rate_is_the_inverse_of_surprise() -> None:
    assert telling.rate(2) == pytest.approx(0.01)
    assert telling.rate(-1) == pytest.approx(10)


def test_the_summary_is_not_said_twice() -> None:
    case = reports.bulk()
    assert len(telling.others(case)) == 2
    assert telling.others(replace(case, summary=case.findings[0].explanation)) == case.findings[1:]


def test_singles() -> None:
    assert telling.singles(reports.report()) == 1
    assert telling.singles(replace(reports.report(), findings=())) == 0


def test_period() -> None:
    assert telling.period(reports.report()) == "8 Jan to 6 Apr 2024 (90 days)"
    assert "no event" in telling.period(replace(reports.report(), first_event=None, last_event=None))


@pytest.mark.parametrize(
    ("ingested", "said"),
    [
        (IngestSummary(), ""),
        (IngestSummary(files=1, events=2), "This run read 1 file with 2 events."),
        (IngestSummary(unchanged_files=3), "3 files had been read before."),
        (IngestSummary(quarantined=1), "1 record was set aside as unreadable."),
        (IngestSummary(quarantined=2), "2 records were set aside as unreadable."),
        (IngestSummary(unknown_files=("a",)), "1 file of no known kind was left out."),
        (IngestSummary(unknown_files=("a", "b")), "2 files of no known kind were left out."),
    ],
)
def test_read_in_words(ingested: IngestSummary, said: str) -> None:
    assert telling.read_in_words(ingested) == said


def test_first_events_are_the_earliest() -> None:
    case = reports.bulk()
    shuffled = replace(case, events=case.events[::-1])
    assert telling.first_events(shuffled, 3) == case.events[:3]


@pytest.mark.parametrize(
    ("files", "folder"),
    [
        (("/srv/logs/a/x.log", "/srv/logs/b/y.log"), "/srv/logs"),
        (("/srv/logs/old.zip!in/x.log", "/srv/logs/y.log"), "/srv/logs"),  # a member is in its archive's folder
        (("/srv/x.log", "y.log"), ""),
        (("x.log",), ""),
        ((), ""),
    ],
)
def test_common_folder(files: tuple[str, ...], folder: str) -> None:
    assert telling.common_folder(files) == folder
    assert all(telling.within(folder, file).endswith(file.rpartition("/")[2]) for file in files)


def test_within() -> None:
    assert telling.within("/srv/logs", "/srv/logs/a/x.log") == "a/x.log"
    assert telling.within("", "/srv/logs/a/x.log") == "/srv/logs/a/x.log"


def test_of_timeline() -> None:
    title, caption = telling.of_timeline(reports.bulk())
    assert title == "What left, day by day"
    assert "The most on one day: 7.9 GB, on 4 Mar 2024. A usual day before: 31 MB." in caption
    assert "powers of ten" in caption
    assert "powers of ten" not in telling.of_timeline(reports.leaver())[1]
    assert "Each bar is the busiest of 3 days." in telling.of_timeline(reports.bulk(), limit=30)[1]


def test_of_timeline_without_bytes() -> None:
    case = reports.bulk()
    counted = replace(case, timeline=tuple(replace(volume, bytes=0, usual=0) for volume in case.timeline))
    title, caption = telling.of_timeline(counted)
    assert title == "What was done, day by day"
    assert "actions" in caption
    assert "On a usual day before: nothing." in caption


def test_of_flows() -> None:
    assert "80 GB, from person-5e1c09aa to stormbucket.example" in telling.of_flows(reports.bulk().flows)[1]
    assert "3 events, from person-0b7712cd" in telling.of_flows(reports.forwarding().flows)[1]
