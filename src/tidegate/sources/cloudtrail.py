"""AWS CloudTrail: every call to an AWS account's interfaces, and with S3 data events every object read or written.

Records come as the `{"Records": […]}` files of the trail's bucket, as NDJSON (shippers put `@timestamp` in place of
`eventTime`), or inside the `CloudTrailEvent` text of `aws cloudtrail lookup-events`.

Direction of bytes: CloudTrail counts from the bucket, and so does this log. `bytes_out` is `bytesTransferredOut`, what
left the bucket towards the caller (GetObject); `bytes_in` is `bytesTransferredIn`, what was put into it (PutObject).
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from tidegate.sources import _cloudtrail_recipients as sharing
from tidegate.sources import _fields as f
from tidegate.units import LINEAGE, Log, source

CLOUDTRAIL = Log(
    id="cloudtrail",
    title="AWS CloudTrail",
    formats=("json",),
    how="Copy the trail's AWSLogs folder out of its bucket, with S3 data events switched on in the trail.",
    reference="https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html",
    files=("*_CloudTrail_*.json*", "*cloudtrail*.json*"),
    envelope=("Records", "Events"),
    unwrap="CloudTrailEvent",
    redelivers=True,
)

NEEDS = ("eventName", "eventSource", "eventTime|@timestamp")
BASE = {
    "eventID": "string",
    "eventTime": "string",
    "@timestamp": "string",
    "eventSource": "string",
    "eventName": "string",
    "awsRegion": "string",
    "sourceIPAddress": "string",
    "userAgent": "string",
    "errorCode": "string",
    "errorMessage": "string",
    "readOnly": "boolean",
    "recipientAccountId": "string",
    "userIdentity": "struct<type: string, userName: string, arn: string, accountId: string, principalId: string,"
    " invokedBy: string, sessionContext: struct<attributes: struct<mfaAuthenticated: boolean>>>",
    "additionalEventData": "struct<MFAUsed: string, bytesTransferredIn: float64, bytesTransferredOut: float64>",
    "responseElements": "struct<ConsoleLogin: string, publiclyAccessible: string>",
    "resources": "array<struct<ARN: string, accountId: string>>",
    "requestParameters": sharing.REQUEST,
}

OBJECTS = (
    r"^(Get|Put|Copy|Delete|Head|List|Post|Restore|Select)Objects?(V2|Versions|Content|Torrent)?$|^UploadPart|Multipart"
)
TOKENS = r"^(AssumeRole\w*|GetSessionToken|GetFederationToken)$"
# Session names that a machine made up: who acted is then the role.
MACHINE = r"^(i-[0-9a-f]{8,17}|[0-9a-f]{32}|\d{10,}|(botocore-session|aws-go-sdk|aws-sdk-\w+)-\d+)$"


def base(raw: ir.Table) -> dict[str, ir.Value]:
    """What every class of this log has."""
    return {
        "uid": raw.eventID,
        "time": f.iso(ibis.coalesce(raw.eventTime, raw["@timestamp"])),
        "status": ibis.ifelse(f.text(raw.errorCode).notnull(), "Failure", "Success"),
        "actor": actor(raw.userIdentity),
        "device": f.text(raw.userIdentity["arn"].re_extract(r":assumed-role/[^/]+/(i-[0-9a-f]{8,17})$", 1)),
        "src_ip": f.ip(raw.sourceIPAddress),
        "user_agent": f.text(raw.userAgent),
    }


def actor(identity: ir.StructValue) -> ir.StringValue:
    """The user, or of an assumed role the session's name where a person gave it, else the role; `root`; a service."""
    arn = identity["arn"]
    session = f.text(arn.re_extract(r":assumed-role/[^/]+/(.+)$", 1))
    role = f.text(arn.re_extract(r":assumed-role/([^/]+)", 1))
    return f.lower(
        ibis.coalesce(
            ibis.ifelse(identity["type"] == "Root", "root", ibis.null("string")),
            f.text(identity["userName"]),
            ibis.ifelse(session.re_search(MACHINE), role, session),
            role,
            f.text(arn.re_extract(r":(user|federated-user)/(.+/)?([^/]+)$", 3)),
            f.text(identity["invokedBy"]),
            f.text(identity["accountId"]),
            f.text(identity["principalId"]),
        )
    )


