"""The JSON document: exactly the keys of the contract, and nothing that is no JSON."""

from __future__ import annotations

import json

from tests.report import reports
from tidegate.report.document import document

FINDING = {"uid", "detector", "time", "actor", "device", "destination", "surprise", "explanation", "evidence"}
CASE = {
    "uid", "pattern", "title", "score", "false_alarms_per_week", "actors", "devices", "destinations", "first_time",
    "last_time", "raised_time", "bytes_out", "findings",
}  # fmt: skip


def test_keys() -> None:
    report = reports.report()
    made = json.loads(json.dumps(document(report), allow_nan=False))
    assert made.keys() == {"ingested", "findings", "cases"}
    assert made["ingested"] == {"files": 212, "events": 1_402_331, "quarantined": 37}
    assert [case["uid"] for case in made["cases"]] == [case.uid for case in report.cases]
    assert all(case.keys() == CASE for case in made["cases"])
    assert all(finding.keys() == FINDING for case in made["cases"] for finding in case["findings"])
    assert all(finding.keys() == FINDING for finding in made["findings"])


def test_values() -> None:
    made = json.loads(json.dumps(document(reports.report(cases=1))))
    case = made["cases"][0]
    assert case["first_time"] == "2024-03-03T01:12:09Z"
    assert case["raised_time"] == "2024-03-03T06:00:00Z"
    assert case["devices"] == ["device-71be20d4", "device-0c93aa1f"]
    assert case["findings"][0]["evidence"][:2] == ["bulk-0000", "bulk-0001"]
    assert case["findings"][0] in made["findings"]


def test_nothing_found() -> None:
    made = document(reports.quiet())
    assert made["cases"] == []
    assert isinstance(made["findings"], list)
    assert len(made["findings"]) == 1, "a finding that made no case is still told"
