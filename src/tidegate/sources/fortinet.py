"""Fortinet FortiGate firewalls (FortiOS 6 to 7): sessions, sign-ins, leases.

Records are pairs of key and value, parted by spaces or, where the firewall is set to CSV, by commas. Their time is
`eventtime`; where that is missing, date and time with `tz`, and where that is missing too, taken as UTC.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from tidegate.sources import _fields as f
from tidegate.sources import _network as n
from tidegate.units import LINEAGE, Log, source

FORTINET = Log(
    id="fortinet",
    title="Fortinet FortiGate",
    formats=("pairs",),
    how="Send traffic, UTM and event logs to syslog in the default or CSV format, or download them from Log & Report.",
    reference="https://docs.fortinet.com/document/fortigate/7.6.0/fortios-log-message-reference",
    files=("*fortigate*", "*fortinet*", "*fgt*"),
    probe=r'\bdate="?\d{4}-\d\d-\d\d"?[ ,]+time="?\d\d:\d\d:\d\d"?[ ,].*\blogid="?\d{10}"?[ ,].*\bsubtype=',
    # Of the firewall itself, but for those that are read here; requests within a session that is logged as well.
    ignore=r'[ ,](?:type="?event|subtype="?http-transaction)"?[ ,]',
)

BASE = dict.fromkeys(
    ("date", "time", "tz", "type", "subtype", "action", "user", "srcip", "dstip", "sessionid", "srcport", "dstport"),
    "string",
) | {"eventtime": "int64"}
SIGNINS = {
    "login": "Logon", "logout": "Logoff", "authentication": "Logon", "auth-logon": "Logon", "auth-logout": "Logoff",
    "FSSO-logon": "Logon", "FSSO-logoff": "Logoff", "tunnel-up": "Logon", "tunnel-down": "Logoff",
    "ssl-login-fail": "Logon",
}  # fmt: skip
DENIED = ("deny", "block", "blocked", "dropped", "reset", "quarantine")


def first(raw: ir.Table, key: str) -> ir.StringValue:
    """A key's value where it stands first: to tell whose a record is, cheaper than to take all pairs apart.

    What kind a record is stands ahead of whatever a user could have put into it.
    """
    return raw.record.re_extract(rf'[ ,]{key}="?([\w-]+)', 1)


def base(raw: ir.Table) -> dict[str, ir.Value]:
    """When, who, from where."""
    # Nanoseconds since 6.2, before that seconds.
    stamp = ibis.ifelse(raw.eventtime > 1e16, raw.eventtime / 1e9, raw.eventtime)
    zone = ibis.coalesce(raw.tz, "")
    return {
        "time": ibis.coalesce(f.epoch(stamp), f.iso(raw.date + "T" + raw["time"] + zone)),
        "actor": f.lower(raw.user).nullif("n/a"),
        "src_ip": raw.srcip,
    }


def peer(raw: ir.Table) -> dict[str, ir.Value]:
    """The other side, and the session, which joins the records of one connection."""
    return {
        "src_port": raw.srcport.try_cast("int32"),
        "dst_ip": raw.dstip,
        "dst_port": raw.dstport.try_cast("int32"),
        "connection": n.session(raw.sessionid, raw.srcip, raw.srcport, raw.dstip, raw.dstport),
    }


@source(
    log=FORTINET,
    produces="network_activity",
    columns=BASE
    | dict.fromkeys(("hostname", "proto", "service", "app", "unauthuser", "srcname", "srcmac", "dstname"), "string")
    | dict.fromkeys(("duration", "sentbyte", "rcvdbyte", "sentdelta", "rcvddelta", "sentpkt", "rcvdpkt"), "int64"),
    where=lambda raw: first(raw, "subtype").isin(("forward", "local", "multicast", "sniffer", "ztna")),
)
def fortinet_traffic(raw: ibis.Table) -> ibis.Table:
    """Sessions: bytes, packets and duration as they end, and every two minutes of those that last."""
    activity = ibis.cases(
        (raw.action.isin(DENIED), "Refuse"),
        (raw.action == "ip-conn", "Fail"),  # nothing answered
        (raw.action == "start", "Open"),
        else_="Traffic",
    )
    # Of a session that lasts, a record counts from the beginning, the delta from the record before it.
    sent, received = ibis.coalesce(raw.sentdelta, raw.sentbyte), ibis.coalesce(raw.rcvddelta, raw.rcvdbyte)
    return raw.select(
        *LINEAGE,
        **base(raw) | {"actor": f.lower(ibis.coalesce(raw.user, raw.unauthuser)).nullif("n/a")},
        **peer(raw),
        device=_name(raw.srcname),
        src_mac=n.mac(raw.srcmac),
        dst_host=_name(ibis.coalesce(raw.hostname, raw.dstname)),
        protocol=n.protocol(raw.proto),
        service=ibis.coalesce(raw.app, raw.service),
        duration_ms=f.milliseconds(raw.duration),
        packets_out=ibis.cases((raw.sentdelta.isnull(), raw.sentpkt)),
        packets_in=ibis.cases((raw.rcvddelta.isnull(), raw.rcvdpkt)),
        state=raw.action,
        **n.outcome(activity, sent, received),
    )


@source(
    log=FORTINET,
    produces="authentication",
    columns=BASE
    | dict.fromkeys(("remip", "status", "reason", "logdesc", "tunneltype", "authserver", "server"), "string"),
    where=lambda raw: (first(raw, "type") == "event") & first(raw, "action").isin(SIGNINS),
)
def fortinet_signin(raw: ibis.Table) -> ibis.Table:
    """Sign-ins to the firewall, through it, and to its VPN; whom it learnt of from the domain (FSSO)."""
    failed = raw.action.endswith("fail") | raw.status.isin(("failed", "failure", "timed_out"))
    return raw.select(
        *LINEAGE,
        **base(raw) | {"src_ip": ibis.coalesce(raw.srcip, raw.remip)},
        activity=f.lookup(raw.action, SIGNINS, other="Logon"),
        status=ibis.ifelse(failed, "Failure", "Success"),
        service=ibis.coalesce(raw.tunneltype, raw.authserver, raw.server, raw.subtype),
        detail=ibis.coalesce(raw.reason, raw.logdesc).nullif("N/A"),
    )


@source(
    log=FORTINET,
    produces="device_inventory",
    columns=BASE | {"dhcp_msg": "string", "mac": "string", "ip": "string", "hostname": "string", "lease": "int64"},
    where=lambda raw: (first(raw, "type") == "event") & (first(raw, "dhcp_msg") == "Ack"),
)
def fortinet_dhcp(raw: ibis.Table) -> ibis.Table:
    """Addresses that the firewall gave to devices: which MAC and name held an address, from when, for how long."""
    return raw.select(
        *LINEAGE,
        time=base(raw)["time"],
        activity=ibis.literal("Collect"),
        device=_name(raw.hostname),
        src_ip=raw.ip,
        ip=raw.ip,
        mac=n.mac(raw.mac),
        lease_ms=f.milliseconds(raw.lease),
    )


def _name(column: ir.StringValue) -> ir.StringValue:
    """A host's name; where there is none, its address stands in its place."""
    return ibis.cases((f.ip(column).isnull(), f.lower(column).nullif("n/a")))
