"""From logs and files to what left: labels attach by hash, body, path and name, and only where these are sure."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from tests.pipeline.test_classify import track
from tests.pipeline.test_scene import conn, m365, zeek
from tidegate.config import Config, Own
from tidegate.content.estate import Estate
from tidegate.content.estate_rows import LabelRow
from tidegate.context.load import load
from tidegate.lake.store import Lake
from tidegate.pipeline.classify import Order
from tidegate.pipeline.ingest import ingest
from tidegate.pipeline.inventory import scan
from tidegate.pipeline.labels import WAYS, bodies, distinctive, labels
from tidegate.pipeline.scene import scene

Rows = list[dict[str, Any]]


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """An estate: dens of plants in 5,000 places, and letters."""
    folder = tmp_path / "srv" / "survey"
    track(folder, "orchid places 2026.txt", 1, 5_000)
    track(folder, "notes.txt", 1, 50)
    (folder / "plain letter to all.txt").write_text("Nothing in here.\n")
    return folder


def see(folder: Path, table: str, records: Rows, *paths: Path, marked: str = "") -> Rows:
    """A table of the scene of some records and files. marked: what bears a marking, of the file of this name."""
    (folder / "logs").mkdir(parents=True, exist_ok=True)
    for name in ("conn", "files", "o365"):
        mine = [r for r in records if ("fuid" in r, "Operation" in r) == (name == "files", name == "o365")]
        (folder / "logs" / f"{name}.log").write_text("".join(json.dumps(r) + "\n" for r in mine))
    estate = Estate(folder / "inventory.db")
    scan(Order(paths=paths), estate)
    if marked:
        (place,) = {str(path.parent) for root in paths for path in root.rglob(marked)}
        rest = {"count": 1, "files": 1, "precision_m": None, "confidence": 0.9, "why": "", "facts": ""}
        said = {"data_class": "marked", "grade": "core", "marking": "GEHEIM"}
        with estate.session() as session:
            session.add(LabelRow(folder=place, name=marked, **said, **rest))
    lake = Lake(folder / "lake")
    try:
        ingest([folder / "logs"], lake)
        own = Config(own=Own(domains=("own.example",)))
        rows: Rows = scene(lake, load(None), own, labels=labels([estate]))[table].to_pyarrow().to_pylist()
        return rows
    finally:
        lake.close()


def stick(path: str, number: int = 1) -> dict[str, Any]:
    return m365(
        number,
        "FileCopiedToRemovableMedia",
        "ann@own.example",
        Workload="Endpoint",
        RecordType=63,
        DeviceName="Ann-PC",
        ObjectId=path,
        FileSize=77,
    )


def body(name: str, **more: Any) -> dict[str, Any]:
    about = {"fuid": "FBody0000000000001", "source": "HTTP", "is_orig": True, "seen_bytes": 9, "filename": name}
    sent: dict[str, Any] = {"id.resp_h": "203.0.113.9", **about, **more}
    return zeek("2026-03-02T10:00", "C1", **sent)


def known(rows: Rows) -> list[tuple[str, str, str]]:
    return [(WAYS[row["way"]], row["data_class"], row["grade"]) for row in rows]


def test_a_file_on_a_stick_is_known_by_the_end_of_its_path(files: Path, tmp_path: Path) -> None:
    (row,) = see(tmp_path, "labelled", [stick("C:\\work\\Survey\\orchid places 2026.txt")], files)
    assert known([row]) == [("end of path", "geographic", "sensitive")]
    assert (row["actor"], row["kind"], row["channel"]) == ("ann@own.example", "unknown", "removable")


def test_by_its_name_where_that_is_its_own(files: Path, tmp_path: Path) -> None:
    found = see(tmp_path, "labelled", [stick("D:\\orchid places 2026.txt"), stick("D:\\notes.txt", 2)], files)
    assert known(found) == [("name", "geographic", "sensitive")]  # everybody has some notes.txt


def test_a_name_that_two_contents_bear_says_nothing(files: Path, tmp_path: Path) -> None:
    other = tmp_path / "srv" / "other" / "orchid places 2026.txt"
    other.parent.mkdir()
    other.write_text("A poem.\n")
    assert not see(tmp_path, "labelled", [stick("D:\\orchid places 2026.txt")], files.parent)


def test_what_holds_nothing_has_no_label(files: Path, tmp_path: Path) -> None:
    assert not see(tmp_path, "labelled", [stick("D:\\survey\\plain letter to all.txt")], files)


def test_an_upload_is_known_by_the_hash_of_a_file_in_it(files: Path, tmp_path: Path) -> None:
    sha1 = hashlib.sha1((files / "orchid places 2026.txt").read_bytes(), usedforsecurity=False).hexdigest()
    sent = conn("2026-03-02T10:00", "C1", service="http")
    (row,) = see(tmp_path, "labelled", [sent, body("holiday.jpg", sha1=sha1.upper())], files)
    assert known([row]) == [("hash", "geographic", "sensitive")]
    assert (row["destination"], row["channel"], row["bytes"]) == ("203.0.113.9", "network", 10**6)
    # The near miss: the same upload with another content.
    assert not see(tmp_path / "other", "labelled", [sent, body("holiday.jpg", sha1="0" * 40)], files)


def test_an_upload_is_known_by_the_body_that_was_kept_of_it(files: Path, tmp_path: Path) -> None:
    folder = tmp_path / "zeek" / "extract_files"
    folder.mkdir(parents=True)
    (files / "orchid places 2026.txt").rename(folder / "extract-1772445600.0-HTTP-FBody0000000000001")
    assert bodies([tmp_path / "zeek"]) == (folder,)
    sent = [conn("2026-03-02T10:00", "C1"), body("holiday.jpg")]
    found = see(tmp_path, "labelled", sent, *bodies([tmp_path / "zeek"]))
    assert known(found) == [("body", "geographic", "sensitive")]


def test_a_marking_inside_a_file_makes_it_marked(files: Path, tmp_path: Path) -> None:
    copies = [stick("C:\\x\\survey\\orchid places 2026.txt"), stick("C:\\x\\survey\\plain letter to all.txt", 2)]
    (row,) = see(tmp_path, "marked", copies, files, marked="orchid places 2026.txt")
    assert (row["deed"], row["marking"], row["channel"]) == ("copy", "GEHEIM", "removable")


def test_a_name_that_is_marked_already_counts_once(files: Path, tmp_path: Path) -> None:
    (files / "orchid places 2026.txt").rename(files / "SECRET orchid places.txt")
    found = see(
        tmp_path, "marked", [stick("C:\\x\\SECRET orchid places.txt")], files, marked="SECRET orchid places.txt"
    )
    assert [row["marking"] for row in found] == ["SECRET"]


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("orchid places 2026.txt", True),
        ("Streckenplan Nord.xlsx", True),
        ("保护植物分布坐标登记表2024.xlsx", True),
        ("IMG_20240301_101010.jpg", False),  # what cameras,
        ("scan0000000012.pdf", False),  # scanners,
        ("Document (10000000).docx", False),  # and programs call everything
        ("notes.txt", False),
        ("2024-03-01 10-10.csv", False),
    ],
)
def test_names_that_people_give_to_one_thing(name: str, told: bool) -> None:
    assert distinctive(name) is told
