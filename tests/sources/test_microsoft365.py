"""Where Microsoft 365 sends mail on or opens files, beside the records that look like it and do not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.sources.reading import read

ANN = "ann@reserve.example"


def record(operation: str, workload: str = "Exchange", **members: Any) -> dict[str, Any]:
    times = {"CreationTime": "2025-11-20T10:00:00", "Operation": operation}
    return times | {"UserId": "Ann@reserve.example", "Workload": workload} | members


def cmdlet(operation: str, **parameters: str) -> dict[str, Any]:
    return record(operation, Parameters=[{"Name": name, "Value": value} for name, value in parameters.items()])


def by_outlook(action: str) -> dict[str, Any]:
    rule = {"Name": "RuleActions", "Value": f'[{{"ActionType":"{action}","Recipients":["x@elsewhere.example"]}}]'}
    return record("UpdateInboxRules", MailboxOwnerUPN=ANN, OperationProperties=[rule])


def folder(member: str) -> dict[str, Any]:
    return record("AddFolderPermissions", MailboxOwnerUPN=ANN, Item={"ParentFolder": {"MemberUpn": member}})


CHANGES: list[tuple[dict[str, Any], str, str | None, str | None]] = [
    (cmdlet("New-InboxRule", ForwardTo="X <x@elsewhere.example>; y@elsewhere.example"), "Forward", ANN,
     "x@elsewhere.example;y@elsewhere.example"),
    # A rule about mail of an address sends nothing to it.
    (cmdlet("New-InboxRule", From="x@elsewhere.example", MoveToFolder="RSS"), "Update", ANN, None),
    (cmdlet("Set-Mailbox", Identity=ANN, ForwardingSmtpAddress="smtp:x@elsewhere.example"), "Forward", ANN,
     "x@elsewhere.example"),
    # Forwarding taken away again.
    (cmdlet("Set-Mailbox", Identity=ANN, ForwardingSmtpAddress=""), "Update", ANN, None),
    # A recipient inside, by the name Exchange knows it by.
    (cmdlet("Set-Mailbox", Identity=ANN, ForwardingAddress="Bob Lind"), "Forward", ANN, "bob lind"),
    (cmdlet("Set-Mailbox", Identity=ANN, GrantSendOnBehalfTo="bob@reserve.example"), "Delegate", ANN,
     "bob@reserve.example"),
    # A transport rule is about no single mailbox.
    (cmdlet("New-TransportRule", Name="r", BlindCopyTo="x@elsewhere.example"), "Forward", None, "x@elsewhere.example"),
    (by_outlook("Forward"), "Forward", ANN, "x@elsewhere.example"),
    (by_outlook("Categorize"), "Update", ANN, None),  # an address in an action that sends nothing
    (folder("bob@reserve.example"), "Delegate", ANN, "bob@reserve.example"),
    (folder("Anonymous"), "Delegate", ANN, "anyone"),
]  # fmt: skip


def test_changes(tmp_path: Path) -> None:
    rows = read("microsoft365", "account_change", (one for one, *_ in CHANGES), tmp_path)
    assert [(row["activity"], row["target"], row["recipient"]) for row in rows] == [tuple(rest) for _, *rest in CHANGES]


def shared(name: str) -> dict[str, Any]:
    return record("SharingSet", "SharePoint", TargetUserOrGroupName=name)


SHARES: list[tuple[dict[str, Any], str | None]] = [
    (record("AnonymousLinkCreated", "SharePoint"), "anyone"),
    (record("CompanyLinkCreated", "SharePoint"), None),  # nobody outside
    (record("SharingLinkCreated", "SharePoint", SharingLinkScope="Anyone"), "anyone"),
    (record("SharingLinkCreated", "SharePoint", SharingLinkScope="Organization"), None),
    (shared("i:0#.f|membership|bob@reserve.example"), "bob@reserve.example"),
    (shared("out.sider_elsewhere.example#EXT#@reserve.onmicrosoft.com"), "out.sider@elsewhere.example"),
    (shared("SharingLinks.1.AnonymousEdit.2"), "anyone"),
    (shared("SharingLinks.1.Flexible.2"), None),  # the group behind a link: its members are added one by one
    (shared("Everyone"), "anyone"),
    (shared("Everyone except external users"), "everyone except external users"),
]


def test_shares(tmp_path: Path) -> None:
    rows = read("microsoft365", "file_hosting", (one for one, _ in SHARES), tmp_path)
    assert [row["recipient"] for row in rows] == [recipient for _, recipient in SHARES]


def test_the_same_operation_in_the_cloud_and_on_a_device(tmp_path: Path) -> None:
    both = [record("FileModified", "SharePoint"), record("FileModified", "Endpoint", DeviceName="PC")]
    assert [row["source_line"] for row in read("microsoft365", "file_activity", both, tmp_path)] == [2]


def test_create_outside_a_mailbox_is_no_mail(tmp_path: Path) -> None:
    both = [record("Create", MailboxOwnerUPN=ANN), record("Create", "PowerApps")]
    assert [row["source_line"] for row in read("microsoft365", "email_activity", both, tmp_path)] == [1]
