"""FortiGate's inspection (UTM): web requests, names, files, applications, and what its signatures found.

Their bytes are those of the session so far, which they join by `connection`: only the session's record counts them.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from tidegate.sources import _fields as f
from tidegate.sources import _network as n
from tidegate.sources.fortinet import BASE, DENIED, FORTINET, base, first, peer
from tidegate.units import LINEAGE, source

# Of data leak prevention only what names no file: `fortinet_file` takes the rest.
SUBTYPES = ("anomaly", "dlp", "emailfilter", "ips", "virus", "waf")
SEVERITIES = {"info": "Informational", "low": "Low", "medium": "Medium", "high": "High", "critical": "Critical"}


def status(raw: ir.Table) -> ir.StringValue:
    """Whether it was let through."""
    return ibis.ifelse(raw.action.isin(DENIED), "Failure", "Success")


@source(
    log=FORTINET,
    produces="http_activity",
    columns=BASE | dict.fromkeys(("hostname", "url", "httpmethod", "agent"), "string"),
    where=lambda raw: first(raw, "subtype") == "webfilter",
)
def fortinet_web(raw: ibis.Table) -> ibis.Table:
    """Web requests that the web filter rated."""
    whole = raw.url.contains("://")
    return raw.select(
        *LINEAGE,
        **base(raw),
        **peer(raw),
        activity=raw.httpmethod.capitalize(),
        status=status(raw),
        dst_host=f.host(raw.hostname),
        url=ibis.ifelse(whole, raw.url, raw.hostname + raw.url),
        user_agent=raw.agent,
    )


@source(
    log=FORTINET,
    produces="network_activity",
    columns=BASE | dict.fromkeys(("hostname", "proto", "app"), "string"),
    where=lambda raw: first(raw, "subtype").isin(("app-ctrl", "ssl")),
)
def fortinet_app(raw: ibis.Table) -> ibis.Table:
    """Which application and host name a session had."""
    refused = raw.action.isin(DENIED)
    return raw.select(
        *LINEAGE,
        **base(raw),
        **peer(raw),
        activity=ibis.ifelse(refused, "Refuse", "Open"),
        status=status(raw),
        dst_host=f.host(raw.hostname),
        protocol=n.protocol(raw.proto),
        service=raw.app,
    )


@source(
    log=FORTINET,
    produces="dns_activity",
    columns=BASE | dict.fromkeys(("qname", "qtype", "ipaddr", "eventtype"), "string"),
    where=lambda raw: first(raw, "subtype") == "dns",
)
def fortinet_dns(raw: ibis.Table) -> ibis.Table:
    """Name look-ups that the DNS filter rated."""
    return raw.select(
        *LINEAGE,
        **base(raw),
        **peer(raw),
        activity=ibis.ifelse(raw.eventtype == "dns-query", "Query", "Response"),
        status=status(raw),
        query=f.lower(raw.qname),
        query_type=raw.qtype,
        answers=f.listed(raw.ipaddr, mark=","),
    )


@source(
    log=FORTINET,
    produces="file_activity",
    columns=BASE | {"filename": "string", "filesize": "int64", "direction": "string"},
    where=lambda raw: first(raw, "subtype").isin(("dlp", "file-filter")) & raw.record.contains("filename="),
)
def fortinet_file(raw: ibis.Table) -> ibis.Table:
    """Files that the file filter or data leak prevention looked at: read from the other side, or copied to it."""
    return raw.select(
        *LINEAGE,
        **base(raw),
        activity=ibis.ifelse(raw.direction == "outgoing", "Copy", "Read"),
        status=status(raw),
        medium=raw.dstip,
        file_name=f.leaf(raw.filename),
        file_path=raw.filename,
        file_size=raw.filesize,
    )


@source(
    log=FORTINET,
    produces="detection_finding",
    columns=BASE
    | dict.fromkeys(
        ("attack", "attackid", "virus", "virusid", "severity", "crlevel", "hostname", "eventtype"), "string"
    ),
    where=lambda raw: first(raw, "subtype").isin(SUBTYPES),
)
def fortinet_threat(raw: ibis.Table) -> ibis.Table:
    """What a signature found in a session."""
    return raw.select(
        *LINEAGE,
        **base(raw),
        **peer(raw),
        activity=ibis.literal("Create"),
        dst_host=f.host(raw.hostname),
        rule=ibis.coalesce(raw.attack, raw.virus, raw.eventtype),
        rule_uid=ibis.coalesce(raw.attackid, raw.virusid),
        severity=f.lookup(ibis.coalesce(raw.severity, raw.crlevel), SEVERITIES, other=ibis.null("string")),
        category=raw.subtype,
        action=ibis.ifelse(raw.action.isin(DENIED), "Denied", "Allowed"),
    )
