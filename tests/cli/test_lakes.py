"""Which lake: one for each set of paths, and the last one for commands without paths."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.cli.conftest import Pipeline, tidegate
from tidegate.cli import lakes
from tidegate.errors import LakeError


def test_a_set_of_paths_has_one_lake(tmp_path: Path, data_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    a, b = tmp_path / "a logs", tmp_path / "b"
    a.mkdir()
    monkeypatch.chdir(a)
    lake = lakes.for_paths([a, b])
    assert lake.parent == data_home
    assert lake.name.startswith("a-logs-")
    assert lakes.for_paths([b, Path(), a]) == lake
    assert lakes.for_paths([a]) != lake  # the near miss: fewer paths are another investigation


def test_without_paths_the_last_lake_is_meant(pipeline: Pipeline, tmp_path: Path, data_home: Path) -> None:
    with pytest.raises(LakeError, match="no lake yet"):
        lakes.existing(None)
    for name in ("one", "two"):
        (tmp_path / name).write_text("x")
        assert tidegate("ingest", tmp_path / name).status == 0
    one, two = lakes.for_paths([tmp_path / "one"]), lakes.for_paths([tmp_path / "two"])
    os.utime(one, (1, 1))
    assert lakes.existing(None) == two
    os.utime(two, (0, 0))
    assert lakes.existing(None) == one


def test_a_folder_that_is_no_lake(tmp_path: Path) -> None:
    with pytest.raises(LakeError, match=f"no lake at {tmp_path}"):
        lakes.existing(tmp_path)


def test_the_default_lake_is_named_on_stderr(pipeline: Pipeline, logs: Path, tmp_path: Path) -> None:
    assert f"lake: {lakes.for_paths([logs])}" in tidegate("investigate", logs).err
    assert "--lake DIR" not in tidegate("investigate", logs, "--lake", tmp_path / "lake").err
