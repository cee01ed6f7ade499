"""Windows events of all computers, as Winlogbeat ships them: one JSON object a line, a file a day."""

from __future__ import annotations

import duckdb
import numpy as np
import pyarrow as pa

from tidegate.range.logs.rendering import Written, json_object, render
from tidegate.range.tables import numbers, pick
from tidegate.range.world import World

A_DAY = 1_000_000  # numbers of records that a day has room for: they only need to rise

_STAMP = "strftime(make_timestamp(time), '%Y-%m-%dT%H:%M:%S.%g') || 'Z'"
_WINLOG = json_object(
    {
        "api": '="wineventlog"',
        "event_id": "#'\"' || event_id || '\"'",
        "channel": "channel",
        "computer_name": "computer",
        "record_id": "@record",
        "provider_name": "provider",
        "task": "task",
        "event_data": "@data",
    }
)
_LINE = json_object(
    {
        "@timestamp": _STAMP,
        "@metadata": '={"beat":"winlogbeat","type":"_doc","version":"8.15.0"}',
        "winlog": f"@rtrim({_WINLOG}, '\n')",
        "event": '@\'{"code":"\' || event_id || \'","kind":"event","outcome":"success"}\'',
        "host": "@'{\"name\":\"' || computer || '\"}'",
    }
)


def events(con: duckdb.DuckDBPyConnection, world: World, day: int, table: pa.Table) -> Written:
    """The events of a day, in the order of time."""
    names = [f"{device.name}.{world.organisation.domain}" for device in world.organisation.devices]
    record = (np.arange(table.num_rows) + (day + 1) * A_DAY).astype(str)
    shown = table.append_column("computer", pick(names, numbers(table, "device"))).append_column(
        "record", pa.array(record)
    )
    file = f"windows/winlogbeat-{world.workdays.date(day)}.json.gz"
    return Written(file=file, source="windows", rows=shown, lines=render(con, shown, _LINE), record="record")
