"""Palo Alto Networks firewalls (PAN-OS 9 to 11): sessions, web requests, files and threats.

Records are fields parted by commas, whose place says what they are: through syslog, and in the CSV that the web
interface exports, which has them in the same order under a header. From PAN-OS 10 on they end with a time that has a
zone; where there is none, the generated time is taken as UTC.
"""

from __future__ import annotations

from collections.abc import Callable

import ibis
import ibis.expr.types as ir

from tidegate.sources import _fields as f
from tidegate.sources import _network as n
from tidegate.units import LINEAGE, Log, source

# Types of records about the firewall itself, and about tunnels whose sessions it logs as well.
OWN = "AUDIT|AUTHENTICATION|CONFIG|CORRELATION|DECRYPTION|GLOBALPROTECT|GTP|HIPMATCH|HIP-MATCH|IPTAG|SCTP|SYSTEM"
HEADER = r'^"?Domain"?,"?Receive Time"?,'
PALOALTO = Log(
    id="paloalto",
    title="Palo Alto Networks PAN-OS",
    formats=("lines",),
    how="Forward Traffic, Threat and URL Filtering logs to syslog in the default format, or export them as CSV.",
    reference="https://docs.paloaltonetworks.com/ngfw/administration/monitoring/use-syslog-for-monitoring/"
    "syslog-field-descriptions",
    files=("*paloalto*", "*panos*", "*pan-os*"),
    probe=rf'(?:{HEADER}|^[^,]*,"?\d{{4}}/\d\d/\d\d \d\d:\d\d:\d\d"?,"?\w*"?,"?[A-Z][A-Z-]+"?,)',
    ignore=rf'(?:{HEADER}|^[^,]*,[^,]*,[^,]*,"?(?:{OWN})"?,)',
)
# Places of fields, from 0. Up to the action both kinds of records are the same.
SUBTYPE, GENERATED, SRC, DST, SRC_USER, DST_USER, APP, SESSION, SPORT, DPORT, PROTO, ACTION = (
    4, 6, 7, 8, 12, 13, 14, 22, 24, 25, 29, 30
)  # fmt: skip
SENT, RECEIVED, ELAPSED, PACKETS_SENT, PACKETS_RECEIVED, END_REASON, SRC_HOST, SRC_MAC, TRAFFIC_PRECISE = (
    32, 33, 36, 44, 45, 46, 82, 83, 102
)  # fmt: skip
URL, THREAT, SEVERITY, DIRECTION, CONTENT_TYPE, AGENT, METHOD, THREAT_PRECISE = (
    31, 32, 34, 35, 41, 46, 63, 107
)  # fmt: skip
Cell = Callable[[int], ir.StringValue]
UNKNOWN = ("incomplete", "insufficient-data", "not-applicable")  # what stands for an application
PASSED = ("alert", "allow", "continue", "forward", "override", "wildfire-upload-success")
_COMMA = "\x1f"  # stands for a comma between quotation marks while the record is cut at the others


def record_is(kind: str, subtype: str) -> Callable[[ir.Table], ir.BooleanValue]:
    """Holds for records of this type and subtype, both RE2."""
    return lambda raw: raw.record.re_search(rf'^[^,]*,[^,]*,[^,]*,"?{kind}"?,"?(?:{subtype})"?,')


def cut(raw: ir.Table) -> ir.Table:
    """The records with their fields, `parts`."""
    marked = raw.record.split('"').map(lambda text, i: ibis.ifelse(i % 2 == 1, text.replace(",", _COMMA), text)).join("")
    return raw.select(*LINEAGE, parts=ibis.ifelse(raw.record.contains('"'), marked, raw.record).split(","))


def cells(each: ir.Table) -> Cell:
    """The field at a place, null where it is empty."""
    return lambda place: f.text(each.parts[place].replace(_COMMA, ","))


def base(cell: Cell, precise: int) -> dict[str, ir.Value]:
    """When, and who with whom: addresses before any translation; the session joins the records of one connection."""
    # What a server answered with is logged with the server first; a client's port is the higher one.
    turned = (cell(DIRECTION) == "server-to-client") & (cell(SPORT).try_cast("int32") < cell(DPORT).try_cast("int32"))
    pairs = ((SRC, DST), (SPORT, DPORT), (SRC_USER, DST_USER))
    (src, dst), (sport, dport), (user, _) = (
        (ibis.ifelse(turned, cell(b), cell(a)), ibis.ifelse(turned, cell(a), cell(b))) for a, b in pairs
    )
    return {
        "time": ibis.coalesce(f.iso(cell(precise)), f.iso(cell(GENERATED))),
        "actor": f.lower(user),
        "src_ip": src,
        "src_port": sport.try_cast("int32"),
        "dst_ip": dst,
        "dst_port": dport.try_cast("int32"),
        "connection": n.session(cell(SESSION), src, sport, dst, dport),
    }


