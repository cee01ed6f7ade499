"""Records of the Microsoft 365 unified audit log, by what was done; names and members are the Management API's."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tidegate.range import ids
from tidegate.range.documents import named
from tidegate.range.tables import AUDIT, Bools, Ints, pick, rows
from tidegate.range.world import World

AGENTS = [
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:133.0) Gecko/20100101 Firefox/133.0",
    "Microsoft Office/16.0 (Windows NT 10.0; Microsoft Word 16.0.17928; Pro)",
]
SYNC_AGENT = "Microsoft SkyDriveSync 24.201.1006.0005 ship; Windows NT 10.0 (22631)"
PHONE = "Client=OutlookService;Outlook-iOS/2.0;"
FORWARDING = "Client=EBA;Action=ForwardingRule"
OWNER, ADMIN, DELEGATE = range(3)  # the API's LogonType: as whom somebody is in a mailbox

_ADMIN, _ITEM, _FILE, _DIRECTORY, _SHARING, _SIGN_IN, _AGGREGATED = 1, 2, 6, 8, 14, 15, 50  # the API's RecordType


def file(world: World, number: Ints, **columns: Any) -> pa.Table:
    """Something done to files (by number): FileAccessed, FileDownloaded, FileSyncDownloadedFull, …"""
    return rows(AUDIT, len(number), **named(world.documents, number), record_type=_FILE, **columns)


def share(world: World, number: Ints, *, target: list[str], guest: Bools, **columns: Any) -> pa.Table:
    """Files shared with somebody in- or outside (SharingSet)."""
    body = _text(
        ',"TargetUserOrGroupType":"',
        pick(["Member", "Guest"], guest.astype(np.int64)),
        '","TargetUserOrGroupName":"',
        pa.array(target, pa.string()),
        '","EventData":"<Permissions granted>Contribute</Permissions granted>"',
    )
    place = named(world.documents, number)
    return rows(AUDIT, len(number), **place, operation="SharingSet", record_type=_SHARING, body=body, **columns)


def link(world: World, number: Ints, *, operation: str, **columns: Any) -> pa.Table:
    """A link that anybody may use: AnonymousLinkCreated, AnonymousLinkUsed."""
    place, body = named(world.documents, number), ',"EventData":"<Type>View</Type>"'
    return rows(AUDIT, len(number), **place, operation=operation, record_type=_SHARING, body=body, **columns)


def sign_in(*, failed: Bools, agent: Any, **columns: Any) -> pa.Table:
    """UserLoggedIn, or UserLoginFailed with a wrong password."""
    outcome = failed.astype(np.int64)
    body = _text(
        ',"ApplicationId":"4345a7b9-9a63-4910-a426-35363201d503","ExtendedProperties":[{"Name":"UserAgent","Value":"',
        _column(agent, len(failed)),
        '"},{"Name":"RequestType","Value":"OAuth2:Authorize"}],"AzureActiveDirectoryEventType":1',
        pick(["", ',"ErrorNumber":"50126","LogonError":"InvalidUserNameOrPassword"'], outcome),
    )
    return rows(
        AUDIT,
        len(failed),
        operation=pick(["UserLoggedIn", "UserLoginFailed"], outcome),
        result=pick(["Success", "Failed"], outcome),
        workload="AzureActiveDirectory",
        record_type=_SIGN_IN,
        object="00000003-0000-0000-c000-000000000000",
        body=body,
        **columns,
    )


def admin(operation: str, parameters: dict[str, str], *, target: str, **columns: Any) -> pa.Table:
    """One change in Exchange: New-InboxRule, Set-Mailbox, New-TransportRule, Add-MailboxPermission."""
    return admins(operation, [parameters], target=target, **columns)


def admins(operation: str, parameters: Sequence[dict[str, str]], *, target: Any, **columns: Any) -> pa.Table:
    """Many changes of one kind, each with its parameters."""
    head = ',"AppId":"","ClientAppId":"","ExternalAccess":false,"Parameters":'
    listed = [[{"Name": k, "Value": v} for k, v in given.items()] for given in parameters]
    return rows(
        AUDIT,
        len(parameters),
        operation=operation,
        workload="Exchange",
        record_type=_ADMIN,
        result="True",
        object=target,
        body=pa.array([head + json.dumps(given, separators=(",", ":")) for given in listed], pa.string()),
        **columns,
    )


def directory(operation: str, *, target: str, body: str = "", **columns: Any) -> pa.Table:
    """One change in Entra ID: Consent to application., Reset user password."""
    return rows(
        AUDIT,
        1,
        operation=operation,
        workload="AzureActiveDirectory",
        record_type=_DIRECTORY,
        result="Success",
        object=target,
        body=',"AzureActiveDirectoryEventType":1' + body,
        **columns,
    )


def send(world: World, rng: np.random.Generator, *, user: Any, size: Ints, client: str, **columns: Any) -> pa.Table:
    """Send: the record names the sender and the mail, not to whom it goes."""
    count = len(size)
    body = _text(
        *_mailbox(world, _column(user, count), client, OWNER),
        ',"Item":{"Id":"RgAAAAC',
        ids.hexadecimal(rng, count, 12),
        '","InternetMessageId":"<',
        ids.hexadecimal(rng, count, 10),
        f'@{world.organisation.domain}>","ParentFolder":{{"Path":"\\\\Drafts"}},"SizeInBytes":',
        _digits(size),
        "}",
    )
    return _mail(count, user, body, "Send", _ITEM, columns)


def read(
    world: World,
    rng: np.random.Generator,
    *,
    user: Any,
    time: Ints,
    owner: Any = None,
    logon: int = OWNER,
    taken: bool = False,
    **columns: Any,
) -> pa.Table:
    """MailItemsAccessed by bind: one to three mails opened within two minutes.

    owner: whose mailbox, if another's; taken: the truth counts the mails as gone.
    """
    count = len(time)
    opened = rng.integers(1, 4, count)
    sizes = rng.lognormal(10.3, 1.5, (3, count)).astype(np.int64)
    if taken:
        columns |= {"files": opened, "sent": np.where(np.arange(3)[:, None] < opened, sizes, 0).sum(axis=0)}
    items = [
        _text(
            '{"InternetMessageId":"<',
            ids.hexadecimal(rng, count, 10),
            '@mail.example>","SizeInBytes":',
            _digits(size),
            "}",
        )
        for size in sizes
    ]
    shown = [pc.if_else(pa.array(opened > n), item, pa.scalar(None, pa.string())) for n, item in enumerate(items)]
    body = _text(
        *_mailbox(world, _column(user if owner is None else owner, count), "Client=OWA;Action=ViaProxy", logon),
        ',"OperationProperties":[{"Name":"MailAccessType","Value":"Bind"},{"Name":"IsThrottled","Value":"False"}]'
        ',"Folders":[{"FolderItems":[',
        pc.binary_join_element_wise(*shown, ",", null_handling="skip"),
        '],"Id":"LgAAAACklF6sEsJgSK","Path":"\\\\Inbox"}],"OperationCount":',
        _digits(opened),
    )
    return _mail(count, user, body, "MailItemsAccessed", _AGGREGATED, {"time": time, **columns})


def sync(
    world: World,
    rng: np.random.Generator,
    *,
    user: Any,
    time: Ints,
    client: str,
    owner: Any = None,
    logon: int = OWNER,
    **columns: Any,
) -> pa.Table:
    """MailItemsAccessed by sync: a mail program fetched a folder. owner: whose mailbox, if another's."""
    count = len(time)
    body = _text(
        *_mailbox(world, _column(user if owner is None else owner, count), client, logon),
        ',"OperationProperties":[{"Name":"MailAccessType","Value":"Sync"},{"Name":"IsThrottled","Value":"False"}]'
        ',"Item":{"ParentFolder":{"Path":"',
        pick(["\\\\Inbox", "\\\\Sent Items", "\\\\Calendar"], rng.integers(0, 3, count)),
        '","Name":"folder"}},"OperationCount":1',
    )
    return _mail(count, user, body, "MailItemsAccessed", _AGGREGATED, {"time": time, **columns})


