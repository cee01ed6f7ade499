"""Records of the Microsoft 365 unified audit log, by what was done; field names are the Management API's."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tidegate.range import ids
from tidegate.range.tables import AUDIT, Bools, Ints, pick, rows
from tidegate.range.world import World

__all__ = ["AGENTS", "AUDIT", "SYNC_AGENT", "admin", "file", "read", "send", "share", "sign_in", "sync"]

AGENTS = [
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:133.0) Gecko/20100101 Firefox/133.0",
    "Microsoft Office/16.0 (Windows NT 10.0; Microsoft Word 16.0.17928; Pro)",
]
SYNC_AGENT = "Microsoft SkyDriveSync 24.201.1006.0005 ship; Windows NT 10.0 (22631)"

_SHAREPOINT, _SHARING, _SIGN_IN, _ADMIN, _ITEM, _AGGREGATED = 6, 14, 15, 1, 2, 50  # the API's RecordType


def file(world: World, number: Ints, **columns: Any) -> pa.Table:
    """Something done to files (by number): FileAccessed, FileDownloaded, FileSyncDownloadedFull, …"""
    return rows(AUDIT, len(number), **_place(world, number), record_type=_SHAREPOINT, **columns)


def share(world: World, number: Ints, *, target: Any, guest: Bools, **columns: Any) -> pa.Table:
    """A file shared: SharingSet with somebody, or AnonymousLinkCreated."""
    kind = pick(["Member", "Guest"], guest.astype(np.int64))
    body = pc.binary_join_element_wise(
        ',"TargetUserOrGroupType":"', kind, '","TargetUserOrGroupName":"', pa.array(target, pa.string()), '"', ""
    )
    return rows(AUDIT, len(number), **_place(world, number), record_type=_SHARING, body=body, **columns)


def sign_in(world: World, *, failed: Bools, agent: Any, **columns: Any) -> pa.Table:
    """UserLoggedIn, or UserLoginFailed with a wrong password."""
    count = len(failed)
    agents = pa.repeat(pa.scalar(agent), count) if isinstance(agent, str) else agent
    ending = pick(
        ['"},{"Name":"RequestType","Value":"OAuth2:Authorize"}],"AzureActiveDirectoryEventType":1',
         '"},{"Name":"RequestType","Value":"Login:login"}],"AzureActiveDirectoryEventType":1,"ErrorNumber":"50126",'
         '"LogonError":"InvalidUserNameOrPassword"'],
        failed.astype(np.int64),
    )  # fmt: skip
    return rows(
        AUDIT,
        count,
        operation=pick(["UserLoggedIn", "UserLoginFailed"], failed.astype(np.int64)),
        result=pick(["Success", "Failed"], failed.astype(np.int64)),
        workload="AzureActiveDirectory",
        record_type=_SIGN_IN,
        object="00000003-0000-0000-c000-000000000000",
        body=pc.binary_join_element_wise(
            ',"ApplicationId":"4345a7b9-9a63-4910-a426-35363201d503","ExtendedProperties":[{"Name":"UserAgent","Value":"',
            agents,
            ending,
            "",
        ),
        **columns,
    )


def admin(operation: str, parameters: dict[str, str], *, target: str, **columns: Any) -> pa.Table:
    """One change in Exchange: New-InboxRule, Set-Mailbox, New-TransportRule, Add-MailboxPermission."""
    listed = json.dumps([{"Name": k, "Value": v} for k, v in parameters.items()], separators=(",", ":"))
    return rows(
        AUDIT,
        1,
        operation=operation,
        workload="Exchange",
        record_type=_ADMIN,
        result="True",
        object=target,
        body=f',"AppId":"","ClientAppId":"","ExternalAccess":false,"Parameters":{listed}',
        **columns,
    )


def send(world: World, rng: np.random.Generator, *, user: Any, client: str = "", **columns: Any) -> pa.Table:
    """Send: the record names the sender and the subject, not to whom the mail goes."""
    count = len(user)
    size = pa.array(rng.lognormal(10.3, 1.5, count).astype(np.int64)).cast(pa.string())
    body = pc.binary_join_element_wise(
        *_mailbox(world, user, client or "Client=MSExchangeRPC"),
        ',"Item":{"Id":"RgAAAAC',
        ids.hexadecimal(rng, count, 12),
        '","InternetMessageId":"<',
        ids.hexadecimal(rng, count, 10),
        f'@{world.organisation.domain}>","ParentFolder":{{"Path":"\\\\Drafts"}},"SizeInBytes":',
        size,
        "}",
        "",
    )
    return _mail(user, body, "Send", _ITEM, columns)


def read(world: World, rng: np.random.Generator, *, user: Any, client: str = "", **columns: Any) -> pa.Table:
    """MailItemsAccessed by bind: one to three mails opened within two minutes."""
    count = len(user)
    items = [
        pc.binary_join_element_wise(
            '{"InternetMessageId":"<',
            ids.hexadecimal(rng, count, 10),
            '@mail.example>","SizeInBytes":',
            pa.array(rng.lognormal(10.3, 1.5, count).astype(np.int64)).cast(pa.string()),
            "}",
            "",
        )
        for _ in range(3)
    ]
    opened = rng.integers(1, 4, count)
    listed = pc.binary_join_element_wise(
        items[0], *(pc.if_else(pa.array(opened > n), items[n], pa.scalar(None, pa.string())) for n in (1, 2)), ",",
        null_handling="skip",
    )  # fmt: skip
    body = pc.binary_join_element_wise(
        *_mailbox(world, user, client or "Client=OWA;Action=ViaProxy"),
        ',"OperationProperties":[{"Name":"MailAccessType","Value":"Bind"},{"Name":"IsThrottled","Value":"False"}]'
        ',"Folders":[{"FolderItems":[',
        listed,
        '],"Id":"LgAAAACklF6sEsJgSK","Path":"\\\\Inbox"}],"OperationCount":',
        pa.array(opened).cast(pa.string()),
        "",
    )
    return _mail(user, body, "MailItemsAccessed", _AGGREGATED, columns)


def sync(world: World, rng: np.random.Generator, *, user: Any, client: str = "", **columns: Any) -> pa.Table:
    """MailItemsAccessed by sync: a client fetched a folder."""
    folder = pick(["\\\\Inbox", "\\\\Sent Items", "\\\\Calendar"], rng.integers(0, 3, len(user)))
    body = pc.binary_join_element_wise(
        *_mailbox(world, user, client or "Client=MSExchangeRPC"),
        ',"OperationProperties":[{"Name":"MailAccessType","Value":"Sync"},{"Name":"IsThrottled","Value":"False"}]'
        ',"Item":{"ParentFolder":{"Path":"',
        folder,
        '","Name":"folder"}},"OperationCount":1',
        "",
    )
    return _mail(user, body, "MailItemsAccessed", _AGGREGATED, columns)


def _mail(user: Any, body: Any, operation: str, record_type: int, columns: dict[str, Any]) -> pa.Table:
    return rows(
        AUDIT,
        len(user),
        operation=operation,
        workload="Exchange",
        record_type=record_type,
        result="Succeeded",
        user=user,
        body=body,
        **columns,
    )


def _mailbox(world: World, owner: Any, client: str) -> tuple[Any, ...]:
    """What every mailbox record says: whose box, by what client, as whom."""
    return (
        f',"ClientInfoString":"{client}","ExternalAccess":false,"InternalLogonType":0,"LogonType":0,'
        f'"OrganizationName":"{world.organisation.domain}","OriginatingServer":"AM6PR01MB4535 (15.20.8207.010)\\r\\n",'
        '"MailboxOwnerUPN":"',
        owner,
        '"',
    )


def _place(world: World, number: Ints) -> dict[str, Any]:
    """Where files are: the columns of a SharePoint or OneDrive record."""
    tree = world.documents
    folder = tree.file_folder[number]
    site = tree.folder_site[folder]
    own = np.array([team == "own" for team in tree.site_team])[site]
    return {
        "site": pick(list(tree.site_url), site),
        "site_id": pick(list(tree.site_id), site),
        "folder": pick(tree.folder_path, folder),
        "file": pick(tree.file_name, number),
        "item_id": pick(tree.file_id, number),
        "size": tree.file_size[number],
        "workload": pick(["SharePoint", "OneDrive"], own.astype(np.int64)),
    }

