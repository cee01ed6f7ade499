"""Hourly roll-up of transfers: who sent how much to where, by which channel and service, hour by hour.

Every question of volume or of rhythm is asked of this table, never of the events; it holds one event uid a row, its
largest transfer. What is seldom and weighs is told by the minute: files that were handed over, and large uploads.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
from ibis import _

BURST = 5_000  # milliseconds: what follows closer belongs to the same sending, as requests of one page do
SLOWEST = 8 * 3_600_000  # milliseconds: three gaps, which make a beat, lie within the day that is read along
STEADY = 1.25  # factor between two gaps at a steady beat: covers a jitter of ±10 %, most of one of ±20 %

LARGE = 100_000  # bytes beyond what came back from which on an upload is told by the minute: pages ask with less
_ROW = ("uid", "destination", "kind")  # names a row: one mail to two places is two rows with one uid


def hourly(transfers: ir.Table) -> ir.Table:
    """One row a (hour, actor, device, hardware, address, endpoint, channel, via): amounts, events, beats, largest uid.

    transfers: of `MOVED` columns with `mac` and `leased`, what the address lease says of the device. `via` is the
    service of connections (`events.transfers`). Rows of files, and of `LARGE` uploads, are those of a minute. `beats`
    counts the sendings whose three last gaps are alike, within a factor `STEADY` each: 57 of 60 in an hour at a beat
    of a minute, and about one in a hundred of what comes at random. It looks back beyond the hour: to roll up a day,
    give the day before as well.
    """
    return (
        _beating(transfers)
        .mutate(hour=_.time.truncate("h"), minute=ibis.ifelse(_weighs(), _.time.minute(), -1))
        .group_by("day", "hour", "minute", "actor", "device", "mac", "leased", "src_ip", "endpoint", "channel", "via")
        .agg(
            bytes=_.bytes.sum().fill_null(0).cast("int64"),
            bytes_in=_.bytes_in.sum().fill_null(0).cast("int64"),
            files=_.files.sum().fill_null(0).cast("int64"),
            events=_.count(),
            beats=_.beat.sum().fill_null(0).cast("int64"),
            first_time=_.time.min(),
            last_time=_.time.max(),
            uid=_.uid.first(order_by=(ibis.desc(_.bytes.fill_null(0)), "uid")),  # of equal ones always the same
        )
        .drop("minute")
    )


def _weighs() -> ibis.Deferred:
    return ((_.files > 0) | (_.bytes - _.bytes_in.fill_null(0) >= LARGE)).fill_null(False)


def _beating(transfers: ir.Table) -> ir.Table:
    """Add `beat`: 1 for a sending at a steady beat. Of what one device sends one endpoint in a burst the first counts.

    Two passes in one order: gaps to the sending before part the bursts, then gaps between the bursts' first sendings.
    """
    timed = transfers.mutate(who=ibis.coalesce(_.device, _.mac, _.src_ip))
    before = _.time.lag().over(ibis.window(group_by=("who", "endpoint"), order_by=("time", "uid")))
    parted = timed.mutate(begins=(_apart(_.time, before) >= BURST).fill_null(True))
    bursts = ibis.window(group_by=("who", "endpoint", "begins"), order_by=("time", "uid"))
    earlier = parted.mutate(**{f"t{n}": _.time.lag(n).over(bursts) for n in (1, 2, 3)})
    gaps = earlier.mutate(g1=_apart(_.time, _.t1), g2=_apart(_.t1, _.t2), g3=_apart(_.t2, _.t3))
    return gaps.mutate(beat=(_.begins & _alike(_.g1, _.g2) & _alike(_.g2, _.g3)).cast("int64"))


def _apart(time: ibis.Deferred, before: ibis.Deferred) -> ibis.Deferred:
    return time.delta(before, unit="millisecond")


def _alike(gap: ibis.Deferred, other: ibis.Deferred) -> ibis.Deferred:
    return (gap <= other * STEADY) & (other <= gap * STEADY) & (gap <= SLOWEST)


COVERS = ("covered", "exceeded", "expired", "early", "other holder", "none")
"""What permits say of a transfer, the better first: of several permits the best answer counts."""


def permitted(measure: ir.Table, permits: ir.Table) -> ir.Table:
    """Add `cover`, what permits say of it (one of `COVERS`), the `permit` that says so, and `permitted`, if covered.

    permits: `permit, holder, destination, max_bytes, max_items, start, end`; null is not limited, but a permit without
    a destination permits no transfer. What a register and a sensor say of one delivery counts once: the amounts run by
    channel. A server that is nobody's may carry a delivery out for the holder. `scope` is the narrowest place that a
    permit names and it lies in (a mailbox, a host, a network, a domain); a permit has a row for each that it covers.
    """
    running = ibis.window(group_by=("permit", "channel", "within"), order_by=("first_time", "uid"), preceding=(None, 0))
    theirs = _.holder.isnull() | _.actor.isnull() | (_.holder == _.actor)
    named = permits.select("permit", "holder", "max_bytes", "max_items", "start", "end", place_="scope").distinct()
    asked = (
        measure.inner_join(named, measure.scope == named.place_)
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
