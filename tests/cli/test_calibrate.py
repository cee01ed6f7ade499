"""`calibrate`: rates as a table, as JSON and as a picture, from what verdicts and exceptions leave."""

from __future__ import annotations

import json
import sys
from datetime import timedelta
from pathlib import Path
from types import ModuleType

import pytest

from tests.cases.test_budget import quiet
from tests.cases.test_build import START
from tests.cli.conftest import Pipeline, tidegate
from tidegate.cases.budget import stories
from tidegate.cases.reliability import Reliability, reliability


class Replay:
    """Stands in for the replay, which has tests of its own; `asked` is what it was given."""

    asked: dict[str, object]

    def calibrate(self, lake: object, context: object, config: object, **given: object) -> Reliability:
        self.asked = given
        told = stories(quiet(3, 52), weight=6, start=START)
        return reliability(told, start=START, end=START + timedelta(weeks=52))


@pytest.fixture
def replay(monkeypatch: pytest.MonkeyPatch) -> Replay:
    pretended, module = Replay(), ModuleType("tidegate.pipeline.calibrate")
    module.calibrate = pretended.calibrate  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.setattr("tidegate.pipeline.calibrate", module, raising=False)
    return pretended


@pytest.fixture
def lake(pipeline: Pipeline, logs: Path, tmp_path: Path) -> Path:
    tidegate("investigate", logs, "--lake", tmp_path / "lake")
    return tmp_path / "lake"


def test_stated_stand_beside_observed_rates(replay: Replay, lake: Path) -> None:
    outcome = tidegate("calibrate", "--lake", lake, "--quiet")
    assert (outcome.status, outcome.err) == (0, "")
    assert "52 weeks replayed" in outcome.out
    assert outcome.out.count("holds") >= 5
    assert "bulk_volume" in outcome.out


def test_as_json(replay: Replay, lake: Path) -> None:
    found = json.loads(tidegate("calibrate", "--lake", lake, "--format", "json").out)
    assert [rate["stated"] for rate in found["rates"]] == [0.1, 0.3, 1.0, 3.0, 10.0]
    assert found["weeks"] == 52


def test_as_a_picture(replay: Replay, lake: Path, tmp_path: Path) -> None:
    outcome = tidegate("calibrate", "--lake", lake, "--picture", tmp_path / "rates.svg")
    assert "rates.svg" in outcome.err
    assert (tmp_path / "rates.svg").read_text().startswith("<svg")


def test_what_was_decided_is_taken_into_account(replay: Replay, lake: Path) -> None:
    tidegate("cases", "verdict", "c1", "benign", "--because", "a delivery", "--lake", lake)
    tidegate("cases", "verdict", "c2", "confirmed", "--because", "it was him", "--lake", lake)
    tidegate("calibrate", "--lake", lake)
    verdicts, exceptions = replay.asked["verdicts"], replay.asked["exceptions"]
    assert [verdict.says for verdict in verdicts] == ["benign", "confirmed"]  # type: ignore[attr-defined]
    assert len(exceptions) == 1  # type: ignore[arg-type]


def test_without_a_lake_there_is_nothing_to_replay(tmp_path: Path) -> None:
    outcome = tidegate("calibrate", "--lake", tmp_path / "none")
    assert outcome.status == 3
    assert "no lake" in outcome.err
