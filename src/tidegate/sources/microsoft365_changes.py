"""Microsoft 365: mail made to flow elsewhere, mailboxes opened to others, and accounts changed.

Inbox rules, mailbox forwarding and transport rules become `Forward`, permissions on mailboxes and their folders
`Delegate`, each with its recipients; a rule that sends nothing on is an `Update`.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from tidegate.sources import _fields as f
from tidegate.sources.microsoft365 import BASE, ITEM, MICROSOFT365, NEEDS, PAIRS, account, base, pair, target
from tidegate.units import LINEAGE, source

RULES = ("New-InboxRule", "Set-InboxRule", "UpdateInboxRules", "Set-Mailbox", "New-TransportRule", "Set-TransportRule")
GRANTS = (
    "Add-MailboxPermission", "Add-RecipientPermission", "Add-MailboxFolderPermission", "Set-MailboxFolderPermission",
    "AddFolderPermissions", "ModifyFolderPermissions", "UpdateFolderPermissions", "UpdateCalendarDelegation",
)  # fmt: skip
ACCOUNTS = {
    "Add user.": "Create",
    "Delete user.": "Delete",
    "Change user password.": "Password Change",
    "Reset user password.": "Password Reset",
    "Disable account.": "Disable",
    "Enable account.": "Enable",
    "Enable Strong Authentication.": "MFA Factor Enable",
    "Disable Strong Authentication.": "MFA Factor Disable",
    "Add member to role.": "Attach Policy",
    "Remove member from role.": "Detach Policy",
}
# Parameters that name to whom mail is sent on, or who is let in.
SENDS_TO = (
    "ForwardTo", "RedirectTo", "ForwardAsAttachmentTo", "ForwardingSmtpAddress", "ForwardingAddress",
    "BlindCopyTo", "RedirectMessageTo", "AddToRecipients", "CopyTo",
)  # fmt: skip
LETS_IN = ("User", "Trustee", "GrantSendOnBehalfTo")
ADDRESS = r"[\w.+%'-]+@[\w-]+(\.[\w-]+)+"


@source(
    log=MICROSOFT365,
    produces="account_change",
    columns={
        **BASE,
        "MailboxOwnerUPN": "string",
        "Parameters": PAIRS,
        "OperationProperties": PAIRS,
        "Item": ITEM,
    },
    needs=NEEDS,
    where=lambda raw: raw.Operation.isin([*RULES, *GRANTS, *ACCOUNTS]),
)
def microsoft365_changes(raw: ir.Table) -> ir.Table:
    """Forwarding, inbox and transport rules, mailbox permissions, and accounts created, reset and deleted."""
    to, within = _named(raw, SENDS_TO), _named(raw, LETS_IN)
    recipient = f.text(ibis.array([to, _by_rule(raw), within, _member(raw)]).filter(lambda it: it.notnull()).join(";"))
    grants = raw.Operation.isin(GRANTS) | (within.notnull() & to.isnull())
    return raw.select(
        *LINEAGE,
        **base(raw),
        activity=ibis.cases(
            (raw.Operation.isin(list(ACCOUNTS)), f.lookup(raw.Operation, ACCOUNTS, other="Other")),
            (grants, "Delegate"),
            (recipient.notnull(), "Forward"),
            else_="Update",
        ),
        operation=raw.Operation,
        target=_mailbox(raw),
        recipient=recipient,
        detail=ibis.coalesce(
            pair(raw.Parameters, "AccessRights"),
            f.text(raw.Item["ParentFolder"]["MemberRights"]),
            pair(raw.Parameters, "Name"),
            pair(raw.OperationProperties, "RuleName"),
        ),
        user_agent=f.text(raw.UserAgent),
    )


def _named(raw: ir.Table, names: tuple[str, ...]) -> ir.StringValue:
    """Addresses, or names where the log gives no address, in the values of these parameters, joined by `;`."""
    values = raw.Parameters.filter(lambda one: one["Name"].isin(names)).map(lambda one: one["Value"])
    return f.joined(
        values.join(";")
        .re_split(r"[;,]")
        .map(lambda one: ibis.coalesce(_address(one), f.lower(one.re_replace(r"[\"']", ""))))
    )


def _by_rule(raw: ir.Table) -> ir.StringValue:
    """Addresses in the actions of a rule that Outlook wrote (UpdateInboxRules), joined by `;`."""
    actions = pair(raw.OperationProperties, "RuleActions")
    sends = actions.re_search("(?i)forward|redirect")
    return ibis.cases((sends, f.joined(actions.re_split(r"[^\w.+%'@-]+").map(_address))))


def _member(raw: ir.Table) -> ir.StringValue:
    """Who is let into a folder; Anonymous is anyone."""
    member = account(raw.Item["ParentFolder"]["MemberUpn"])
    return ibis.ifelse(member == "anonymous", "anyone", member)


def _mailbox(raw: ir.Table) -> ir.StringValue:
    """The mailbox or account that was changed; a transport rule acts on no single one."""
    identity = pair(raw.Parameters, "Identity")
    named = ibis.coalesce(pair(raw.Parameters, "Mailbox"), identity, target(raw))
    own = f.lower(ibis.coalesce(raw.MailboxOwnerUPN, raw.UserId))
    return ibis.cases(
        (raw.Operation.contains("TransportRule"), ibis.null("string")),
        (raw.Operation.isin(list(ACCOUNTS)), account(target(raw))),
        (raw.Operation.contains("InboxRule"), ibis.coalesce(_address(pair(raw.Parameters, "Mailbox")), own)),
        else_=ibis.coalesce(_address(f.text(raw.MailboxOwnerUPN)), _address(named), f.lower(f.leaf(named)), own),
    )


def _address(text: ir.StringValue) -> ir.StringValue:
    return f.lower(text.re_extract(ADDRESS, 0))
