"""Microsoft 365 unified audit log: what people and programs did in Exchange, SharePoint, OneDrive and Entra ID.

One record is the JSON that Microsoft calls AuditData. It comes in a column of that name (the Purview portal's CSV
export, `Search-UnifiedAuditLog` piped to Export-Csv or ConvertTo-Json), or bare from the Management Activity API.
Microsoft Sentinel's table OfficeActivity names some members differently; those are read too.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from tidegate.sources import _fields as f
from tidegate.units import LINEAGE, Log, source

MICROSOFT365 = Log(
    id="microsoft365",
    title="Microsoft 365 unified audit log",
    formats=("json", "csv"),
    how="Export the audit search in the Purview portal, or pipe Search-UnifiedAuditLog to Export-Csv.",
    reference="https://learn.microsoft.com/en-us/office/office-365-management-api/office-365-management-activity-api-schema",
    files=("*audit*.csv", "*audit*.json*", "*OfficeActivity*.json"),
    unwrap="AuditData",
    redelivers=True,
)

NEEDS = ("Operation", "UserId", "CreationTime|TimeGenerated", "Workload|OfficeWorkload")
PAIRS = "array<struct<Name: string, Value: string>>"
ITEM = (
    "struct<InternetMessageId: string, SizeInBytes: int64, Attachments: string,"
    " ParentFolder: struct<MemberUpn: string, MemberRights: string>>"
)
BASE = {
    "Id": "string",
    "OfficeId": "string",  # Sentinel's names come second
    "CreationTime": "string",
    "TimeGenerated": "string",
    "Operation": "string",
    "RecordType": "string",
    "Workload": "string",
    "OfficeWorkload": "string",
    "ResultStatus": "string",
    "UserId": "string",
    "ObjectId": "string",
    "OfficeObjectId": "string",
    "ClientIP": "string",
    "ClientIPAddress": "string",
    "Client_IPAddress": "string",
    "ActorIpAddress": "string",
    "UserAgent": "string",
}

SIGNINS = ("UserLoggedIn", "UserLoginFailed", "MailboxLogin", "UserLoggedOff")


def base(raw: ir.Table) -> dict[str, ir.Value]:
    """What every class of this log has."""
    addresses = (raw.ClientIP, raw.ClientIPAddress, raw.Client_IPAddress, raw.ActorIpAddress)
    return {
        "uid": ibis.coalesce(raw.Id, raw.OfficeId),
        "time": f.iso(ibis.coalesce(raw.CreationTime, raw.TimeGenerated)),
        "status": f.lookup(
            raw.ResultStatus.lower(),
            {"success": "Success", "succeeded": "Success", "partiallysucceeded": "Success", "true": "Success"}
            | {"failed": "Failure", "failure": "Failure", "false": "Failure"},
            other=ibis.null("string"),
        ),
        "actor": account(raw.UserId),
        "src_ip": ibis.coalesce(*(f.ip(address) for address in addresses)),
    }


def account(name: ir.StringValue) -> ir.StringValue:
    """An account as its address: without the claim before it, a guest by the address it was invited at."""
    bare = f.lower(ibis.ifelse(name.contains("|"), name.re_replace(r"^.*\|", ""), name))
    return ibis.cases(
        (bare.contains("#ext#@"), bare.re_replace(r"^(.+)_([^_]+)#ext#@.*$", r"\1@\2")),
        (bare.startswith("urn:spo:anon"), "anonymous"),
        else_=bare,
    )


def pair(pairs: ir.ArrayValue, name: str) -> ir.StringValue:
    """Value of the first pair of this name; empty is null."""
    return f.text(pairs.filter(lambda one: one["Name"] == name)[0]["Value"])


def on_endpoint(raw: ir.Table) -> ir.BooleanValue:
    """Holds for what Purview's agent saw on a person's device."""
    return ibis.coalesce(raw.Workload == "Endpoint", False) | ibis.coalesce(
        raw.RecordType.isin(("63", "DLPEndpoint")), False
    )


def target(raw: ir.Table) -> ir.StringValue:
    """What was acted on, as logged."""
    return f.text(ibis.coalesce(raw.ObjectId, raw.OfficeObjectId))


@source(
    log=MICROSOFT365,
    produces="authentication",
    columns={
        **BASE,
        "ApplicationId": "string",
        "LogonError": "string",
        "ExtendedProperties": PAIRS,
        "DeviceProperties": PAIRS,
    },
    needs=NEEDS,
    where=lambda raw: raw.Operation.isin(SIGNINS),
)
def microsoft365_signins(raw: ir.Table) -> ir.Table:
    """Sign-ins to Entra ID and to mailboxes, kept out ones too."""
    common = base(raw)
    common["status"] = ibis.ifelse(
        raw.Operation == "UserLoginFailed", "Failure", ibis.coalesce(common["status"], "Success")
    )
    return raw.select(
        *LINEAGE,
        **common,
        activity=ibis.ifelse(raw.Operation == "UserLoggedOff", "Logoff", "Logon"),
        device=f.lower(pair(raw.DeviceProperties, "DisplayName")),
        service=ibis.coalesce(f.text(raw.ApplicationId), raw.Workload, raw.OfficeWorkload),
        detail=ibis.coalesce(f.text(raw.LogonError), pair(raw.ExtendedProperties, "ResultStatusDetail")),
        user_agent=ibis.coalesce(pair(raw.ExtendedProperties, "UserAgent"), f.text(raw.UserAgent)),
    )


@source(
    log=MICROSOFT365,
    produces="api_activity",
    columns={**BASE, "TargetUserOrGroupName": "string"},
    needs=NEEDS,
)
def microsoft365_calls(raw: ir.Table) -> ir.Table:
    """All other operations: content searches and exports, consent to applications, group and site administration."""
    return raw.select(
        *LINEAGE,
        **base(raw),
        activity=ibis.cases(
            (raw.Operation.re_search(r"^(Get|Search|View|List)|Accessed|Viewed|Searched|Exported|Previewed"), "Read"),
            (raw.Operation.re_search(r"^(Remove|Delete)|Deleted|Removed"), "Delete"),
            (raw.Operation.re_search(r"^(New|Add|Create|Consent)|Created|Added"), "Create"),
            else_="Update",
        ),
        operation=raw.Operation,
        service=ibis.coalesce(raw.Workload, raw.OfficeWorkload),
        resource=target(raw),
        recipient=account(raw.TargetUserOrGroupName),
        user_agent=f.text(raw.UserAgent),
    )
