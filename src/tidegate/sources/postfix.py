"""Postfix mail log: what the mail server took in and handed on, through syslog.

One message leaves several lines that share its queue id: who handed it in (smtpd, pickup), its sender and size (qmgr),
and one for each recipient (smtp, lmtp, local, virtual, pipe). Each is an event; `message` is the queue id, which joins
them. Times without an offset are taken to be UTC.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from tidegate.sources import _fields as f
from tidegate.sources import _syslog as syslog
from tidegate.units import LINEAGE, Log, source

# A queue id is hexadecimal or, where long ids are on, made of digits and consonants: never a word.
QUEUE_ID = r"[0-9A-F]{6,}|[0-9B-DF-HJ-NP-TV-Zb-df-hj-np-tv-z]{10,}"
OTHERS = r"(?:amavis|clamd|dovecot|opendkim|opendmarc|policyd-spf|postgrey|rspamd|saslauthd|spamd)(?:\([^)]*\))?"

POSTFIX = Log(
    id="postfix",
    title="Postfix",
    formats=("lines",),
    how="Take /var/log/mail.log (or maillog) with its rotated parts; keep their dates, as its times may have no year.",
    reference="https://www.postfix.org/postconf.5.html#enable_long_queue_ids",
    files=("mail.log*", "maillog*", "*postfix*.log*"),
    within="syslog",
    probe=syslog.header(rf"postfix\S*|{OTHERS}"),
    # The neighbours in mail.log; lines without a queue id; and what says of one only its message id, or no `key=`.
    ignore=(
        syslog.header(OTHERS)
        + "|"
        + r"\]: (?:[^ :]+ |(?:[a-z]+|NOQUEUE): |\w+: (?:(?:resent-)?message-id=|[A-Za-z-]*[^A-Za-z=-]|[A-Za-z-]+$))"
    ),
)
LOCAL = ("lmtp", "local", "pipe", "virtual")  # delivery agents that put mail into a mailbox here


@source(
    log=POSTFIX,
    produces="email_activity",
    columns={"source_modified": "timestamp(6)"},
    pattern=syslog.fields(r"postfix\S*/(?P<agent>\w+)") + rf"(?P<queue_id>{QUEUE_ID}): (?:client|from|to|uid)=",
)
def postfix(raw: ibis.Table) -> ibis.Table:
    """Steps of a message through the server: Trace as it comes in, then Send, Receive or MTA Relay per recipient."""
    line = raw.record
    agent, state = raw.agent, _value(line, "status")
    sender, recipient = _address(line, "from"), _address(line, "to")
    client, relay = _value(line, "client"), _value(line, "relay")
    relay_ip = _bracketed(relay)
    activity = ibis.cases(
        (recipient.isnull(), "Trace"),
        (agent.isin(LOCAL), "Receive"),
        (relay_ip.re_search(r"^(?:127\.|::1$)"), "MTA Relay"),  # through a filter on this host, to come back
        else_="Send",
    )
    return raw.select(
        *LINEAGE,
        time=syslog.time(raw.stamp, raw.source_modified),
        activity=activity,
        status=ibis.cases((state == "sent", "Success"), (state.notnull(), "Failure")),
        actor=ibis.ifelse(agent == "pickup", sender, f.lower(_value(line, "sasl_username"))),
        device=_named(client),
        src_ip=_bracketed(client),
        dst_host=_named(relay),
        dst_ip=relay_ip,
        dst_port=relay.re_extract(r"\]:(\d+)$", 1).try_cast("int32"),
        message=raw.queue_id,
        sender=sender,
        recipients=ibis.ifelse(recipient.isnull(), ibis.null("array<string>"), ibis.array([recipient])),
        bytes_out=_value(line, "size").try_cast("int64"),
        operation=agent,
    )


def _value(line: ir.StringValue, key: str) -> ir.StringValue:
    """What follows `key=`."""
    return f.text(line.re_extract(rf"[ ,]{key}=([^ ,]+)", 1))


def _address(line: ir.StringValue, key: str) -> ir.StringValue:
    """The address in `key=<…>`; an empty one, the sender of a bounce, is null."""
    return f.lower(line.re_extract(rf": (?:uid=\d+ )?{key}=<([^>]*)>", 1))


def _named(peer: ir.StringValue) -> ir.StringValue:
    """Host name of `name[address]:port`."""
    return f.lower(peer.re_extract(r"^([^\[]+)\[", 1)).nullif("unknown")


def _bracketed(peer: ir.StringValue) -> ir.StringValue:
    """Address of `name[address]:port`; a socket's path is none."""
    return f.ip(peer.re_extract(r"\[([^\]]+)\]", 1))
