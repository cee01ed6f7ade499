"""The mapping files that people copy, and what each makes of the lines it shows, and of near misses."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

import pytest

from tidegate import registry
from tidegate.events.schema import CLASSES
from tidegate.lake.store import Lake
from tidegate.mappings.load import beside, load
from tidegate.pipeline.ingest import ingest
from tidegate.units import Source

FOLDER = Path(__file__).parents[2] / "examples" / "mappings"
FILES = sorted(FOLDER.glob("*.toml"))
MODIFIED = datetime(2025, 12, 1).timestamp()

DATA = {
    "gateway": {
        "http_activity": [
            {
                "time": "2025-07-01T08:00:00",
                "activity": "Post",
                "status": "Success",
                "actor": "ann",
                "src_ip": "192.0.2.7",
                "dst_host": "up.example.org",
                "bytes_out": 2097152,
                "bytes_in": 3072,
            }
        ],
        "authentication": [
            {
                "time": "2025-07-01T08:00:05",
                "activity": "Logon",
                "status": "Success",
                "actor": "root",
                "src_ip": "192.0.2.9",
                "service": "administration",
            }
        ],
    },
    "print": {
        "file_activity": [
            {
                "time": "2025-07-01T08:00:00",
                "activity": "Print",
                "actor": "ann",
                "device": "pc-7",
                "medium": "Printer 2nd floor",
                "file_name": "Ranges of the lynx.pdf",
                "file_size": 18432,
            }
        ]
    },
    "sftp": {
        "authentication": [
            {
                "time": "2025-07-01T08:00:00",
                "activity": "Logon",
                "status": "Success",
                "actor": "ann",
                "src_ip": "192.0.2.7",
                "service": "sftp",
            }
        ],
        "file_hosting": [
            {
                "time": "2025-07-01T08:00:09",
                "activity": "Download",
                "actor": "ann",
                "src_ip": "192.0.2.7",
                "file_name": "lynx 2025.gpkg",
                "file_path": "/maps/lynx 2025.gpkg",
                "file_size": 73400320,
            },
            {
                "time": "2025-07-01T08:00:12",
                "activity": "Upload",
                "actor": "ann",
                "src_ip": "192.0.2.7",
                "file_name": "notes.txt",
                "file_path": "/in/notes.txt",
                "file_size": 812,
            },
        ],
    },
    "dlp": {
        "http_activity": [
            {
                "time": "2025-07-01T08:00:00",
                "activity": "Put",
                "status": "Success",
                "actor": "ann",
                "device": "pc-7",
                "src_ip": "192.0.2.7",
                "dst_host": "drive.example.org",
                "bytes_out": 73400320,
                "file_name": "ranges.gpkg",
            }
        ]
    },
    "portal": {
        "file_hosting": [
            {
                "time": "2025-07-01T08:00:00",
                "activity": "Share",
                "actor": "ann",
                "src_ip": "192.0.2.7",
                "file_name": "lynx.gpkg",
                "file_path": "/maps/lynx.gpkg",
                "file_size": 73400320,
                "visibility": "shared",
                "recipient": "bob@example.net",
            }
        ]
    },
}
OTHERS = {  # lines that are not in the example, and what becomes of them
    "gateway": [
        ("date=2025-07-01 time=10:00:06 devname=gw1 type=heartbeat up=1", "ignored"),
        # Its kind of record, and no time: a day that does not exist.
        ("date=2025-02-30 time=10:00:06 devname=gw1 type=web user=ann", "no time that can be read"),
        ("date=2025-07-01 time=10:00:06 devname=gw1 type=dns", "no source reads Example web gateway 'dns'"),
    ],
    "sftp": [("2025-07-01T10:00:00+02:00 [session 71] ann@192.0.2.7 bye", "ignored")],
    "dlp": [("CEF:0|Example|Guard|4.1", "no CEF header")],
    "portal": [("<14>1 2025-07-01T08:00:00Z web1 portal 812 - - started", "no source reads Example portal")],
}


def shown(path: Path) -> str:
    """The lines that an example shows in its comment."""
    comment = [line for line in path.read_text().split("\n\n")[0].splitlines() if line.startswith("#")]
    return "".join(line.removeprefix("# ") + "\n" for line in comment[comment.index("#") + 1 :])


def read(folder: Path, name: str, text: str, sources: dict[str, Source]) -> dict[str, list[dict[str, object]]]:
    log = folder / name
    log.write_text(text, encoding="utf-8")
    os.utime(log, (MODIFIED, MODIFIED))
    lake = Lake(folder / "lake")
    ingest([log], lake, sources=sources)
    tables = {}
    for class_ in CLASSES:
        rows = lake.table(class_).order_by("source_line").to_pyarrow().to_pylist()
        for row in rows:
            assert row["product"] == next(iter(sources.values())).log.title
            row["time"] = row["time"].isoformat()
        own = ("uid", "product", "source_file", "source_line", "day")
        tables[class_] = [{k: v for k, v in row.items() if v is not None and k not in own} for row in rows]
    tables["quarantine"] = lake.table("quarantine").order_by("source_line").to_pyarrow().to_pylist()
    lake.close()
    return {name: rows for name, rows in tables.items() if rows}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_an_example_reads_the_lines_it_shows(path: Path, tmp_path: Path) -> None:
    sources = {source.id: source for source in load(path)}
    assert read(tmp_path, "sample.log", shown(path), sources) == DATA[path.stem]


@pytest.mark.parametrize("name", OTHERS)
def test_other_lines_are_accounted_for(name: str, tmp_path: Path) -> None:
    sources = {source.id: source for source in load(FOLDER / f"{name}.toml")}
    text = shown(FOLDER / f"{name}.toml") * 20 + "".join(f"{line}\n" for line, _ in OTHERS[name])
    refused = read(tmp_path, "sample.log", text, sources).get("quarantine", [])
    assert [row["reason"] for row in refused] == [reason for _, reason in OTHERS[name] if reason != "ignored"]


def test_examples_stand_beside_the_logs_that_are_known() -> None:
    assert len(beside(registry.sources(), FILES)) == len(registry.sources()) + sum(len(load(path)) for path in FILES)


def test_a_flag_at_the_beginning_of_a_regex_holds_for_all_of_it(tmp_path: Path) -> None:
    path = tmp_path / "acme.toml"
    path.write_text(
        'id = "acme"\ntitle = "Acme"\nformat = "regex"\n[[source]]\nproduces = "dns_activity"\n'
        'regex = \'(?i)^QUERY (?P<when>\\S+) (?P<name>\\S+)\'\ncolumns = { time = "when", query = "name" }\n'
    )
    found = read(tmp_path, "a.log", "Query 2025-07-01 www.example.org\n", {s.id: s for s in load(path)})
    assert [event["query"] for event in found["dns_activity"]] == ["www.example.org"]
