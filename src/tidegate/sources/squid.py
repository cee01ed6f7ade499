"""Squid web proxy access log, in its native format and in the combined and common ones.

Squid logs what it answered, not what it was sent. Where `%>st` (size of the request) is added at the end of the
format, as the catalogue advises, uploads have bytes too.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from tidegate.sources import _fields as f
from tidegate.units import LINEAGE, Log, source

NATIVE = r"^\d+\.\d{3} +-?\d+ \S+ [A-Z_]+/(?:\d{3}|-) \d+ \S+ \S+ \S+ [A-Z_]+/\S+ \S+"
# The `TCP_MISS:HIER_DIRECT` at the end tells a proxy's log from that of a web server.
COMBINED = r'^\S+ \S+ \S+ \[[^\]]+\] "[^"]+" (?:\d{3}|-) \d+ (?:"[^"]*" ".*" )?[A-Z_]+:[A-Z_]+'
PORTS = {"http": "80", "https": "443", "ftp": "21"}

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
    probe=f"(?:{NATIVE}|{COMBINED})",
    ignore=" error:[a-z-]+ ",  # a connection closed before it asked for anything
)


@source(
    log=SQUID,
    produces="http_activity",
    columns={},
    where=lambda raw: raw.record.re_search(NATIVE) & ~raw.record.contains(" error:"),
)
def squid_native(raw: ibis.Table) -> ibis.Table:
    """Requests in the native format: time elapsed client code/status size method URL user hierarchy/peer type."""
    part = raw.record.re_replace(r"^(\S+) +", r"\1 ").split(" ")  # only the second field is padded
    return raw.select(
        *LINEAGE,
        time=f.epoch(part[0].try_cast("float64")),
        src_ip=part[2],
        actor=_given(part[7]).lower(),
        # Only a direct answer comes from the server itself; else the peer is another cache.
        dst_ip=f.ip(part[8].re_extract(r"^(?:HIER_)?DIRECT/(.+)$", 1)),
        mime_type=_given(part[9]),
        **_request(part[5], part[6], part[3].split("/")[1], part[4], part[10]),
    )


@source(
    log=SQUID,
    produces="http_activity",
    columns={},
    where=lambda raw: raw.record.re_search(COMBINED) & ~raw.record.contains(" error:"),
)
def squid_combined(raw: ibis.Table) -> ibis.Table:
    """Requests in the combined or common format: client - user [time] "method URL" status size "referer" "agent"."""
    quoted = raw.record.split('"')
    before, asked, after = quoted[0].split(" "), quoted[1].split(" "), quoted[2].split(" ")
    stamp = quoted[0].re_extract(r"\[([^\]]+)\]", 1)  # 22/Nov/2025:03:58:01 +0100
    return raw.select(
        *LINEAGE,
        time=f.iso(
            stamp.re_extract(r"/(\d{4}):", 1)
            + "-"
            + f.month(stamp.re_extract(r"/(\w{3})/", 1))
            + "-"
            + stamp.re_replace(r"^(\d\d)/\w+/\d+:([\d:]+) ?(\S*)$", r"\1T\2\3")
        ),
        src_ip=before[0],
        actor=_given(before[2]).lower(),
        user_agent=_given(raw.record.re_extract(r'\d "[^"]*" "(.*)" [A-Z_]+:[A-Z_]+', 1)),
        **_request(asked[0], asked[1], after[1], after[2], raw.record.re_extract(r":[A-Z_]+ (\d+)$", 1)),
    )


def _request(
    method: ir.StringValue, url: ir.StringValue, code: ir.StringValue, answered: ir.StringValue, sent: ir.StringValue
) -> dict[str, ir.Value]:
    """What both formats say of a request. Through CONNECT the bytes are those of the whole tunnel."""
    status = code.try_cast("int32").nullif(0)
    scheme = url.re_extract(r"^(\w+)://", 1)
    port = ibis.coalesce(
        f.text(url.re_extract(r"^(?:\w+://)?(?:\[[^\]]*\]|[^/:]*):(\d+)", 1)),
        f.lookup(scheme, PORTS, other=ibis.null("string")),
    )
    return {
        "activity": method.capitalize(),
        "status": f.outcome(status),
        "status_code": status,
        "url": url,
        "dst_host": f.url_host(url),
        "dst_port": port.try_cast("int32"),
        "file_name": ibis.cases((method == "PUT", f.url_leaf(url))),  # stored under this name
        "bytes_out": sent.try_cast("int64"),
        "bytes_in": answered.try_cast("int64"),
    }


def _given(column: ir.StringValue) -> ir.StringValue:
    return f.text(column).nullif("-")
