"""Daily roll-up of mail with the outside: who writes to whom, and whether anybody ever writes back."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
from ibis import _

from tidegate.measures._places import done

_DOMAIN = r"@(.+)$"


def correspondence(mail: ir.Table) -> ir.Table:
    """One row a (day, mailbox, other): mails sent, mails received, bytes, those with attachments, times, first uid.

    other is an address at another domain than the mailbox's. Of a queue's records of one message the first says who
    sent it and the later ones to whom: the sender is the latest that the message named so far.
    """
    queue = ibis.window(group_by="message", order_by=("time", "source_line"), preceding=(None, 0))
    steps = mail.filter(done(_.status)).mutate(message=ibis.coalesce(_.message, _.uid))
    turns = steps.mutate(turn=_.sender.notnull().sum().over(queue))
    queued = _.sender.max().over(ibis.window(group_by=("message", "turn")))
    known = turns.mutate(sender=ibis.coalesce(_.sender, _.actor, queued).lower())
    happened = known.filter(_.recipients.length() > 0)
    sent = _pairs(happened.filter(_.activity == "Send"), way="sent")
    received = _pairs(happened.filter(_.activity == "Receive"), way="received")
    pairs = sent.union(received).filter(
        _.mailbox.contains("@"),
        _.other.contains("@"),
        _.mailbox.re_extract(_DOMAIN, 1) != _.other.re_extract(_DOMAIN, 1),
    )
    return pairs.group_by("day", "mailbox", "other").agg(
        sent=(_.way == "sent").sum(),
        received=(_.way == "received").sum(),
        bytes=ibis.ifelse(_.way == "sent", _.bytes_out, 0).sum().fill_null(0).cast("int64"),
        attached=((_.way == "sent") & (_.attachments.length() > 0)).sum().fill_null(0),
        first_time=_.time.min(),
        last_time=_.time.max(),
        device=_.device.first(order_by=("time", "uid")),
        uid=_.uid.first(order_by=(ibis.asc(_.way != "sent"), "time", "uid")),
    )


def _pairs(mail: ir.Table, *, way: str) -> ir.Table:
    """Each mail once a recipient, its own side and the other."""
    one = mail.unnest("recipients")
    recipient = one.recipients.lower()
    mailbox, other = (one.sender, recipient) if way == "sent" else (recipient, one.sender)
    return one.select(
        "uid",
        "time",
        "day",
        "device",
        "bytes_out",
        "attachments",
        mailbox=mailbox,
        other=other,
        way=ibis.literal(way),
    )
