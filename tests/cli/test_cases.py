"""`cases` and `audit`: what a lake holds."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Pipeline, tidegate


@pytest.fixture
def lake(pipeline: Pipeline, logs: Path, tmp_path: Path) -> Path:
    tidegate("investigate", logs, "--lake", tmp_path / "lake", "--names", "clear", "--reason", "test")
    return tmp_path / "lake"


def test_list(lake: Path) -> None:
    outcome = tidegate("cases", "--lake", lake)
    assert outcome.status == 0
    assert outcome.out.index("c1") < outcome.out.index("c2")
    assert "person-aaaaaaaa sent 5 GB to example.net" in outcome.out
    assert tidegate("cases", "list").out == outcome.out  # the lake used last


def test_list_json(lake: Path) -> None:
    cases = json.loads(tidegate("cases", "--lake", lake, "--format", "json").out)
    assert [case["uid"] for case in cases] == ["c1", "c2"]


def test_show(lake: Path) -> None:
    assert "Who ordered it?" in tidegate("cases", "show", "c1", "--lake", lake).out
    assert json.loads(tidegate("cases", "show", "c1", "--lake", lake, "--format", "json").out)["uid"] == "c1"
    outcome = tidegate("cases", "show", "c", "--lake", lake)
    assert outcome.status == 3
    assert "'c' is the beginning of several: c1, c2" in outcome.err


def test_audit(lake: Path) -> None:
    outcome = tidegate("audit", "--lake", lake)
    assert outcome.status == 0
    assert "names shown in the clear" in outcome.out
    assert "the chain holds" in outcome.err
    assert json.loads(tidegate("audit", "--lake", lake, "--format", "json").out)[0]["reason"] == "test"


def test_a_broken_audit_is_told_and_what_holds_is_shown(lake: Path) -> None:
    with (lake / "audit.ndjson").open("a") as file:
        file.write("{}\n")
    outcome = tidegate("audit", "--lake", lake)
    assert outcome.status == 3
    assert "names shown in the clear" in outcome.out
    assert "audit.ndjson:2: not an entry of the record" in outcome.err


def test_explain_a_case_or_a_finding_of_one(lake: Path) -> None:
    assert "Who ordered it?" in tidegate("explain", "c1", "--lake", lake).out
    finding = tidegate("explain", "f2", "--lake", lake)
    assert (finding.status, finding.out.count("seen by")) == (0, 1)
    outcome = tidegate("explain", "x", "--lake", lake)
    assert outcome.status == 3
    assert "no case and no finding of one begins with 'x'" in outcome.err


def test_the_rest_is_there_to_browse_ranked(lake: Path) -> None:
    outcome = tidegate("cases", "rest", "--lake", lake)
    assert (outcome.status, outcome.err) == (0, "")
    assert outcome.out.index("rest-2") < outcome.out.index("rest-1")
    shorter = tidegate("cases", "rest", "--limit", 1, "--lake", lake)
    assert "rest-1" not in shorter.out
    assert "and 1 more, less rare than these" in shorter.err
    listed = json.loads(tidegate("cases", "rest", "--lake", lake, "--format", "json").out)
    assert [one["uid"] for one in listed] == ["rest-2", "rest-1"]
    assert "rest-1" not in tidegate("cases", "--lake", lake).out


def test_the_rest_can_be_explained_and_judged(lake: Path) -> None:
    assert "rest-1: by chance" in tidegate("explain", "rest-1", "--lake", lake).out
    assert tidegate("explain", "f-rest-2", "--lake", lake).out.count("seen by") == 1
    tidegate("cases", "verdict", "rest-1", "confirmed", "--because", "it was him", "--lake", lake)
    assert "rest-1" not in tidegate("cases", "rest", "--lake", lake).out
    assert "rest-1" in tidegate("cases", "--status", "closed", "--lake", lake).out
    tidegate("detect", "--lake", lake)
    assert "rest-1" not in tidegate("cases", "rest", "--lake", lake).out


def test_what_is_decided_is_known_to_the_next_run(pipeline: Pipeline, lake: Path) -> None:
    tidegate("cases", "verdict", "c1", "benign", "--because", "a delivery", "--lake", lake)
    tidegate("detect", "--lake", lake)
    verdicts, exceptions = (pipeline.calls[-1][name] for name in ("verdicts", "exceptions"))
    assert [verdict.case for verdict in verdicts] == [exception.case for exception in exceptions] == ["c1"]  # type: ignore[attr-defined]
