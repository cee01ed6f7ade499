"""A subject, or a destination new or known, far over the volume that is usual for it and for its peers.

What counts is what went out beyond what came back, hour by hour: reading the web and video calls leave nothing of it.
At hours at which a person does not work little else goes out, so that these are a question of their own.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
from ibis import _

from tidegate.detectors._episodes import HORIZONS, unusual
from tidegate.detectors._hours import outside
from tidegate.detectors._listed import unapproved
from tidegate.detectors._watched import since
from tidegate.units import detector


@detector(
    reads=("hourly", "handled", "hours"),
    attack=("T1567.002", "T1048", "T1030"),
    severity="high",
    pattern="bulk_commission",
    says=(
        "{who} sent {amount:bytes} more to {destination} than came back, within {days:days}{hours}; the usual for this "
        "{level} is {usual:bytes}, for its peers {peer_usual:bytes}"
    ),
    misses="an upload no larger than the subject's own busy days; one spread over many accounts and many destinations",
    twin="an off-site backup, a video or data delivery to somewhere not yet in destinations.csv or permits.csv",
    question="Who ordered this delivery, and is its destination one the organisation has an agreement with?",
)
def bulk_volume(
    hourly: ir.Table,
    handled: ir.Table,
    hours: ir.Table,
    *,
    at_most: float = 1.0,  # findings a week by chance; what is more common than weekly helps nobody
    horizons: tuple[int, ...] = HORIZONS,  # days: a night's haul, a year's, and that of all years (0)
) -> ir.Table:
    leaving = unapproved(hourly).mutate(amount=_.bytes - _.bytes_in.fill_null(0), time=_.last_time)
    leaving = leaving.filter(_.amount > 0)
    known = leaving.mutate(key=ibis.coalesce(_.actor, _.device)).filter(_.key.notnull())
    nights = outside(known.filter(_.actor.notnull()), hours)  # machines have no hours
    questions = {
        ("subject", ""): known,
        ("subject", ", at hours at which this person does not work"): nights,
        ("destination", ""): leaving.mutate(key=_.destination).filter(_.key.notnull(), _.key != "anyone"),
    }
    found = [
        unusual(rows, watched=since(hourly, handled), horizons=horizons, at_most=at_most).mutate(
            level=ibis.literal(level), hours=ibis.literal(hours)
        )
        for (level, hours), rows in questions.items()
    ]
    return ibis.union(*found).mutate(per_week=_.per_week * len(found)).filter(_.per_week <= at_most)
