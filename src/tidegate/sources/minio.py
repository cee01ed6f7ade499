"""MinIO: its audit log as a webhook receives it, one JSON object a request.

Direction of bytes is the bucket's: `bytes_out` is what was sent to the caller (`tx`), `bytes_in` what came (`rx`).
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from tidegate.sources import _fields as f
from tidegate.sources._access import answered
from tidegate.units import LINEAGE, Log, source

MINIO = Log(
    id="minio",
    title="MinIO audit log",
    formats=("json",),
    how="Set an audit webhook (`mc admin config set ALIAS audit_webhook:1 endpoint=…`) and keep what it posts.",
    reference="https://min.io/docs/minio/linux/operations/monitoring/minio-logging.html",
    files=("*minio*.json*", "*minio*.log*"),
    redelivers=True,
)

NEEDS = ("api", "remotehost", "requestID", "time")
BASE = {
    "time": "string",
    "deploymentid": "string",
    "remotehost": "string",
    "userAgent": "string",
    "accessKey": "string",
    "parentUser": "string",
    "error": "string",
    "api": "struct<name: string, bucket: string, object: string, status: string, statusCode: int64,"
    " rx: int64, tx: int64>",
    "requestClaims": "struct<email: string, preferred_username: string, accessKey: string>",
    "requestHeader": "struct<Authorization: string>",
}
OBJECTS = (
    r"^(Get|Put|Copy|Delete|Head|List|Post|Restore|Select)(Multiple)?Objects?(V1|V2|V2M|Versions|Part|Extract|Content)?$"
    r"|^CopyObjectPart$|Multipart|^PostPolicyBucket$"
)


def base(raw: ir.Table) -> dict[str, ir.Value]:
    """What both classes of this log have. The person behind a key counts more than the key."""
    claims = raw.requestClaims
    header = raw.requestHeader["Authorization"].re_extract(r"Credential=([^/]+)/", 1)  # before `accessKey` was logged
    keys = (claims["preferred_username"], claims["email"], raw.parentUser, raw.accessKey, claims["accessKey"], header)
    code = raw.api["statusCode"]
    return {
        "time": f.iso(raw.time),
        "status": f.outcome(code),
        "actor": ibis.coalesce(*(f.lower(key) for key in keys), "anonymous"),
        "src_ip": f.ip(raw.remotehost),
        "operation": raw.api["name"],
        "error": ibis.cases((code >= 400, ibis.coalesce(f.text(raw.error), f.text(raw.api["status"])))),
        "user_agent": f.text(raw.userAgent),
    }


@source(
    log=MINIO,
    produces="web_resources",
    columns=BASE,
    needs=NEEDS,
    where=lambda raw: raw.api["name"].re_search(OBJECTS),
)
def minio_objects(raw: ir.Table) -> ir.Table:
    """Objects read, written, deleted and listed, with the bytes that left each bucket."""
    return raw.select(
        *LINEAGE,
        **base(raw),
        activity=answered(raw.api["statusCode"]),
        resource=raw.api["bucket"],
        object=f.text(raw.api["object"]),
        account=raw.deploymentid,
        bytes_out=raw.api["tx"],
        bytes_in=raw.api["rx"],
    )


@source(log=MINIO, produces="api_activity", columns=BASE, needs=NEEDS)
def minio_calls(raw: ir.Table) -> ir.Table:
    """All other requests: buckets, their policies and settings, administration."""
    verb = raw.api["name"]
    return raw.select(
        *LINEAGE,
        **base(raw),
        activity=ibis.cases(
            (verb.re_search("^(Get|List|Head|Info|.*Info$|.*Status$)"), "Read"),
            (verb.re_search("^(Delete|Remove)"), "Delete"),
            (verb.re_search("^(Make|Create|Add|Import)|^PutBucket$"), "Create"),
            else_="Update",
        ),
        service=ibis.literal("MinIO"),
        account=raw.deploymentid,
        resource=f.text(raw.api["bucket"]),
    )
