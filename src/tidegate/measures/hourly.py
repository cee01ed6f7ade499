"""Hourly roll-up of transfers: who sent how much to where, by which channel, hour by hour.

Every volume question is asked of this table, never of the events; it holds one event uid a row, its largest transfer.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
from ibis import _

_ROW = ("uid", "destination", "kind")  # names a row: one mail to two places is two rows with one uid


def hourly(transfers: ir.Table) -> ir.Table:
    """One row a (hour, actor, device, destination, kind, channel): bytes, files, events, times, largest uid."""
    return (
        transfers.mutate(hour=_.time.truncate("h"))
        .group_by("day", "hour", "actor", "device", "destination", "kind", "channel")
        .agg(
            bytes=_.bytes.sum().fill_null(0).cast("int64"),
            bytes_in=_.bytes_in.sum().fill_null(0).cast("int64"),
            files=_.files.sum().fill_null(0).cast("int64"),
            events=_.count(),
            first_time=_.time.min(),
            last_time=_.time.max(),
            uid=_.uid.first(order_by=(ibis.desc(_.bytes.fill_null(0)), "uid")),  # of equal ones always the same
        )
    )


def permitted(measure: ir.Table, permits: ir.Table) -> ir.Table:
    """Add `permitted`: within the dates, the holder, the destination and the running amount of an approval.

    permits: `permit, holder, destination, max_bytes, max_items, start, end`; null is not limited, but a permit without
    a destination permits no transfer. What a register and a sensor say of one delivery counts once: the amounts run by
    channel. A server that is nobody's may carry a delivery out for the holder.
    """
    running = ibis.window(group_by=("permit", "channel"), order_by=("hour", "uid"), preceding=(None, 0))
    covered = (
        measure.inner_join(permits, "destination")
        .filter(
            _.holder.isnull() | _.actor.isnull() | (_.holder == _.actor),
            _.start.isnull() | (_.day >= _.start),
            _.end.isnull() | (_.day <= _.end),
        )
        .mutate(sent=_.bytes.sum().over(running), pieces=_.files.sum().over(running))
        .filter(_.max_bytes.isnull() | (_.sent <= _.max_bytes), _.max_items.isnull() | (_.pieces <= _.max_items))
        .select(*_ROW, permitted=True)
        .distinct()
    )
    return measure.left_join(covered, _ROW).select(*measure.columns, permitted=_.permitted.fill_null(False))
