"""Daily roll-up of who acted in which log: how many people there were to be compared with, and since when."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
from ibis import _


def seen(**logs: ir.Table) -> ir.Table:
    """One row a (day, actor, log): events, first and last time, uid of the first. logs: class tables by name."""
    acts = (
        table.filter(_.actor.notnull()).select("uid", "time", "day", "actor", log=ibis.literal(name))
        for name, table in logs.items()
    )
    return (
        ibis.union(*acts)
        .group_by("day", "actor", "log")
        .agg(
            events=_.count(),
            first_time=_.time.min(),
            last_time=_.time.max(),
            uid=_.uid.first(order_by=("time", "uid")),
        )
    )
