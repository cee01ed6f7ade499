"""Exim main log: what the mail server took in and handed on, in its own file or through syslog.

A message leaves one line as it arrives (`<=`, with its size and who handed it in) and one for each recipient; `message`
is Exim's id, which joins them. Times without an offset are taken to be UTC. Subjects are not kept.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from tidegate.sources import _fields as f
from tidegate.sources import _syslog as syslog
from tidegate.units import LINEAGE, Log, source

PROGRAM = r"exim\d?"
WRITTEN = r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)?(?: [+-]\d{4})?"
AFTER = r"(?:\[\d+\] )?"  # log_selector = +pid
MESSAGE = r"[0-9A-Za-z]{6}-[0-9A-Za-z]{6}-[0-9A-Za-z]{2}|[0-9A-Za-z]{6}-[0-9A-Za-z]{11}-[0-9A-Za-z]{4}"  # since 4.97
HEAD = rf"(?:^|{syslog.fields(PROGRAM)})(?:(?P<written>{WRITTEN}) )?{AFTER}"
PEER = r" H=(?:[^\s(\[]+ ?)?(?:\([^)]*\) ?)?\[([^\]]+)\](?::(\d+))?"
"""`H=name (what it calls itself) [address]:port`, of which only the address has to be there."""
OTHERS = (
    r"Start queue run|End queue run|exim \d|cwd=|H=|SMTP |TLS |DKIM: |Warning: |\S+ authenticator failed|no host name |"
    "no IP address |unexpected disconnection|rejected |Connection from |ident connection |refused |list matching |"
    "remote host |sender verify |daemon |host in |lowest numbered MX |U="
)

EXIM = Log(
    id="exim",
    title="Exim",
    formats=("lines",),
    how="Take /var/log/exim4/mainlog (or /var/log/exim/main.log) with its rotated parts.",
    reference="https://www.exim.org/exim-html-current/doc/html/spec_html/ch-log_files.html",
    files=("*mainlog*", "*exim*", "main.log*"),
    within="syslog",
    probe=rf"{syslog.header(PROGRAM)}|^{WRITTEN} {AFTER}(?:(?:{MESSAGE}) |{OTHERS})",
    # What is no arrival or delivery begins with a word; `*>` was not done, `blackhole` is nowhere.
    ignore=(
        rf"^(?:{syslog.header(PROGRAM)})?(?:{WRITTEN} )?{AFTER}"
        rf"(?:(?:{MESSAGE}) (?:[A-Za-z]|\*> |=> :?blackhole)|[A-Za-z])"
    ),
)


@source(
    log=EXIM,
    produces="email_activity",
    columns={"source_modified": "timestamp(6)"},
    pattern=(
        rf'{HEAD}(?P<message>{MESSAGE}) <= (?P<sender>\S+)(?P<about>.*?)(?: T=".*")?(?: from <[^>]*>)?'
        r'(?: for (?P<recipients>[^"]+))?$'
    ),
)
def exim(raw: ibis.Table) -> ibis.Table:
    """Messages as they come in, with their size and who handed them in."""
    # Of a host, U= is what that host says; of a bounce it is Exim itself.
    local = ~raw.about.contains(" H=") & (raw.sender != "<>")
    signed_in = f.text(raw.about.re_extract(r" A=[^: ]+:(\S+)", 1))
    return raw.select(
        *LINEAGE,
        time=_time(raw),
        activity=ibis.literal("Trace"),
        actor=f.lower(ibis.coalesce(signed_in, ibis.cases((local, _value(raw.about, "U"))))),
        device=_host(raw.about),
        src_ip=_address(raw.about),
        message=raw.message,
        sender=f.address(raw.sender).nullif("<>"),
        recipients=f.addresses(raw.recipients.split(" ")),
        bytes_out=_value(raw.about, "S").try_cast("int64"),
        operation=ibis.literal("<="),
    )


@source(
    log=EXIM,
    produces="email_activity",
    columns={"source_modified": "timestamp(6)"},
    pattern=(
        rf"{HEAD}(?P<message>{MESSAGE}) (?P<flag>[=-]>|>>|\*\*|==) (?P<recipient>[^\s:]\S*?):?"
        r"(?: <(?P<first>[^>]*)>)?(?P<about>(?::? .*)?)$"
    ),
    where=lambda raw: ~raw.record.contains("> blackhole "),
)
def exim_delivery(raw: ibis.Table) -> ibis.Table:
    """Deliveries, one for each recipient: Send to another host, Receive into a mailbox here, MTA Relay to a filter.

    `mailbox` is the address that was sent to in the first place, where an alias or a forwarding changed it.
    """
    failed = raw.flag.isin(("**", "=="))
    peer, first = _address(raw.about), f.address(raw.first)
    addressed = raw.recipient.contains("@") & ~raw.recipient.re_search("^[/|]")  # else a file, a pipe, or an account
    recipient = f.address(ibis.ifelse(addressed, raw.recipient, ibis.coalesce(first, raw.recipient)))
    activity = ibis.cases(
        (peer.re_search(r"^(?:127\.|::1$)"), "MTA Relay"),
        (peer.isnull() & ~failed, "Receive"),
        else_="Send",
    )
    return raw.select(
        *LINEAGE,
        time=_time(raw),
        activity=activity,
        status=ibis.ifelse(failed, "Failure", "Success"),
        dst_host=_host(raw.about),
        dst_ip=peer,
        dst_port=raw.about.re_extract(PEER, 2).try_cast("int32"),
        message=raw.message,
        sender=f.lower(raw.about.re_extract(r" F=<([^>]*)>", 1)),
        recipients=ibis.array([recipient]),
        bytes_out=_value(raw.about, "S").try_cast("int64"),
        mailbox=ibis.cases(((activity == "Send") & addressed & (first != recipient), first)),
        operation=raw.flag,
    )


@source(
    log=EXIM,
    produces="authentication",
    columns={"source_modified": "timestamp(6)"},
    pattern=(
        rf"{HEAD}(?P<method>\S+) authenticator failed for (?P<peer>.*?\[[^\]]+\])(?::\d+)?(?: I=\S+)?(?: U=\S+)?: "
        r"(?P<reason>[^(]*)(?:\(set_id=(?P<account>[^)]*)\))?"
    ),
)
def exim_sign_in(raw: ibis.Table) -> ibis.Table:
    """Sign-ins that failed; those that succeed are the actors of what they handed in."""
    peer = " H=" + raw.peer
    return raw.select(
        *LINEAGE,
        time=_time(raw),
        activity=ibis.literal("Logon"),
        status=ibis.literal("Failure"),
        actor=f.lower(raw.account),
        device=_host(peer),
        src_ip=_address(peer),
        service=ibis.literal("smtp"),
        protocol=raw.method,
        detail=f.text(raw.reason),
    )


def _time(raw: ibis.Table) -> ir.TimestampValue:
    """Exim's own time, else that of syslog, which need not repeat it."""
    own = raw.written.re_replace(" ([+-])", r"\1").replace(" ", "T")
    return ibis.coalesce(f.iso(own), syslog.time(raw.stamp, raw.source_modified))


def _value(about: ir.StringValue, key: str) -> ir.StringValue:
    """What follows ` key=`."""
    return f.text(about.re_extract(rf" {key}=(\S+)", 1))


def _host(about: ir.StringValue) -> ir.StringValue:
    """Its name as looked up, else what it calls itself."""
    return f.lower(about.re_extract(r" H=\(?([^\s()\[\]]+)", 1))


def _address(about: ir.StringValue) -> ir.StringValue:
    return f.ip(about.re_extract(PEER, 1))
