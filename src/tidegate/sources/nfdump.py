"""NetFlow and IPFIX as nfdump prints them in CSV, in the long form of 1.6 and in those of 1.7.

A flow is one direction, unless the exporter joins both (`obyt` above 0): `ibyt` is what its source sent. Times have no
zone and are taken as UTC: run nfdump with `TZ=UTC`.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from tidegate.sources import _fields as f
from tidegate.sources import _network as n
from tidegate.units import LINEAGE, Log, source

NFDUMP = Log(
    id="nfdump",
    title="nfdump",
    formats=("csv",),
    how="Print nfcapd files as CSV: `TZ=UTC nfdump -R /var/cache/nfdump -o csv > flows.csv`.",
    reference="https://github.com/phaag/nfdump/blob/master/man/nfdump.1",
    ignore=r"^Summary$|^flows,bytes,packets,avg_|^\d+(,\d+){5}$",  # what it ends with, unless told `-q`
    files=("*nfdump*.csv*", "*nfcapd*.csv*", "*flows*.csv*"),
)
# By nfdump's token: the names that it prints in 1.6, and in 1.7.
NAMES = {
    "ts": ("ts", "firstSeen"),
    "td": ("td", "duration"),
    "pr": ("pr", "proto"),
    "sa": ("sa", "srcAddr"),
    "sp": ("sp", "srcPort"),
    "da": ("da", "dstAddr"),
    "dp": ("dp", "dstPort"),
    "flg": ("flg", "flags"),
    "fwd": ("fwd", "fwdStatus"),
    "ipkt": ("ipkt", "packets", "inPackets"),
    "ibyt": ("ibyt", "bytes", "inBytes"),
    "opkt": ("opkt", "outPackets"),
    "obyt": ("obyt", "outBytes"),
    "ismc": ("ismc", "inSrcMac"),
    "sni": ("sniName",),
}


@source(
    log=NFDUMP,
    produces="network_activity",
    columns={name: "string" for names in NAMES.values() for name in names},
    needs=tuple("|".join(NAMES[token]) for token in ("ts", "pr", "sa", "sp", "da", "dp", "ibyt")),
)
def nfdump(raw: ibis.Table) -> ibis.Table:
    """Flows that a router, a switch or a probe exported."""
    field = {token: ibis.coalesce(*(raw[name] for name in names)) for token, names in NAMES.items()}
    number = {token: field[token].try_cast("int64") for token in ("ipkt", "ibyt", "opkt", "obyt", "fwd")}
    protocol = n.protocol(field["pr"])
    ports = {token: ibis.cases((protocol.isin(("tcp", "udp", "sctp")), field[token].try_cast("int32")))
             for token in ("sp", "dp")}  # fmt: skip
    # A first packet that nothing followed: no data crossed. The forwarding status says what a router dropped.
    unanswered = (protocol == "tcp") & field["flg"].contains("S") & ~field["flg"].contains("A")
    activity = ibis.cases((number["fwd"].between(128, 191), "Refuse"), (unanswered, "Fail"), else_="Traffic")
    return raw.select(
        *LINEAGE,
        time=f.epoch_or_iso(field["ts"]),
        src_ip=f.ip(field["sa"]),
        src_port=ports["sp"],
        src_mac=n.mac(field["ismc"]),
        dst_ip=f.ip(field["da"]),
        dst_port=ports["dp"],
        dst_host=f.lower(field["sni"]),
        protocol=protocol,
        duration_ms=_milliseconds(field["td"]),
        packets_out=number["ipkt"],
        packets_in=number["opkt"].nullif(0),  # of one direction the other is not 0 but unknown
        state=field["flg"],
        **n.outcome(activity, number["ibyt"], number["obyt"].nullif(0)),
    )


def _milliseconds(duration: ir.StringValue) -> ir.IntegerValue:
    """Of `12.345` seconds, or `00:00:12.345` as 1.7 has it."""
    hours, minutes, seconds = (
        duration.re_extract(r"^ *(\d+):(\d+):([\d.]+)$", i).try_cast("float64") for i in (1, 2, 3)
    )
    return f.milliseconds(ibis.coalesce(duration.try_cast("float64"), hours * 3600 + minutes * 60 + seconds))
