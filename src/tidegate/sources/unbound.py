"""Unbound query and reply log: who looked up which name, and with what result.

In a file of its own, with seconds since 1970, a plain or an ISO 8601 time, or through syslog. With `log-queries` and
`log-replies` both on, a look-up leaves two events. Times without an offset are taken to be UTC.
"""

from __future__ import annotations

import ibis

from tidegate.sources import _fields as f
from tidegate.sources import _syslog as syslog
from tidegate.units import LINEAGE, Log, source

OWN = r"unbound\[\d+:[0-9a-f]+\] "  # process and thread
PASSED = r"unbound(?:\[\d+\])?: \[\d+:[0-9a-f]+\] "  # through syslog
LEVEL = "(?:info|query|reply): "
TIMED = rf"(?:\[(?P<seconds>\d+(?:\.\d+)?)\] |(?:<\d+>(?:1 )?)?(?P<stamp>{syslog.STAMP}) (?:\S+ )?)(?:{OWN}|{PASSED})"

UNBOUND = Log(
    id="unbound",
    title="Unbound",
    formats=("lines",),
    how="Set `log-replies: yes` (or `log-queries: yes`) in unbound.conf, and take its logfile or the system log.",
    reference="https://unbound.docs.nlnetlabs.nl/en/latest/manpages/unbound.conf.html",
    files=("*unbound*",),
    within="syslog",
    probe=rf"^(?:\[\d+(?:\.\d+)?\] |(?:<\d+>(?:1 )?)?{syslog.STAMP} (?:\S+ )?)(?:{OWN}|{PASSED})",
    ignore=rf"(?:{OWN}|{PASSED})[a-z]+: (?:[A-Za-z_]+[ .,]|\[)",
)


@source(
    log=UNBOUND,
    produces="dns_activity",
    columns={"source_modified": "timestamp(6)"},
    # A reply goes on with its code, the seconds it took, whether it came from the cache, and its bytes.
    pattern=rf"^{TIMED}{LEVEL}(?P<client>[0-9a-fA-F.:]+)(?:@\d+)? (?P<name>\S*\.) (?P<type>[A-Z0-9]+) (?:IN|CH|HS)"
    r"(?: (?P<code>[A-Z]+) [\d.]+ [01] \d+(?: on \S+ (?P<server>\S+) \d+)?)?$",
)
def unbound(raw: ibis.Table) -> ibis.Table:
    """Names looked up, and what came of it."""
    name = f.lower(raw.name)
    return raw.select(
        *LINEAGE,
        time=ibis.coalesce(
            f.epoch(raw.seconds.try_cast("float64")),
            syslog.time(raw.stamp, raw.source_modified),
        ),
        activity=ibis.ifelse(raw.code.isnull(), "Query", "Response"),
        status=ibis.cases((raw.code == "NOERROR", "Success"), (raw.code.notnull(), "Failure")),
        src_ip=f.ip(raw.client),
        dst_ip=f.ip(raw.server),
        query=ibis.ifelse(name == ".", name, name.re_replace(r"\.$", "")),
        query_type=raw.type,
        response_code=raw.code,
    )
