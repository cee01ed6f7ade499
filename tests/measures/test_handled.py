"""The hourly roll-up of what was done with files."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.tables import Row, engine, table
from tidegate.measures.handled import handled

NOON = datetime(2026, 3, 2, 12)
CLASSES = ("file_hosting", "file_activity", "process_activity", "web_resources")


def rolled(**rows: list[Row]) -> list[dict[str, Any]]:
    full = {name: [{"time": NOON, "actor": "ann", **row} for row in rows.get(name, [])] for name in CLASSES}
    found = engine().to_pyarrow(handled(*(table(name, full[name]) for name in CLASSES))).to_pylist()
    return sorted(found, key=lambda r: (r["hour"], r["act"], r["place"] or ""))


def test_an_hour_at_a_place_is_a_row_that_counts_each_file_once() -> None:
    one = {"activity": "Open", "site": "s1", "file_path": "/a/x.doc", "file_size": 5}
    other = {
        "activity": "Download",
        "site": "s1",
        "file_path": "/a/y.doc",
        "file_size": 7,
        "time": NOON + timedelta(minutes=9),
    }
    (row,) = rolled(file_hosting=[one, one, other])
    assert (row["files"], row["events"], row["bytes"], row["uid"]) == (2, 3, 17, "u2")
    assert (row["act"], row["place"], row["hour"], row["last_time"]) == (
        "take",
        "s1",
        NOON,
        NOON + timedelta(minutes=9),
    )


def test_what_was_done_is_told_by_ten_minutes() -> None:
    one = {"activity": "Open", "site": "s1", "file_path": "/a/x.doc"}
    rows: list[Row] = [{**one, "time": NOON + timedelta(minutes=n)} for n in (0, 9, 10, 59)]
    assert [(r["events"], r["hour"]) for r in rolled(file_hosting=rows)] == [(2, NOON), (1, NOON), (1, NOON)]


@pytest.mark.parametrize(
    ("name", "row", "act"),
    [
        ("file_hosting", {"activity": "Sync", "file_path": "/a/x.doc"}, "take"),
        ("file_hosting", {"activity": "Upload", "file_path": "/a/x.ZIP"}, "pack"),
        ("file_hosting", {"activity": "Upload", "file_path": "/a/zip.doc"}, "write"),
        ("file_hosting", {"activity": "Delete", "file_path": "/a/x.zip"}, "delete"),
        ("file_hosting", {"activity": "Download", "file_path": "/a/x.zip"}, "take"),  # packed by somebody else
        ("file_activity", {"activity": "Create", "file_path": "C:\\tmp\\all.7z.001"}, "pack"),
        ("file_activity", {"activity": "Copy", "file_path": "C:\\a.doc"}, "take"),
        ("file_activity", {"activity": "Copy", "file_path": "C:\\a.doc", "removable": True}, "write"),
        ("file_activity", {"activity": "Read", "file_path": "C:\\a.zip"}, "take"),
        ("process_activity", {"activity": "Launch", "process": "C:\\Program Files\\7-Zip\\7z.exe"}, "pack"),
        (
            "process_activity",
            {"activity": "Launch", "process": "/usr/bin/tar", "command_line": "tar czf a.tgz ."},
            "pack",
        ),
        ("web_resources", {"operation": "GetObject", "resource": "b", "object": "k"}, "take"),
        ("web_resources", {"operation": "REST.PUT.OBJECT", "resource": "b", "object": "k.tar.gz"}, "pack"),
        ("web_resources", {"operation": "storage.objects.delete", "resource": "b", "object": "k"}, "delete"),
    ],
)
def test_every_log_says_the_same_of_the_same_act(name: str, row: Row, act: str) -> None:
    assert [r["act"] for r in rolled(**{name: [row]})] == [act]


@pytest.mark.parametrize(
    ("name", "row"),
    [
        ("file_hosting", {"activity": "Share", "file_path": "/a/x.doc"}),
        ("file_hosting", {"activity": "Download", "file_path": "/a/x.doc", "status": "Failure"}),
        ("file_activity", {"activity": "Get Attributes", "file_path": "/a/x.doc"}),
        ("process_activity", {"activity": "Launch", "process": "/usr/bin/tar", "command_line": "tar xzf a.tgz"}),
        ("process_activity", {"activity": "Launch", "process": "/usr/bin/tartan"}),
        ("web_resources", {"operation": "GetObject", "resource": "b", "object": "k", "error": "AccessDenied"}),
        ("web_resources", {"operation": "ListObjects", "resource": "b", "object": "k"}),
    ],
)
def test_what_takes_packs_or_deletes_nothing_is_no_row(name: str, row: Row) -> None:
    assert not rolled(**{name: [row]})


def test_a_place_is_the_site_else_the_medium_else_the_folder() -> None:
    assert rolled(file_hosting=[{"activity": "Open", "file_path": "/core/plots/x.doc"}])[0]["place"] == "/core/plots"
    share = {"activity": "Open", "file_path": "\\\\fs\\s\\a\\x.doc", "medium": "\\\\fs\\s"}
    assert rolled(file_activity=[share])[0]["place"] == "\\\\fs\\s"
    # Where files have only ids, whose drive it is says more than the id.
    assert rolled(file_hosting=[{"activity": "Open", "file_path": "1AbC", "owner": "bob"}])[0]["place"] == "bob"


def test_the_own_drive_is_told_from_others() -> None:
    url = "https://x.example/personal/{}_own_example"
    for who, own in (("ann", True), ("bob", False)):
        (row,) = rolled(file_hosting=[{"activity": "Open", "site": url.format(who), "actor": "ann@own.example"}])
        assert row["own"] is own
    assert rolled(file_hosting=[{"activity": "Open", "file_path": "1AbC", "owner": "ann"}])[0]["own"] is True