@source(log=PALOALTO, produces="network_activity", where=record_is("TRAFFIC", "start|end|drop|deny"))
def paloalto_traffic(raw: ibis.Table) -> ibis.Table:
    """Sessions: bytes, packets and duration as they end; what was refused; what begins, as yet without bytes."""
    each = cut(raw)
    cell = cells(each)
    number = {
        place: cell(place).try_cast("int64") for place in (SENT, RECEIVED, ELAPSED, PACKETS_SENT, PACKETS_RECEIVED)
    }
    begins = cell(SUBTYPE) == "start"  # the record of the end counts from the beginning
    activity = ibis.cases(
        (cell(SUBTYPE).isin(("drop", "deny")) | (cell(ACTION) != "allow"), "Refuse"),
        (cell(APP) == "incomplete", "Fail"),  # no handshake came about
        (begins, "Open"),
        else_="Traffic",
    )
    sent, received = (ibis.ifelse(begins, ibis.null("int64"), number[place]) for place in (SENT, RECEIVED))
    whole = ~each.record.contains("{")  # a list of SD-WAN links has commas of its own: places after it are off
    return each.select(
        *LINEAGE,
        **base(cell, TRAFFIC_PRECISE),
        device=ibis.cases((whole, f.lower(cell(SRC_HOST)))),
        src_mac=ibis.cases((whole, n.mac(cell(SRC_MAC)))),
        protocol=n.protocol(cell(PROTO)),
        service=ibis.cases((~cell(APP).isin(UNKNOWN), cell(APP))),
        duration_ms=number[ELAPSED] * 1000,
        packets_out=number[PACKETS_SENT],
        packets_in=number[PACKETS_RECEIVED],
        state=cell(END_REASON).nullif("n/a"),
        **n.outcome(activity, sent, received),
    )


@source(log=PALOALTO, produces="http_activity", where=record_is("THREAT", "url"))
def paloalto_url(raw: ibis.Table) -> ibis.Table:
    """Web requests that URL filtering looked at; their bytes are in their session."""
    each = cut(raw)
    cell = cells(each)
    return each.select(
        *LINEAGE,
        **base(cell, THREAT_PRECISE),
        activity=cell(METHOD).nullif("unknown").capitalize(),
        status=ibis.ifelse(cell(ACTION).isin(PASSED), "Success", "Failure"),
        dst_host=f.url_host(cell(URL)),
        url=cell(URL),  # without its scheme
        user_agent=cell(AGENT),
        mime_type=cell(CONTENT_TYPE),
    )


@source(log=PALOALTO, produces="file_activity", where=record_is("THREAT", "file"))
def paloalto_file(raw: ibis.Table) -> ibis.Table:
    """Files that crossed the firewall: read from the other side, or copied to it."""
    each = cut(raw)
    cell = cells(each)
    ends = base(cell, THREAT_PRECISE)
    return each.select(
        *LINEAGE,
        **{name: ends[name] for name in ("time", "actor", "src_ip")},
        activity=ibis.ifelse(cell(DIRECTION) == "client-to-server", "Copy", "Read"),
        status=ibis.ifelse(cell(ACTION).isin(PASSED), "Success", "Failure"),
        medium=ends["dst_ip"],
        file_name=f.url_leaf(cell(URL)),
        file_path=cell(URL),
    )


@source(
    log=PALOALTO,
    produces="detection_finding",
    where=lambda raw: record_is("THREAT", "[a-z-]+")(raw) & ~record_is("THREAT", "url|file")(raw),
)
def paloalto_threat(raw: ibis.Table) -> ibis.Table:
    """What a signature, a data pattern or WildFire found in a session."""
    each = cut(raw)
    cell = cells(each)
    name = cell(THREAT)  # `name(number)`
    return each.select(
        *LINEAGE,
        **base(cell, THREAT_PRECISE),
        activity=ibis.literal("Create"),
        rule=ibis.coalesce(f.text(name.re_replace(r"\(\d+\)$", "")), name),
        rule_uid=f.text(name.re_extract(r"\((\d+)\)$", 1)),
        severity=cell(SEVERITY).capitalize(),
        category=cell(SUBTYPE),
        action=ibis.ifelse(cell(ACTION).isin(PASSED), "Allowed", "Denied"),
    )


@source(log=PALOALTO, produces="authentication", where=record_is("USERID", "login|logout"))
def paloalto_userid(raw: ibis.Table) -> ibis.Table:
    """Who was at an address, as User-ID learnt it."""
    each = cut(raw)
    cell = cells(each)
    return each.select(
        *LINEAGE,
        time=f.iso(cell(GENERATED)),
        activity=ibis.ifelse(cell(SUBTYPE) == "login", "Logon", "Logoff"),
        status=ibis.literal("Success"),
        actor=f.lower(cell(9)),
        src_ip=cell(8),
        service=cell(10),  # the source that said so
    )
