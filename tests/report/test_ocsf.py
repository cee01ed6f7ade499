"""The export against the OCSF JSON schema, a finding against the OCSF models too, and events read back as they were."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from ocsf_json_schema import OcsfJsonSchemaEmbedded, get_ocsf_schema
from py_ocsf_models.events.findings.detection_finding import DetectionFinding

from tests.report.reports import bulk, forwarding
from tidegate.events.schema import CLASSES, Column
from tidegate.lake.store import Lake
from tidegate.pipeline.ingest import ingest
from tidegate.report import ocsf
from tidegate.sources.ocsf import SOURCES

TIME = datetime(2025, 11, 20, 12, 0, 0, 123456)
BARE = {"uid": "bare", "time": TIME}
"""The least a row can have: what OCSF requires beyond it, no log said."""

Check = Callable[[dict[str, Any]], list[str]]


@pytest.fixture(scope="module")
def faults() -> Check:
    """What is wrong with an event by the schema of its class and the profiles it names."""
    schema = OcsfJsonSchemaEmbedded(get_ocsf_schema(ocsf.VERSION))

    def check(event: dict[str, Any]) -> list[str]:
        name = schema.lookup_class_name_from_uid(event["class_uid"])
        of_class = schema.get_class_schema(name, event["metadata"].get("profiles", []))
        return [error.message for error in jsonschema.Draft202012Validator(of_class).iter_errors(event)]

    return check


def example(column: Column) -> object:
    """A value such as the column holds."""
    match column.type:
        case "timestamp(6)":
            return TIME
        case "array<string>":
            return ["ann@reserve.example", "bob@reserve.example"]
        case "boolean":
            return True
        case "string":
            return TEXTS.get(column.name, f"{column.name} 1")
        case _:
            return 7


TEXTS = {
    "src_ip": "10.1.2.20",
    "dst_ip": "2001:db8::9",
    "ip": "10.1.9.9",
    "src_mac": "00:11:22:33:44:55",
    "mac": "00:11:22:33:44:66",
    "sender": "ann@reserve.example",
    "status": "Failure",
    "direction": "Outbound",
}


def full(name: str) -> dict[str, Any]:
    """A row with a value in every column."""
    kind = CLASSES[name]
    return {c.name: example(c) for c in kind.columns} | {"activity": list(kind.activities)[-1]}


@pytest.mark.parametrize("name", CLASSES)
def test_event_is_valid(name: str, faults: Check) -> None:
    made = ocsf.event(name, full(name))
    assert faults(made) == []
    assert made["activity_id"] == CLASSES[name].activities[made["activity_name"]]
    assert faults(ocsf.event(name, BARE)) == []


@pytest.mark.parametrize("name", CLASSES)
def test_schema_finds_faults(name: str, faults: Check) -> None:
    made = ocsf.event(name, full(name))
    assert faults({key: value for key, value in made.items() if key != "metadata"} | {"metadata": {}}) != []
    assert faults(made | {"bytes": 7}) != []  # a member that the class does not have


def test_event_in_full() -> None:
    row = BARE | {"activity": "Share", "actor": "ann", "file_name": "nests.xlsx", "recipient": "anyone", "product": "P"}
    assert ocsf.event("file_hosting", row) == {
        "class_uid": 6006,
        "class_name": "File Hosting Activity",
        "category_uid": 6,
        "activity_id": 12,
        "activity_name": "Share",
        "type_uid": 600612,
        "severity_id": 1,
        "status_id": 0,
        "time": 1763640000123,
        "time_dt": "2025-11-20T12:00:00.123456Z",
        "metadata": {"version": "1.8.0", "uid": "bare", "product": {"name": "P"}, "profiles": ["datetime", "host"]},
        "actor": {"user": {"name": "ann"}},
        "src_endpoint": {"name": ""},
        "file": {"name": "nests.xlsx", "type_id": 0},
        "unmapped": {"recipient": "anyone"},
    }


def test_activity_that_ocsf_does_not_have_is_other() -> None:
    made = ocsf.event("account_change", BARE | {"activity": "Forward"})
    assert (made["activity_id"], made["activity_name"], made["type_uid"]) == (99, "Forward", 300199)
    # An activity that is not known is Unknown, not Other.
    assert ocsf.event("account_change", BARE)["activity_id"] == 0


def test_events_are_read_back_as_they_were(tmp_path: Path) -> None:
    rows = {name: [full(name), BARE] for name in CLASSES}
    export = tmp_path / "export.json"
    export.write_text("".join(json.dumps(ocsf.event(name, row)) + "\n" for name in rows for row in rows[name]))
    lake = Lake(tmp_path / "lake")
    summary = ingest([export], lake, sources=SOURCES)
    assert (summary.events, summary.quarantined) == (2 * len(CLASSES), 0)
    for name, expected in rows.items():
        found = lake.table(name).order_by("source_line").to_pyarrow().to_pylist()
        assert [told(row) for row in found] == [told(row) for row in expected]
    lake.close()


def told(row: dict[str, Any]) -> dict[str, Any]:
    """What a row says, apart from where it was read and of what product: a log without one is named by its format."""
    apart = {"source_file", "source_line", "day"} | ({"product"} if row["uid"] == "bare" else set())
    return {column: value for column, value in row.items() if value is not None and column not in apart}


@pytest.mark.parametrize("case", [bulk(), forwarding()], ids=lambda case: case.pattern)
def test_finding_is_valid(case: Any, faults: Check) -> None:
    made = ocsf.finding(case)
    assert faults(made) == []
    model = DetectionFinding.model_validate(made)
    assert model.finding_info.uid == case.uid
    assert json.loads(json.dumps(made)) == made


def test_finding_names_who_and_where_as_the_case_does() -> None:
    case = bulk()
    made = ocsf.finding(case)
    first = case.findings[0]
    assert made["evidences"][0]["actor"]["user"]["name"] == first.actor
    assert made["evidences"][0]["dst_endpoint"]["name"] == first.destination
    assert {event["uid"] for event in made["finding_info"]["related_events"]} >= set(first.evidence)


@pytest.mark.parametrize(("score", "severity"), [(0.0, 1), (19.9, 1), (20.0, 2), (59.9, 3), (60.0, 4), (100.0, 5)])
def test_severity_is_the_fifth_of_the_scale_the_score_lies_in(score: float, severity: int) -> None:
    assert ocsf.finding(replace(bulk(), score=score))["severity_id"] == severity


def test_technique_with_its_parent() -> None:
    case = replace(bulk(), techniques=("T1567", "T1114.003"))
    assert ocsf.finding(case)["finding_info"]["attacks"] == [
        {"technique": {"uid": "T1567", "name": "T1567"}},
        {"technique": {"uid": "T1114", "name": "T1114"}, "sub_technique": {"uid": "T1114.003", "name": "T1114.003"}},
    ]
