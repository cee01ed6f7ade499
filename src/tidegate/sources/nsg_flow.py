"""Azure flow logs, of network security groups (versions 1 and 2) and of virtual networks (version 4).

A record holds a minute of one network interface; each of its flow tuples is an event of its own. Tuples count what
crossed since the one before, so that their bytes add up; version 1 has none.
"""

from __future__ import annotations

from collections.abc import Callable

import ibis
import ibis.expr.types as ir

from tidegate.sources import _fields as f
from tidegate.sources import _network as n
from tidegate.units import LINEAGE, Log, source

NSG_FLOW = Log(
    id="nsg_flow",
    title="Azure flow logs",
    formats=("json",),
    how="Take the PT1H.json files from the container insights-logs-networksecuritygroupflowevent or -flowlogflowevent.",
    reference="https://learn.microsoft.com/azure/network-watcher/vnet-flow-logs-overview#log-format",
    files=("PT1H.json",),
    envelope=("records",),
    # Which rules there are and how often they met; a minute in which nothing crossed.
    ignore=(
        r'"category":\s*"NetworkSecurityGroup(?:Event|RuleCounter)"'
        r'|"(?:properties|flowRecords)":\s*\{\s*(?:"Version":\s*\d,\s*)?"flows":\s*\[\s*\]'
    ),
)
BASE = {"category": "string"}
NSG = "struct<flows: array<struct<flows: array<struct<mac: string, flowTuples: array<string>>>>>>"
VNET = "struct<flows: array<struct<flowGroups: array<struct<flowTuples: array<string>>>>>>"
STATES = {"B": "Open", "C": "Traffic", "E": "Close", "D": "Refuse"}
TRANSPORT = {"T": "tcp", "U": "udp"}


@source(
    log=NSG_FLOW,
    produces="network_activity",
    columns=BASE | {"systemId": "string", "properties": NSG},
    needs=("category", "systemId", "properties"),
    where=lambda raw: (raw.category == "NetworkSecurityGroupFlowEvent") & (raw.properties["flows"].length() > 0),
)
def nsg_flow(raw: ibis.Table) -> ibis.Table:
    """Flows that a network security group allowed or denied."""
    flows = raw.properties["flows"].map(lambda rule: rule["flows"]).flatten()
    tuples = flows.map(lambda flow: flow["flowTuples"]).flatten()
    # Denied ones have no state, those of version 1 none at all.
    return _events(
        raw.mutate(id=raw.systemId, nic=flows[0]["mac"], tuples=tuples),
        lambda part: ibis.ifelse(part[7] == "D", "D", f.text(part[8]).fill_null("C")),
    )


@source(
    log=NSG_FLOW,
    produces="network_activity",
    columns=BASE | {"flowLogGUID": "string", "macAddress": "string", "flowRecords": VNET},
    needs=("category", "flowLogGUID", "flowRecords"),
    where=lambda raw: (raw.category == "FlowLogFlowEvent") & (raw.flowRecords["flows"].length() > 0),
)
def nsg_flow_vnet(raw: ibis.Table) -> ibis.Table:
    """Flows through a virtual network."""
    groups = raw.flowRecords["flows"].map(lambda acl: acl["flowGroups"]).flatten()
    tuples = groups.map(lambda group: group["flowTuples"]).flatten()
    return _events(raw.mutate(id=raw.flowLogGUID, nic=raw.macAddress, tuples=tuples), lambda part: part[7])


def _events(raw: ir.Table, state: Callable[[ir.ArrayValue], ir.StringValue]) -> ir.Table:
    """One row a tuple: time, ends, ports, protocol, direction, then what `state` reads; from the tenth on counts."""
    each = raw.unnest("tuples", offset="nth")
    part = each.tuples.split(",")
    sent, received = (part[place].try_cast("int64") for place in (10, 12))
    number = f.lookup(part[5], TRANSPORT, other=part[5])
    return each.select(
        *LINEAGE,
        uid=ibis.literal(" ").join([each.id, each.nic, each.nth.cast("string"), each.tuples]).hexdigest("md5"),
        time=f.epoch(part[0].try_cast("float64")),
        src_ip=part[1],
        src_port=part[3].try_cast("int32"),
        src_mac=ibis.cases((part[6] == "O", n.mac(each.nic))),
        dst_ip=part[2],
        dst_port=part[4].try_cast("int32"),
        protocol=n.protocol(number),
        packets_out=part[9].try_cast("int64"),
        packets_in=part[11].try_cast("int64"),
        state=state(part),
        **n.outcome(f.lookup(state(part), STATES, other="Traffic"), sent, received),
    )
