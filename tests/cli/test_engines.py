"""What `--engine` takes, and what it says where it cannot be had."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Pipeline, tidegate
from tidegate.cli import engines
from tidegate.errors import ConfigError
from tidegate.lake.compiled import answer


def test_an_engine_that_is_none_is_said(pipeline: Pipeline, tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_text("x")
    assert "'flink' is no engine" in (found := tidegate("ingest", log, "--engine", "flink")).err
    assert found.status == 2
    assert "reads on this machine" in tidegate("ingest", log, "--follow", "--engine", "spark").err
    assert tidegate("ingest", log, "--engine", "duckdb").status == 0


def test_spark_that_is_not_installed_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "tidegate.pipeline.spark", None)
    monkeypatch.delattr("tidegate.pipeline.spark", raising=False)
    with pytest.raises(ConfigError, match="install tidegate"), engines.reader("spark"):
        pass
    with pytest.raises(ConfigError, match="install tidegate"), engines.asker("spark", Path("lake")):
        pass


def test_this_machine_asks_unless_told_otherwise(tmp_path: Path) -> None:
    with engines.asker("duckdb", tmp_path) as ask:
        assert ask is answer
