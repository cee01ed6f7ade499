"""Whom Google Workspace opens files and mail to, beside the events that look like it and do not."""

from __future__ import annotations

from itertools import count
from pathlib import Path
from typing import Any

from tests.sources.reading import read

QUALIFIERS = count(1)


def activity(app: str, *events: dict[str, Any], qualifier: str = "", **members: Any) -> dict[str, Any]:
    qualifier = qualifier or str(next(QUALIFIERS))
    identity = {"time": "2025-11-20T10:00:00.000Z", "uniqueQualifier": qualifier, "applicationName": app}
    return {"id": identity, "actor": {"email": "Ann@reserve.example"}, "events": list(events)} | members


def event(name: str, kind: str = "", **parameters: object) -> dict[str, Any]:
    return {
        "type": kind,
        "name": name,
        "parameters": [
            {"name": key, "multiValue" if isinstance(value, list) else "value": value}
            for key, value in parameters.items()
        ],
    }


def acl(name: str, **parameters: object) -> dict[str, Any]:
    return event(name, "acl_change", **parameters)


BOB, OUT = "bob@reserve.example", "x@elsewhere.example"
DRIVE: list[tuple[dict[str, Any], str, str | None]] = [
    (
        acl("change_document_visibility", visibility="people_with_link", new_value=["people_with_link"]),
        "Share",
        "anyone",
    ),
    # A link that opens for the organisation's own accounts only.
    (
        acl("change_document_visibility", visibility="people_within_domain_with_link", target_domain="reserve.example"),
        "Share",
        "reserve.example",
    ),
    # The link is closed; it is the file's old state that was open.
    (acl("change_document_visibility", old_value=["people_with_link"], new_value=["private"]), "Unshare", None),
    (acl("change_owner", owner=BOB, new_owner=OUT), "Share", OUT),
    # Moved into a shared drive of the organisation, which is named and has no address.
    (acl("change_owner", owner=BOB, new_owner="Execs", visibility="shared_internally"), "Share", None),
    # Somebody is let into a file that was open to anyone already: the news is about that person.
    (acl("change_user_access", visibility="people_with_link", target_user="Bob@reserve.example"), "Share", BOB),
    (acl("change_user_access", target_user=BOB, new_value=["none"]), "Unshare", BOB),
    (acl("shared_drive_membership_change", target=OUT, membership_change_type="add_to_shared_drive"), "Share", OUT),
    (
        acl("shared_drive_membership_change", target=OUT, membership_change_type="remove_from_shared_drive"),
        "Unshare",
        OUT,
    ),
    # Looked at, and open to anyone, but by somebody who signed in.
    (event("view", "access", visibility="people_with_link"), "Open", None),
]


def test_drive(tmp_path: Path) -> None:
    rows = read("google_workspace", "file_hosting", (activity("drive", one) for one, *_ in DRIVE), tmp_path)
    assert [(row["activity"], row["recipient"]) for row in rows] == [tuple(rest) for _, *rest in DRIVE]


def test_who_did_not_sign_in_is_anyone(tmp_path: Path) -> None:
    seen = activity("drive", event("download", "access"), actor={"profileId": "105250506097979753968"})
    (row,) = read("google_workspace", "file_hosting", [seen], tmp_path)
    assert (row["actor"], row["recipient"], row["activity"]) == ("anonymous", "anyone", "Download")


CHANGES: list[tuple[str, dict[str, Any], str, str | None]] = [
    (
        "login",
        event("email_forwarding_out_of_domain", email_forwarding_destination_address=OUT),
        "Forward",
        OUT,
    ),
    ("user_accounts", event("password_edit"), "Password Change", None),
    (
        "admin",
        event("CHANGE_GMAIL_SETTING", SETTING_NAME="ROUTING_RULE", NEW_VALUE="to: x@elsewhere.example"),
        "Forward",
        OUT,
    ),
    # A setting of mail that names no address sends nothing anywhere.
    ("admin", event("CHANGE_GMAIL_SETTING", SETTING_NAME="ENABLE_IMAP", NEW_VALUE="true"), "Update", None),
]


def test_changes(tmp_path: Path) -> None:
    rows = read("google_workspace", "account_change", (activity(app, one) for app, one, *_ in CHANGES), tmp_path)
    assert [(row["activity"], row["recipient"]) for row in rows] == [tuple(rest) for _, _, *rest in CHANGES]


def test_sign_in_and_its_second_factor_are_two_events_and_a_redelivery_is_none(tmp_path: Path) -> None:
    first = activity("login", event("login_success"), qualifier="722534617001")
    second = activity("login", event("login_verification"), qualifier="722534617001")
    rows = read("google_workspace", "authentication", [first, second, first], tmp_path)
    assert [row["activity"] for row in rows] == ["Logon", "Preauth"]
