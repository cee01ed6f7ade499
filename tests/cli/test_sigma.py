"""`sigma check` and `--sigma`: no rule is dropped silently."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Pipeline, tidegate
from tests.rules.texts import rule

SEL = "sel: {User: ann}, condition: sel"


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    folder = tmp_path / "rules" / "deep"
    folder.mkdir(parents=True)
    (folder / "good.yml").write_text(rule(SEL, title="good"))
    (folder / "bad.yaml").write_text(rule(SEL, title="bad", logsource="category: driver_load"))
    return tmp_path / "rules"


def test_check_lists_every_rule(rules: Path) -> None:
    outcome = tidegate("sigma", "check", rules)
    assert outcome.status == 0
    assert "1 rule runs, 1 cannot" in outcome.err
    good, bad = json.loads(tidegate("sigma", "check", rules, "--format", "json").out)
    assert (good["title"], good["tables"], good["reasons"]) == ("good", ["process_activity"], [])
    assert (bad["title"], bad["tables"]) == ("bad", [])
    assert "category: driver_load" in bad["reasons"][0]


def test_a_folder_without_rules_cannot_be_read(tmp_path: Path) -> None:
    outcome = tidegate("sigma", "check", tmp_path)
    assert outcome.status == 3
    assert "no Sigma rule" in outcome.err


def test_investigate_runs_the_good_and_names_the_bad(
    pipeline: Pipeline, logs: Path, rules: Path, tmp_path: Path
) -> None:
    outcome = tidegate("investigate", logs, "--lake", tmp_path / "lake", "--sigma", rules)
    assert outcome.status == 0
    assert "Sigma rule not run: bad: no table for the log source category: driver_load" in outcome.err
    given = pipeline.calls[0]["rules"]
    assert isinstance(given, tuple)
    assert [one.title for one in given] == ["good"]
    tidegate("detect", "--lake", tmp_path / "lake")
    assert pipeline.calls[1]["rules"] == ()
