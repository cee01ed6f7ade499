"""The measures that a lake keeps: their columns.

A measure's rows lie in partitions of a month, and `day` of a stored row is the first of its month: three years of
daily partitions would be a thousand files to open. `first_time` says on which day it was.
"""

from __future__ import annotations

from collections.abc import Mapping

import ibis

_WHEN = {"day": "date", "hour": "timestamp(6)"}
_SPAN = {"first_time": "timestamp(6)", "last_time": "timestamp(6)", "uid": "string"}
_DEVICE = {"actor": "string", "device": "string", "mac": "string", "leased": "string", "src_ip": "string"}

MEASURES: Mapping[str, ibis.Schema] = {
    f"measure_{name}": ibis.schema(columns)
    for name, columns in {
        "hourly": _WHEN
        | _DEVICE
        | {"endpoint": "string", "channel": "string", "via": "string"}
        | dict.fromkeys(("bytes", "bytes_in", "files", "events", "beats"), "int64")
        | _SPAN,
        "lookups": _WHEN
        | _DEVICE
        | {"destination": "string"}
        | dict.fromkeys(("queries", "names", "label_bytes", "long", "failed"), "int64")
        | _SPAN,
        "handled": _WHEN
        | {"actor": "string", "device": "string", "src_ip": "string", "place": "string", "act": "string"}
        | {"own": "boolean", "removable": "boolean"}
        | dict.fromkeys(("files", "events", "bytes"), "int64")
        | _SPAN,
        "mailboxes": _WHEN
        | {"actor": "string", "device": "string", "src_ip": "string", "mailbox": "string"}
        | dict.fromkeys(("items", "events"), "int64")
        | _SPAN,
        "signins": {"day": "date", "actor": "string", "network": "string", "signins": "int64"} | _SPAN,
        "correspondence": {"day": "date", "mailbox": "string", "other": "string", "device": "string"}
        | dict.fromkeys(("sent", "received", "bytes", "attached"), "int64")
        | _SPAN,
        "marked": _WHEN
        | {"actor": "string", "device": "string", "file": "string", "marking": "string", "place": "string"}
        | {"deed": "string", "own": "boolean", "channel": "string", "endpoint": "string"}
        | dict.fromkeys(("bytes", "files"), "int64")
        | {"time": "timestamp(6)", "first_time": "timestamp(6)", "uid": "string"},
        "visits": {"day": "date", "actor": "string", "folder": "string", "device": "string", "events": "int64"} | _SPAN,
        "seen": {"day": "date", "actor": "string", "log": "string", "events": "int64"} | _SPAN,
    }.items()
}
"""Columns of each measure's table in the lake, by its name there."""
