from __future__ import annotations

import re
import struct
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from evtx import PyEvtxParser

from tests.reading.evtx_files import chunk, event, evtx
from tests.samples import sample
from tidegate.cases.model import IngestSummary
from tidegate.events.schema import CLASSES
from tidegate.lake.store import Lake
from tidegate.pipeline.ingest import ingest
from tidegate.sources._windows import WINDOWS
from tidegate.sources.windows_files import asked

SIGNINS = [event(number, TargetUserName="ann", LogonType="3") for number in range(1, 7)]


@pytest.fixture
def lake(tmp_path: Path) -> Iterator[Lake]:
    lake = Lake(tmp_path / "lake")
    yield lake
    lake.close()


def read(lake: Lake, *paths: Path) -> IngestSummary:
    return ingest(paths, lake)


def account(summary: IngestSummary) -> tuple[int, int, int, int]:
    return summary.events, summary.duplicates, summary.ignored, summary.quarantined


def test_a_log_in_use_is_read_once_however_often_it_is_written_over(tmp_path: Path, lake: Lake) -> None:
    log = tmp_path / "Security.evtx"
    log.write_bytes(evtx(chunk(SIGNINS[:2])))
    assert account(read(lake, log)) == (2, 0, 0, 0)
    log.write_bytes(evtx(chunk(SIGNINS[:4])))
    assert account(read(lake, log)) == (2, 0, 0, 0)  # it grew: reading went on
    log.write_bytes(evtx(chunk(SIGNINS[4:]), chunk(SIGNINS[2:4])))
    assert account(read(lake, log)) == (2, 2, 0, 0)  # it was full, and began anew from its start
    log.rename(tmp_path / "Archive-Security.evtx")
    assert account(read(lake, tmp_path / "Archive-Security.evtx")) == (0, 0, 0, 0)


def test_what_cannot_be_read_is_in_quarantine_and_says_why(tmp_path: Path, lake: Lake) -> None:
    damaged = bytearray(chunk(SIGNINS[:3]))
    at = next(m.start() for m in re.finditer(rb"\*\*\0\0", damaged) if damaged[m.start() + 8] == 2)
    damaged[at + 30 : at + 60] = b"\x99" * 30
    lost = bytearray(chunk(SIGNINS[3:5]))
    struct.pack_into("<8s", lost, 0, b"nothing")
    (tmp_path / "Security.evtx").write_bytes(evtx(bytes(damaged), bytes(lost), chunk(SIGNINS[5:])))
    summary = read(lake, tmp_path / "Security.evtx")
    assert (summary.events, summary.ignored) == (3, 0)
    reasons = [reason for reason, _ in summary.reasons]
    assert any("chunk 1: Failed to parse record number 2: " in reason for reason in reasons)
    assert any("chunk 2: Failed to parse chunk" in reason for reason in reasons)


@pytest.mark.parametrize(
    ("mask", "activity"),
    [
        ("0x1", "Read"),
        ("0x120089", "Read"),  # what a program asks for that opens a file to read it
        ("0x2", "Update"),
        ("0x12019f", "Update"),
        ("0x17019f", "Update"),  # as one asks that saves under a new name: it might delete, too
        ("0x10000", "Delete"),
        ("0x110080", "Delete"),
        ("0x80000", "Set Security"),
        ("0x20000", "Get Security"),
        ("0x100080", "Get Attributes"),  # a look at its date is no reading
        (None, "Get Attributes"),
    ],
)
def test_what_an_access_mask_asks_for(lake: Lake, mask: str | None, activity: str) -> None:
    import ibis

    assert lake.engine.ibis.execute(asked(ibis.literal(mask, "string"))) == activity


def test_no_record_of_real_logs_is_lost(lake: Lake) -> None:
    logs = sample("logs", "evtx_mitre")
    records = sum(1 for log in logs.glob("*.evtx") for _ in PyEvtxParser(str(log)).records())
    summary = read(lake, logs)
    assert not summary.unknown_files
    assert summary.quarantined == 0
    assert sum(account(summary)) == records
    stored = Counter({name: lake.table(name).count().to_pyarrow().as_py() for name in CLASSES})
    assert stored.total() == summary.events
    assert +stored == {
        "file_activity": 989,
        "process_activity": 41,
        "authentication": 35,
        "account_change": 29,
        "script_activity": 7,
        "peripheral_activity": 3,
    }


def test_events_as_log_analytics_keeps_them(lake: Lake) -> None:
    summary = read(lake, sample("logs", "otrf", "golden_saml", "WindowsEvents.json"))
    assert account(summary) == (28, 0, 10, 0)
    known = lake.table("authentication").src_ip.notnull().sum()
    assert known.to_pyarrow().as_py() == 27  # one signed in at the computer itself


@pytest.mark.parametrize(
    "record",
    [
        '{"EventTime": "2025-11-20T10:00:00Z", "EventID": 1, "Channel": "x", "cut off',  # no whole event
        '{"unreadable": "chunk 3: damaged"}',
        '{"Event": null}',
    ],
)
def test_what_is_no_event_is_not_ignored(record: str) -> None:
    assert re.search(str(WINDOWS.ignore), record) is None
    assert re.search(str(WINDOWS.ignore), '{"Event":{"System":{"EventID":4907,"Channel":"Security"}}}')
