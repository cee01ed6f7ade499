"""Marked papers copied where they do not belong, opened in a run outside the own work, or opened there and sent on."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
from ibis import _

from tidegate.detectors._asked import firsts, kept, lately
from tidegate.detectors._episodes import unusual
from tidegate.detectors._listed import not_staff, unannounced
from tidegate.detectors._passages import passages, told, within
from tidegate.detectors._statistics import earliest, rarity
from tidegate.detectors._watched import since
from tidegate.detectors._wording import others_have, whole
from tidegate.units import detector

HABIT = 4  # days of handling files in a place that make it somebody's place of work,
SETTLED = 7  # and days after which they count
WITHIN = 3600  # seconds after the opening within which a paper is taken to have been among what was sent,
NAMED = 7 * 86_400  # and within which a file of its name is taken to be it
NEW = 14  # days after somebody's first sending to a place that it counts as new
SPAN = 14  # days over which papers that went to one place are counted, and after which so many are a habit,
FEWEST = 2  # and papers below which they are a coincidence
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
    "screen; who always handles marked papers; what is renamed and sent hours later, or to a place that others use",
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
    opened = kept(_unapproved(_opened(marked, handled).anti_join(not_staff(people), "actor"), permits))
    start = since(marked, handled, hourly)
    run = unusual(opened, watched=start, horizons=horizons, at_most=at_most).mutate(
        did="opened " + _papers(_.amount),
        marking=ibis.literal("by their names or labels"),
        why=("the usual within " + _.days.cast("string") + " days is " + whole(_.usual)).fill_null(
            "nobody here had done so before"
        ),
    )
    carried = _carried(opened, marked, hourly, start, at_most)
    # Together they ask one question; that papers left says more than that they were opened.
    shares = ((copied, 3), (run.select(*COLUMNS), 6), (carried.select(*COLUMNS), 2))
    rated = ibis.union(*(rows.mutate(per_week=_.per_week * share) for rows, share in shares))
    return rated.filter(_.per_week <= at_most)


def _papers(number: ibis.Deferred) -> ibis.Deferred:
    return ibis.ifelse(whole(number) == "1", "a paper", whole(number) + " papers") + " marked by name or label"


def _copied(marked: ir.Table, handled: ir.Table, per_person_week: float, habit_days: int) -> ir.Table:
    """Each person's first marked paper to each place outside, the rarer the less they have handled such papers."""
    acts = _away(marked).mutate(key=ibis.coalesce(_.actor, _.device), kind=_.channel).filter(_.key.notnull())
    everyone = handled.select("day", time="first_time", key="actor").union(marked.select("day", "time", key="actor"))
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


def _away(marked: ir.Table) -> ir.Table:
    away = marked.filter(_.deed != "open", _.channel != "print", ~_.permitted)
    return away.filter(~_.kind.fill_null("unknown").isin(("own", "approved", "partner")))


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


def _carried(opened: ir.Table, marked: ir.Table, hourly: ir.Table, start: ir.Table, at_most: float) -> ir.Table:
    """Papers that somebody opened and that may have gone to one place then, the rarer the more of them."""
    papers = kept(_gone(opened, marked, hourly))
    rare = passages(within(papers, (SPAN,)), start, least=FEWEST, at_most=at_most, lag=SPAN)
    nothing = dict.fromkeys(("bytes", "files"), ibis.literal(0, "int64"))
    sendings = earliest(papers.mutate(uid=_.sent, **nothing), "key", "uid")
    return told(rare, papers.union(sendings)).mutate(
        did="opened "
        + _papers(_.total)
        + ", after each of which a file of its name, or something within the hour, went to "
        + _.destination,
        marking=ibis.literal("by their names or labels"),
        why="of " + _.peers.cast("string") + " others like that " + _.as_high.cast("string") + " ever came to as many",
    )


def _gone(opened: ir.Table, marked: ir.Table, hourly: ir.Table) -> ir.Table:
    """Each opened paper at the time it may have gone to a `destination`, with the event, `sent`, by which it did.

    It went where a file of its name went, or, if something was sent there soon, where nobody else sends anything.
    """
    names = ibis.ifelse(_.channel == "mail", _.file.split(", "), ibis.array([_.file]))  # of all that a mail carries
    copies = _away(marked).mutate(name=names.unnest(), destination=_.destination.fill_null("an unknown place"))
    named = copies.select("destination", sender="actor", left="time", sent="uid", name=_last(_.name))
    timed = _own_places(hourly).select("destination", sender="actor", left="last_time", sent="uid")
    opened = opened.drop("destination")
    same = [opened.actor == named.sender, _last(opened.file) == named.name]
    ways = ((named, same, NAMED), (timed, opened.actor == timed.sender, WITHIN))
    gone = ibis.union(
        *(
            opened.inner_join(away, on)
            .filter(_.left.delta(_.time, unit="second").between(0, within))
            .select(*opened.columns, "destination", "left", "sent")
            for away, on, within in ways
        )
    ).mutate(time=_.left, day=_.left.date(), key=_.actor + " to " + _.destination)
    known = [column for column in gone.columns if column != "sent"]
    once = gone.group_by(known).agg(sent=_.sent.min())  # of equal ones always the same
    return earliest(once, "key", "place", "file")


def _own_places(hourly: ir.Table) -> ir.Table:
    """What people send to places new to them to which nobody else here, and no machine, had sent anything before.

    A place is a domain, also of mail: all that goes to a provider whom others write to, too, is not among them.
    """
    sent = hourly.filter(
        _.kind.isin(("personal", "unknown")),
        (_.channel == "mail") | (_.channel.isin(("network", "web")) & (_.bytes > _.bytes_in.fill_null(0))),
    ).mutate(time=_.last_time, sender=ibis.coalesce(_.actor, _.device))
    order = ibis.struct({"time": _.time, "uid": _.uid})
    came = firsts(sent.filter(_.sender.notnull()), "destination", pioneer=_.sender.argmin(order)).rename(begun="day")
    recent = lately(sent, before=NAMED // 86_400 + 1).inner_join(came, "destination")
    return recent.filter(_.actor == _.pioneer, ~_.permitted, _.day.delta(_.begun, unit="day") < NEW)


def _last(path: ibis.Deferred) -> ibis.Deferred:
    """The name of a file, whatever its folder and case."""
    return path.lower().re_extract(r"[^/\\]+$", 0).nullif("")
