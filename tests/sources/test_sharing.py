"""Whom the file services and clouds open things to, beside what looks like it and opens nothing to outsiders.

Each product's words end in the same columns, on which one detector, `open_share`, works: the last test runs it.
"""

from __future__ import annotations

from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from tests.detectors.lives import START, accesses
from tests.sources.reading import read
from tests.tables import run
from tidegate.detectors.open_share import open_share

Shares = list[tuple[dict[str, Any], str, str | None]]
"""Record, activity, recipient."""

IDS = count(1)
TIME = "2025-11-20T10:00:00Z"
OUT = "xu@example.net"


def nextcloud(message: str, user: str = "ann", address: str = "192.0.2.1") -> dict[str, Any]:
    who = {"reqId": "a", "remoteAddr": address, "user": user}
    return who | {"time": TIME, "app": "admin_audit", "method": "POST", "message": message}


def shared(how: str) -> dict[str, Any]:
    return nextcloud(f'The file "/a" with ID "1" has been shared {how} with permissions "17" (Share ID: 4)')


NEXTCLOUD: Shares = [
    (shared("via link"), "Share", "anyone"),
    (shared(f'to the email recipient "{OUT}"'), "Share", OUT),
    (shared('to the user "bob"'), "Share", None),  # an account of the server's own
    (shared('to the group "everyone"'), "Share", None),
    # The file's own name says what did not happen.
    (nextcloud('File with id "1" deleted: "/has been shared via link with x.txt"'), "Delete", None),
    (nextcloud('File with id "1" accessed: "/a"', user="--"), "Open", "anyone"),
    # The server's own command has no address, and is nobody outside.
    (nextcloud('File with id "1" accessed: "/a"', user="--", address=""), "Open", None),
]


def box(event: str, **members: Any) -> dict[str, Any]:
    who = {"created_by": {"id": "1", "login": "ann@example.org"}, "created_at": TIME, "event_id": str(next(IDS))}
    return who | {"event_type": event, "source": {"item_type": "file", "item_name": "a"}} | members


def link(access: str) -> dict[str, Any]:
    return {"type": "file", "name": "a", "shared_link": {"access": access}}


BOX: Shares = [
    (box("SHARE"), "Share", "anyone"),
    (box("ITEM_SHARED_UPDATE", source=link("open")), "Share", "anyone"),
    (box("ITEM_SHARED_UPDATE", source=link("company")), "Share", None),  # whoever signs in with the company
    (box("COLLABORATION_INVITE", accessible_by={"login": "Xu@example.net"}), "Share", OUT),
    (box("COLLABORATION_REMOVE", accessible_by={"login": "Xu@example.net"}), "Unshare", None),
    (box("DOWNLOAD", created_by={"id": "2", "name": "Unknown User", "login": ""}), "Download", "anyone"),
    (box("DOWNLOAD"), "Download", None),
]


def dropbox(event: str, **details: Any) -> dict[str, Any]:
    who = {"actor": {".tag": "user", "user": {"email": "ann@example.org"}}, "timestamp": TIME}
    what = {"assets": [{"path": {"contextual": "/a"}}], "participants": details.pop("participants", [])}
    return who | what | {"event_type": {".tag": event}, "details": details}


DROPBOX: Shares = [
    (dropbox("shared_link_create"), "Share", "anyone"),
    (dropbox("shared_link_change_visibility", new_value={".tag": "public"}), "Share", "anyone"),
    (dropbox("shared_link_change_visibility", new_value={".tag": "team_only"}), "Unshare", None),  # closed to others
    (dropbox("shared_content_add_invitees", invitees=["Xu@example.net"]), "Share", OUT),
    (dropbox("shared_content_add_member", participants=[{".tag": "user", "user": {"email": OUT}}]), "Share", OUT),
    (dropbox("shared_content_add_member", participants=[{"group": {"display_name": "All"}}]), "Share", None),
    (dropbox("file_download", participants=[{".tag": "user", "user": {"email": OUT}}]), "Download", None),
]


def github(action: str, **members: Any) -> dict[str, Any]:
    who = {"actor": "ann", "org": "reserve", "repo": "reserve/nests", "created_at": 1763632800000}
    return who | {"action": action, "_document_id": str(next(IDS))} | members