def _mail(count: int, user: Any, body: Any, operation: str, kind: int, columns: dict[str, Any]) -> pa.Table:
    fixed = {"operation": operation, "workload": "Exchange", "record_type": kind, "result": "Succeeded"}
    return rows(AUDIT, count, **fixed, user=user, body=body, **columns)


def _mailbox(world: World, owner: pa.Array, client: str, logon: int) -> tuple[Any, ...]:
    """What every mailbox record says: by what program, as whom, whose box."""
    start = (
        f',"ClientInfoString":"{client}","ExternalAccess":false,"InternalLogonType":{logon},"LogonType":{logon},'
        f'"OrganizationName":"{world.organisation.domain}",'
        '"OriginatingServer":"AM6PR01MB4535 (15.20.8207.010)\\r\\n","MailboxOwnerUPN":"'
    )
    return start, owner, '"'


def _text(*parts: Any) -> pa.Array:
    """Texts and columns one after the other, row by row."""
    return pc.binary_join_element_wise(*parts, "")


def _column(value: Any, count: int) -> pa.Array:
    return pa.repeat(pa.scalar(value, pa.string()), count) if isinstance(value, str) else value


def _digits(values: Any) -> pa.Array:
    return pa.array(values).cast(pa.int64(), safe=False).cast(pa.string())
