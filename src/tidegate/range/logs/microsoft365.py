"""The Microsoft 365 unified audit log: the Management API's records as NDJSON, and the portal's CSV export of them."""

from __future__ import annotations

import duckdb
import pyarrow as pa

from tidegate.range import ids
from tidegate.range.logs.rendering import Written, json_object, render
from tidegate.range.world import World

HEADER = "RecordId,CreationDate,RecordType,Operation,UserId,AuditData,AssociatedAdminUnits,AssociatedAdminUnitsNames\n"

EXPORTED = 120  # days at most before somebody sets up the API

# The JSON stands in quotes with its own quotes doubled.
_EXPORTED = "concat({}, '\n')".format(
    ", ',', ".join(
        (
            "id",
            "strftime(make_timestamp(time), '%Y-%m-%dT%H:%M:%S.0000000Z')",
            "record_type",
            "operation",
            '"user"',
            """'"' || replace(rtrim(json, '\n'), '"', '""') || '"'""",
            "','",
        )
    )
)
_STAMP = "strftime(make_timestamp(time), '%Y-%m-%dT%H:%M:%S')"
_KEY = "'1003200' || substr(md5(\"user\"), 1, 9)"


def _record(world: World) -> str:
    """SQL for one record; members that a kind of record has not are null and so left out."""
    return json_object(
        {
            "CreationTime": _STAMP,
            "Id": "id",
            "Operation": "operation",
            "OrganizationId": f'="{world.documents.tenant}"',
            "RecordType": "#record_type",
            "ResultStatus": "?result",
            "UserKey": _KEY,
            "UserType": "=0",
            "Version": "=1",
            "Workload": "workload",
            "ClientIP": "ip",
            "UserId": '"user"',
            "ObjectId": '?(coalesce("object", site || folder || \'/\' || "file"))',
            "EventSource": "?(case when site is not null then 'SharePoint' end)",
            "ItemType": "?(case when site is not null then 'File' end)",
            "ListItemUniqueId": "?item_id",
            "Site": "?site_id",
            "UserAgent": "?agent",
            "SourceFileExtension": "?(regexp_extract(\"file\", '[^.]*$'))",
            "SiteUrl": "?site",
            "SourceFileName": '?"file"',
            "SourceRelativeUrl": "?folder",
            "FileSizeBytes": "?#(case when operation not like 'FileAcc%' then size end)",
            "SensitivityLabelId": "?label",
            "": "+body",
        }
    )


def audit(con: duckdb.DuckDBPyConnection, world: World, day: int, records: pa.Table) -> Written:
    """The records of a day: at first as the portal's export of a week, later as the API's."""
    table = records.append_column("id", ids.guids(world.random("audit", day), records.num_rows))
    lines = render(con, table, _record(world))
    calendar, exported = world.workdays, min(world.days // 3, EXPORTED)
    if day >= exported:
        file = f"microsoft365/audit-{calendar.date(day)}.json.gz"
        return Written(file=file, source="microsoft365", rows=table, lines=lines, record="id")
    first = max(0, day - int(calendar.weekday[day]))
    last = min(day - int(calendar.weekday[day]) + 6, exported - 1)
    return Written(
        file=f"microsoft365/AuditLog_{calendar.date(first)}_{calendar.date(last)}.csv",
        source="microsoft365",
        rows=table,
        lines=render(con, table.append_column("json", lines), _EXPORTED),
        record="id",
        head=HEADER.encode("utf-8-sig") if day == first else b"",
        numbered=False,
    )
