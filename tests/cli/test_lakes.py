"""Which lake: one for each set of paths, and the last one for commands without paths."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Pipeline, tidegate
from tidegate.cli import lakes
from tidegate.errors import LakeError
from tidegate.lake.storage import local


def test_a_set_of_paths_has_one_lake(tmp_path: Path, data_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    a, b = tmp_path / "a logs", tmp_path / "b"
    a.mkdir()
    monkeypatch.chdir(a)
    lake = lakes.for_paths([a, b])
    assert lake.parent == data_home / "lakes"
    assert lake.name.startswith("a-logs-")
    assert lakes.for_paths([b, Path(), a]) == lake
    assert lakes.for_paths([a]) != lake  # the near miss: fewer paths are another investigation


def test_without_paths_the_last_lake_is_meant(pipeline: Pipeline, tmp_path: Path) -> None:
    with pytest.raises(LakeError, match="no lake yet"):
        lakes.existing(None)
    (tmp_path / "logs").write_text("x")
    tidegate("ingest", tmp_path / "logs")
    assert lakes.existing(None) == lakes.for_paths([tmp_path / "logs"])
    tidegate("ingest", tmp_path / "logs", "--lake", tmp_path / "lake")
    assert lakes.existing(None) == tmp_path / "lake"
    tidegate("quarantine", "--lake", lakes.for_paths([tmp_path / "logs"]))
    assert lakes.existing(None) == lakes.for_paths([tmp_path / "logs"])
    outcome = tidegate("cases")
    assert outcome.status == 0
    assert outcome.err.startswith(f"lake: {lakes.for_paths([tmp_path / 'logs'])}\n")  # said, as nobody named it


def test_a_lake_that_is_gone_is_not_meant(pipeline: Pipeline, logs: Path, tmp_path: Path) -> None:
    tidegate("ingest", logs, "--lake", tmp_path / "lake")
    (tmp_path / "lake").rename(tmp_path / "moved")
    assert tidegate("cases").status == 3
    assert lakes.existing(tmp_path / "moved") == tmp_path / "moved"


def test_a_home_that_cannot_be_written_is_no_hindrance(pipeline: Pipeline, logs: Path, tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file where the data folder should be")
    assert tidegate("ingest", logs, "--lake", tmp_path / "lake").status == 0


def test_a_folder_that_is_no_lake(tmp_path: Path) -> None:
    with pytest.raises(LakeError, match=f"no lake at {tmp_path}"):
        lakes.existing(tmp_path)


def test_a_lake_in_an_object_store_has_its_cases_here(data_home: Path) -> None:
    assert lakes.existing("s3://bucket/lake") == "s3://bucket/lake"
    with pytest.raises(LakeError, match=r"s3://bucket/lake has its cases .* on the machine that found them"):
        lakes.kept("s3://bucket/lake")
    (data_home / "remote").mkdir(parents=True)
    local("s3://bucket/lake").mkdir()
    assert lakes.kept("s3://bucket/lake").parent == data_home / "remote"
    assert tidegate("cases", "--lake", "s3://bucket/lake").err == "no case in s3://bucket/lake\n"


def test_the_default_lake_is_named_on_stderr(pipeline: Pipeline, logs: Path, tmp_path: Path) -> None:
    assert f"lake: {lakes.for_paths([logs])}" in tidegate("investigate", logs).err
    assert "--lake DIR" not in tidegate("investigate", logs, "--lake", tmp_path / "lake").err