def is_object(raw: ir.Table) -> ir.BooleanValue:
    """Holds for calls on objects of a bucket, S3 data events, save copies into another account's."""
    objects = (raw.eventSource == "s3.amazonaws.com") & raw.eventName.re_search(OBJECTS)
    return objects & (sharing.copied_to(raw).fill_null("") == "")


def is_signin(raw: ir.Table) -> ir.BooleanValue:
    """Holds for sign-ins to the console and for temporary credentials handed out."""
    console = raw.eventSource == "signin.amazonaws.com"
    return console | ((raw.eventSource == "sts.amazonaws.com") & raw.eventName.re_search(TOKENS))


@source(log=CLOUDTRAIL, produces="web_resources", columns=BASE, needs=NEEDS, where=is_object)
def cloudtrail_objects(raw: ir.Table) -> ir.Table:
    """Objects read from, written to and listed in S3 buckets, with the bytes that left each."""
    bucket = raw.requestParameters["bucketName"]
    owner = raw.resources.filter(lambda one: one["accountId"].notnull())
    same = owner.filter(lambda one: one["ARN"].endswith(":::" + bucket))
    moved = raw.additionalEventData
    return raw.select(
        *LINEAGE,
        **base(raw),
        activity=ibis.cases(
            (f.text(raw.errorCode).isnull(), "Access Grant"),
            (raw.errorCode.re_search("Denied|Forbidden"), "Access Deny"),
            else_="Access Error",
        ),
        resource=bucket,
        object=ibis.coalesce(raw.requestParameters["key"], f.text(raw.requestParameters["prefix"])),
        account=ibis.coalesce(same[0]["accountId"], owner[0]["accountId"], raw.recipientAccountId),
        bytes_out=moved["bytesTransferredOut"].round().cast("int64"),
        bytes_in=moved["bytesTransferredIn"].round().cast("int64"),
        error=f.text(raw.errorCode),
        operation=raw.eventName,
    )


@source(log=CLOUDTRAIL, produces="authentication", columns=BASE, needs=NEEDS, where=is_signin)
def cloudtrail_signins(raw: ir.Table) -> ir.Table:
    """Sign-ins to the console, roles assumed and temporary credentials handed out."""
    console = raw.eventSource == "signin.amazonaws.com"
    common = base(raw)
    common["status"] = ibis.coalesce(raw.responseElements["ConsoleLogin"], common["status"])
    return raw.select(
        *LINEAGE,
        **common,
        activity=ibis.ifelse(console, "Logon", "Authentication Ticket"),
        service=raw.eventSource,
        is_mfa=ibis.ifelse(
            console,
            raw.additionalEventData["MFAUsed"] == "Yes",
            raw.userIdentity["sessionContext"]["attributes"]["mfaAuthenticated"],
        ),
        protocol=ibis.cases((raw.eventName.contains("SAML"), "SAML"), (raw.eventName.contains("WebId"), "OpenID")),
        detail=ibis.coalesce(f.text(raw.errorMessage), f.text(raw.errorCode), raw.requestParameters["roleArn"]),
    )


@source(log=CLOUDTRAIL, produces="api_activity", columns=BASE, needs=NEEDS, where=sharing.opens)
def cloudtrail_shares(raw: ir.Table) -> ir.Table:
    """Calls that open something to an outside account or to anyone, whom they name as the recipient."""
    recipient = sharing.recipients(raw)
    return raw.select(*LINEAGE, **call(raw), recipient=recipient, visibility=sharing.visibility(raw, recipient))


@source(log=CLOUDTRAIL, produces="api_activity", columns=BASE, needs=NEEDS)
def cloudtrail_calls(raw: ir.Table) -> ir.Table:
    """All other calls."""
    return raw.select(*LINEAGE, **call(raw))


def call(raw: ir.Table) -> dict[str, ir.Value]:
    """What every call has."""
    return {
        **base(raw),
        "activity": ibis.cases(
            (raw.readOnly | raw.eventName.re_search(r"^(BatchGet|Get|List|Describe|Head|Lookup|Search)"), "Read"),
            (raw.eventName.re_search(r"^(Delete|Terminate|Remove|Revoke|Deregister|Disassociate|Detach)"), "Delete"),
            (raw.eventName.re_search(r"^(Create|Run|Allocate|Register|Import|Copy|Request|Launch)"), "Create"),
            else_="Update",
        ),
        "operation": raw.eventName,
        "service": raw.eventSource,
        "region": raw.awsRegion,
        "account": sharing.own_account(raw),
        "resource": sharing.resource(raw),
        "error": f.text(raw.errorCode),
    }
