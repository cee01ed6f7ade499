"""Files taken, or folders come to for the first time, at an hour at which this person does not work."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
from ibis import _

from tidegate.detectors._asked import kept
from tidegate.detectors._hours import outside
from tidegate.detectors._listed import not_staff
from tidegate.detectors._passages import passages, told, within
from tidegate.detectors._strange import broad, strange
from tidegate.detectors._watched import since
from tidegate.units import detector

COLUMNS = (
    *("time", "first_time", "last_time", "actor", "device", "destination", "per_week", "bytes_out", "files"),
    *("evidence", "did", "days", "why"),
)


@detector(
    reads=("handled", "visits", "people", "hours"),
    attack=("T1078", "T1213"),
    severity="medium",
    pattern="leaver_haul",
    says="{who} {did} within {days:days} at hours at which this person does not work; {why}",
    misses="who takes files at their usual hours, or has kept such hours for a month; logs without accounts",
    twin="a deadline, a business trip, somebody standing in on another shift",
    question="Was this person at work then, and what for?",
)
def off_hours_access(
    handled: ir.Table,
    visits: ir.Table,
    people: ir.Table,
    hours: ir.Table,
    *,
    at_most: float = 1.0,  # findings a week by chance
    horizons: tuple[int, ...] = (1, 7, 30),  # days: a night, a week of evenings, a month of them
    fewest: int = 5,  # files below which nobody was at work
) -> ir.Table:
    known = handled.filter(_.actor.notnull(), _.actor != "anonymous")
    others, start = not_staff(people), since(handled, visits)
    taken = known.filter(_.act == "take", ~_.own, _.files > 0).anti_join(others, "actor")
    rows = kept(outside(taken, hours)).mutate(
        key=_.actor, time=_.last_time, amount=_.files, destination=ibis.null("string")
    )
    rare = passages(within(rows, horizons), start, least=fewest, at_most=at_most / len(horizons))
    files = told(rare, rows).mutate(
        per_week=_.per_week * len(horizons),
        did="took " + _.total.cast("string") + " files",
        why="of "
        + _.peers.cast("string")
        + " others who ever did such a thing "
        + _.as_high.cast("string")
        + " took as many",
    )
    new = strange(visits.anti_join(others, "actor"))
    nights = outside(new.mutate(hour=_.time.truncate("h")), hours)
    folders = broad(nights, start, at_most=at_most).mutate(did="came to " + _.folders + " folders new to them")
    found = [files, folders]
    return (
        ibis.union(*(part.select(*COLUMNS) for part in found))
        .mutate(per_week=_.per_week * len(found))
        .filter(_.per_week <= at_most)
    )
