"""What event classes are made of: columns with their paths in OCSF, and those that several classes share.

Paths that begin with `unmapped.` hold what OCSF has no place for. Source: https://schema.ocsf.io/1.8.0.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import ibis


@dataclass(frozen=True)
class Column:
    """A column: its name, Ibis type, OCSF path, and what it holds where the name does not say."""

    name: str
    type: str
    path: str
    note: str = ""


@dataclass(frozen=True)
class EventClass:
    """An OCSF event class as a flat table. `activities` maps our activity names to OCSF's `activity_id`.

    An own column named like a common one takes its place: the class keeps it under another path.
    """

    name: str
    uid: int
    title: str
    own: tuple[Column, ...]
    activities: Mapping[str, int]

    @property
    def columns(self) -> tuple[Column, ...]:
        return tuple(({c.name: c for c in COMMON} | {c.name: c for c in self.own}).values())

    @property
    def schema(self) -> ibis.Schema:
        """Ibis schema of the table, `day` (the partition) last."""
        return ibis.schema({c.name: c.type for c in self.columns} | {DAY: "date"})


DAY = "day"

COMMON = (
    Column("uid", "string", "metadata.uid", "the product's own record id, else the MD5 of the record"),
    Column("time", "timestamp(6)", "time", "UTC"),
    Column("activity", "string", "activity_name"),
    Column("status", "string", "status", "Success, Failure or null"),
    Column("actor", "string", "actor.user.name", "account as logged, lower case"),
    Column("device", "string", "device.hostname", "the actor's device: host name, else null"),
    Column("src_ip", "string", "src_endpoint.ip"),
    Column("product", "string", "metadata.product.name"),
    Column("source_file", "string", "metadata.log_name"),
    Column("source_line", "int64", "metadata.sequence"),
)

SRC_PORT = Column("src_port", "int32", "src_endpoint.port")
SRC_MAC = Column("src_mac", "string", "src_endpoint.mac")
DST = (
    Column("dst_ip", "string", "dst_endpoint.ip"),
    Column("dst_port", "int32", "dst_endpoint.port"),
    Column("dst_host", "string", "dst_endpoint.hostname"),
)
TRAFFIC = (
    Column("bytes_out", "int64", "traffic.bytes_out"),
    Column("bytes_in", "int64", "traffic.bytes_in"),
)
SERVED = (
    Column("bytes_out", "int64", "unmapped.bytes_out", "what left the resource"),
    Column("bytes_in", "int64", "unmapped.bytes_in", "what was put into it"),
)
CONNECTION = Column("connection", "string", "connection_info.uid", "joins records of one connection")
AGENT = Column("user_agent", "string", "http_request.user_agent")
FILE = (
    Column("file_name", "string", "file.name"),
    Column("file_path", "string", "file.path"),
    Column("file_size", "int64", "file.size"),
)
OPERATION = Column("operation", "string", "metadata.event_code", "the product's own name of what was done")
RECIPIENT = Column(
    "recipient", "string", "unmapped.recipient", "whom it gives access or copies to: address, account, domain, anyone"
)
