"""Zeek's logs that name who is behind an address: leases (dhcp), sign-ins (kerberos, ntlm) and mail (smtp)."""

from __future__ import annotations

import ibis

from tidegate.sources import _fields as f
from tidegate.sources.zeek import BASE, ZEEK, ends, record_is
from tidegate.units import LINEAGE, source

KERBEROS = {"AS": "Authentication Ticket", "TGS": "Service Ticket Request"}


@source(
    log=ZEEK,
    produces="device_inventory",
    columns=BASE
    | {
        "mac": "string",
        "host_name": "string",
        "client_fqdn": "string",
        "assigned_addr": "string",
        "assigned_ip": "string",
        "client_addr": "string",
        "lease_time": "float64",
    },
    needs=("ts", "mac", "assigned_addr|assigned_ip|client_addr"),
    where=record_is("dhcp", "mac"),
)
def zeek_dhcp(raw: ibis.Table) -> ibis.Table:
    """Addresses given to devices (dhcp.log): which MAC and name held an address, from when, for how long."""
    ip = ibis.coalesce(raw.assigned_addr, raw.assigned_ip, raw.client_addr)  # assigned_ip: before Zeek 2.6
    return raw.select(
        *LINEAGE,
        time=f.epoch_or_iso(raw.ts),
        activity=ibis.literal("Collect"),
        device=f.lower(ibis.coalesce(raw.host_name, raw.client_fqdn)),
        src_ip=ip,
        ip=ip,
        mac=f.lower(raw.mac),
        lease_ms=f.milliseconds(raw.lease_time),
    )


@source(
    log=ZEEK,
    produces="authentication",
    columns=BASE
    | {
        "request_type": "string",
        "client": "string",
        "service": "string",
        "success": "boolean",
        "error_msg": "string",
        "till": "string",
    },
    needs=("ts", "uid", "request_type|till"),
    where=record_is("kerberos", "request_type", "till"),
)
def zeek_kerberos(raw: ibis.Table) -> ibis.Table:
    """Windows domain tickets asked for (kerberos.log)."""
    return raw.select(
        *LINEAGE,
        time=f.epoch_or_iso(raw.ts),
        activity=f.lookup(raw.request_type, KERBEROS, other="Logon"),  # a ticket shown to a server has no type
        status=f.success(raw.success),
        actor=f.lower(raw.client.re_replace("/.*$", "")),  # name/REALM
        **ends(raw),
        service=raw.service,
        protocol=ibis.literal("Kerberos"),
        detail=raw.error_msg,
    )


@source(
    log=ZEEK,
    produces="authentication",
    columns=BASE | {"username": "string", "hostname": "string", "domainname": "string", "success": "boolean"},
    needs=("ts", "uid", "username|hostname", "domainname"),
    where=record_is("ntlm", "domainname"),
)
def zeek_ntlm(raw: ibis.Table) -> ibis.Table:
    """Windows sign-ins without a ticket (ntlm.log)."""
    return raw.select(
        *LINEAGE,
        time=f.epoch_or_iso(raw.ts),
        activity=ibis.literal("Logon"),
        status=f.success(raw.success),
        actor=f.lower(raw.username),
        device=f.lower(raw.hostname),
        **ends(raw),
        service=raw.domainname,
        protocol=ibis.literal("NTLM"),
    )


@source(
    log=ZEEK,
    produces="email_activity",
    columns=BASE
    | {
        "helo": "string",
        "mailfrom": "string",
        "rcptto": "array<string>",
        "from": "string",
        "to": "array<string>",
        "cc": "array<string>",
        "msg_id": "string",
        "last_reply": "string",
    },
    needs=("ts", "uid", "helo", "mailfrom"),
    where=record_is("smtp", "helo", "mailfrom"),
)
def zeek_smtp(raw: ibis.Table) -> ibis.Table:
    """Mail handed over in the clear (smtp.log): the envelope, else what the headers say; never the subject."""
    headers = ibis.coalesce(raw["to"], []).concat(ibis.coalesce(raw.cc, []))
    return raw.select(
        *LINEAGE,
        time=f.epoch_or_iso(raw.ts),
        activity=ibis.literal("Send"),
        status=f.outcome(raw.last_reply.re_extract(r"^(\d{3})", 1).try_cast("int32")),
        device=f.lower(raw.helo.re_replace(r"^\[.*$", "")),  # an address in brackets is no name
        **ends(raw),
        message=f.text(raw.msg_id.re_replace("[<>]", "")),
        sender=f.address(ibis.coalesce(raw.mailfrom, raw["from"])),
        recipients=ibis.coalesce(f.addresses(raw.rcptto), f.addresses(headers)),
    )
