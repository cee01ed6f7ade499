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
