"""Files written to removable media: far more than usual, and a medium that was never seen before."""

from __future__ import annotations

from typing import Any

import ibis
import ibis.expr.types as ir
from ibis import _

from tidegate.detectors._episodes import unusual
from tidegate.detectors._listed import accounts, unapproved
from tidegate.detectors._statistics import rarity
from tidegate.detectors._watched import since
from tidegate.detectors._wording import others_have, whole
from tidegate.units import detector

COLUMNS = (
    *("time", "first_time", "last_time", "actor", "device", "destination", "per_week", "bytes_out", "files"),
    *("evidence", "did", "why"),
)


@detector(
    reads=("hourly", "people"),
    attack=("T1052.001", "T1025"),
    severity="medium",
    pattern="leaver_haul",
    says="{who} {did}; {why}",
    misses="media that the log does not know as removable, such as a telephone; devices without an agent",
    twin="a laptop replacement, a presentation for a conference, a backup to the office's own disk",
    question="Whose medium is it, where is it now, and what was it needed for?",
)
def removable_media(
    hourly: ir.Table,
    people: ir.Table,
    *,
    at_most: float = 1.0,  # findings a week by chance
    per_person_week: float = 0.01,  # assumed before a past is seen: a new medium in a hundred person-weeks
    horizons: tuple[int, ...] = (1, 7, 30),  # days over which what was written is counted
) -> ir.Table:
    written = unapproved(hourly.filter(_.channel == "removable")).mutate(
        key=ibis.coalesce(_.actor, _.device), time=_.last_time
    )
    rows = written.filter(_.key.notnull()).anti_join(accounts(people, "service"), "actor")
    everyone = hourly.select("day", time="last_time", key=ibis.coalesce(_.actor, _.device))
    asked = {"watched": since(hourly), "horizons": horizons, "at_most": at_most}
    found = [
        _amounts(rows.filter(_.files > 0).mutate(amount=_.files), "files", **asked),
        _amounts(rows.filter(_.bytes > 0).mutate(amount=_.bytes), "bytes", **asked),
        _media(rows, everyone, per_person_week),
    ]
    both = ibis.union(*(part.select(*COLUMNS) for part in found))
    return both.mutate(per_week=_.per_week * len(found)).filter(_.per_week <= at_most)


def _amounts(rows: ir.Table, unit: str, **asked: Any) -> ir.Table:
    return unusual(rows, **asked).mutate(
        did="wrote "
        + _.amount.cast("string")
        + f" {unit} to removable media within "
        + _.days.cast("string")
        + " days",
        why=whole(_.usual) + f" {unit} are usual for this person",
    )


def _media(rows: ir.Table, everyone: ir.Table, per_person_week: float) -> ir.Table:
    """The first file on each medium that nobody has used before, by person."""
    first = rows.mutate(seen=_.time.min().over(group_by="destination")).filter(_.time == _.seen)
    acts = first.filter(_.destination.notnull(), _.destination != "removable:").mutate(kind=ibis.literal("medium"))
    rated = rarity(acts, everyone, per_person_week=per_person_week)
    return rated.mutate(
        did="wrote to " + _.destination + ", a medium never seen here",
        why=others_have("brought a new one"),
        bytes_out=_.bytes,
        evidence=ibis.array([_.uid]),
    )
