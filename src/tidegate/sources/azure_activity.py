"""Azure activity log: what was done to the resources of a subscription, and by whom.

Records come as JSON lines from a diagnostic setting's container, or under `records` from an event hub. One call has
several: when it was started or accepted, which alone may hold the request's body, and how it ended.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from tidegate.sources import _fields as f
from tidegate.units import LINEAGE, Log, source

AZURE_ACTIVITY = Log(
    id="azure_activity",
    title="Azure activity log",
    formats=("json",),
    how="Add a diagnostic setting to the subscription's activity log, and copy the container it fills.",
    reference="https://learn.microsoft.com/en-us/azure/azure-monitor/platform/activity-log-schema",
    files=("PT1H.json", "*activity*log*.json*"),
    envelope=("records",),
    redelivers=True,
)

# The names of claims that say who it was, the best first.
CLAIMS = ("http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn", "unique_name", "name", "appid")
CATEGORIES = (
    *("administrative", "policy", "security", "alert", "autoscale", "recommendation"),
    *("servicehealth", "resourcehealth"),
    *("write", "delete", "action"),  # what is administrative, as it was called before
)
# A link by which anybody can download a whole disk, snapshot or restore point, without signing in.
LINKS = r"(?i)^microsoft\.compute/(disks|snapshots|\w+/\w+/diskrestorepoints)/begingetaccess/"
ACCOUNT = r"(?i)^microsoft\.storage/storageaccounts/write$"
CONTAINER = r"(?i)^microsoft\.storage/storageaccounts/blobservices/containers/write$"


@source(
    log=AZURE_ACTIVITY,
    produces="api_activity",
    columns={
        "time": "string",
        "resourceId": "string",
        "operationName": "string",
        "category": "string",
        "resultType": "string",
        "callerIpAddress": "string",
        "location": "string",
        "identity": "struct<claims: map<string, string>>",
        "properties": "struct<requestbody: string, statusMessage: string>",
    },
    needs=(
        "resourceId",
        "callerIpAddress",
        "location",
    ),  # a few: the other logs of the same form have more of their own
    where=lambda raw: raw.category.lower().isin(CATEGORIES),
)
def azure_activity_calls(raw: ir.Table) -> ir.Table:
    """Calls to Azure's resource manager; what lets anybody read a disk or a storage account names `anyone`."""
    claims = raw.identity["claims"]
    ended = ibis.cases(
        (raw.resultType.re_search("(?i)^(success|succeeded)$"), "Success"),
        (raw.resultType.re_search("(?i)^fail"), "Failure"),
    )
    subscription = f.lower(raw.resourceId.re_extract("(?i)^/subscriptions/([^/]+)", 1))
    verb = raw.operationName.lower().re_extract(r"(\w+)(/action)?$", 1)
    unblocked = _unblocked(raw)
    open_ = (raw.operationName.re_search(LINKS) & (ended == "Success")) | unblocked | _shown(raw)
    return raw.select(
        *LINEAGE,
        time=f.iso(raw.time),
        activity=ibis.cases(
            (verb.re_search("^(read|list|get|begingetaccess)"), "Read"), (verb == "delete", "Delete"), else_="Update"
        ),
        status=ended,
        # Where nobody is named it was the subscription itself.
        actor=f.lower(ibis.coalesce(*(f.text(claims[name]) for name in CLAIMS), subscription)),
        src_ip=f.ip(raw.callerIpAddress),
        operation=raw.operationName,
        service=f.lower(raw.operationName.re_extract("^([^/]+)/", 1)),
        region=f.text(raw.location),
        account=subscription,
        resource=f.lower(raw.resourceId),
        error=ibis.cases((ended == "Failure", ibis.coalesce(f.text(raw.properties["statusMessage"]), raw.resultType))),
        recipient=ibis.cases((open_, "anyone")),
        visibility=ibis.cases((unblocked, "unblocked"), (open_, "public")),
    )


def _unblocked(raw: ir.Table) -> ir.BooleanValue:
    """Holds where containers of an account may be opened to everybody from now on."""
    allowed = _body(raw).re_search(r'"allowblobpublicaccess":true')
    return raw.operationName.re_search(ACCOUNT) & allowed


def _shown(raw: ir.Table) -> ir.BooleanValue:
    """Holds where a container was opened to everybody."""
    return raw.operationName.re_search(CONTAINER) & _body(raw).re_search(r'"publicaccess":"(blob|container)"')


def _body(raw: ir.Table) -> ir.StringValue:
    """The request's body without spaces, in small letters; empty where the record holds none."""
    return raw.properties["requestbody"].fill_null("").lower().re_replace(r"\s", "")
