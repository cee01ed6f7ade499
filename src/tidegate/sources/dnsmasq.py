"""dnsmasq: names that devices looked up (`log-queries`) and addresses that they were given.

Only `log-queries=extra` says of an answer for whom it was. Times without an offset are taken to be UTC.
"""

from __future__ import annotations

import ibis

from tidegate.sources import _fields as f
from tidegate.sources import _syslog as syslog
from tidegate.sources._leases import MAC, held, mac_of
from tidegate.units import LINEAGE, Log, source

FAILED = ("NXDOMAIN", "REFUSED", "SERVFAIL", "FORMERR", "NOTIMP")

DNSMASQ = Log(
    id="dnsmasq",
    title="dnsmasq",
    formats=("lines",),
    how="Set `log-queries=extra` in dnsmasq.conf, and take the system log or the file of `log-facility`.",
    reference="https://thekelleys.org.uk/dnsmasq/docs/dnsmasq-man.html",
    files=("*dnsmasq*",),
    within="syslog",
    probe=syslog.header("dnsmasq(?:-[a-z]+)?"),
    # What was asked of other servers, and what is about the server; of leases, what was only asked for or offered.
    ignore=(
        syslog.header("dnsmasq(?:-(?:script|tftp))?")
        + r"(?:\d+ \S+ )?(?:forwarded|nameserver|dnssec-|validation|[a-bd-pt-z]|c[^ao]|re[^p]|r[^e]|s[^p])|"
        + syslog.header("dnsmasq-dhcp")
        + r"(?:\d+ )?(?:[a-zA-CE-Z]|D[^H]|DHCP[^AR]|DHCPRE[^LP])"
    ),
)


@source(
    log=DNSMASQ,
    produces="dns_activity",
    columns={"source_modified": "timestamp(6)"},
    pattern=syslog.fields("dnsmasq")
    + r"(?:\d+ (?P<client>[0-9a-f.:]+)/(?P<port>\d+) )?(?:query\[(?P<type>[^\]]+)\] (?P<asked>\S+) from (?P<asker>\S+)"
    r"|(?:reply|cached|cached-stale|config|special|DHCP|/\S+) (?P<name>\S+) is (?P<answer>.+))$",
)
def dnsmasq(raw: ibis.Table) -> ibis.Table:
    """Names looked up, and each answer."""
    failed = raw.answer.isin(FAILED)
    said = failed | raw.answer.re_search("^(?:NODATA.*|duplicate|<.*>)$")  # no address: a result, or a kind of record
    return raw.select(
        *LINEAGE,
        time=syslog.time(raw.stamp, raw.source_modified),
        activity=ibis.ifelse(raw.answer.isnull(), "Query", "Response"),
        status=ibis.cases((failed, "Failure"), (raw.answer.notnull(), "Success")),
        src_ip=f.ip(ibis.coalesce(raw.client, raw.asker)),
        src_port=raw.port.try_cast("int32"),
        query=f.lower(ibis.coalesce(raw.asked, raw.name.nullif("error"))),  # `reply error is SERVFAIL`
        query_type=raw.type,
        response_code=ibis.cases((failed, raw.answer), (raw.answer.notnull(), "NOERROR")),
        answers=ibis.ifelse(said.fill_null(True), ibis.null("array<string>"), ibis.array([raw.answer])),
    )


@source(
    log=DNSMASQ,
    produces="device_inventory",
    columns={"source_modified": "timestamp(6)"},
    pattern=syslog.fields("dnsmasq-dhcp")
    + rf"(?:\d+ )?(?P<deed>DHCPACK|DHCPREPLY|DHCPRELEASE)\([^)]*\) (?P<ip>[0-9a-f.:]+) (?P<mac>{MAC}(?::[0-9a-f:]+)?)"
    r"(?: (?P<name>\S+))?",
)
def dnsmasq_lease(raw: ibis.Table) -> ibis.Table:
    """Addresses given to devices and given back by them."""
    return raw.select(
        *LINEAGE,
        **held(raw.ip),
        time=syslog.time(raw.stamp, raw.source_modified),
        device=f.lower(raw.name),
        mac=ibis.ifelse(raw.mac.length() > 17, mac_of(raw.mac), raw.mac.lower()),
        lease_ms=ibis.cases((raw.deed == "DHCPRELEASE", 0)),
    )
