"""Microsoft 365: mailbox auditing, what was read, sent, moved and deleted in whose mailbox."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from tidegate.sources import _fields as f
from tidegate.sources.microsoft365 import BASE, ITEM, MICROSOFT365, NEEDS, account, base
from tidegate.units import LINEAGE, source

ACTIVITIES = {
    "MailItemsAccessed": "Read",
    "MessageBind": "Read",
    "FolderBind": "Read",
    "Send": "Send",
    "SendAs": "Send",
    "SendOnBehalf": "Send",
    "Copy": "Copy",
    "Create": "Create",
    "Update": "Update",
    "Move": "Move",
    "MoveToDeletedItems": "Delete",
    "SoftDelete": "Delete",
    "HardDelete": "Delete",
}
LISTED = "InternetMessageId"  # each mail a record lists has one, whichever list of the record it stands in


@source(
    log=MICROSOFT365,
    produces="email_activity",
    columns={
        **BASE,
        "MailboxOwnerUPN": "string",
        "MailboxGuid": "string",
        "OperationCount": "int64",
        "SendAsUserSmtp": "string",
        "SendOnBehalfOfUserSmtp": "string",
        "Item": ITEM,
    },
    needs=NEEDS,
    where=lambda raw: (
        raw.Operation.isin(list(ACTIVITIES)) & (raw.MailboxOwnerUPN.notnull() | raw.MailboxGuid.notnull())
    ),
)
def microsoft365_mail(raw: ir.Table) -> ir.Table:
    """Mail read, sent, moved and deleted, with the mailbox it was done in; `items` is 1 for a folder synchronised."""
    sends = f.lookup(raw.Operation, ACTIVITIES, other="Other") == "Send"
    listed = (raw.record.length() - raw.record.replace(LISTED, "").length()) // len(LISTED)
    files = f.listed(raw.Item["Attachments"]).map(lambda one: one.re_replace(r" \(\d+b\)$", ""))
    return raw.select(
        *LINEAGE,
        **base(raw),
        activity=f.lookup(raw.Operation, ACTIVITIES, other="Other"),
        operation=raw.Operation,
        mailbox=f.lower(ibis.coalesce(raw.MailboxOwnerUPN, raw.MailboxGuid)),
        items=ibis.coalesce(listed.nullif(0), raw.OperationCount),
        message=f.text(raw.Item["InternetMessageId"].re_replace("[<>]", "")),
        sender=ibis.cases(
            (sends, account(ibis.coalesce(raw.SendAsUserSmtp, raw.SendOnBehalfOfUserSmtp, raw.UserId))),
        ),
        bytes_out=ibis.cases((sends, raw.Item["SizeInBytes"])),
        attachments=files,
    )
