"""The unified audit log, as the API gives it and as the portal exports it."""

from __future__ import annotations

import csv
import json
from typing import Any

from tests.range.conftest import Folder

COMMON = {
    "CreationTime",
    "Id",
    "Operation",
    "OrganizationId",
    "RecordType",
    "UserId",
    "Workload",
    "ClientIP",
    "UserKey",
}


def api(folder: Folder) -> list[dict[str, Any]]:
    return [json.loads(line) for name in folder.clean("microsoft365/*.json.gz") for line in folder.lines(name)]


def exported(folder: Folder) -> list[dict[str, str]]:
    rows = []
    for path in sorted(folder.path.glob("microsoft365/AuditLog_*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows += list(csv.DictReader(file))
    return rows


def test_records_have_the_members_of_their_kind(folder: Folder) -> None:
    for record in api(folder):
        assert set(record) >= COMMON
        if record["Workload"] in ("SharePoint", "OneDrive"):
            place = record["SiteUrl"] + record["SourceRelativeUrl"] + "/" + record["SourceFileName"]
            assert record["ObjectId"] == place
            assert record["SourceFileName"].endswith("." + record["SourceFileExtension"])
            assert ("FileSizeBytes" in record) != record["Operation"].startswith("FileAcc")
        else:
            assert "SiteUrl" not in record
        if record["Workload"] == "Exchange":
            assert "Parameters" in record or "MailboxOwnerUPN" in record


def test_the_export_holds_the_same_records_in_quotes(folder: Folder) -> None:
    rows = exported(folder)
    for row in rows:
        record = json.loads(row["AuditData"])
        assert set(record) >= COMMON
        assert (row["RecordId"], row["Operation"], row["UserId"]) == (
            record["Id"],
            record["Operation"],
            record["UserId"],
        )
        assert row["CreationDate"] == record["CreationTime"] + ".0000000Z"
        assert row["AssociatedAdminUnits"] == ""
    assert rows[-1]["CreationDate"] < "2026-01-14"  # a third of 28 days, weekly files
    assert len(list(folder.path.glob("microsoft365/AuditLog_*.csv"))) == 2


def test_ids_are_unique(folder: Folder) -> None:
    ids = [record["Id"] for record in api(folder)] + [row["RecordId"] for row in exported(folder)]
    assert len(set(ids)) == len(ids)


def test_operations_of_the_field_are_there(folder: Folder) -> None:
    operations = {record["Operation"] for record in api(folder)}
    assert operations >= {
        *("MailItemsAccessed", "Send", "FileAccessed", "FileDownloaded", "FileUploaded", "FileSyncDownloadedFull"),
        *("UserLoggedIn", "UserLoginFailed", "SharingSet", "AnonymousLinkCreated", "AnonymousLinkUsed"),
    }
