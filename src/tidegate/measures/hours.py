"""When people work, learnt from what they did: nobody is told to work from nine to five, nor in which time zone.

A slot is an hour of the day, on weekdays or on weekends. It is somebody's own where they were active in it, or an hour
to either side, on at least a twentieth of the weekdays (weekend days) since they are known. That is settled for a whole
week at its beginning.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
from ibis import _

LAG = 7  # latest days before the week that do not count yet: what has just begun must not become its own excuse
OWN = 0.05  # share of the days of a kind on which a slot must have been used: one weekday a month
KNOWN = 28  # days after which a person is judged by their own hours, and not by those of all
KINDS = {"weekdays": 5, "weekends": 2}  # of the seven days of a week
SLOTS = [(kind, at) for kind in KINDS for at in range(24)]


def hours(lived: ir.Table) -> ir.Table:
    """`actor, week, day, weekdays, weekends`: the slots that are somebody's own in a week, as bits of two numbers.

    lived: `actor, day, hour` of all that everybody did. Of an actor null these are the hours in which anybody works;
    who is new has no others. week: its Monday; day: the first in it on which anybody did anything.
    """
    known = lived.filter(_.actor.notnull(), _.actor != "anonymous")
    bit = ibis.literal(1, "int64") << known.hour.hour().cast("int64")
    days = known.group_by("actor", "day").agg(used=bit.bit_or())
    counted = days.mutate(
        near=_.used | (_.used << 1) | (_.used >> 1) | (_.used >> 23) | (_.used << 23),
        kind=ibis.ifelse(_.day.day_of_week.index() < 5, "weekdays", "weekends"),
        week=_.day.truncate("W"),
    )
    weekly = counted.group_by("actor", "week").agg(
        first=_.day.min(),
        days=_.count(),
        **{_slot(*slot): ((_.near >> slot[1]) & 1).sum(where=_.kind == slot[0]).fill_null(0) for slot in SLOTS},
    )
    sums = {name: _[name].sum() for name in ("days", *(_slot(*slot) for slot in SLOTS))}
    everybody = weekly.group_by("week").agg(first=_["first"].min(), **sums).mutate(actor=ibis.null("string"))
    asked = weekly.group_by(asked="week").agg(day=_["first"].min())
    rows = weekly.union(everybody.select(*weekly.columns))
    settled = (
        rows.inner_join(asked, rows.week + ibis.interval(days=7 + LAG) <= asked.asked)
        .group_by("actor", week="asked", day="day")
        .agg(first=_["first"].min(), **sums)
        .mutate(elapsed=_.week.delta(_["first"], unit="day") - LAG)
    )
    own = settled.filter(_.actor.isnull() | (_.elapsed >= KNOWN - LAG))
    return own.select("actor", "week", "day", **{kind: _bits(kind, share) for kind, share in KINDS.items()})


def _slot(kind: str, at: int) -> str:
    return f"{kind}_{at}"


def _bits(kind: str, of_seven: int) -> ibis.Deferred:
    """The slots of a kind that are own: of somebody's days of the kind, of everybody's days of whichever kind."""
    enough = OWN * ibis.ifelse(_.actor.isnull(), _.days, _.elapsed * of_seven / 7)
    return sum(ibis.ifelse(_[_slot(kind, at)] >= enough, 1 << at, 0).cast("int64") for at in range(24))
