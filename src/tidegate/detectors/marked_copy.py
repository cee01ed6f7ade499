"""Papers with a protective marking copied to where they do not belong, or opened in a run outside the own work."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
from ibis import _

from tidegate.detectors._episodes import unusual
from tidegate.detectors._listed import not_staff, unannounced
from tidegate.detectors._statistics import earliest, rarity
from tidegate.detectors._watched import since
from tidegate.detectors._wording import others_have, whole
from tidegate.units import detector

HABIT = 4  # days of handling files in a place that make it somebody's place of work,
SETTLED = 7  # and days after which they count
WITHIN = 3600  # seconds after the opening within which a paper is taken to have been sent
SLIGHT = 0.1  # part of a paper below which nothing says that it was among what was sent
ROOM = 4  # times a paper's bytes that may have been sent with it: of more it is but a part
NEW = 14  # days after their first sending there that a place counts as new to a person
COLUMNS = (
    *("time", "first_time", "last_time", "actor", "device", "destination", "per_week", "bytes_out", "files"),
    *("evidence", "did", "marking", "why"),
)


@detector(
    reads=("marked", "handled", "hourly", "people", "permits"),
    attack=("T1052.001", "T1567.002", "T1020", "T1005"),
    severity="critical",
    pattern="paid_copies",
    says="{who} {did}; {why}",
    misses="papers whose marking stands inside them and that nobody looked into (`--content`); photographs of a "
    "screen; who always handles marked papers",
    twin="a records officer's transfer under an approval, a manager's board pack",
    question="Was this paper needed there, and who asked for it?",
)
def marked_copy(
    marked: ir.Table,
    handled: ir.Table,
    hourly: ir.Table,
    people: ir.Table,
    permits: ir.Table,
    *,
    at_most: float = 1.0,  # findings a week by chance
    per_person_week: float = 0.0005,  # assumed before a past is seen: one such copy in 2,000 person-weeks
    horizons: tuple[int, ...] = (1, 7, 30),  # days over which papers are counted
    habit_days: int = 7,  # latest days of handling marked papers that are no habit yet
) -> ir.Table:
    copied = _copied(marked, handled, per_person_week, habit_days).select(*COLUMNS)
    opened = _unapproved(_opened(marked, handled).anti_join(not_staff(people), "actor"), permits)
    ways = {"": opened, ", and sent data out within the hour": _carried(opened, hourly)}
    start = since(marked, handled, hourly)
    runs = [_run(rows, start, besides, horizons, at_most) for besides, rows in ways.items()]
    both = ibis.union(copied, *runs)
    return both.mutate(per_week=_.per_week * (1 + len(runs))).filter(_.per_week <= at_most)


def _run(rows: ir.Table, start: ir.Table, besides: str, horizons: tuple[int, ...], at_most: float) -> ir.Table:
    number = whole(_.amount)
    papers = ibis.ifelse(number == "1", "a paper", number + " papers")
    found = unusual(rows, watched=start, horizons=horizons, at_most=at_most).mutate(
        did="opened " + papers + " marked by name or label" + besides,
        marking=ibis.literal("by their names or labels"),
        why=("the usual within " + _.days.cast("string") + " days is " + whole(_.usual)).fill_null(
            "nobody here had done so before"
        ),
    )
    return found.select(*COLUMNS)


def _copied(marked: ir.Table, handled: ir.Table, per_person_week: float, habit_days: int) -> ir.Table:
    """Each person's first marked paper to each place outside, the rarer the less they have handled such papers."""
    away = marked.filter(_.deed != "open", _.channel != "print", ~_.permitted)
    away = away.filter(~_.kind.fill_null("unknown").isin(("own", "approved", "partner")))
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
        + _.destination.fill_null("an unknown place")
        + " marked "
        + _.marking,
        why=others_have("done such a thing before"),
        first_time=_.time,
        last_time=_.time,
        bytes_out=_.bytes,
        evidence=ibis.array([_.uid]),
    )


def _opened(marked: ir.Table, handled: ir.Table) -> ir.Table:
    """The first time each person opens each marked paper that is not their own, in a place where they do not work.

    They work where they had handled files on `HABIT` days, a week before or earlier.
    """
    new = marked.filter(_.deed == "open", ~_.own, _.actor != "anonymous")
    days = handled.semi_join(new, ["actor", "place"]).select("actor", "place", been="day").distinct()
    number = ibis.row_number().over(ibis.window(group_by=("actor", "place"), order_by="been"))
    habit = days.mutate(number=number).filter(_.number == HABIT - 1)
    settled = habit.select("actor", "place", own_from=_.been + ibis.interval(days=SETTLED))
    strange = new.anti_join(
        settled, [new.actor == settled.actor, new.place == settled.place, new.day >= settled.own_from]
    )
    return earliest(strange, "actor", "place", "file").mutate(key=_.actor, amount=ibis.literal(1, "int64"))


def _unapproved(opened: ir.Table, permits: ir.Table) -> ir.Table:
    """Without those whose reader holds an approval for marked papers that day, as who hands them to an archive does."""
    given = permits.filter(_.data_class == "marked", _.holder.notnull())
    return unannounced(opened, given, opened.actor == given.holder)


def _carried(opened: ir.Table, hourly: ir.Table) -> ir.Table:
    """Those after which, within the hour, somebody sent more than it to one place that is new to them.

    amount: a paper, or the less the more was sent than it: who sends gigabytes sends something else.
    """
    strange = hourly.filter(_.kind.isin(("personal", "unknown")), _.channel.isin(("network", "web")), ~_.permitted)
    left = strange.mutate(net=_.bytes - _.bytes_in.fill_null(0))
    begun = left.mutate(begun=_.day.min().over(group_by=("actor", "destination")))
    new = begun.filter(_.day.delta(_.begun, unit="day") < NEW)
    sent = new.select("net", "destination", "last_time", sender="actor")
    pairs = opened.drop("destination").inner_join(sent, [opened.actor == sent.sender])
    later = _.last_time.delta(_.time, unit="second")
    near = pairs.filter(later.between(0, WITHIN), _.net > _.bytes, _.net > 0)
    part = ibis.least(ROOM * _.bytes / _.net, 1.0)
    shared = near.mutate(time=_.last_time, amount=ibis.ifelse(_.bytes > 0, part, 1.0)).filter(_.amount > SLIGHT)
    return earliest(shared, "actor", "place", "file").select(*opened.columns)
