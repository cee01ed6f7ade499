"""The tables of a lake: one per event class, one per measure, quarantine, journal of what was read, and removals."""

from __future__ import annotations

from collections.abc import Mapping

import ibis

from tidegate.events.schema import CLASSES
from tidegate.measures.schema import MEASURES

QUARANTINE = ibis.schema(
    {
        "time": "timestamp(6)",  # when it was set aside
        "source_file": "string",
        "source_line": "int64",
        "reason": "string",
        "record": "string",  # its first 64 KB
    }
)
JOURNAL = ibis.schema(
    {
        "at": "timestamp(6)",
        "path": "string",  # with `!member` inside an archive
        "size": "int64",
        "mtime_ns": "int64",
        "inode": "int64",
        "complete": "boolean",  # read to its end, as it was at that size and time
        "stream": "string",  # identity of the content, whatever its name and compression
        "log": "string",
        "lines": "int64",  # how far the stream has been read: source_line, decompressed bytes, and their digest
        "bytes": "int64",
        "digest": "string",
        "events": "int64",
        "quarantined": "int64",
        "ignored": "int64",
        "duplicates": "int64",
        "sequence": "int64",  # grows from row to row, whatever the clock does; null in older rows
        "refused": "int64",  # the last source_line in quarantine: it is read again where it was not complete
        "dropped": "map<string, int64>",  # by reason, what the quarantine had no room for; null for nothing
    }
)
REMOVALS = ibis.schema(
    {
        "at": "timestamp(6)",
        "number": "int64",  # that the commit which removed the rows carries: without it they are still there
        "action": "string",  # expire or erase
        "table": "string",
        "source_file": "string",
        "rows": "int64",
    }
)
TABLES: Mapping[str, ibis.Schema] = {
    **{name: c.schema for name, c in CLASSES.items()},
    "quarantine": QUARANTINE,
    "journal": JOURNAL,
    "removals": REMOVALS,
    **MEASURES,
}
SETTINGS: Mapping[str, str | None] = {
    "delta.dataSkippingStatsColumns": "time",  # no other column's values, people's names among them, get into the log
    "delta.logRetentionDuration": "interval 6 hours",  # nobody looks at old versions; a reader that long is done
    "delta.deletedFileRetentionDuration": "interval 1 hours",  # `lake.tidy` knows by itself which files must stay
}
"""Settings of every Delta table."""
