"""The truth can be looked up in the logs, and its sums are right."""

from __future__ import annotations

import pytest

from tests.range.conftest import INCIDENTS, Folder


def test_every_malicious_record_stands_where_the_truth_says(folder: Folder) -> None:
    incidents = folder.truth["incidents"]
    files = {name: folder.lines(name) for name in {r["file"] for incident in incidents for r in incident["records"]}}
    for incident in incidents:
        for record in incident["records"]:
            lines = files[record["file"]]
            line = lines[record["line"] - 1]
            assert (record["record"] or incident["destinations"][0]) in line
            # Near miss: the line before is another record, so the number is no accident.
            assert record["record"] is None or record["record"] not in lines[record["line"] - 2]


@pytest.mark.parametrize("pattern", INCIDENTS)
def test_records_are_in_order_and_add_up(folder: Folder, pattern: str) -> None:
    (incident,) = (i for i in folder.truth["incidents"] if i["pattern"] == pattern)
    records = incident["records"]
    assert sorted(records, key=lambda r: r["time"]) == records
    assert (incident["first_time"], incident["last_time"]) == (records[0]["time"], records[-1]["time"])
    assert incident["bytes"] == sum(r["bytes"] for r in records)
    assert incident["files"] == sum(r["files"] for r in records)
    quiet = "2026-01-12" if pattern == "leaver_haul" else "2026-01-19"  # two weeks before leaving; half of the period
    assert incident["first_time"] >= quiet


def test_twins_have_their_times_but_no_records(folder: Folder) -> None:
    twins = folder.truth["twins"]
    assert {twin["pattern"] for twin in twins} == set(INCIDENTS)
    assert all(twin["first_time"] <= twin["last_time"] and "records" not in twin for twin in twins)
