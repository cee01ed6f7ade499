"""AWS VPC flow logs: who sent how much to whom, as text, with the header of S3 files or without one.

A record is one direction of a connection: `bytes_out` is what its source sent; answers are records of their own. Where
a custom format has `pkt-srcaddr` too, `srcaddr` is taken, the interface that was watched: else what crosses a gateway
would count twice.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from tidegate.sources import _fields as f
from tidegate.sources import _network as n
from tidegate.units import LINEAGE, Log, source

# Fields of the default format; exports of CloudWatch Logs put a time before them.
BEFORE = r"^(?:\d{4}-\d\d-\d\dT\S+ )?2 (?:\d{12}|unknown) \S+ "
ENDS = r"(?P<srcaddr>[0-9a-f.:]+) (?P<dstaddr>[0-9a-f.:]+) (?P<srcport>\d+) (?P<dstport>\d+) (?P<protocol>\d+)"
COUNTS = r" (?P<packets>\d+) (?P<bytes>\d+) (?P<start>\d+) (?P<end>\d+) (?P<action>ACCEPT|REJECT) OK$"
COLUMNS = {
    "srcaddr": "string",
    "dstaddr": "string",
    "srcport": "int32",
    "dstport": "int32",
    "protocol": "string",
    "packets": "int64",
    "bytes": "int64",
    "start": "int64",
    "end": "int64",
    "action": "string",
}

VPC_FLOW = Log(
    id="vpc_flow",
    title="AWS VPC flow logs",
    formats=("csv", "lines"),
    how="Publish flow logs to S3 as text and take the .log.gz files, or export the log group of CloudWatch Logs.",
    reference="https://docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html",
    files=("*vpcflowlogs*",),
    probe=BEFORE + r"(?:\S+ ){10}(?:OK|NODATA|SKIPDATA)$",
    ignore="(?:NODATA|SKIPDATA)",  # nothing crossed the interface, or AWS could not record it
)


@source(log=VPC_FLOW, produces="network_activity", columns=COLUMNS, pattern=BEFORE + ENDS + COUNTS)
def vpc_flow(raw: ibis.Table) -> ibis.Table:
    """Flows in the default format, without a header."""
    return _flows(raw)


@source(
    log=VPC_FLOW,
    produces="network_activity",
    columns=COLUMNS,
    needs=("srcaddr", "dstaddr", "bytes", "start"),
    where=lambda raw: raw.srcaddr.notnull(),  # `-` where there was nothing to log
)
def vpc_flow_named(raw: ibis.Table) -> ibis.Table:
    """Flows in a format that a header names, in whatever order."""
    return _flows(raw)


def _flows(raw: ir.Table) -> ir.Table:
    return raw.select(
        *LINEAGE,
        time=f.epoch(raw.start),
        src_ip=raw.srcaddr,
        src_port=raw.srcport,
        dst_ip=raw.dstaddr,
        dst_port=raw.dstport,
        protocol=n.protocol(raw.protocol),
        duration_ms=f.milliseconds(raw.end - raw.start),
        packets_out=raw.packets,
        state=raw.action,
        **n.outcome(ibis.ifelse(raw.action == "REJECT", "Refuse", "Traffic"), raw.bytes),
    )
