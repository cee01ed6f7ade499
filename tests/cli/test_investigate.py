"""`investigate`: what goes to stdout, what to stderr, what is kept and what is put on record."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.cases.examples import a_case
from tests.cli.conftest import Pipeline, tidegate
from tests.cli.test_classify import POINTS
from tidegate.cases.audit import AuditLog
from tidegate.cases.model import IngestSummary
from tidegate.cases.store import CaseStore


def test_what_is_asked_for_reaches_the_pipeline(pipeline: Pipeline, logs: Path, tmp_path: Path) -> None:
    (tmp_path / "context").mkdir()
    (tmp_path / "context" / "people.csv").write_text("user\nanna\n")
    (tmp_path / "context" / "tidegate.toml").write_text("[budget]\ncases_per_week = 3\n")
    outcome = tidegate(
        *("investigate", logs, "--lake", tmp_path / "lake", "--context", tmp_path / "context"),
        *("--since", "2024-03-01T02:00+02:00", "--names", "clear", "--format", "json"),
    )
    assert outcome.status == 0
    (call,) = pipeline.calls
    assert call["paths"] == [logs]
    assert call["since"] == datetime(2024, 3, 1)
    assert call["names"] == "clear"
    assert getattr(call["lake"], "path", None) == tmp_path / "lake"
    assert getattr(call["config"], "budget").cases_per_week == 3  # noqa: B009
    assert [person.user for person in getattr(call["context"], "people")] == ["anna"]  # noqa: B009


def test_json_is_the_document_and_nothing_else(pipeline: Pipeline, logs: Path, tmp_path: Path) -> None:
    outcome = tidegate("investigate", logs, "--lake", tmp_path / "lake", "--format", "json")
    document = json.loads(outcome.out)
    assert document["ingested"] == {"files": 1, "events": 3, "quarantined": 0}
    assert [case["uid"] for case in document["cases"]] == ["c1", "c2"]
    assert "files read: 1; events: 3" in outcome.err


def test_limit_shortens_what_is_shown_not_what_is_kept(pipeline: Pipeline, logs: Path, tmp_path: Path) -> None:
    outcome = tidegate("investigate", logs, "--lake", tmp_path / "lake", "--format", "json", "--limit", 1)
    assert [case["uid"] for case in json.loads(outcome.out)["cases"]] == ["c1"]
    assert len(CaseStore(tmp_path / "lake").all()) == 2


def test_fail_on_case(pipeline: Pipeline, logs: Path) -> None:
    assert tidegate("investigate", logs, "--fail-on-case", "--format", "json").status == 1
    pipeline.report = replace(pipeline.report, cases=())
    assert tidegate("investigate", logs, "--fail-on-case", "--format", "json").status == 0


def test_report_is_written_where_asked_for_only(pipeline: Pipeline, logs: Path, tmp_path: Path) -> None:
    tidegate("investigate", logs)
    assert not list(tmp_path.rglob("*.html"))
    outcome = tidegate("investigate", logs, "--report", tmp_path / "new" / "report.html")
    assert (tmp_path / "new" / "report.html").read_text().lstrip().lower().startswith("<!doctype html")
    assert f"report: {tmp_path / 'new' / 'report.html'}" in outcome.err


@pytest.mark.parametrize(
    ("arguments", "reason"), [((), "no reason given"), (("--reason", "agreed with the council"), None)]
)
def test_names_in_the_clear_are_put_on_record_and_not_kept(
    pipeline: Pipeline, logs: Path, tmp_path: Path, arguments: tuple[str, ...], reason: str | None
) -> None:
    pipeline.report = replace(pipeline.report, names="clear", cases=(a_case(actor="anna", device="ws-1"),))
    lake = tmp_path / "lake"
    outcome = tidegate("investigate", logs, "--lake", lake, "--names", "clear", "--format", "json", *arguments)
    assert outcome.status == 0
    assert json.loads(outcome.out)["cases"][0]["actors"] == ["anna"]
    (kept,) = CaseStore(lake).all()
    assert kept.actors[0].startswith("person-")
    assert "anna" not in repr(kept)
    (entry,) = AuditLog(lake).entries()
    assert entry.reason == (reason or "agreed with the council")
    assert entry.cases == ("c1",)
    assert kept.actors[0] in entry.people
    assert ("without --reason" in outcome.err) == (reason is not None)


def test_pseudonyms_need_no_record(pipeline: Pipeline, logs: Path, tmp_path: Path) -> None:
    tidegate("investigate", logs, "--lake", tmp_path / "lake")
    assert AuditLog(tmp_path / "lake").entries() == ()


def test_a_broken_record_shows_no_names(pipeline: Pipeline, logs: Path, tmp_path: Path) -> None:
    lake = tmp_path / "lake"
    tidegate("investigate", logs, "--lake", lake)
    (lake / "audit.ndjson").write_text("{}\n")
    outcome = tidegate("investigate", logs, "--lake", lake, "--names", "clear", "--format", "json")
    assert outcome.status == 3
    assert outcome.out == ""
    assert "names stay hidden" in outcome.err


def test_what_could_not_be_read_is_told(pipeline: Pipeline, logs: Path, tmp_path: Path) -> None:
    pipeline.report = replace(
        pipeline.report,
        ingested=IngestSummary(
            files=2,
            events=3,
            quarantined=5,
            ignored=7,
            unchanged_files=1,
            unknown_files=("notes\x1b[2J.txt", *(f"a/{n}.evtx" for n in range(12)), *(f"{n}/x" for n in range(30))),
            reasons=(("not JSON", 4), ("time before 1980", 1)),
        ),
    )
    err = tidegate("investigate", logs, "--lake", tmp_path / "lake").err
    assert (
        "files read: 2; events: 3, 1 unchanged files, 7 records that say nothing of data, 5 records in quarantine"
        in err
    )
    assert "quarantined 4: not JSON" in err
    assert f"tidegate quarantine --lake {tmp_path / 'lake'}" in err
    assert "skipped (43)" in err
    assert "notes\\x1b[2J.txt" in err  # an escape sequence in a name is shown, not sent
    assert "a/*.evtx (12)" in err
    assert "17/x" in err
    assert "18/x" not in err
    assert "and 12 more like these" in err
    assert tidegate("investigate", logs, "--lake", tmp_path / "lake", "--quiet").err == ""


@pytest.mark.parametrize(
    ("ingested", "status"),
    [
        (IngestSummary(), 3),
        (IngestSummary(unknown_files=("x",)), 3),
        (IngestSummary(files=1, quarantined=9), 3),
        # Near misses: an empty log, one read before, one that is broken in part.
        (IngestSummary(files=1), 0),
        (IngestSummary(unchanged_files=1), 0),
        (IngestSummary(files=1, events=1, quarantined=9), 0),
    ],
)
def test_nothing_read_is_not_nothing_found(
    pipeline: Pipeline, logs: Path, ingested: IngestSummary, status: int
) -> None:
    pipeline.report = replace(pipeline.report, ingested=ingested, cases=())
    pipeline.ingested = ingested
    assert tidegate("investigate", logs, "--format", "json").status == status
    shown = tidegate("investigate", logs)
    assert (shown.status, shown.out == "") == (status, status == 3)
    assert tidegate("ingest", logs).status == status


def test_a_path_that_leads_nowhere(pipeline: Pipeline, tmp_path: Path) -> None:
    outcome = tidegate("investigate", tmp_path / "none")
    assert outcome.status == 3
    assert outcome.err == f"tidegate: {tmp_path / 'none'}: there is no such file or folder\n"
    assert pipeline.calls == []


def test_notes_on_the_context_are_warnings(pipeline: Pipeline, logs: Path, tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text("user,shoe\nanna,42\n")
    outcome = tidegate("investigate", logs, "--context", tmp_path, "--quiet")
    assert outcome.err == f"warning: {tmp_path / 'people.csv'}:1: column 'shoe' is not used\n"


def test_context_files_among_the_logs_are_no_unknown_files(pipeline: Pipeline, logs: Path) -> None:
    (logs / "context").mkdir()
    (logs / "context" / "people.csv").write_text("user\nanna\n")
    unknown = (str(logs / "context" / "people.csv"), str(logs / "notes.txt"))
    pipeline.report = replace(pipeline.report, ingested=IngestSummary(files=1, unknown_files=unknown))
    err = tidegate("investigate", logs, "--context", logs / "context", "--format", "json").err
    assert "notes.txt" in err
    assert "people.csv" not in err


def test_detect_reads_nothing(pipeline: Pipeline, logs: Path, tmp_path: Path) -> None:
    tidegate("ingest", logs, "--lake", tmp_path / "lake")
    outcome = tidegate("detect", "--lake", tmp_path / "lake", "--format", "json")
    assert outcome.status == 0
    assert pipeline.calls[-1]["paths"] == []
    assert "files read" not in outcome.err


def given(pipeline: Pipeline) -> Any:
    """The labels that the last run was given."""
    return pipeline.calls[-1]["labels"]


def test_content_is_looked_into_and_an_inventory_taken_as_it_is(pipeline: Pipeline, logs: Path, tmp_path: Path) -> None:
    estate, store = tmp_path / "estate", tmp_path / "inventory.db"
    estate.mkdir()
    (estate / "places of orchids.txt").write_text(POINTS)
    tidegate("investigate", logs)
    assert given(pipeline) is None
    assert tidegate("investigate", logs, "--content", estate).status == 0
    looked = given(pipeline)
    assert tidegate("inventory", estate, "--store", store).status == 0
    (estate / "places of orchids.txt").unlink()
    assert tidegate("investigate", logs, "--content", store).status == 0
    assert given(pipeline) == looked
    assert {row["data_class"] for row in looked.to_pylist()} == {"geographic"}


def test_bodies_beside_the_logs_are_looked_into_only_if_content_is(pipeline: Pipeline, logs: Path) -> None:
    (logs / "extract_files").mkdir()
    (logs / "extract_files" / "extract-1.0-HTTP-FBody0000000000001").write_text(POINTS)
    tidegate("investigate", logs)
    assert given(pipeline) is None
    tidegate("investigate", logs, "--content", logs / "conn.log")
    assert "body:FBody0000000000001" in {row["key"] for row in given(pipeline).to_pylist()}


def test_a_database_among_the_files_is_no_inventory(pipeline: Pipeline, logs: Path, tmp_path: Path) -> None:
    file = tmp_path / "other.db"
    with closing(sqlite3.connect(file)) as database:
        database.execute("CREATE TABLE labels (x)")
        database.commit()
    assert tidegate("investigate", logs, "--content", file).status == 0  # it is looked into
    assert given(pipeline).num_rows == 0
