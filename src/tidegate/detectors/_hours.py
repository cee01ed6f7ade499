"""What was done at hours at which a person does not work, as `measures.hours` has settled them."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
from ibis import _


def outside(rows: ir.Table, hours: ir.Table) -> ir.Table:
    """Rows of `actor, day, hour` that lie in hours in which this person does not work, as known a week before.

    Who is new is judged by the hours in which anybody works; while nobody is known, nothing is odd.
    """
    own = hours.filter(_.actor.notnull()).drop("day")
    anybody = hours.filter(_.actor.isnull()).select("week", since="day", working="weekdays", resting="weekends")
    settled = rows.mutate(week=_.day.truncate("W")).inner_join(anybody, "week").filter(_.day >= _.since)
    known = settled.left_join(own, ["actor", "week"])
    rest = known.day.day_of_week.index() >= 5
    bits = ibis.ifelse(rest, ibis.coalesce(known.weekends, known.resting), ibis.coalesce(known.weekdays, known.working))
    return known.filter((bits >> known.hour.hour().cast("int64")) & 1 == 0).select(*rows.columns)
