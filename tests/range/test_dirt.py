"""The dirt is where the truth says, and nowhere else."""

from __future__ import annotations

import csv
import gzip

import pytest

from tests.range.conftest import Folder


def spoilt(folder: Folder, what: str) -> list[str]:
    return [d["file"] for d in folder.truth["dirt"] if d["what"].startswith(what)]


def test_malformed_lines_are_listed(folder: Folder) -> None:
    (conn,) = (d for d in folder.truth["dirt"] if d["file"].endswith("conn.log.gz"))
    lines = folder.lines(conn["file"])
    wrong = [n for n, line in enumerate(lines, 1) if not (line.startswith("{") and line.endswith("}"))]
    assert wrong == conn["lines"]


def test_truncated_gzip_begins_well_and_ends_early(folder: Folder) -> None:
    (name,) = spoilt(folder, "truncated")
    with pytest.raises(EOFError):
        gzip.decompress((folder.path / name).read_bytes())


def test_utf16_search_repeats_records_of_the_export(folder: Folder) -> None:
    (name,) = spoilt(folder, "UTF-16")
    with (folder.path / name).open(encoding="utf-16", newline="") as file:
        found = {row["AuditData"] for row in csv.DictReader(file)}
    exports = sorted(folder.path.glob("microsoft365/AuditLog_*.csv"))
    with exports[0].open(encoding="utf-8-sig", newline="") as file:
        assert found <= {row["AuditData"] for row in csv.DictReader(file)}


def test_no_malicious_record_is_spoilt(folder: Folder) -> None:
    used = {record["file"] for incident in folder.truth["incidents"] for record in incident["records"]}
    assert not used & {d["file"] for d in folder.truth["dirt"]}
