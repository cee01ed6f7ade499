"""CloudTrail as the trail's bucket holds it: a document of records, a file a day, one record a line."""

from __future__ import annotations

import duckdb
import pyarrow as pa

from tidegate.range import cloud, ids
from tidegate.range.logs.rendering import Written, json_object, render
from tidegate.range.world import World

REGION = "eu-west-1"

_RECORD = json_object(
    {
        "eventVersion": '="1.09"',
        "userIdentity": '@"identity"',
        "eventTime": "strftime(make_timestamp(time), '%Y-%m-%dT%H:%M:%SZ')",
        "eventSource": "source || '.amazonaws.com'",
        "eventName": "event",
        "awsRegion": f'="{REGION}"',
        "sourceIPAddress": "ip",
        "userAgent": "agent",
        "requestParameters": "@coalesce(request, 'null')",
        "responseElements": "=null",
        "additionalEventData": "?#'{\"bytesTransferredOut\":' || moved || '}'",
        "requestID": "upper(substr(md5(id), 1, 16))",
        "eventID": "id",
        "readOnly": "#read_only",
        "eventType": '="AwsApiCall"',
        "managementEvent": "#moved is null",
        "recipientAccountId": f'="{cloud.ACCOUNT}"',
        "eventCategory": "case when moved is null then 'Management' else 'Data' end",
    }
)
_LINE = f"rtrim({_RECORD}, '\n') || if(last, '\n', ',\n')"


def calls(con: duckdb.DuckDBPyConnection, world: World, day: int, table: pa.Table) -> Written:
    """The calls of a day, in the order of time."""
    count = table.num_rows
    shown = table.append_column("id", ids.guids(world.random("calls", day), count)).append_column(
        "last", pa.array([n == count - 1 for n in range(count)], pa.bool_())
    )
    name = f"{cloud.ACCOUNT}_CloudTrail_{REGION}_{world.workdays.date(day):%Y%m%d}T0000Z.json.gz"
    return Written(
        file=f"cloudtrail/{name}",
        source="cloudtrail",
        rows=shown,
        lines=render(con, shown, _LINE),
        record="id",
        head=b'{"Records":[\n',
        tail=b"]}\n",
    )
