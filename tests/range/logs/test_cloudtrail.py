"""CloudTrail's documents."""

from __future__ import annotations

import json
from typing import Any

from tests.range.conftest import Folder
from tidegate.range import cloud


def records(folder: Folder) -> list[dict[str, Any]]:
    documents = [json.loads("\n".join(folder.lines(name))) for name in folder.clean("cloudtrail/*.json.gz")]
    assert len(documents) == 28
    return [record for document in documents for record in document["Records"]]


def test_records_have_the_members_of_their_version(folder: Folder) -> None:
    for record in records(folder):
        assert record["recipientAccountId"] == record["userIdentity"]["accountId"] == cloud.ACCOUNT
        assert record["eventSource"].endswith(".amazonaws.com")
        moved = "additionalEventData" in record
        assert (record["eventCategory"] == "Data") == moved == (not record["managementEvent"])
        assert record["requestParameters"] is None or isinstance(record["requestParameters"], dict)


def test_ids_are_unique_and_shares_are_among_them(folder: Folder) -> None:
    found = records(folder)
    assert len({record["eventID"] for record in found}) == len(found)
    (tenant,) = (incident for incident in folder.truth["incidents"] if incident["pattern"] == "tenant")
    assert tenant["bytes"] > 1e9
    shared = [r for r in found if tenant["destinations"][0] in json.dumps(r["requestParameters"])]
    assert len(shared) == tenant["files"] == 6
