"""When a person works, learnt from what they did: nobody is told to work from nine to five, nor in which time zone.

A slot is an hour of the day, on weekdays or on weekends. It is somebody's own where they were active in it, or an hour
to either side, on at least a twentieth of the weekdays (weekend days) since they are known.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
from ibis import _

LAG = 7  # latest days that do not count yet: what has just begun must not become its own excuse
OWN = 0.05  # share of the days of a kind on which a slot must have been used: one weekday a month
KNOWN = 28  # days after which a person is judged by their own hours, and not by those of all


def outside(rows: ir.Table, lived: ir.Table) -> ir.Table:
    """Rows of `actor, day, hour` that lie in hours in which this person does not work, as known a week before.

    lived: `actor, day, hour` of all that everybody did. Who is new is judged by the hours in which anybody works.
    """
    active = lived.filter(_.actor.notnull()).select("actor", "day", at=_.hour.hour(), rest=_rest(_.day)).distinct()
    near = ibis.union(*(active.mutate(at=(_["at"] + 24 + step) % 24) for step in (-1, 0, 1))).distinct()
    own = _summed(near.mutate(n=ibis.literal(1, "int64")), "actor", "rest", "at")
    first = active.group_by("actor").agg(known=_.day.min())
    slots = near.group_by("rest", "at", "day").agg(n=_.count())
    everybody = _summed(slots, "rest", "at")
    busy = _summed(active.select("actor", "day").distinct().group_by("day").agg(n=_.count()))
    asked = rows.mutate(rest=_rest(_.day), at=_.hour.hour(), settled=_.day - ibis.interval(days=LAG))
    asked = asked.left_join(first, "actor").drop("actor_right")  # who never did anything of the kind is new
    slots_asked = asked.select("rest", "at", "settled").distinct()
    usual = _at(_at(slots_asked, everybody, "others", "rest", "at"), busy, "all_")
    judged = _at(asked, own, "seen", "actor", "rest", "at").inner_join(usual, ["rest", "at", "settled"])
    elapsed = judged.settled.delta(judged.known, unit="day") + 1
    of_kind = elapsed * ibis.ifelse(judged.rest, 2, 5) / 7
    new = elapsed.fill_null(0) < KNOWN - LAG
    odd = ibis.ifelse(new, judged.others < OWN * judged.all_, judged.seen < OWN * of_kind)
    return judged.filter(odd, judged.all_ > 0).select(*rows.columns)


def _rest(day: ibis.Deferred) -> ibis.Deferred:
    return day.day_of_week.index() >= 5


def _summed(daily: ir.Table, *by: str) -> ir.Table:
    """`n` of each day and all before it."""
    window = ibis.window(group_by=by or None, order_by="day", preceding=(None, 0))
    return daily.mutate(n=_.n.sum().over(window)).select(*by, "n", until="day")


def _at(rows: ir.Table, summed: ir.Table, name: str, *by: str) -> ir.Table:
    """Add what had been summed up to the settled day."""
    joined = rows.asof_join(summed, on=rows.settled >= summed.until, predicates=by)
    return joined.mutate(**{name: _.n.fill_null(0)}).select(*rows.columns, name)
