"""Google Cloud's entries as others have published them."""

from __future__ import annotations

from pathlib import Path

from tests.samples import sample
from tidegate.lake.store import Lake
from tidegate.pipeline.ingest import ingest


def test_published_entries(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    summary = ingest([sample("logs", "plaso", "jsonl__gcp_logging.jsonl")], lake)
    rows = lake.table("api_activity").to_pyarrow().to_pylist()
    lake.close()
    assert (summary.events, summary.quarantined, summary.ignored) == (9, 0, 2)  # two are of no audit log
    assert {row["operation"].rpartition(".")[2] for row in rows} == {"insert", "CreateServiceAccount"}
    assert [row["error"][:10] for row in rows if row["status"] == "Failure"] == ["Permission"]
