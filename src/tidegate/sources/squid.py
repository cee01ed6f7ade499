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


@source(log=SQUID, produces="http_activity", columns={}, where=lambda raw: raw.record.re_search(NATIVE) & _asked(raw))
def squid_native(raw: ibis.Table) -> ibis.Table:
    """Requests in the native format: time elapsed client code/status size method URL user hierarchy/peer type."""
    # Cut at its spaces, not by a pattern: with as many groups as there are fields that takes five times as long.
    parts = raw.record.split(" ").filter(lambda part: part != "")
    # Only a direct answer comes from the server itself; else the peer is another cache.
    peer = parts[8].split("/")
    direct = peer[0].isin(("DIRECT", "HIER_DIRECT"))
    return raw.select(
        *LINEAGE,
        time=f.epoch(parts[0].try_cast("float64")),
        dst_ip=ibis.cases((direct, f.ip(peer[1]))),
        mime_type=parts[9].nullif("-"),
        **_request(parts[2], parts[7], parts[5], parts[6], parts[3].split("/")[1], parts[4], parts[10]),
    )


@source(log=SQUID, produces="http_activity", columns={}, pattern=COMBINED, where=_asked)
def squid_combined(raw: ibis.Table) -> ibis.Table:
    """Requests in the combined or common format: client - user [time] "method URL" status size "referer" "agent"."""
    time = raw.year + "-" + f.month(raw.month) + "-" + raw.day + "T" + raw.clock + raw.zone.fill_null("")
    asked = _request(raw.client, raw.user, raw.method, raw.url, raw.code, raw.answered, raw.sent)
    return raw.select(*LINEAGE, time=f.iso(time), user_agent=raw.agent.nullif("-"), **asked)


def _request(
    client: ir.StringValue,
    user: ir.StringValue,
    method: ir.StringValue,
    url: ir.StringValue,
    code: ir.StringValue,
    answered: ir.StringValue,
    sent: ir.StringValue,
) -> dict[str, ir.Value]:
    """What both formats say of a request. Through CONNECT the bytes are those of the whole tunnel."""
    status = code.try_cast("int32").nullif(0)
    usual = url.re_extract(r"^(\w+)://", 1).cases(*PORTS.items(), else_=ibis.null("int32"))
    return {
        "src_ip": client,
        "actor": user.nullif("-").lower(),
        "activity": method.capitalize(),
        "status": f.outcome(status),
        "status_code": status,
        "url": url,
        "dst_host": f.url_host(url),
        "dst_port": ibis.coalesce(f.url_port(url), usual),
        "file_name": ibis.cases((method == "PUT", f.url_leaf(url))),  # stored under this name
        "bytes_out": sent.try_cast("int64"),
        "bytes_in": answered.try_cast("int64"),
    }
