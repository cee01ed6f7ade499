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

# A site may have added fields at the end.
NATIVE = r"^\d+\.\d{3} +-?\d+ \S+ [A-Z_]+/(?:\d{3}|-) \d+ \S+ \S+ \S+ [A-Z_]+/\S+ \S+(?: \d+)?"
# The `TCP_MISS:HIER_DIRECT` at the end tells a proxy's log from that of a web server.
COMBINED = (
    r"^(?P<client>\S+) \S+ (?P<user>\S+) \[(?P<day>\d\d)/(?P<month>\w{3})/(?P<year>\d{4}):(?P<clock>[\d:]+)"
    r' ?(?P<zone>[^\]]*)\] "(?P<method>[^" ]+) (?P<url>\S+)'
    r'[^"]*" (?P<code>\d{3}|-) (?P<answered>\d+) (?:"[^"]*" "(?P<agent>.*)" )?[A-Z_]+:[A-Z_]+(?: (?P<sent>\d+))?'
)
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


def _asked(raw: ibis.Table) -> ir.BooleanValue:
    return ~raw.record.contains(" error:")


@source(
    log=SQUID,
    produces="http_activity",
    columns={"stamp": "float64"},
    pattern=NATIVE,
    parts=("stamp", "took", "client", "code", "answered", "method", "url", "user", "peer", "type", "sent"),
    where=_asked,
)
def squid_native(raw: ibis.Table) -> ibis.Table:
    """Requests in the native format: time elapsed client code/status size method URL user hierarchy/peer type."""
    # Only a direct answer comes from the server itself; else the peer is another cache.
    peer = raw.peer.split("/")
    direct = peer[0].isin(("DIRECT", "HIER_DIRECT"))
    return raw.select(
        *LINEAGE,
        time=f.epoch(raw.stamp),
        dst_ip=ibis.cases((direct, f.ip(peer[1]))),
        mime_type=raw.type.nullif("-"),
        **_request(raw, code=raw.code.split("/")[1]),
    )


@source(log=SQUID, produces="http_activity", pattern=COMBINED, where=_asked)
def squid_combined(raw: ibis.Table) -> ibis.Table:
    """Requests in the combined or common format: client - user [time] "method URL" status size "referer" "agent"."""
    time = raw.year + "-" + f.month(raw.month) + "-" + raw.day + "T" + raw.clock + raw.zone.fill_null("")
    return raw.select(*LINEAGE, time=f.iso(time), user_agent=raw.agent.nullif("-"), **_request(raw, code=raw.code))


def _request(raw: ibis.Table, code: ir.StringValue) -> dict[str, ir.Value]:
    """What both formats say of a request. Through CONNECT the bytes are those of the whole tunnel."""
    status = code.try_cast("int32").nullif(0)
    usual = raw.url.re_extract(r"^(\w+)://", 1).cases(*PORTS.items(), else_=ibis.null("int32"))
    return {
        "src_ip": raw.client,
        "actor": raw.user.nullif("-").lower(),
        "activity": raw.method.capitalize(),
        "status": f.outcome(status),
        "status_code": status,
        "url": raw.url,
        "dst_host": f.url_host(raw.url),
        "dst_port": ibis.coalesce(f.url_port(raw.url), usual),
        "file_name": ibis.cases((raw.method == "PUT", f.url_leaf(raw.url))),  # stored under this name
        "bytes_out": raw.sent.try_cast("int64"),
        "bytes_in": raw.answered.try_cast("int64"),
    }
