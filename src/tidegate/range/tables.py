"""The shapes in which behaviour is kept before a product's log is made of it: Arrow tables, times in µs since 1970.

`mark` is the index of the scene a row belongs to, -1 for the quiet background.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Floats = npt.NDArray[np.floating[Any]]
Ints = npt.NDArray[np.integer[Any]]
Bools = npt.NDArray[np.bool_]
Texts = npt.NDArray[np.str_]

SECOND = 1_000_000
DAY = 86_400 * SECOND

SESSION = pa.schema(
    {
        "time": pa.int64(),
        "device": pa.int32(),  # index into the organisation's devices
        "host": pa.string(),  # outside name; null where only an address is seen
        "ip": pa.string(),
        "port": pa.int32(),
        "proto": pa.string(),
        "service": pa.string(),
        "seconds": pa.float64(),
        "sent": pa.int64(),
        "received": pa.int64(),
        "method": pa.string(),
        "path": pa.string(),
        "mime": pa.string(),
        "mark": pa.int16(),
    }
)
"""A device talks to an outside host. Where it stands decides which log sees that: Zeek's, or the proxy's."""

MAIL = pa.schema(
    {
        "time": pa.int64(),
        "sender": pa.string(),
        "recipient": pa.string(),
        "subject": pa.string(),
        "size": pa.int64(),
        "inbound": pa.bool_(),
        "peer": pa.string(),  # the outside mail server's address
        "mark": pa.int16(),
    }
)
"""A mail that crosses the border: one recipient each."""

AUDIT = pa.schema(
    {
        "time": pa.int64(),
        "operation": pa.string(),
        "workload": pa.string(),
        "record_type": pa.int32(),
        "result": pa.string(),
        "user": pa.string(),
        "ip": pa.string(),
        "agent": pa.string(),
        "object": pa.string(),
        "site": pa.string(),  # SharePoint and OneDrive records only, down to size
        "site_id": pa.string(),
        "folder": pa.string(),
        "file": pa.string(),
        "item_id": pa.string(),
        "size": pa.int64(),
        "label": pa.string(),  # of its sensitivity, where the file carries one
        "body": pa.string(),  # further members of the JSON record, each with a comma before it
        "sent": pa.int64(),  # bytes that left by it and files it stands for, for the truth
        "files": pa.int32(),
        "mark": pa.int16(),
    }
)
"""A record of the Microsoft 365 unified audit log."""

LOOKUP = pa.schema(
    {
        "time": pa.int64(),
        "device": pa.int32(),
        "host": pa.string(),
        "qtype": pa.string(),
        "answer": pa.string(),  # as Zeek writes it; null where nothing is found
        "received": pa.int64(),
        "mark": pa.int16(),
    }
)
"""A device asks the resolver for a name, and not in order to talk to it: sessions have look-ups of their own."""

EVENT = pa.schema(
    {
        "time": pa.int64(),
        "device": pa.int32(),
        "event_id": pa.int32(),
        "channel": pa.string(),
        "provider": pa.string(),
        "task": pa.string(),
        "data": pa.string(),  # a JSON object: the event's own fields
        "sent": pa.int64(),
        "files": pa.int32(),
        "mark": pa.int16(),
    }
)
"""An event in a computer's Windows log."""

CALL = pa.schema(
    {
        "time": pa.int64(),
        "event": pa.string(),  # ModifySnapshotAttribute
        "source": pa.string(),  # ec2
        "identity": pa.string(),  # a JSON object: who calls
        "ip": pa.string(),
        "agent": pa.string(),
        "read_only": pa.bool_(),
        "request": pa.string(),  # a JSON object, or null
        "moved": pa.int64(),  # bytes that an object's reader gets; null for calls that move nothing
        "sent": pa.int64(),
        "files": pa.int32(),
        "mark": pa.int16(),
    }
)
"""A call to the agency's cloud account."""

REGISTER = pa.schema(
    {
        "time": pa.int64(),
        "sender": pa.string(),
        "recipient": pa.string(),
        "country": pa.string(),
        "description": pa.string(),
        "permit": pa.string(),
        "items": pa.int64(),
        "bytes": pa.int64(),
        "mark": pa.int16(),
    }
)
"""A parcel, sample dispatch or data delivery that somebody entered by hand."""

_DEFAULTS: Mapping[str, Any] = {
    "mark": -1,
    "port": 443,
    "proto": "tcp",
    "service": "ssl",
    "method": "GET",
    "path": "/",
    "mime": "application/octet-stream",
    "record_type": 6,
    "workload": "SharePoint",
    "files": 0,
    "sent": 0,
    "qtype": "A",
    "inbound": False,
}


def rows(schema: pa.Schema, count: int, **columns: Any) -> pa.Table:
    """A table of so many rows: arrays as they are, single values repeated, what is left out by default or null."""
    arrays = []
    for name, type_ in zip(schema.names, schema.types, strict=True):
        value = columns.pop(name, _DEFAULTS.get(name))
        if value is None:
            arrays.append(pa.nulls(count, type_))
        elif isinstance(value, str | int | float):
            arrays.append(pa.repeat(pa.scalar(value, type_), count))
        else:
            array = value.combine_chunks() if isinstance(value, pa.ChunkedArray) else pa.array(value)
            arrays.append(array if array.type == type_ else array.cast(type_, safe=False))
    if columns:
        raise TypeError(f"no such columns: {', '.join(columns)}")
    return pa.table(arrays, schema=schema)


def pick(vocabulary: list[str] | pa.Array, index: npt.NDArray[Any]) -> pa.Array:
    """The words at these places."""
    words = vocabulary if isinstance(vocabulary, pa.Array) else pa.array(vocabulary, pa.string())
    return words.take(pa.array(index))


def numbers(table: pa.Table, column: str) -> npt.NDArray[Any]:
    """A column without nulls as a NumPy array."""
    values: npt.NDArray[Any] = table[column].to_numpy()
    return values


def joined(schema: pa.Schema, tables: Iterable[pa.Table]) -> pa.Table:
    """All rows, in the order of their times (those of the same microsecond as they came)."""
    table = pa.concat_tables([schema.empty_table(), *tables])
    return table.take(pa.array(np.argsort(numbers(table, "time"), kind="stable")))


def marked(table: pa.Table, mark: int) -> pa.Table:
    """The same rows as part of a scene."""
    place = table.schema.get_field_index("mark")
    return table.set_column(place, "mark", pa.repeat(pa.scalar(mark, pa.int16()), table.num_rows))


def between(table: pa.Table, start: int, end: int) -> pa.Table:
    """Rows from start up to, not including, end; the table must be in the order of time."""
    first, last = np.searchsorted(numbers(table, "time"), (start, end))
    return table.slice(first, last - first)