GITHUB: Shares = [
    (github("repo.access", visibility="public"), "Share", "anyone"),
    (github("repo.access", visibility="internal"), "Unshare", None),
    (github("repo.access"), "Update", None),  # older logs do not say which way
    (github("repo.add_member", user="Xu"), "Share", "xu"),
    (github("repo.remove_member", user="Xu"), "Unshare", "xu"),
    (github("git.clone", visibility="public"), "Download", None),  # by somebody who signed in
    (github("git.clone", actor="", repository_public=True), "Download", "anyone"),
    (github("git.clone", actor="", repository_public=False), "Download", None),  # a deploy key: nobody's name is on it
]


def slack(action: str) -> dict[str, Any]:
    who = {"actor": {"user": {"email": "ann@example.org"}}, "context": {"ip_address": "192.0.2.1"}}
    return who | {"id": action, "date_create": 1763632800, "action": action, "entity": {"file": {"name": "a"}}}


SLACK: Shares = [
    (slack("file_public_link_created"), "Share", "anyone"),
    (slack("file_public_link_revoked"), "Unshare", None),
    (slack("file_shared"), "Share", None),  # in another channel
]


@pytest.mark.parametrize(
    ("log", "shares"),
    [("nextcloud", NEXTCLOUD), ("box", BOX), ("dropbox", DROPBOX), ("github", GITHUB), ("slack", SLACK)],
)
def test_shares_of_files(log: str, shares: Shares, tmp_path: Path) -> None:
    rows = read(log, "file_hosting", (record for record, *_ in shares), tmp_path)
    assert [(row["activity"], row["recipient"]) for row in rows] == [(activity, to) for _, activity, to in shares]


def policy(**members: Any) -> dict[str, Any]:
    call = {"methodName": "SetIamPolicy", "serviceName": "x.googleapis.com", "resourceName": "r"} | members
    labels = {"labels": {"project_id": "survey"}}
    return {"timestamp": TIME, "insertId": str(next(IDS)), "resource": labels, "protoPayload": call}


def delta(member: str, action: str = "ADD") -> dict[str, Any]:
    return {"policyDelta": {"bindingDeltas": [{"action": action, "member": member}]}}


GCP: list[tuple[dict[str, Any], str | None]] = [
    (policy(serviceData=delta("allUsers")), "anyone"),
    (policy(serviceData=delta("allAuthenticatedUsers")), "anyone"),  # anybody with an account of Google's
    (policy(serviceData=delta("allUsers", "REMOVE")), None),
    (policy(serviceData=delta("allUsers"), status={"code": 7, "message": "denied"}), None),
    (policy(serviceData=delta("user:Xu@example.net")), OUT),
    (policy(serviceData=delta("domain:example.net")), "example.net"),
    (policy(serviceData=delta("serviceAccount:job@survey.iam.gserviceaccount.com")), None),  # the project's own
    (policy(serviceData=delta("serviceAccount:j@other.iam.gserviceaccount.com")), "j@other.iam.gserviceaccount.com"),
    (policy(serviceData=delta("serviceAccount:s-1@gcp-sa-pubsub.iam.gserviceaccount.com")), None),  # Google's own
    (policy(serviceData=delta("projectViewer:survey")), None),
    (policy(request={"policy": {"bindings": [{"members": [f"user:{OUT}", "projectOwner:survey"]}]}}), OUT),
    (policy(), None),
]


def test_policies_of_google_cloud(tmp_path: Path) -> None:
    rows = read("gcp_audit", "api_activity", (record for record, _ in GCP), tmp_path)
    assert [row["recipient"] for row in rows] == [to for _, to in GCP]


@pytest.mark.parametrize(
    ("log", "opening", "near"),
    [
        ("nextcloud", NEXTCLOUD[0][0], NEXTCLOUD[2][0]),
        ("box", BOX[0][0], BOX[2][0]),
        ("dropbox", DROPBOX[0][0], DROPBOX[2][0]),
        ("github", GITHUB[0][0], GITHUB[1][0]),
        ("slack", SLACK[0][0], SLACK[2][0]),
    ],
)
def test_open_share_finds_the_opening_and_leaves_the_other(
    log: str, opening: dict[str, Any], near: dict[str, Any], tmp_path: Path
) -> None:
    rows = read(log, "file_hosting", [opening, near], tmp_path)
    late = [row | {"time": START + timedelta(days=45, minutes=n), "actor": "p3"} for n, row in enumerate(rows)]
    anyone = [{"endpoint": "anyone", "destination": "anyone", "kind": "unknown"}]
    found = run(open_share, endpoints=anyone, file_hosting=[*accesses(), *late])
    assert {uid for row in found for uid in row["evidence"]} == {late[0]["uid"]}
