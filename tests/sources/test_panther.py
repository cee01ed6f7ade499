"""Events that rules of others are tested on (Panther's, see the samples' manifest), read as what they are.

Those events hold only what the rule at hand looks at. Where no time is left one is put in; everything else is theirs.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.samples import sample
from tidegate.events.schema import CLASSES
from tidegate.lake.store import Lake
from tidegate.pipeline.ingest import ingest

TIMES = {
    "Box.Event": "created_at",
    "Dropbox.TeamEvent": "timestamp",
    "GCP.AuditLog": "timestamp",
    "GitHub.Audit": "created_at",
    "Slack.AuditLogs": "date_create",
    "Azure.MonitorActivity": "time",
}
"""Kind of log → where its time is."""


def events(kind: str) -> list[tuple[dict[str, Any], bool]]:
    """Each event with a time of its own, and whether the rule it is from would raise an alarm."""
    lines = sample("logs", "panther", "events.jsonl").read_text().splitlines()
    mine = [one for one in map(json.loads, lines) if one["log_type"] == kind]
    if kind == "Azure.MonitorActivity":  # of these only what Azure Storage itself logs
        mine = [one for one in mine if str(one["event"].get("category")).startswith("Storage")]
    found = []
    for minute, one in enumerate(mine):
        made_up = {TIMES[kind]: f"2025-11-20T10:{minute:02}:00Z"}
        found.append((made_up | {k: v for k, v in one["event"].items() if v is not None}, one["expected"]))
    return found


def rows(kind: str, folder: Path) -> dict[str, list[dict[str, Any]]]:
    """Rows by class table; every source takes part, so that the log is told from all others.

    All events become rows, save those that several rules are tested on: these are one event, as a redelivery is.
    """
    folder.mkdir()
    path = folder / "events.json"
    path.write_text("".join(json.dumps(event) + "\n" for event, _ in events(kind)))
    lake = Lake(folder / "lake")
    summary = ingest([path], lake)
    assert (summary.events + summary.duplicates) / len(events(kind)) == 1
    found = {name: lake.table(name).order_by("source_line").to_pyarrow().to_pylist() for name in CLASSES}
    lake.close()
    return found


@pytest.mark.parametrize(
    ("kind", "product"),
    [
        ("Box.Event", "Box enterprise events"),
        ("Dropbox.TeamEvent", "Dropbox team events"),
        ("GCP.AuditLog", "Google Cloud audit logs"),
        ("GitHub.Audit", "GitHub audit log"),
        ("Slack.AuditLogs", "Slack audit logs"),
        ("Azure.MonitorActivity", "Azure Storage resource logs"),
    ],
)
def test_every_event_is_read_as_its_product(kind: str, product: str, tmp_path: Path) -> None:
    found = rows(kind, tmp_path / "logs")
    assert {row["product"] for table in found.values() for row in table} == {product}


def test_what_is_shared_with_outsiders_is_told_as_such(tmp_path: Path) -> None:
    shared = rows("Dropbox.TeamEvent", tmp_path / "dropbox")["file_hosting"]
    assert [r["recipient"] for r in shared if r["activity"] == "Share"] == ["david.davidson@david.co"]
    opened = rows("GCP.AuditLog", tmp_path / "gcp")["api_activity"]
    assert [r["recipient"] for r in opened if r["recipient"]] == ["anyone"]


def test_what_is_downloaded_is_told_as_such(tmp_path: Path) -> None:
    for kind, names in (("Dropbox.TeamEvent", ["report.pdf", "contract.docx"]), ("Box.Event", [None])):
        taken = [r for r in rows(kind, tmp_path / kind)["file_hosting"] if r["activity"] == "Download"]
        assert [r["file_name"] for r in taken] == names
    assert 12345 in [r["bytes_out"] for r in rows("GCP.AuditLog", tmp_path / "gcp")["web_resources"]]
