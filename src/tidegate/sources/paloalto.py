"""Palo Alto Networks firewalls (PAN-OS 9 to 11): sessions, web requests, files and threats.

Records are fields parted by commas, whose place says what they are: through syslog, and in the CSV that the web
interface exports, which has them in the same order under a header. From PAN-OS 10 on they end with a time that has a
zone; where there is none, the generated time is taken as UTC.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

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
# Places of fields, from 0; up to the action those of sessions and of threats are the same.
BOTH = {
    "subtype": 4, "generated": 6, "src": 7, "dst": 8, "src_user": 12, "dst_user": 13, "app": 14, "session": 22,
    "sport": 24, "dport": 25, "protocol": 29, "action": 30,
}  # fmt: skip
TRAFFIC = BOTH | {
    "sent": 32, "received": 33, "elapsed": 36, "packets_sent": 44, "packets_received": 45, "end_reason": 46,
    "src_host": 82, "src_mac": 83, "precise": 102,
}  # fmt: skip
THREAT = BOTH | {
    "url": 31, "threat": 32, "severity": 34, "direction": 35, "content_type": 41, "agent": 46, "method": 63,
    "precise": 107,
}  # fmt: skip
USERID = {"subtype": 4, "generated": 6, "src": 8, "user": 9, "learnt_from": 10}
UNKNOWN = ("incomplete", "insufficient-data", "not-applicable")  # what stands for an application
PASSED = ("alert", "allow", "continue", "forward", "override", "wildfire-upload-success")
_COMMA = "\x1f"  # stands for a comma between quotation marks while the record is cut at the others


def record_is(kind: str, subtype: str) -> Callable[[ir.Table], ir.BooleanValue]:
    """Holds for records of this type and subtype, both RE2."""
    return lambda raw: raw.record.re_search(rf'^[^,]*,[^,]*,[^,]*,"?{kind}"?,"?(?:{subtype})"?,')


def cut(raw: ir.Table, places: Mapping[str, int]) -> ir.Table:
    """The records with the fields at these places, null where they are empty."""
    marked = (
        raw.record.split('"').map(lambda text, i: ibis.ifelse(i % 2 == 1, text.replace(",", _COMMA), text)).join("")
    )
    parts = ibis.ifelse(raw.record.contains('"'), marked, raw.record).split(",")
    each = raw.select(*LINEAGE, parts=parts)
    return each.select(*LINEAGE, **{name: each.parts[place].nullif("") for name, place in places.items()})


def ends(each: ir.Table, turned: ir.BooleanValue) -> dict[str, ir.Value]:
    """When, and who with whom: addresses before any translation; the session joins the records of one connection.

    turned: where the record has the server first.
    """
    pairs = (("src", "dst"), ("sport", "dport"), ("src_user", "dst_user"))
    (src, dst), (sport, dport), (user, _) = (
        (ibis.ifelse(turned, each[b], each[a]), ibis.ifelse(turned, each[a], each[b])) for a, b in pairs
    )
    return {
        "time": ibis.coalesce(f.iso(each.precise), f.iso(each.generated)),
        "actor": f.lower(user),
        "src_ip": src,
        "src_port": sport.try_cast("int32"),
        "dst_ip": dst,
        "dst_port": dport.try_cast("int32"),
        "connection": n.session(each.session, src, sport, dst, dport),
    }


def answered(each: ir.Table) -> ir.BooleanValue:
    """Holds for what a server answered, which is logged with the server first: a client's port is the higher one."""
    lower = each.sport.try_cast("int32") < each.dport.try_cast("int32")
    return (each.direction == "server-to-client") & lower


def written(column: ir.StringValue) -> ir.StringValue:
    """A text that may have had commas."""
    return f.text(column.replace(_COMMA, ","))


