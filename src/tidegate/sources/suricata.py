"""Suricata's EVE log: what an intrusion-detection sensor saw on the wire, one JSON object an event.

Flows carry the bytes, counted with the headers of every packet. The records of protocols name what a flow did and join
it by `connection`, Suricata's flow id, so that none of them counts its bytes twice.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from tidegate.sources import _fields as f
from tidegate.sources import _network as n
from tidegate.units import LINEAGE, Log, source

# FTP's commands that move no file.
FTP_TALK = (
    "ABOR|ACCT|ALLO|AUTH|CDUP|CLNT|CWD|EPRT|EPSV|FEAT|HELP|HOST|LANG|LIST|MDTM|MFMT|MKD|MLSD|MLST|MODE|NLST|NOOP|OPTS"
    "|PASS|PASV|PBSZ|PORT|PROT|PWD|QUIT|REIN|REST|RMD|RNFR|RNTO|SITE|SIZE|SMNT|STAT|STRU|SYST|TYPE|USER|XCUP|XCWD|XMKD"
    "|XPWD|XRMD|UNKNOWN"
)
SURICATA = Log(
    id="suricata",
    title="Suricata",
    formats=("json",),
    how="Take eve.json from /var/log/suricata; under eve-log's types switch on `flow` (or `netflow`, never both).",
    reference="https://docs.suricata.io/en/latest/output/eve/eve-json-format.html",
    files=("eve*.json*",),
    # Of the sensor itself; protocols that name no other side; data connections of FTP; leases asked for, not given.
    ignore=(
        r'"event_type": ?"(?:anomaly|arp|bittorrent_dht|dcerpc|dnp3|drop|enip|ftp_data|ike|ikev2|krb5|ldap|mdns|modbus'
        r"|mqtt|nfs|packet|pgsql|pop3|rdp|rfb|sip|smb|snmp|ssh|stats|telnet|template|tftp|websocket|llmnr|doh2|files)"
        r'"|"ftp": ?\{"command": ?"(?:' + FTP_TALK + r')"|"dhcp_type": ?"(?:decline|discover|inform|nak|offer|release'
        r'|request)"'
    ),
)

BASE = {
    "timestamp": "string",
    "event_type": "string",
    "flow_id": "string",
    "src_ip": "string",
    "src_port": "int32",
    "dest_ip": "string",
    "dest_port": "int32",
    "proto": "string",
}
NEEDS = ("timestamp", "event_type", "src_ip", "dest_ip")
HTTP = (
    "struct<hostname: string, http_port: int32, url: string, http_method: string, http_user_agent: string,"
    " http_content_type: string, status: int32, length: int64>"
)
TLS = "struct<sni: string>"
FLOW = (
    "struct<pkts_toserver: int64, pkts_toclient: int64, bytes_toserver: int64, bytes_toclient: int64, start: string,"
    " age: int64, state: string, action: string, src_ip: string>"
)


def ends(raw: ir.Table, *, turned: ir.BooleanValue | None = None) -> dict[str, ir.Value]:
    """Whose connection it is, and with whom; turned: where the record names the answering side first."""
    mine, theirs = (raw.src_ip, raw.src_port), (raw.dest_ip, raw.dest_port)
    if turned is not None:
        mine, theirs = (
            tuple(ibis.ifelse(turned, b, a) for a, b in zip(one, other, strict=True))
            for one, other in ((mine, theirs), (theirs, mine))
        )
    return {"src_ip": n.ip(mine[0]), "src_port": mine[1], "dst_ip": n.ip(theirs[0]), "dst_port": theirs[1]}


def once(raw: ir.Table) -> ir.StringValue:
    """Uid of a record that a flow has once: a third faster than the digest of the record, which the others get."""
    return raw.flow_id + " " + raw.timestamp


@source(
    log=SURICATA,
    produces="network_activity",
    columns=BASE | {"app_proto": "string", "flow": FLOW},
    needs=NEEDS,
    where=lambda raw: raw.event_type == "flow",
)
def suricata_flow(raw: ibis.Table) -> ibis.Table:
    """Connections: bytes, packets and duration between two ends, logged as they end."""
    flow = raw.flow
    unanswered = (raw.proto == "TCP") & (flow["pkts_toclient"] == 0)  # UDP sends its data whoever listens
    activity = ibis.cases((flow["action"] == "drop", "Refuse"), (unanswered, "Fail"), else_="Traffic")
    return raw.select(
        *LINEAGE,
        uid=once(raw),
        time=f.iso(ibis.coalesce(flow["start"], raw.timestamp)),
        **ends(raw),
        protocol=raw.proto.lower(),
        service=raw.app_proto.nullif("failed"),
        duration_ms=f.milliseconds(flow["age"]),
        packets_out=flow["pkts_toserver"],
        packets_in=flow["pkts_toclient"],
        state=flow["state"],
        connection=raw.flow_id,
        **n.outcome(activity, flow["bytes_toserver"], flow["bytes_toclient"]),
    )


@source(
    log=SURICATA,
    produces="network_activity",
    columns=BASE | {"app_proto": "string", "netflow": "struct<pkts: int64, bytes: int64, start: string, age: int64>"},
    needs=NEEDS,
    where=lambda raw: raw.event_type == "netflow",
)
def suricata_netflow(raw: ibis.Table) -> ibis.Table:
    """One direction of a connection a record, where flows are not logged."""
    netflow = raw.netflow
    return raw.select(
        *LINEAGE,
        time=f.iso(ibis.coalesce(netflow["start"], raw.timestamp)),
        activity=ibis.literal("Traffic"),
        status=ibis.literal("Success"),
        **ends(raw),
        protocol=raw.proto.lower(),
        service=raw.app_proto.nullif("failed"),
        duration_ms=f.milliseconds(netflow["age"]),
        bytes_out=netflow["bytes"],
        packets_out=netflow["pkts"],
        connection=raw.flow_id,
    )


@source(
    log=SURICATA,
    produces="network_activity",
    columns=BASE | {"tls": TLS, "quic": "struct<sni: string>"},
    needs=NEEDS,
    where=lambda raw: raw.event_type.isin(("tls", "quic")),
)
def suricata_tls(raw: ibis.Table) -> ibis.Table:
    """TLS and QUIC handshakes: which host name a connection asked for; its bytes are in its flow."""
    return raw.select(
        *LINEAGE,
        uid=once(raw) + " " + raw.event_type,
        time=f.iso(raw.timestamp),
        activity=ibis.literal("Open"),
        status=ibis.literal("Success"),
        **ends(raw),
        dst_host=f.lower(ibis.coalesce(raw.tls["sni"], raw.quic["sni"]).re_replace(r"\.$", "")),
        protocol=raw.proto.lower(),
        service=raw.event_type,
        connection=raw.flow_id,
    )


@source(
    log=SURICATA,
    produces="http_activity",
    columns=BASE | {"http": HTTP},
    needs=NEEDS,
    where=lambda raw: raw.event_type == "http",
)
def suricata_http(raw: ibis.Table) -> ibis.Table:
    """Web requests in the clear; the size of what they sent is in the flow, and in the record of its file."""
    http = raw.http
    # A request to a proxy already carries the whole URL, CONNECT only host and port.
    whole = http["url"].contains("://") | (http["http_method"] == "CONNECT")
    port = ibis.coalesce(ibis.literal(":") + http["http_port"].cast("string"), "")
    return raw.select(
        *LINEAGE,
        time=f.iso(raw.timestamp),
        activity=http["http_method"].capitalize(),
        status=f.outcome(http["status"]),
        **ends(raw),
        dst_host=f.host(http["hostname"]),
        url=ibis.ifelse(
            whole, http["url"], "http://" + ibis.coalesce(http["hostname"], raw.dest_ip) + port + http["url"]
        ),
        user_agent=http["http_user_agent"],
        status_code=http["status"],
        bytes_in=http["length"],
        mime_type=http["http_content_type"],
        file_name=ibis.cases((http["http_method"] == "PUT", f.url_leaf(http["url"]))),  # stored under this name
        connection=raw.flow_id,
    )


@source(
    log=SURICATA,
    produces="dns_activity",
    columns=BASE
    | {
        "dns": "struct<type: string, rrname: string, rrtype: string, rcode: string, rdata: string,"
        " queries: array<struct<rrname: string, rrtype: string>>, answers: array<struct<rdata: string>>,"
        " grouped: struct<A: array<string>, AAAA: array<string>, CNAME: array<string>>>"
    },
    needs=NEEDS,
    where=lambda raw: raw.event_type == "dns",
)
def suricata_dns(raw: ibis.Table) -> ibis.Table:
    """Name look-ups, question and answer each a record: versions 1 to 3 of Suricata's DNS records."""
    dns = raw.dns
    answer = dns["type"].isin(("answer", "response"))
    listed = dns["answers"].map(lambda one: one["rdata"]).filter(lambda one: one.notnull())
    first, *others = (ibis.coalesce(dns["grouped"][kind], []) for kind in ("A", "AAAA", "CNAME"))
    lists = (listed, first.concat(*others), ibis.array([dns["rdata"]]).filter(lambda one: one.notnull()))
    return raw.select(
        *LINEAGE,
        time=f.iso(raw.timestamp),
        activity=ibis.ifelse(answer, "Response", "Query"),
        status=ibis.cases((~answer, ibis.null("string")), (dns["rcode"] == "NOERROR", "Success"), else_="Failure"),
        **ends(raw, turned=answer & (raw.dest_port != 53)),  # by version the packet's ends, or the question's
        query=f.lower(ibis.coalesce(dns["rrname"], dns["queries"][0]["rrname"])),
        query_type=ibis.coalesce(dns["rrtype"], dns["queries"][0]["rrtype"]),
        response_code=ibis.cases((answer, dns["rcode"])),
        answers=ibis.coalesce(*(ibis.cases((found.length() > 0, found)) for found in lists)),
        connection=raw.flow_id,
    )
