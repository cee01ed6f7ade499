"""Azure Storage resource logs: every request to blobs, files, queues and tables of a storage account.

Records come as JSON lines from the diagnostic setting's container, or under `records` from an event hub. Direction of
bytes is the account's: `bytes_out` is what it answered with, `bytes_in` what was put into it.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from tidegate.sources import _fields as f
from tidegate.sources._access import answered
from tidegate.units import LINEAGE, Log, source

AZURE_STORAGE = Log(
    id="azure_storage",
    title="Azure Storage resource logs",
    formats=("json",),
    how="Add a diagnostic setting for StorageRead, StorageWrite and StorageDelete, and copy the container it fills.",
    reference="https://learn.microsoft.com/en-us/azure/storage/blobs/monitor-blob-storage-reference",
    files=("PT1H.json", "*storage*.json*"),
    envelope=("records",),
    redelivers=True,
)

# A URL tells which account and container: https://account.blob.core.windows.net:443/container/folder/blob?query
URL = r"^https?://([^./:]+)\.\w+\.[^/]+/"


@source(
    log=AZURE_STORAGE,
    produces="web_resources",
    columns={
        "time": "string",
        "category": "string",
        "operationName": "string",
        "statusCode": "string",
        "statusText": "string",
        "callerIpAddress": "string",
        "uri": "string",
        "identity": "struct<type: string, tokenHash: string,"
        " requester: struct<objectId: string, appId: string, upn: string>>",
        "properties": "struct<accountName: string, objectKey: string, userAgentHeader: string, requestBodySize: int64,"
        " responseBodySize: int64>",
    },
    needs=("operationName", "callerIpAddress", "uri", "statusCode", "properties"),
    where=lambda raw: raw.category.startswith("Storage"),
)
def azure_storage_requests(raw: ir.Table) -> ir.Table:
    """Requests to blobs and files, with the bytes that left the container and those put into it."""
    code = raw.statusCode.try_cast("int64")
    more = raw.properties
    key = ibis.coalesce(
        f.text(more["objectKey"].re_extract(r'^"?/[^/]+/(.*?)"?$', 1)),
        f.text(raw.uri.re_extract(URL + r"([^?#]*)", 2)),
    )
    account = ibis.coalesce(f.lower(more["accountName"]), f.lower(raw.uri.re_extract(URL, 1)))
    return raw.select(
        *LINEAGE,
        time=f.iso(raw.time),
        activity=answered(code),
        status=f.outcome(code),
        actor=_actor(raw.identity),
        src_ip=f.ip(raw.callerIpAddress),
        resource=account + "/" + key.re_extract("^([^/]*)", 1).fill_null(""),
        object=f.text(key.re_extract("^[^/]*/(.+)$", 1)),
        account=account,
        bytes_out=ibis.cases((raw.category == "StorageRead", more["responseBodySize"])),
        bytes_in=ibis.cases((raw.category == "StorageWrite", more["requestBodySize"])),
        error=ibis.cases((code >= 400, raw.statusText)),
        operation=raw.operationName,
        user_agent=f.text(more["userAgentHeader"]),
    )


def _actor(identity: ir.StructValue) -> ir.StringValue:
    """Who signed in; of a shared access signature or a key, its hash; `anonymous` for a request without either."""
    who = identity["requester"]
    signature = identity["tokenHash"].re_extract(r"SasSignature\((\w+)\)", 1)
    return f.lower(
        ibis.coalesce(
            f.text(who["upn"]),
            f.text(who["appId"]),
            f.text(who["objectId"]),
            "sas:" + f.text(signature),
            ibis.cases((identity["type"] == "Anonymous", "anonymous")),
            f.text(identity["tokenHash"].re_extract(r"^(key\d)", 1)),
            f.text(identity["type"]),
        )
    )
