"""A made-up log in every format, small enough to see through, and what a lake holds of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import ibis

from tidegate.cases.model import IngestSummary
from tidegate.lake.store import Lake
from tidegate.pipeline.ingest import ingest
from tidegate.units import LINEAGE, Log, Source, source

DIARY = Log(
    id="diary",
    title="Diary",
    formats=("json", "csv", "zeek"),
    how="Write one.",
    reference="https://example.org",
    files=("diary*",),
    kind=("kind", "_path"),
    envelope=("entries",),
    unwrap="wrapped",
    ignore="nothing happened",
)
LEDGER = Log(
    id="ledger",
    title="Ledger",
    formats=("lines",),
    how="Keep one.",
    reference="https://example.org",
    probe=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d [a-z]+ \d+$",
)
DELIVERY = Log(
    id="delivery",
    title="Delivery",
    formats=("json",),
    how="Wait for one.",
    reference="https://example.org",
    redelivers=True,
)


@source(
    log=DIARY,
    produces="network_activity",
    columns={"when": "string", "who": "string", "sent": "int64", "kind": "string", "_path": "string"},
    needs=("when", "who"),
    where=lambda raw: ibis.coalesce(raw.kind, raw["_path"], "visit") == "visit",
)
def diary_visit(raw: ibis.Table) -> ibis.Table:
    """Who sent how much."""
    return raw.select(*LINEAGE, time=raw.when.try_cast("timestamp(6)"), actor=raw.who, bytes_out=raw.sent)


@source(
    log=DIARY,
    produces="dns_activity",
    columns={"when": "string", "asked": "array<string>", "kind": "string", "_path": "string"},
    needs=("when", "asked"),
    where=lambda raw: ibis.coalesce(raw.kind, raw["_path"]) == "question",
)
def diary_question(raw: ibis.Table) -> ibis.Table:
    """Each thing asked is an event."""
    asked = raw.mutate(query=raw.asked.unnest())
    return asked.select(
        *LINEAGE, uid=asked.when + asked.query, time=asked.when.try_cast("timestamp(6)"), query=asked["query"]
    )


@source(log=LEDGER, produces="network_activity", columns={})
def ledger(raw: ibis.Table) -> ibis.Table:
    """Lines of time, person and amount."""
    parts = raw.record.split(" ")
    return raw.select(
        *LINEAGE,
        time=parts[0].try_cast("timestamp(6)"),
        actor=parts[1],
        bytes_out=parts[2].try_cast("int64"),
    )


@source(
    log=DELIVERY,
    produces="network_activity",
    columns={"id": "string", "when": "string"},
    needs=("id", "when"),
)
def delivery(raw: ibis.Table) -> ibis.Table:
    """Delivered once or more."""
    return raw.select(*LINEAGE, uid=raw.id, time=raw.when.try_cast("timestamp(6)"))


BOTH = (diary_visit, diary_question)
SOURCES: Mapping[str, Source] = {s.id: s for s in (diary_visit, diary_question, ledger, delivery)}


def visit(number: int, who: str = "ann", **more: object) -> dict[str, object]:
    """A record; its number is its second and its amount."""
    when = f"2025-03-{1 + number // 86400:02}T{number // 3600 % 24:02}:{number // 60 % 60:02}:{number % 60:02}"
    return {"when": when, "who": who, "sent": number} | more


def text(*records: Mapping[str, object]) -> str:
    """Records as JSON, one a line."""
    return "".join(json.dumps(record) + "\n" for record in records)


def put(lake: Path | str, *paths: Path) -> IngestSummary:
    """Ingest into a lake that is opened and closed for it."""
    opened = Lake(lake)
    try:
        return ingest(paths, opened, sources=SOURCES)
    finally:
        opened.close()


def held(lake: Path | str, table: str = "network_activity") -> list[dict[str, Any]]:
    """Rows of a table, in order of time and line."""
    opened = Lake(lake, create=False)
    try:
        rows: list[dict[str, Any]] = opened.table(table).to_pyarrow().to_pylist()
        return sorted(rows, key=lambda row: (row.get("time") or row["at"], row.get("source_line", 0)))
    finally:
        opened.close()


def amounts(lake: Path | str) -> list[int]:
    """The amounts in a lake, in order of time."""
    return [row["bytes_out"] for row in held(lake)]


def reasons(lake: Path | str) -> list[tuple[int, str]]:
    """Lines in quarantine, each with its reason."""
    return sorted((row["source_line"], row["reason"]) for row in held(lake, "quarantine"))
