"""Hourly roll-up of transfers: who sent how much to where, by which channel, hour by hour.

Every volume question is asked of this table, never of the events; it holds one event uid a row, its largest transfer.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
from ibis import _

_ROW = ("uid", "destination", "kind")  # names a row: one mail to two places is two rows with one uid


def hourly(transfers: ir.Table) -> ir.Table:
    """One row a (hour, actor, device, destination, kind, channel): bytes, files, events, times, largest uid.

    Transfers with a `scope`, the narrowest place that a permit names and they went to, are kept apart by it too.
    """
    scope = tuple(name for name in transfers.columns if name == "scope")
    return (
        transfers.mutate(hour=_.time.truncate("h"))
        .group_by("day", "hour", "actor", "device", "destination", "kind", "channel", *scope)
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


COVERS = ("covered", "exceeded", "expired", "early", "other holder", "none")
"""What permits say of a transfer, the better first: of several permits the best answer counts."""


def permitted(measure: ir.Table, permits: ir.Table) -> ir.Table:
    """Add `cover`, what permits say of it (one of `COVERS`), the `permit` that says so, and `permitted`, if covered.

    permits: `permit, holder, destination, max_bytes, max_items, start, end`; null is not limited, but a permit without
    a destination permits no transfer. What a register and a sensor say of one delivery counts once: the amounts run by
    channel. A server that is nobody's may carry a delivery out for the holder. Where both tables have a `scope`, the
    mailbox, host or network that a permit names, that is compared instead of the registered domain.
    """
    place = "scope" if "scope" in measure.columns and "scope" in permits.columns else "destination"
    running = ibis.window(group_by=("permit", "channel", "within"), order_by=("hour", "uid"), preceding=(None, 0))
    theirs = _.holder.isnull() | _.actor.isnull() | (_.holder == _.actor)
    named = permits.select(
        "permit", "holder", "max_bytes", "max_items", "start", "end", place_="destination"
    ).distinct()
    asked = (
        measure.inner_join(named, measure[place] == named.place_)
        .mutate(theirs=theirs, late=(_.day > _.end).fill_null(False), early=(_.day < _.start).fill_null(False))
        .mutate(within=_.theirs & ~_.late & ~_.early)
        .mutate(sent=_.bytes.sum().over(running), pieces=_.files.sum().over(running))
    )
    over = (asked.sent > asked.max_bytes).fill_null(False) | (asked.pieces > asked.max_items).fill_null(False)
    said = ibis.cases((~asked.theirs, 4), (asked.late, 2), (asked.early, 3), (over, 1), else_=0)
    best = (
        asked.mutate(said=said)
        .group_by(*_ROW)
        .agg(permit=_.permit.first(order_by=("said", "permit")), said=_.said.min())
    )
    joined = measure.left_join(best, _ROW).mutate(said=_.said.fill_null(len(COVERS) - 1))
    cover = ibis.literal(list(COVERS))[joined.said]
    return joined.mutate(cover=cover, permitted=_.said == 0).select(*measure.columns, "permit", "cover", "permitted")
