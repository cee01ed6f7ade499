"""The daily roll-up of who took files from which folder."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from tests.tables import Row, engine, table
from tidegate.measures.visits import visits

NOON = datetime(2026, 3, 2, 12)
CLASSES = ("file_hosting", "file_activity", "web_resources")


def rolled(**rows: list[Row]) -> list[dict[str, Any]]:
    full = {name: [{"time": NOON, "actor": "ann", **row} for row in rows.get(name, [])] for name in CLASSES}
    found = engine().to_pyarrow(visits(*(table(name, full[name]) for name in CLASSES))).to_pylist()
    return sorted(found, key=lambda r: (r["day"], r["folder"]))


def test_a_day_in_a_folder_is_a_row_that_says_when_it_began() -> None:
    late = {"activity": "Open", "file_path": "/core/plots/x.doc", "time": NOON + timedelta(hours=2)}
    early = {"activity": "Download", "file_path": "/core/plots/y.doc", "device": "lt-1"}
    (row,) = rolled(file_hosting=[late, early])
    assert (row["folder"], row["events"], row["first_time"], row["uid"]) == ("/core/plots", 2, NOON, "u1")
    assert row["device"] == "lt-1"
    tomorrow = late | {"time": NOON + timedelta(days=1)}
    assert [r["day"].day for r in rolled(file_hosting=[early, tomorrow])] == [2, 3]


def test_a_folder_is_told_by_path_share_or_bucket() -> None:
    share = {"activity": "Copy", "medium": "\\\\fs\\s", "file_path": "a\\b\\x.doc"}
    alone = {"activity": "Copy", "medium": "\\\\fs\\s"}
    assert [r["folder"] for r in rolled(file_activity=[share, alone])] == ["\\\\fs\\s", "\\\\fs\\s\\a\\b"]
    assert rolled(file_activity=[{"activity": "Read", "file_path": "C:\\maps\\x.doc"}])[0]["folder"] == "C:\\maps"
    # Prefixes of a bucket are often dates: new ones every day are nothing new.
    got = {"operation": "GetObject", "resource": "b", "object": "2026/03/02/x"}
    assert rolled(web_resources=[got])[0]["folder"] == "b"
    assert rolled(file_hosting=[{"activity": "Open", "file_path": "1AbC", "site": "s1"}])[0]["folder"] == "s1"


def test_what_takes_nothing_or_is_somebodys_own_is_no_visit() -> None:
    rows: list[Row] = [
        {"activity": "Upload", "file_path": "/a/x.doc"},
        {"activity": "Open", "file_path": "/a/x.doc", "status": "Failure"},
        {"activity": "Open", "file_path": "/a/x.doc", "owner": "ann"},
        {"activity": "Open", "file_path": "/a/x.doc", "actor": None},
    ]
    assert not rolled(file_hosting=rows)
    assert not rolled(file_activity=[{"activity": "Copy", "file_path": "E:\\x.doc", "removable": True}])
    assert not rolled(web_resources=[{"operation": "PutObject", "resource": "b", "object": "k"}])
