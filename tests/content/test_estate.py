"""What is kept of an estate: whose path is whose, and what is an inventory at all."""

from __future__ import annotations

import sqlite3
import stat
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tidegate.content.estate import Estate, is_estate
from tidegate.content.estate_rows import FileRow, LabelRow
from tidegate.errors import LakeError


@pytest.fixture
def estate(tmp_path: Path) -> Estate:
    return Estate(tmp_path / "deep" / "inventory.db")


def file(folder: str, name: str, content: str = "c1", **more: Any) -> FileRow:
    numbers = dict.fromkeys(("size", "mtime_ns", "ctime_ns", "inode", "seen_ns"), 1)
    texts = dict.fromkeys(("owner", "exposed", "format", "again", "read_with", "graded_with"), "")
    return FileRow(**{**numbers, **texts, "folder": folder, "name": name, "sha256": content, "tallies": b"x", **more})


def label(folder: str, name: str, grade: str = "core") -> LabelRow:
    said = {"why": "", "facts": "", "precision_m": None, "marking": None}
    return LabelRow(folder=folder, name=name, data_class="mail", grade=grade, count=1, files=1, confidence=1.0, **said)


def test_only_what_lies_below_a_path_is_its(estate: Estate) -> None:
    places = [("/srv/a_b", "x"), ("/srv/a_b/deep", "y"), ("/srv/aXb", "x"), ("/srv/a_b2", "x")]
    estate.put([file(*place) for place in places], [label(*place) for place in places])
    assert [(row.folder, row.name) for row in estate.labelled(["/srv/a_b"])] == places[:2]
    assert [(row.folder, row.name) for row in estate.labelled(["/srv/a_b/deep/y"])] == places[1:2]
    assert len(list(estate.listed(["/"]))) == 4
    assert estate.folders("/srv/a_b") == {"/srv/a_b", "/srv/a_b/deep"}


def test_a_file_that_is_put_again_takes_the_place_of_what_was_known(estate: Estate) -> None:
    estate.put([file("/srv", "x")], [label("/srv", "x")])
    estate.put([file("/srv", "x", "c2", tallies=None)], [])
    assert list(estate.listed(["/srv"])) == []
    assert estate.in_folder("/srv")["x"].sha256 == "c2"


def test_folders_as_a_whole_are_put_anew_and_files_stay(estate: Estate) -> None:
    estate.put([file("/srv", "x")], [label("/srv", "x", "public")])
    estate.put_folders("/srv", [label("/srv", "")])
    estate.put_folders("/srv", [])
    assert [row.name for _file, row in estate.listed(["/srv"])] == ["x"]


def test_a_scan_that_was_ended_is_known(estate: Estate) -> None:
    assert not estate.begin("/srv")
    assert not estate.begin("/srv")
    estate.finish("/srv")
    assert estate.begin("/srv")


def test_an_inventory_is_told_from_other_files(estate: Estate, tmp_path: Path) -> None:
    assert is_estate(Path(estate.place))
    with closing(sqlite3.connect(tmp_path / "other.db")) as other:
        other.execute("CREATE TABLE files (x)")
        other.commit()
    (tmp_path / "torn.db").write_bytes(b"SQLite format 3\0 and no more")
    assert not any(is_estate(path) for path in tmp_path.iterdir())


def test_only_its_owner_may_read_it(estate: Estate) -> None:
    assert stat.S_IMODE(Path(estate.place).stat().st_mode) == 0o600


def test_one_that_is_not_there_is_not_made_by_reading(tmp_path: Path) -> None:
    with pytest.raises(LakeError, match="there is no inventory at"):
        Estate(tmp_path / "no.db", create=False)
    assert not (tmp_path / "no.db").exists()
