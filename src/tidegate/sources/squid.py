"""Squid web proxy access log, in its native format and in the combined and common ones.

Squid logs what it answered, not what it was sent. Where `%>st` (size of the request) is added at the end of the
format, as the catalogue advises, uploads have bytes too.
"""

from __future__ import annotations

import re

import ibis
import ibis.expr.types as ir

from tidegate.sources import _fields as f
from tidegate.units import LINEAGE, Log, source

_URL = r"(?P<url>(?:(?P<scheme>\w+)://)?(?:[^\s/@]*@)?(?P<host>\[[^\]]*\]|[^\s/:?#]*)(?::(?P<port>\d+))?\S*)"
NATIVE = (
    r"^(?P<stamp>\d+\.\d{3}) +-?\d+ (?P<client>\S+) [A-Z_]+/(?P<code>\d{3}|-) (?P<answered>\d+) (?P<method>\S+) "
    + _URL
    + r" (?P<user>\S+) (?P<hierarchy>[A-Z_]+)/(?P<peer>\S+) (?P<type>\S+)(?: (?P<sent>\d+))?"
)
# The `TCP_MISS:HIER_DIRECT` at the end tells a proxy's log from that of a web server.
COMBINED = (
    r"^(?P<client>\S+) \S+ (?P<user>\S+) \[(?P<day>\d\d)/(?P<month>\w{3})/(?P<year>\d{4}):(?P<clock>[\d:]+)"
    r' ?(?P<zone>[^\]]*)\] "(?P<method>[^" ]+) '
    + _URL
    + r'[^"]*" (?P<code>\d{3}|-) (?P<answered>\d+) (?:"[^"]*" "(?P<agent>.*)" )?[A-Z_]+:[A-Z_]+(?: (?P<sent>\d+))?'
)
NUMBERS = {"code": "int32", "answered": "int64", "sent": "int64", "port": "int32"}
PORTS = {"http": 80, "https": 443, "ftp": 21}

SQUID = Log(
    id="squid",
    title="Squid",
    formats=("lines",),
    how=(
        "Take access.log; to see uploads, log the request's size too: "
        "`logformat tidegate %ts.%03tu %6tr %>a %Ss/%03>Hs %<st %rm %ru %[un %Sh/%<a %mt %>st`."
    ),
    reference="https://www.squid-cache.org/Doc/config/logformat/",
    files=("access.log*", "*squid*.log*"),
    probe=re.sub(r"\?P<\w+>", "?:", f"(?:{NATIVE}|{COMBINED})"),
    ignore=" error:[a-z-]+ ",  # a connection closed before it asked for anything
)


@source(
    log=SQUID,
    produces="http_activity",
    columns=NUMBERS | {"stamp": "float64"},
    pattern=NATIVE,
    where=lambda raw: ~raw.record.contains(" error:"),
)
def squid_native(raw: ibis.Table) -> ibis.Table:
    """Requests in the native format: time elapsed client code/status size method URL user hierarchy/peer type."""
    # Only a direct answer comes from the server itself; else the peer is another cache.
    direct = raw.hierarchy.isin(("DIRECT", "HIER_DIRECT"))
    return raw.select(
        *LINEAGE,
        time=f.epoch(raw.stamp),
        dst_ip=ibis.cases((direct, f.ip(raw.peer))),
        mime_type=raw.type.nullif("-"),
        **_request(raw),
    )


@source(
    log=SQUID,
    produces="http_activity",
    columns=NUMBERS,
    pattern=COMBINED,
    where=lambda raw: ~raw.record.contains(" error:"),
)
def squid_combined(raw: ibis.Table) -> ibis.Table:
    """Requests in the combined or common format: client - user [time] "method URL" status size "referer" "agent"."""
    time = raw.year + "-" + f.month(raw.month) + "-" + raw.day + "T" + raw.clock + raw.zone.fill_null("")
    return raw.select(*LINEAGE, time=f.iso(time), user_agent=raw.agent.nullif("-"), **_request(raw))


def _request(raw: ibis.Table) -> dict[str, ir.Value]:
    """What both formats say of a request. Through CONNECT the bytes are those of the whole tunnel."""
    status = raw.code.nullif(0)
    usual = raw.scheme.cases(*PORTS.items(), else_=ibis.null("int32"))
    return {
        "src_ip": raw.client,
        "actor": raw.user.nullif("-").lower(),
        "activity": raw.method.capitalize(),
        "status": f.outcome(status),
        "status_code": status,
        "url": raw.url,
        "dst_host": f.host(raw.host),
        "dst_port": ibis.coalesce(raw.port, usual),
        "file_name": ibis.cases((raw.method == "PUT", f.url_leaf(raw.url))),  # stored under this name
        "bytes_out": raw.sent,
        "bytes_in": raw.answered,
    }
