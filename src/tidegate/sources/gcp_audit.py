"""Google Cloud audit logs: entries of Cloud Logging that hold an AuditLog, as JSON.

Cloud Storage does not log how much was read save where it says `requested_bytes`; data access logs have to be switched
on for each service. An entry that a sink delivers twice has the same time and `insertId`.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from tidegate.sources import _fields as f
from tidegate.units import LINEAGE, Log, source

GCP_AUDIT = Log(
    id="gcp_audit",
    title="Google Cloud audit logs",
    formats=("json",),
    how="Route the log cloudaudit.googleapis.com to a bucket with a sink, or run `gcloud logging read --format=json`.",
    reference="https://cloud.google.com/logging/docs/reference/audit/auditlog/rest/Shared.Types/AuditLog",
    files=("*gcp*.json*", "*cloudaudit*.json*"),
    envelope=("entries",),
    ignore=r'"(text|json)Payload"',  # entries of other logs in the same export
    redelivers=True,
)

NEEDS = ("protoPayload", "timestamp", "insertId|logName")
_DELTAS = "array<struct<action: string, role: string, member: string>>"
_JOB = (
    "struct<job: struct<jobConfig: struct<extractConfig: struct<sourceTable: string, destinationUris: array<string>>>>>"
)
BASE = {
    "insertId": "string",
    "timestamp": "string",
    "resource": "struct<labels: struct<project_id: string, location: string, zone: string>>",
    "protoPayload": "struct<serviceName: string, methodName: string, resourceName: string,"
    " authenticationInfo: struct<principalEmail: string, principalSubject: string>,"
    " requestMetadata: struct<callerIp: string, callerSuppliedUserAgent: string>,"
    " status: struct<code: int32, message: string>,"
    f" serviceData: struct<policyDelta: struct<bindingDeltas: {_DELTAS}>>,"
    " request: struct<policy: struct<bindings: array<struct<members: array<string>>>>>,"
    f" metadata: struct<requested_bytes: int64, tableDataRead: struct<reason: string>,"
    f" datasetChange: struct<bindingDeltas: {_DELTAS}>, tableChange: struct<bindingDeltas: {_DELTAS}>,"
    f" jobInsertion: {_JOB}, jobChange: {_JOB}>>",
}

OBJECTS = r"^storage\.objects\."
TOKENS = r"Generate(AccessToken|IdToken)$|SignJwt$|SignBlob$|SecurityTokenService\.ExchangeToken$"
DENIED = (7, 16)  # of google.rpc.Code: PERMISSION_DENIED and UNAUTHENTICATED
# Accounts that Google runs for a project's own services.
AGENTS = r"@(gcp-sa-[\w-]+\.iam|developer|cloudservices|system|[\w.-]+-system)\.gserviceaccount\.com$"


def base(raw: ir.Table) -> dict[str, ir.Value]:
    """What every class of this log has."""
    call = raw.protoPayload
    who = call["authenticationInfo"]
    return {
        "uid": raw.timestamp + " " + raw.insertId,
        "time": f.iso(raw.timestamp),
        "status": ibis.ifelse(failed(raw), "Failure", "Success"),
        "actor": ibis.coalesce(
            f.lower(who["principalEmail"]), f.lower(who["principalSubject"].re_replace(r"^.*[:/]", "")), "anonymous"
        ),
        "src_ip": f.ip(call["requestMetadata"]["callerIp"]),
        "user_agent": f.text(call["requestMetadata"]["callerSuppliedUserAgent"]),
    }


def failed(raw: ir.Table) -> ir.BooleanValue:
    """Holds where the status is an error; an empty one says that all went well."""
    return raw.protoPayload["status"]["code"].fill_null(0) != 0


def moves_data(raw: ir.Table) -> ir.BooleanValue:
    """Holds for objects of Cloud Storage, and where a table of BigQuery was read or exported to a bucket."""
    call = raw.protoPayload
    read = call["metadata"]["tableDataRead"]["reason"].notnull()
    return call["methodName"].re_search(OBJECTS) | exported(raw).notnull() | read


def is_signin(raw: ir.Table) -> ir.BooleanValue:
    """Holds for sign-ins, and for tokens made for service accounts."""
    call = raw.protoPayload
    return call["methodName"].re_search(TOKENS) | (call["serviceName"] == "login.googleapis.com").fill_null(False)


def exported(raw: ir.Table) -> ir.StringValue:
    """The table that a BigQuery job exports."""
    job = raw.protoPayload["metadata"]
    return ibis.coalesce(
        *(job[step]["job"]["jobConfig"]["extractConfig"]["sourceTable"] for step in ("jobChange", "jobInsertion"))
    )


@source(
    log=GCP_AUDIT,
    produces="web_resources",
    columns=BASE,
    needs=NEEDS,
    where=moves_data,
)
def gcp_audit_objects(raw: ir.Table) -> ir.Table:
    """Objects of Cloud Storage read, written and listed, tables of BigQuery read and exported."""
    call = raw.protoPayload
    code = call["status"]["code"].fill_null(0)
    job = call["metadata"]
    destination = ibis.coalesce(
        *(
            job[step]["job"]["jobConfig"]["extractConfig"]["destinationUris"][0]
            for step in ("jobChange", "jobInsertion")
        )
    )
    bucket = f.text(call["resourceName"].re_extract(r"/buckets/([^/]+)", 1))
    return raw.select(
        *LINEAGE,
        **base(raw),
        activity=ibis.cases((code == 0, "Access Grant"), (code.isin(DENIED), "Access Deny"), else_="Access Error"),
        resource=ibis.coalesce(exported(raw), bucket, call["resourceName"]),
        object=ibis.coalesce(destination, f.text(call["resourceName"].re_extract(r"/objects/(.+)$", 1))),
        account=raw.resource["labels"]["project_id"],
        bytes_out=ibis.cases((call["methodName"].endswith(".get"), job["requested_bytes"])),
        error=f.text(call["status"]["message"]),
        operation=call["methodName"],
    )


@source(
    log=GCP_AUDIT,
    produces="authentication",
    columns=BASE,
    needs=NEEDS,
    where=is_signin,
)
def gcp_audit_signins(raw: ir.Table) -> ir.Table:
    """Sign-ins of people and tokens made for service accounts."""
    call = raw.protoPayload
    token = call["methodName"].re_search(TOKENS)
    common = base(raw)
    common["status"] = ibis.ifelse(call["methodName"].re_search("(?i)fail"), "Failure", common["status"])
    return raw.select(
        *LINEAGE,
        **common,
        activity=ibis.cases(
            (token, "Authentication Ticket"), (call["methodName"].re_search("(?i)logout"), "Logoff"), else_="Logon"
        ),
        service=call["serviceName"],
        detail=ibis.coalesce(f.text(call["status"]["message"]), ibis.ifelse(token, call["resourceName"], None)),
    )


@source(
    log=GCP_AUDIT,
    produces="api_activity",
    columns=BASE,
    needs=NEEDS,
    where=lambda raw: raw.protoPayload["methodName"].notnull() & ~moves_data(raw) & ~is_signin(raw),
)
def gcp_audit_calls(raw: ir.Table) -> ir.Table:
    """All other calls; those that open a resource to somebody name whom as the recipient."""
    call, labels = raw.protoPayload, raw.resource["labels"]
    verb = call["methodName"].re_extract(r"(\w+)$", 1)
    whom = ibis.ifelse(failed(raw), None, recipients(raw))
    return raw.select(
        *LINEAGE,
        **base(raw),
        activity=ibis.cases(
            (verb.re_search("(?i)^(get|list|search|aggregated|query|read|test)"), "Read"),
            (verb.re_search("(?i)^(delete|remove|destroy)"), "Delete"),
            (verb.re_search("(?i)^(create|insert|add|generate|upload|import|copy)"), "Create"),
            else_="Update",
        ),
        operation=call["methodName"],
        service=call["serviceName"],
        region=ibis.coalesce(labels["location"], labels["zone"]),
        account=labels["project_id"],
        resource=call["resourceName"],
        recipient=whom,
        visibility=ibis.cases((whom.contains("anyone"), "public"), (whom.notnull(), "shared")),
        error=f.text(call["status"]["message"]),
    )


def recipients(raw: ir.Table) -> ir.StringValue:
    """Accounts, groups, domains or `anyone` that a policy lets in, joined by `;`.

    Where the entry says what changed, those added; else (Compute Engine) all of the policy that was set. The project's
    own service accounts and those of its roles (`projectViewer:…`) are no outsiders.
    """
    call = raw.protoPayload
    changed = (call["serviceData"]["policyDelta"], call["metadata"]["datasetChange"], call["metadata"]["tableChange"])
    added = ibis.coalesce(*(delta["bindingDeltas"] for delta in changed))
    members = ibis.coalesce(
        added.filter(lambda one: one["action"] == "ADD").map(lambda one: one["member"]),
        call["request"]["policy"]["bindings"].map(lambda one: one["members"]).flatten(),
    )
    own = ibis.coalesce("@" + raw.resource["labels"]["project_id"] + ".", "@?")
    known = members.filter(
        lambda it: (
            it.re_search("^(all(Authenticated)?Users$|(user|group|domain|serviceAccount):)")
            & ~it.re_search(AGENTS)
            & ~it.contains(own)
        )
    )
    named = known.map(lambda it: ibis.ifelse(it.startswith("all"), "anyone", it.re_replace("^[^:]*:", "").lower()))
    return f.joined(named)
