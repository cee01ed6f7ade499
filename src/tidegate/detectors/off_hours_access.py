"""Files taken at an hour at which this person does not work."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
from ibis import _

from tidegate.detectors._hours import outside
from tidegate.detectors._passages import passages, running, told
from tidegate.units import detector


@detector(
    reads=("handled", "people"),
    attack=("T1078", "T1213"),
    severity="low",
    pattern="leaver_haul",
    says=(
        "{who} took {total:count} files within {days:days} at hours at which this person does not work; of "
        "{peers:count} others who ever did such a thing {as_high:count} took as many"
    ),
    misses="who takes files at their usual hours, or has kept such hours for a month; logs without accounts",
    twin="a deadline, a business trip, somebody standing in on another shift",
    question="Was this person at work then, and what for?",
)
def off_hours_access(
    handled: ir.Table,
    people: ir.Table,
    *,
    at_most: float = 1.0,  # findings a week by chance
    horizons: tuple[int, ...] = (1, 7, 30),  # days: a night, a week of evenings, a month of them
    fewest: int = 5,  # files below which nobody was at work
) -> ir.Table:
    known = handled.filter(_.actor.notnull(), _.actor != "anonymous")
    machines = people.filter(_.kind == "service").select(actor="user")
    taken = known.filter(_.act == "take", ~_.own, _.files > 0).anti_join(machines, "actor")
    rows = outside(taken, known.select("actor", "day", "hour")).mutate(
        key=_.actor, time=_.last_time, amount=_.files, destination=ibis.null("string")
    )
    counted = [
        running(rows, days=days).mutate(kind=ibis.literal(f"{days} days"), days=ibis.literal(days, "int64"))
        for days in horizons
    ]
    found = told(passages(ibis.union(*counted), known, least=fewest, at_most=at_most / len(horizons)), rows)
    return found.mutate(per_week=_.per_week * len(horizons))