@source(log=PALOALTO, produces="network_activity", where=record_is("TRAFFIC", "start|end|drop|deny"))
def paloalto_traffic(raw: ibis.Table) -> ibis.Table:
    """Sessions: bytes, packets and duration as they end; what was refused; what begins, as yet without bytes."""
    each = cut(raw, TRAFFIC)
    begins = each.subtype == "start"  # the record of the end counts from the beginning
    activity = ibis.cases(
        (each.subtype.isin(("drop", "deny")) | (each.action != "allow"), "Refuse"),
        (each.app == "incomplete", "Fail"),  # no handshake came about
        (begins, "Open"),
        else_="Traffic",
    )
    sent, received = (ibis.cases((~begins, count.try_cast("int64"))) for count in (each.sent, each.received))
    whole = ~each.record.contains("{")  # a list of SD-WAN links has commas of its own: places after it are off
    return each.select(
        *LINEAGE,
        **ends(each, ibis.literal(False)),
        device=ibis.cases((whole, f.lower(each.src_host))),
        src_mac=ibis.cases((whole, n.mac(each.src_mac))),
        protocol=n.protocol(each.protocol),
        service=ibis.cases((~each.app.isin(UNKNOWN), each.app)),
        duration_ms=f.milliseconds(each.elapsed.try_cast("int64")),
        packets_out=each.packets_sent.try_cast("int64"),
        packets_in=each.packets_received.try_cast("int64"),
        state=each.end_reason.nullif("n/a"),
        **n.outcome(activity, sent, received),
    )


@source(log=PALOALTO, produces="http_activity", where=record_is("THREAT", "url"))
def paloalto_url(raw: ibis.Table) -> ibis.Table:
    """Web requests that URL filtering looked at; their bytes are in their session."""
    each = cut(raw, THREAT)
    url = written(each.url)
    return each.select(
        *LINEAGE,
        **ends(each, answered(each)),
        activity=each["method"].nullif("unknown").capitalize(),
        status=ibis.ifelse(each.action.isin(PASSED), "Success", "Failure"),
        dst_host=f.url_host(url),
        url=url,  # without its scheme
        user_agent=written(each.agent),
        mime_type=each.content_type,
    )


@source(log=PALOALTO, produces="file_activity", where=record_is("THREAT", "file"))
def paloalto_file(raw: ibis.Table) -> ibis.Table:
    """Files that crossed the firewall: read from the other side, or copied to it."""
    each = cut(raw, THREAT)
    connection = ends(each, answered(each))
    return each.select(
        *LINEAGE,
        **{name: connection[name] for name in ("time", "actor", "src_ip")},
        activity=ibis.ifelse(each.direction == "client-to-server", "Copy", "Read"),
        status=ibis.ifelse(each.action.isin(PASSED), "Success", "Failure"),
        medium=connection["dst_ip"],
        file_name=f.url_leaf(written(each.url)),
        file_path=written(each.url),
    )


@source(
    log=PALOALTO,
    produces="detection_finding",
    where=lambda raw: record_is("THREAT", "[a-z-]+")(raw) & ~record_is("THREAT", "url|file")(raw),
)
def paloalto_threat(raw: ibis.Table) -> ibis.Table:
    """What a signature, a data pattern or WildFire found in a session."""
    each = cut(raw, THREAT)
    name = written(each.threat)  # `name(number)`
    return each.select(
        *LINEAGE,
        **ends(each, answered(each)),
        activity=ibis.literal("Create"),
        rule=ibis.coalesce(f.text(name.re_replace(r"\(\d+\)$", "")), name),
        rule_uid=f.text(name.re_extract(r"\((\d+)\)$", 1)),
        severity=each.severity.capitalize(),
        category=each.subtype,
        action=ibis.ifelse(each.action.isin(PASSED), "Allowed", "Denied"),
    )


@source(log=PALOALTO, produces="authentication", where=record_is("USERID", "login|logout"))
def paloalto_userid(raw: ibis.Table) -> ibis.Table:
    """Who was at an address, as User-ID learnt it."""
    each = cut(raw, USERID)
    return each.select(
        *LINEAGE,
        time=f.iso(each.generated),
        activity=ibis.ifelse(each.subtype == "login", "Logon", "Logoff"),
        status=ibis.literal("Success"),
        actor=f.lower(each.user),
        src_ip=each.src,
        service=each.learnt_from,
    )
