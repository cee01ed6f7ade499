"""BIND query log: who looked up which name, and which look-ups failed or were refused.

In a file of its own, with or without category and severity, or through syslog. BIND logs no answers unless it is told
to (`responselog`, since 9.20). Times without an offset are taken to be UTC.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from tidegate.sources import _fields as f
from tidegate.sources import _syslog as syslog
from tidegate.units import LINEAGE, Log, source

WRITTEN = r"\d\d-[A-Z][a-z]{2}-\d{4} [\d:.]+|\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:?\d\d)?"
SAYS = r"(?:[a-z-]+: )?(?:[a-z]+(?: \d)?: )?"  # print-category, print-severity
HEAD = rf"(?:^(?P<written>{WRITTEN}) |{syslog.fields('named')}){SAYS}"
CLIENT = (
    r"client (?:@0x[0-9a-f]+ )?(?P<client>[0-9a-fA-F.:]+)(?:%\S+)?#(?P<port>\d+)(?:/key \S+)?"
    r"(?: \([^ ]*\))?: (?:view \S+: )?"
)
OTHERS = (
    "(?:client|cname|config|database|default|delegation-only|dispatch|dnssec|edns-disabled|general|lame-servers|"
    "network|notify|rate-limit|resolver|rpz|security|serve-stale|update|xfer-in|xfer-out|zoneload): "
)
QUERIES = "(?:queries|query-errors|responses): "

BIND = Log(
    id="bind",
    title="BIND",
    formats=("lines",),
    how="Turn on `querylog yes;` with a channel for the category `queries` in named.conf, and take the channel's file.",
    reference="https://bind9.readthedocs.io/en/stable/reference.html#logging-statement-definition-and-usage",
    files=("*query*log*", "*queries*log*", "named*.log*", "bind*.log*"),
    within="syslog",
    probe=rf"{syslog.header('named')}|^(?:{WRITTEN}) (?:{OTHERS}|{QUERIES}|(?:[a-z]+: )?client (?:@0x\w+ )?\S+#\d)",
    # All else that it says, of a client as well: transfers, updates.
    ignore=rf"(?:{syslog.header('named')}|^(?:{WRITTEN}) ){SAYS}"
    rf"(?:(?:[abd-zA-Z]|c[^l])[\w-]*[ '(,.]|{CLIENT}(?:[a-ps-z]|r[a-df-z]))",
)


@source(
    log=BIND,
    produces="dns_activity",
    columns={"source_modified": "timestamp(6)"},
    pattern=rf"{HEAD}{CLIENT}(?P<kind>query|response): (?P<name>\S+) \S+ (?P<type>\S+) (?P<code>[A-Z]{{4,}} )?"
    r"[+-].*?(?:\((?P<server>[0-9a-fA-F.:]+)\))?(?: \[.*\])?$",
)
def bind(raw: ibis.Table) -> ibis.Table:
    """Names looked up; what was answered, where that is logged."""
    return raw.select(
        *LINEAGE,
        activity=ibis.ifelse(raw.kind == "query", "Query", "Response"),
        dst_ip=raw.server,
        **_asked(raw, f.text(raw.code)),
    )


@source(
    log=BIND,
    produces="dns_activity",
    columns={"source_modified": "timestamp(6)"},
    pattern=rf"{HEAD}{CLIENT}query (?:failed \((?P<code>[A-Za-z]+)[^)]*\) for |\([a-z]+\) ')"
    r"(?P<name>[^/]+)/(?:[A-Z0-9]+/)??(?P<type>[A-Z0-9]+)(?:/IN)?(?: |')",
)
def bind_failure(raw: ibis.Table) -> ibis.Table:
    """Look-ups that failed, and those that were refused."""
    code = ibis.coalesce(raw.code.upper(), "REFUSED")
    return raw.select(*LINEAGE, activity=ibis.literal("Response"), **_asked(raw, code))


def _asked(raw: ibis.Table, code: ir.StringValue) -> dict[str, ir.Value]:
    return {
        "time": ibis.coalesce(_time(raw.written), syslog.time(raw.stamp, raw.source_modified)),
        "status": ibis.cases((code == "NOERROR", "Success"), (code.notnull(), "Failure")),
        "src_ip": f.ip(raw.client),
        "src_port": raw.port.try_cast("int32"),
        "query": f.lower(raw.name),
        "query_type": raw.type,
        "response_code": code,
    }


def _time(stamp: ir.StringValue) -> ir.TimestampValue:
    """`20-Nov-2025 11:00:00.123` or ISO 8601."""
    year, month = stamp.re_extract(r"-(\d{4}) ", 1), f.month(stamp.re_extract(r"-([A-Z][a-z]{2})-", 1))
    spoken = year + "-" + month + "-" + stamp.re_extract(r"^(\d\d)-", 1) + "T" + stamp.re_extract(r" (.+)$", 1)
    return ibis.coalesce(f.iso(stamp), f.iso(spoken))
