"""Suricata's records of files, mail, leases, and of its own alerts.

A file is File System Activity (1001), as Zeek's are: the bytes that carried it are those of a flow.
"""

from __future__ import annotations

from collections.abc import Callable

import ibis
import ibis.expr.types as ir

from tidegate.sources import _fields as f
from tidegate.sources import _network as n
from tidegate.sources.suricata import BASE, FLOW, HTTP, NEEDS, SURICATA, TLS, ends
from tidegate.units import LINEAGE, source

FTP = {"STOR": "Upload", "STOU": "Upload", "APPE": "Upload", "RETR": "Download", "DELE": "Delete"}
SEVERITIES = {"1": "High", "2": "Medium", "3": "Low"}


def event_with(kind: str, text: str) -> Callable[[ir.Table], ir.BooleanValue]:
    """Holds for events of a type whose text matches: for the few of it, cheaper than to parse more of all of them."""
    return lambda raw: ibis.ifelse(raw.event_type == kind, raw.record.re_search(text), False)


@source(
    log=SURICATA,
    produces="file_activity",
    columns=BASE | {"fileinfo": "struct<filename: string, size: int64, md5: string, sha1: string, sha256: string>"},
    needs=NEEDS,
    where=lambda raw: raw.event_type == "fileinfo",
)
def suricata_fileinfo(raw: ibis.Table) -> ibis.Table:
    """Files that crossed the wire: read from the other side, or copied to it.

    The record names the side that sent the file first; the side that opened the connection has the higher port.
    """
    sent = raw.src_port > raw.dest_port
    return raw.select(
        *LINEAGE,
        time=f.iso(raw.timestamp),
        activity=ibis.ifelse(sent, "Copy", "Read"),
        src_ip=n.ip(ibis.ifelse(sent, raw.src_ip, raw.dest_ip)),
        medium=n.ip(ibis.ifelse(sent, raw.dest_ip, raw.src_ip)),
        file_name=f.leaf(raw.fileinfo["filename"]),
        file_path=raw.fileinfo["filename"],
        file_size=raw.fileinfo["size"],
        hash=ibis.coalesce(*(f.text(raw.fileinfo[name]) for name in ("sha256", "sha1", "md5"))),
        connection=raw.flow_id,
    )


@source(
    log=SURICATA,
    produces="file_hosting",
    columns=BASE | {"ftp": "struct<command: string, command_data: string, completion_code: array<string>>"},
    needs=NEEDS,
    where=event_with("ftp", rf'"command": ?"(?:{"|".join(FTP)})"'),
)
def suricata_ftp(raw: ibis.Table) -> ibis.Table:
    """Files stored on and fetched from FTP servers."""
    ftp = raw.ftp
    return raw.select(
        *LINEAGE,
        time=f.iso(raw.timestamp),
        activity=f.lookup(ftp["command"], FTP, other=ftp["command"]),
        status=f.outcome(ftp["completion_code"][-1].try_cast("int32")),  # 150 as it begins, then 226
        src_ip=n.ip(raw.src_ip),
        site=n.ip(raw.dest_ip),
        operation=ftp["command"],
        file_name=f.leaf(ftp["command_data"]),
        file_path=ftp["command_data"],
    )


@source(
    log=SURICATA,
    produces="email_activity",
    columns=BASE
    | {
        "smtp": "struct<helo: string, mail_from: string, rcpt_to: array<string>>",
        "email": "struct<from: string, to: array<string>, cc: array<string>, message_id: string,"
        " attachment: array<string>>",
    },
    needs=NEEDS,
    where=lambda raw: raw.event_type == "smtp",
)
def suricata_smtp(raw: ibis.Table) -> ibis.Table:
    """Mail handed over in the clear: the envelope, else what the headers say; never the subject."""
    smtp, email = raw.smtp, raw.email
    headers = ibis.coalesce(email["to"], []).concat(ibis.coalesce(email["cc"], []))
    return raw.select(
        *LINEAGE,
        time=f.iso(raw.timestamp),
        activity=ibis.literal("Send"),
        device=f.lower(smtp["helo"].re_replace(r"^\[.*$", "")),  # an address in brackets is no name
        src_ip=n.ip(raw.src_ip),
        dst_ip=n.ip(raw.dest_ip),
        dst_port=raw.dest_port,
        message=f.text(email["message_id"].re_replace("[<>]", "")),
        sender=f.address(ibis.coalesce(f.text(smtp["mail_from"]).nullif("<>"), email["from"])),
        recipients=ibis.coalesce(f.addresses(smtp["rcpt_to"]), f.addresses(headers)),
        attachments=email["attachment"],
    )


@source(
    log=SURICATA,
    produces="device_inventory",
    columns=BASE
    | {
        "dhcp": "struct<type: string, client_mac: string, assigned_ip: string, dhcp_type: string, hostname: string,"
        " lease_time: int64>"
    },
    needs=NEEDS,
    where=event_with("dhcp", '"dhcp_type": ?"ack"'),
)
def suricata_dhcp(raw: ibis.Table) -> ibis.Table:
    """Addresses given to devices: which MAC and name held an address, from when, for how long."""
    dhcp = raw.dhcp
    return raw.select(
        *LINEAGE,
        time=f.iso(raw.timestamp),
        activity=ibis.literal("Collect"),
        device=f.lower(dhcp["hostname"]),
        src_ip=dhcp["assigned_ip"],
        ip=dhcp["assigned_ip"],
        mac=n.mac(dhcp["client_mac"]),
        lease_ms=f.milliseconds(dhcp["lease_time"]),
    )


@source(
    log=SURICATA,
    produces="detection_finding",
    columns=BASE
    | {
        "alert": "struct<action: string, signature_id: string, signature: string, category: string, severity: int32>",
        "flow": FLOW,
        "http": HTTP,
        "tls": TLS,
    },
    needs=NEEDS,
    where=lambda raw: raw.event_type == "alert",
)
def suricata_alert(raw: ibis.Table) -> ibis.Table:
    """What a signature matched."""
    alert = raw.alert
    return raw.select(
        *LINEAGE,
        time=f.iso(raw.timestamp),
        activity=ibis.literal("Create"),
        **ends(raw, turned=raw.flow["src_ip"] == raw.dest_ip),  # it names the ends of the packet that matched
        dst_host=f.host(ibis.coalesce(raw.tls["sni"], raw.http["hostname"])),
        rule=alert["signature"],
        rule_uid=alert["signature_id"],
        severity=f.lookup(alert["severity"].cast("string"), SEVERITIES, other="Informational"),
        category=f.text(alert["category"]),
        action=ibis.cases((alert["action"] == "blocked", "Denied"), (alert["action"] == "allowed", "Allowed")),
        connection=raw.flow_id,
    )
