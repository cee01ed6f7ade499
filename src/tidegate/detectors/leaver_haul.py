"""Somebody taking far more files than usual from places new to them, or from far more such places, or copying far more
to where the files leave."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
from ibis import _

from tidegate.detectors._asked import firsts, kept, recent
from tidegate.detectors._episodes import unusual
from tidegate.detectors._listed import not_staff, unapproved
from tidegate.detectors._statistics import earliest
from tidegate.detectors._strange import broad, strange
from tidegate.detectors._watched import since
from tidegate.detectors._wording import whole
from tidegate.events.transfers import GATHERING
from tidegate.units import detector

COLUMNS = (
    *("time", "day", "first_time", "last_time", "actor", "device", "destination", "per_week", "bytes_out", "files"),
    *("evidence", "days", "did", "why", "amount", "usual", "peer_usual"),
)

FEWEST = 6  # files below which nothing is a haul, where there is nothing yet to compare them with
BREADTH = 1.5  # the part of the rate that breadth gets is one in so many: it tells a haul from work better than numbers


@detector(
    reads=("file_hosting", "file_activity", "visits", "hourly", "people", "seen"),
    attack=("T1213.002", "T1039", "T1052.001", "T1567.002"),
    severity="high",
    pattern="leaver_haul",
    says=("{who} {did} within {days:days}; {why}{leaving}"),
    misses="a haul from folders the person works in every day, at the person's usual pace",
    twin="a handover to a successor, a laptop replacement, a full-disk backup client",
    question="Does the person's present work need these folders, and was a handover or a new laptop arranged?",
)
def leaver_haul(
    hosted: ir.Table,
    local: ir.Table,
    visits: ir.Table,
    hourly: ir.Table,
    people: ir.Table,
    seen: ir.Table,
    *,
    at_most: float = 1.0,  # findings a week by chance
    horizons: tuple[int, ...] = (1, 7, 30, 90),  # days: who leaves, leaves within months
    unfamiliar_days: int = 14,  # days after its first visit that a folder counts as new to a person
    leaving_days: int = 60,  # days before the leaving date on which a haul is more likely meant
) -> ir.Table:
    hosted, local = (recent(events, before=unfamiliar_days) for events in (hosted, local))
    kinds = {
        "opened, downloaded or copied": _unfamiliar(hosted, local, unfamiliar_days),
        "copied or mailed away": unapproved(hourly)
        .filter(_.files > 0, _.channel.isin(("removable", "mail")))
        .mutate(key=_.actor, time=_.last_time, amount=_.files),
    }
    start = since(visits, hourly, seen)
    usual = ("the usual for this person is " + whole(_.usual) + ", for peers " + whole(_.peer_usual)).fill_null(
        "there is nothing yet to compare it with"
    )
    found = [
        unusual(rows, horizons=horizons, at_most=at_most, watched=start)
        .mutate(
            did=did + " " + _.amount.cast("string") + " files",
            why=usual,
            amount=_.amount.cast("float64"),
        )
        .filter(_.usual.notnull() | (_.amount >= FEWEST))
        for did, rows in kinds.items()
    ]
    others = not_staff(people)
    wide = broad(strange(visits.anti_join(others, "actor")), start, at_most=at_most / BREADTH)
    wide = wide.mutate(
        did="came to " + _.folders + " folders new to them",
        amount=_.total.round().cast("float64"),
        **dict.fromkeys(("usual", "peer_usual"), ibis.null("float64")),
    )
    counted = ibis.union(*(part.select(*COLUMNS) for part in found)).anti_join(others, "actor")
    counts, breadth = 2 * BREADTH / (BREADTH - 1), BREADTH  # together they ask one question: the shares sum to one
    rated = counted.mutate(per_week=_.per_week * counts).union(
        wide.select(*COLUMNS).mutate(per_week=_.per_week * breadth)
    )
    return _weigh_leaving(rated, people, leaving_days).filter(_.per_week <= at_most)


def _unfamiliar(hosted: ir.Table, local: ir.Table, days: int) -> ir.Table:
    """The first time each person takes each file of a place that they first opened less than `days` days ago.

    A place is a site, or the file's folder where there is none; who is known for less than `days` has no new ones yet.
    """
    columns = ("uid", "time", "day", "actor", "device", "place", "file", "size")
    taken = (
        hosted.filter(_.activity.isin(GATHERING), _.actor != _.owner.fill_null(""))
        .mutate(place=_.site, file=ibis.coalesce(_.file_path, _.file_name), size=_.file_size)
        .select(*columns)
        .union(
            local.filter(_.activity.isin(GATHERING), ~_.removable.fill_null(False))
            .mutate(place=_.medium, file=ibis.coalesce(_.file_path, _.file_name), size=_.file_size)
            .select(*columns)
        )
        .filter(_.actor != "anonymous", _.file.notnull())
        .mutate(folder=ibis.coalesce(_.place, _.file.re_replace(r"[/\\\\][^/\\\\]*$", "")))
    )
    opened = firsts(taken, "actor", "folder").rename(opened="day")
    known = opened.group_by("actor").agg(known=_.opened.min())
    own = "/personal/" + _.actor.split("@")[0].re_replace(r"[^a-z0-9]", "_")
    fresh = opened.inner_join(known, "actor").filter(
        _.opened.delta(_.known, unit="day") >= days, ~_.folder.lower().contains(own)
    )
    new = earliest(
        taken.inner_join(fresh, ["actor", "folder"]).filter(_.day.delta(_.opened, unit="day") < days),
        "actor",
        "folder",
        "file",
    )
    return kept(new.select("uid", "time", "day", "actor", "device", "size")).mutate(
        key=_.actor,
        amount=ibis.literal(1, "int64"),
        destination=ibis.null("string"),
        bytes=_["size"].fill_null(0),
        files=ibis.literal(1, "int64"),
    )


def _weigh_leaving(found: ir.Table, people: ir.Table, days: int) -> ir.Table:
    """A haul by somebody about to leave is rarer by chance than a haul by anybody: by the share of people who leave."""
    leavers = people.filter(_.end.notnull()).select(leaver="user", end="end")
    share = people.agg(share=(_.end.notnull().sum() + 1) / (_.count() + 1))
    return (
        found.left_join(leavers, found.actor == leavers.leaver)
        .cross_join(share)
        .mutate(soon=(_.end.delta(_.day, unit="day").between(0, days)).fill_null(False))
        .mutate(
            per_week=_.per_week * ibis.ifelse(_.soon, ibis.least(_.share, 1), 1),
            leaving=ibis.ifelse(_.soon, "; the person leaves within " + str(days) + " days", ""),
        )
        .drop("leaver", "end", "share", "soon")
    )
