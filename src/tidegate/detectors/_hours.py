"""When a person works, learnt from what they did: nobody is told to work from nine to five, nor in which time zone.

A slot is an hour of the day, on weekdays or on weekends. It is somebody's own where they were active in it, or an hour
to either side, on at least a twentieth of the weekdays (weekend days) since they are known.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
from ibis import _

SLOT = ("actor", "rest", "at")
LAG = 7  # latest days that do not count yet: what has just begun must not become its own excuse
OWN = 0.05  # share of the days of a kind on which a slot must have been used: one weekday a month
KNOWN = 28  # days after which a person is judged by their own hours, and not by those of all


def outside(rows: ir.Table, lived: ir.Table) -> ir.Table:
    """Rows of `actor, day, hour` that lie in hours in which this person does not work, as known a week before.

    lived: `actor, day, hour` of all that everybody did. Who is new is judged by the hours in which anybody works.
    """
    days = _days(lived.filter(_.actor.notnull()))
    near = _near(days)
    first = days.group_by("actor").agg(known=_.day.min())
    slots = near.group_by("rest", "at", "day").agg(n=_.count())
    everybody = _summed(slots, "rest", "at")
    busy = _summed(days.group_by("day").agg(n=_.count()))
    settled = _settled(near, lived, rows)
    asked = rows.mutate(rest=_rest(_.day), at=_.hour.hour(), settled=_.day - ibis.interval(days=LAG))
    asked = _open(asked.mutate(hours=_bit(asked["at"]), month=_.settled.truncate("M")), settled)
    own = _near(_open(days.mutate(month=_.day.truncate("M")), settled)).mutate(n=ibis.literal(1, "int64"))
    own = _summed(own, *SLOT)
    asked = asked.left_join(first, "actor").drop("actor_right")  # who never did anything of the kind is new
    slots_asked = asked.select("rest", "at", "settled").distinct()
    usual = _at(_at(slots_asked, everybody, "others", "rest", "at"), busy, "all_")
    judged = _at(asked, own, "seen", *SLOT).inner_join(usual, ["rest", "at", "settled"])
    elapsed = judged.settled.delta(judged.known, unit="day") + 1
    new = elapsed.fill_null(0) < KNOWN - LAG
    odd = ibis.ifelse(new, judged.others < OWN * judged.all_, judged.seen < OWN * _of_kind(elapsed, judged.rest))
    return judged.filter(odd, judged.all_ > 0).select(*rows.columns)


def _days(lived: ir.Table) -> ir.Table:
    """`actor, day, rest, hours`: a bit for each hour in which somebody was active that day, or one to either side."""
    days = lived.group_by("actor", "day").agg(hours=_bit(lived.hour.hour()).bit_or())
    around = _.hours | (_.hours << 1) | (_.hours >> 1) | (_.hours << 23) | (_.hours >> 23)
    return days.mutate(rest=_rest(_.day), hours=around)


def _near(days: ir.Table) -> ir.Table:
    """`actor, rest, at, day`: a row for each of these hours."""
    hours = ibis.range(0, 24).unnest().name("at").as_table().cast({"at": "int32"})
    return days.cross_join(hours).filter((_.hours >> _["at"]) & 1 == 1).select(*SLOT, "day")


def _settled(near: ir.Table, lived: ir.Table, rows: ir.Table) -> ir.Table:
    """`actor, rest, month, settled_hours`: the hours that were theirs before a month and are for as long as rows last.

    Most are after a few months; of those only the months before have to be counted day by day.
    """
    span = lived.agg(begin=_.day.min()).cross_join(rows.agg(end=_.day.max()))
    months = near.group_by(*SLOT, month=_.day.truncate("M")).agg(n=_.count())
    summed = months.mutate(n=_.n.sum().over(ibis.window(group_by=SLOT, order_by="month", preceding=(None, 0))))
    enough = ibis.greatest(OWN * _of_kind(_.end.delta(_.begin, unit="day") + 1, _.rest), KNOWN)
    reached = summed.cross_join(span).filter(_.n >= enough).mutate(month=_.month + ibis.interval(months=1))
    return reached.group_by("actor", "rest", "month").agg(settled_hours=_bit(reached["at"]).bit_or())


def _bit(at: ir.IntegerColumn) -> ir.IntegerColumn:
    """The bit of an hour of the day."""
    return ibis.literal(1, "int64") << at


def _open(rows: ir.Table, settled: ir.Table) -> ir.Table:
    """The rows without the `hours` that are settled, of which there is nothing to ask; none where all are."""
    joined = rows.left_join(settled, ["actor", "rest", "month"])
    known = joined.mutate(hours=_.hours & ~_.settled_hours.fill_null(0))
    return known.filter(_.hours != 0).select(*rows.columns)


def _of_kind(elapsed: ibis.Deferred, rest: ibis.Deferred) -> ibis.Deferred:
    """Of so many days, those that are weekdays, or weekend days."""
    return elapsed * ibis.ifelse(rest, 2, 5) / 7


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
