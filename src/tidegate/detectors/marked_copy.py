"""Papers with a protective marking copied to where they do not belong, or opened in a run outside the own work."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
from ibis import _

from tidegate.detectors._episodes import unusual
from tidegate.detectors._statistics import earliest, rarity
from tidegate.units import detector

COLUMNS = (
    *("time", "first_time", "last_time", "actor", "device", "destination", "per_week", "bytes_out", "files"),
    *("evidence", "did", "marking", "why"),
)


@detector(
    reads=("marked", "handled", "endpoints"),
    attack=("T1052.001", "T1567.002", "T1020", "T1005"),
    severity="high",
    pattern="paid_copies",
    says="{who} {did} marked {marking}; {why}",
    misses="papers whose marking stands only inside them; photographs of a screen; who always handles marked papers",
    twin="a records officer's transfer under an approval, a manager's board pack",
    question="Was this paper needed there, and who asked for it?",
)
def marked_copy(
    marked: ir.Table,
    handled: ir.Table,
    endpoints: ir.Table,
    *,
    at_most: float = 1.0,  # findings a week by chance
    per_person_week: float = 0.0005,  # assumed before a past is seen: one such copy in 2,000 person-weeks
    horizons: tuple[int, ...] = (1, 7, 30),  # days over which opened papers are counted
    unfamiliar_days: int = 14,  # days after its first visit that a place counts as new to a person
    habit_days: int = 7,  # latest days of handling marked papers that are no habit yet
) -> ir.Table:
    copied = _copied(marked, handled, endpoints, per_person_week, habit_days).select(*COLUMNS)
    opened = _opened(marked, handled, unfamiliar_days)
    run = unusual(opened, horizons=horizons, at_most=at_most).mutate(
        did="opened " + _.amount.cast("string") + " papers in places new to them",
        marking=ibis.literal("by their names or labels"),
        why="the usual within " + _.days.cast("string") + " days is " + _.usual.round().cast("int64").cast("string"),
    )
    both = copied.union(run.select(*COLUMNS))
    return both.mutate(per_week=_.per_week * 2).filter(_.per_week <= at_most)


def _copied(
    marked: ir.Table, handled: ir.Table, endpoints: ir.Table, per_person_week: float, habit_days: int
) -> ir.Table:
    """Each person's first marked paper to each place outside, the rarer the less they have handled such papers."""
    kinds = endpoints.select(destination="endpoint", listed="kind").distinct()
    away = (
        marked.filter(_.deed != "open", _.channel != "print", ~_.permitted)
        .left_join(kinds, "destination")
        .mutate(kind=ibis.coalesce(_.kind, _.listed, "unknown"))
        .filter(~_.kind.isin(("own", "approved", "partner")))
    )
    acts = away.mutate(key=ibis.coalesce(_.actor, _.device), kind=_.channel).filter(_.key.notnull())
    everyone = handled.select(time="first_time", key="actor").union(marked.select("time", key="actor"))
    rated = rarity(acts, everyone, per_person_week=per_person_week)
    weeks = (
        marked.filter(_.deed == "open", ~_.own)
        .select(opener="actor", opened=_.day.truncate("W"), since="day")
        .group_by("opener", "opened")
        .agg(since=_.since.min())
    )
    habit = (
        rated.left_join(weeks, [rated.actor == weeks.opener, weeks.since <= rated.day - ibis.interval(days=habit_days)])
        .group_by("uid", "key", "destination")
        .agg(weeks=_.opened.nunique())
    )
    return rated.inner_join(habit, ["uid", "key", "destination"]).mutate(
        per_week=_.per_week * (1 + _.weeks),
        did=ibis.ifelse(_.deed == "copy", "copied a paper to ", "sent a paper to ")
        + _.destination.fill_null("an unknown place"),
        why=ibis.ifelse(_.before == 0, "nobody else here has", _.before.cast("string") + " others here have")
        + " done such a thing before",
        first_time=_.time,
        last_time=_.time,
        bytes_out=_.bytes,
        evidence=ibis.array([_.uid]),
    )


def _opened(marked: ir.Table, handled: ir.Table, days: int) -> ir.Table:
    """The first time each person opens each marked paper of a place that is new to them.

    New is a place they first visited less than `days` days ago; who is known for less than that has none yet.
    """
    visits = handled.filter(_.actor.notnull(), _.place.notnull()).group_by("actor", "place").agg(came=_.day.min())
    known = handled.filter(_.actor.notnull()).group_by("actor").agg(known=_.day.min())
    new = (
        marked.filter(_.deed == "open", ~_.own)
        .inner_join(visits, ["actor", "place"])
        .inner_join(known, "actor")
        .filter(_.day.delta(_.came, unit="day") < days, _.came.delta(_.known, unit="day") >= days)
    )
    return earliest(new, "actor", "place", "file").select(
        "uid",
        "day",
        "time",
        "actor",
        "device",
        "destination",
        "bytes",
        "files",
        key="actor",
        amount=ibis.literal(1, "int64"),
    )
