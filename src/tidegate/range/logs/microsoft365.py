"""The Microsoft 365 unified audit log: the Management API's records as NDJSON, and the portal's CSV export of them."""

from __future__ import annotations

import duckdb
import numpy as np
import pyarrow as pa

from tidegate.range import ids
from tidegate.range.logs import _lines
from tidegate.range.logs.zeek import Written
from tidegate.range.world import World

HEADER = "RecordId,CreationDate,RecordType,Operation,UserId,AuditData,AssociatedAdminUnits,AssociatedAdminUnitsNames\n"

_STAMP = "strftime(make_timestamp(time), '%Y-%m-%dT%H:%M:%S')"
_KEY = "'1003200' || substr(md5(\"user\"), 1, 9)"


def _record(world: World) -> str:
    """SQL for one record; members that a kind of record has not are null and so left out."""
    return _lines.json_object(
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
        }
    ).replace(", '}\n')", ", body, '}\n')")


def ndjson(con: duckdb.DuckDBPyConnection, world: World, records: pa.Table, rng: np.random.Generator) -> Written:
    """One record a line, as a poller of the Management API stores them."""
    table = records.append_column("id", ids.guids(rng, records.num_rows))
    return Written(
        log="audit", source="microsoft365", rows=table, lines=_lines.render(con, table, _record(world)), record="id"
    )


def export(world: World, written: Written, day: int) -> tuple[str, bytes]:
    """The same records as rows of the portal's export: the file of the week, and what the day adds to it."""
    con = duckdb.connect()
    line = (
        "concat(id, ',', strftime(make_timestamp(time), '%Y-%m-%dT%H:%M:%S.0000000Z'), ',', record_type, ',', operation,"
        " ',', \"user\", ',\"', replace(rtrim(json, '\n'), '\"', '\"\"'), '\",,\n')"
    )
    lines = _lines.render(con, written.rows.append_column("json", written.lines), line)
    con.close()
    calendar = world.workdays
    monday = day - int(calendar.weekday[day])
    first, last = calendar.date(max(0, monday)), calendar.date(min(monday + 6, world.days // 3 - 1))
    head = HEADER.encode("utf-8-sig") if day == max(0, monday) else b""
    return f"microsoft365/AuditLog_{first}_{last}.csv", head + _lines.text(lines)
