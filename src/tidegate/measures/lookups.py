"""Hourly roll-up of name look-ups: which device asked how many names of which domain, and how much stood in them.

A DNS tunnel has to put what it carries into names nobody asked before: their number and length is its volume.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
from ibis import _

SECOND_LEVELS = "ac|co|com|edu|gob|gov|gouv|gv|mil|ne|net|nom|or|org"
"""What registries with two levels call their second one: `co.uk`, `com.cn`, `org.au`, `gv.at`, `ac.jp`.

Short on purpose: Ibis has no Public Suffix List, and a domain that is cut too short only joins its neighbours.
"""
REVERSE = r"(?:^|\.)(in-addr\.arpa|ip6\.arpa)$"
DOMAIN = rf"(?:^|\.)([^.]+\.(?:(?:{SECOND_LEVELS})\.[a-z][a-z]|[^.]+))$"
ESCAPED = r"\\(?:x[0-9a-f][0-9a-f]|[0-9][0-9][0-9])"
"""A byte that is no text, as Zeek and Suricata (`\\xbc`) or name servers (`\\188`) write it."""
CARRYING = ("TXT", "NULL", "CNAME", "MX", "SRV", "KEY", "PRIVATE", "NAPTR", "OPT")
"""Types of queries whose answers can carry what an address cannot: tunnels ask for them, browsers hardly ever do."""


def lookups(dns: ir.Table) -> ir.Table:
    """One row a (hour, device, hardware, address, destination) of `dns_activity` rows with `mac` and `leased`.

    `destination` is the registered domain, or `in-addr.arpa` and `ip6.arpa` for reverse look-ups; what is asked
    without a dot is not counted, as it stays inside. `names` counts distinct names, `label_bytes` the bytes that stand
    before the domain in these; `queries`, `long` (of types that carry data) and `failed` (no such name) count records.
    """
    asked = dns.mutate(name=_.query.lower().re_replace(r"\.+$", ""), hour=_.time.truncate("h"))
    asked = asked.filter(_.name.contains(".")).mutate(destination=_domain(_.name))
    who = ("day", "hour", "actor", "device", "mac", "leased", "src_ip", "destination")
    by_name = (
        asked.filter(_.destination.notnull())
        .group_by(*who, "name")
        .agg(
            queries=_.count(),
            long=_.query_type.isin(CARRYING).sum().fill_null(0),
            failed=(_.response_code == "NXDOMAIN").sum().fill_null(0),
            first_time=_.time.min(),
            last_time=_.time.max(),
            uid=_.uid.min(),
        )
    )
    length = ibis.greatest(_.name.re_replace(ESCAPED, "?").length() - _.destination.length() - 1, 0)
    return by_name.group_by(*who).agg(
        queries=_.queries.sum().cast("int64"),
        names=_.count(),
        label_bytes=length.sum().cast("int64"),
        long=_.long.sum().cast("int64"),
        failed=_.failed.sum().cast("int64"),
        first_time=_.first_time.min(),
        last_time=_.last_time.max(),
        uid=_.uid.argmax(ibis.struct({"length": _.name.length(), "uid": _.uid})),  # the longest name says most
    )


def _domain(name: ibis.Deferred) -> ibis.Deferred:
    """The registered domain of a name with a dot, reverse zones as one each."""
    reverse = name.re_extract(REVERSE, 1).nullif("")
    return ibis.coalesce(reverse, name.re_extract(DOMAIN, 1).nullif(""))
