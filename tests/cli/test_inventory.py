"""`tidegate inventory`: a table, a page, a document, and what is kept between runs."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from tests.cli.conftest import tidegate
from tests.cli.test_classify import POINTS
from tests.report.test_html import Page


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "estate"
    made.mkdir()
    (made / "track.doc").write_text(POINTS)
    (made / "<b>.gpx").write_text(POINTS.replace("46.6", "46.7"))
    (made / "letter.gpx").write_text("Dear all, nothing in here.\n")
    (made / "c.zip").write_bytes(b"PK\x03\x04 cut off")
    return made


def test_a_table_for_people_and_what_is_kept(folder: Path, data_home: Path) -> None:
    done = tidegate("inventory", folder)
    assert done.status == 0, done.err
    assert "geographic" in done.out
    assert str(folder / "track.doc") in done.out
    assert "4 files: 4 looked into, 0 unchanged" in done.err
    assert f"not fully read: {folder / 'c.zip'}" in done.err
    assert stat.S_IMODE((data_home / "inventory.db").stat().st_mode) == 0o600  # it says where to look
    assert "0 looked into" in tidegate("inventory", folder).err


def test_the_document(folder: Path, tmp_path: Path) -> None:
    store = tmp_path / "i.db"
    (tmp_path / "shares.csv").write_text(f"path,share,audience\n{folder},survey,everybody\n")
    done = tidegate("inventory", folder, "--store", store, "--context", tmp_path, "--format", "json", "--quiet")
    found = json.loads(done.out)
    assert list(found) == ["made", "paths", "files", "bytes", "classes", "owners", "exposure", "items", "unread"]
    assert found["classes"] == {"geographic": {"core": 0, "sensitive": 0, "internal": 2, "public": 0}}
    assert found["exposure"]["shared: survey (everybody)"]["internal"] == 2
    item = found["items"][0]
    assert (item["path"], item["kind"]) == (str(folder / "<b>.gpx"), "file")
    assert item["labels"][0]["class"] == "geographic"
    assert [entry["path"] for entry in found["unread"]] == [str(folder / "c.zip")]
    assert done.err == ""


def test_the_page_is_complete_and_deaf_to_names(folder: Path, tmp_path: Path) -> None:
    report = tmp_path / "out" / "i.html"
    assert tidegate("inventory", folder, "--report", report).status == 0
    page = Page(report.read_text("utf-8"))
    assert page.open == []
    assert not {"script", "link", "iframe", "img", "form", "b"} & set(page.tags)
    assert "2 places with something sensitive" in page.text
    assert "<b>.gpx" in page.text
    assert "prefers-color-scheme: dark" in report.read_text("utf-8")


def test_only_what_is_grave_enough(folder: Path) -> None:
    assert "track.doc" not in tidegate("inventory", folder, "--grade", "sensitive").out


def test_only_what_was_asked_for(folder: Path, tmp_path: Path) -> None:
    tidegate("inventory", folder)
    other = tmp_path / "other.gpx"
    other.write_text(POINTS)
    done = tidegate("inventory", other)
    assert str(other) in done.out
    assert "track.doc" not in done.out


def test_what_is_not_there_is_an_exit_status(tmp_path: Path) -> None:
    done = tidegate("inventory", tmp_path / "nothing")
    assert done.status == 3
    assert "there is no such file or folder" in done.err


def test_a_store_that_is_none_is_an_exit_status(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "i.db").write_text("this is no database, but a text that is longer than a header of one\n" * 9)
    done = tidegate("inventory", folder, "--store", tmp_path / "i.db")
    assert done.status == 3
    assert "the inventory cannot be kept or read there" in done.err
