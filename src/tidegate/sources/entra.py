"""Microsoft Entra ID (Azure AD): sign-ins and directory audits, in the words of Microsoft Graph.

Records come bare (an export of the portal), under `value` (Graph's auditLogs/signIns and directoryAudits), or under
`properties` of the resource logs that a diagnostic setting writes. Where a person signed in from is not kept.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from tidegate.sources import _fields as f
from tidegate.sources.microsoft365 import account
from tidegate.units import LINEAGE, Log, source

ENTRA = Log(
    id="entra",
    title="Microsoft Entra ID logs",
    formats=("json",),
    how="Download the sign-in and audit logs as JSON in the Entra admin centre, or add a diagnostic setting for both.",
    reference="https://learn.microsoft.com/en-us/graph/api/resources/azure-ad-auditlog-overview",
    files=("*signin*.json*", "*auditlogs*.json*", "PT1H.json"),
    envelope=("value", "records"),
    unwrap="properties",
    redelivers=True,
)

BASE = {"id": "string", "correlationId": "string"}
ACCOUNTS = {
    "Add user": "Create",
    "Invite external user": "Create",
    "Delete user": "Delete",
    "Hard Delete user": "Delete",
    "Restore user": "Enable",
    "Enable account": "Enable",
    "Disable account": "Disable",
    "Change user password": "Password Change",
    "Change password (self-service)": "Password Change",
    "Reset user password": "Password Reset",
    "Reset password (self-service)": "Password Reset",
    "Reset password (by admin)": "Password Reset",
    "Add member to role": "Attach Policy",
    "Add eligible member to role": "Attach Policy",
    "Add app role assignment to service principal": "Attach Policy",
    "Remove member from role": "Detach Policy",
    "User registered security info": "MFA Factor Enable",
    "Admin registered security info": "MFA Factor Enable",
    "User deleted security info": "MFA Factor Disable",
    "Admin deleted security info": "MFA Factor Disable",
    "Disable Strong Authentication": "MFA Factor Disable",
    "Update user": "Update",
}


@source(
    log=ENTRA,
    produces="authentication",
    columns={
        **BASE,
        "createdDateTime": "string",
        "userPrincipalName": "string",
        "servicePrincipalName": "string",
        "appDisplayName": "string",
        "ipAddress": "string",
        "userAgent": "string",
        "clientAppUsed": "string",
        "authenticationProtocol": "string",
        "authenticationRequirement": "string",
        "status": "struct<errorCode: int64, failureReason: string>",
        "deviceDetail": "struct<displayName: string>",
    },
    needs=("createdDateTime", "appDisplayName", "ipAddress", "userPrincipalName|servicePrincipalName"),
    where=lambda raw: raw.createdDateTime.notnull(),
)
def entra_signins(raw: ir.Table) -> ir.Table:
    """Sign-ins of people and of applications, kept out and interrupted ones as failures with their reason."""
    failed = raw.status["errorCode"] != 0
    return raw.select(
        *LINEAGE,
        uid=raw.id,
        time=f.iso(raw.createdDateTime),
        activity=ibis.literal("Logon"),
        status=f.success(~failed),
        actor=ibis.coalesce(account(raw.userPrincipalName), f.lower(raw.servicePrincipalName)),
        device=f.lower(raw.deviceDetail["displayName"]),
        src_ip=f.ip(raw.ipAddress),
        service=f.text(raw.appDisplayName),
        is_mfa=raw.authenticationRequirement == "multiFactorAuthentication",
        protocol=ibis.coalesce(f.text(raw.authenticationProtocol).nullif("none"), f.text(raw.clientAppUsed)),
        detail=ibis.cases((failed, f.text(raw.status["failureReason"]))),
        user_agent=f.text(raw.userAgent),
    )


AUDIT = {
    **BASE,
    "activityDateTime": "string",
    "activityDisplayName": "string",
    "category": "string",
    "result": "string",
    "resultReason": "string",
    "loggedByService": "string",
    "initiatedBy": "struct<user: struct<userPrincipalName: string, ipAddress: string>,"
    " app: struct<displayName: string>>",
    "targetResources": "array<struct<type: string, displayName: string, userPrincipalName: string>>",
}
NEEDS = ("activityDateTime", "activityDisplayName", "initiatedBy")


def base(raw: ir.Table) -> dict[str, ir.Value]:
    """What both classes of the audits have."""
    by = raw.initiatedBy
    return {
        "uid": raw.id,
        "time": f.iso(raw.activityDateTime),
        "status": f.lookup(
            raw.result.lower(),
            {"success": "Success", "failure": "Failure", "timeout": "Failure"},
            other=ibis.null("string"),
        ),
        "actor": ibis.coalesce(account(by["user"]["userPrincipalName"]), f.lower(by["app"]["displayName"])),
        "src_ip": f.ip(by["user"]["ipAddress"]),
        "operation": raw.activityDisplayName,
    }


def targets(raw: ir.Table) -> ir.StringValue:
    """The first account among what was acted on."""
    named = raw.targetResources.map(lambda one: one["userPrincipalName"]).filter(lambda it: it != "")
    return account(named[0])


@source(
    log=ENTRA,
    produces="account_change",
    columns=AUDIT,
    needs=NEEDS,
    where=lambda raw: raw.activityDisplayName.isin(list(ACCOUNTS)),
)
def entra_accounts(raw: ir.Table) -> ir.Table:
    """Accounts and guests made and deleted, passwords, second factors, and roles given and taken."""
    names = raw.targetResources.filter(lambda one: one["type"] == "Role").map(lambda one: one["displayName"])
    return raw.select(
        *LINEAGE,
        **base(raw),
        activity=f.lookup(raw.activityDisplayName, ACCOUNTS, other="Update"),
        target=ibis.coalesce(targets(raw), f.lower(raw.targetResources[0]["displayName"])),
        detail=ibis.coalesce(f.text(names[0]), f.text(raw.resultReason)),
    )


@source(log=ENTRA, produces="api_activity", columns=AUDIT, needs=NEEDS)
def entra_calls(raw: ir.Table) -> ir.Table:
    """All other audits: consent to applications, their permissions and secrets, groups, policies, devices."""
    return raw.select(
        *LINEAGE,
        **base(raw),
        activity=ibis.cases(
            (raw.activityDisplayName.re_search("(?i)^(get|list|download|export|validate|read)"), "Read"),
            (raw.activityDisplayName.re_search("(?i)^(remove|delete|hard delete|revoke)"), "Delete"),
            (raw.activityDisplayName.re_search("(?i)^(add|create|consent|register|invite)"), "Create"),
            else_="Update",
        ),
        service=ibis.coalesce(f.text(raw.loggedByService), f.text(raw.category)),
        resource=ibis.coalesce(f.text(raw.targetResources[0]["displayName"]), targets(raw)),
        error=ibis.cases((raw.result == "failure", f.text(raw.resultReason))),
    )
