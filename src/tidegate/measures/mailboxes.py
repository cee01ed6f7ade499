"""Hourly roll-up of mailboxes that others than their owners were in: who read, sent or deleted in whose.

Reading the own mailbox is nearly all there is, and none of it is kept.
"""

from __future__ import annotations

import ibis.expr.types as ir
from ibis import _

from tidegate.measures._places import done


def mailboxes(mail: ir.Table) -> ir.Table:
    """One row an (hour, actor, device, address, mailbox): items, events, first and last time, uid of the first."""
    foreign = mail.filter(
        _.mailbox.notnull(), _.actor.notnull(), _.actor != _.mailbox, _.activity != "Receive", done(_.status)
    )
    return (
        foreign.mutate(hour=_.time.truncate("h"))
        .group_by("day", "hour", "actor", "device", "src_ip", "mailbox")
        .agg(
            items=_["items"].fill_null(1).sum(),
            events=_.count(),
            first_time=_.time.min(),
            last_time=_.time.max(),
            uid=_.uid.first(order_by=("time", "uid")),
        )
    )
