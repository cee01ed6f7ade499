"""What leaves although an approval does not cover it: run out, used up, another's, made up, or none at all.

Where the organisation gives approvals, an entry of its register without one says that somebody forgot or left it out:
the single one is common, so sender and recipient are judged by their running numbers among all others'.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
from ibis import _

from tidegate.detectors._asked import kept, recent
from tidegate.detectors._passages import passages, told, within
from tidegate.detectors._statistics import PRIOR_ACTS, rarity
from tidegate.detectors._watched import since
from tidegate.units import detector

CHANNELS = ("register", "mail", "removable", "cloud")  # on which somebody hands something over, and knows to whom
WHY = {
    "expired": "under an approval that had run out",
    "early": "before the approval began",
    "exceeded": "more than the approval allows",
    "other holder": "under an approval that another holds",
    "elsewhere": "under an approval for another recipient",
    "unknown": "under an approval that does not exist",
    "other class": "under an approval for another class of data",
    "graver": "under an approval for less grave data",
}
COLD = 7  # days at the start in which nobody can tell who has long been sending like that
GRADES = ("public", "internal", "sensitive", "core")
GRAVE = 2  # place in them from which on data needs an approval of its own
ACT = ("uid", "time", "actor", "device", "destination", "bytes", "files", "permit", "cover", "channel", "what")


@detector(
    reads=("hourly", "file_hosting", "endpoints", "permits", "labelled"),
    attack=("T1567", "T1048"),
    severity="medium",
    pattern="drip",
    says="{who} sent {files:count} items, {bytes_out:bytes}, to {destination} ({channel}) {why}{what}{ranked}",
    misses="sendings within the terms of an approval that should never have been given; channels that log no "
    "recipient; the class of files that nobody has looked into (`--content`)",
    twin="an approval that was renewed, raised or handed over without a line in permits.csv",
    question="Is there an approval that permits.csv does not know yet?",
)
def unpermitted_transfer(
    hourly: ir.Table,
    hosted: ir.Table,
    endpoints: ir.Table,
    permits: ir.Table,
    labelled: ir.Table,
    *,
    at_most: float = 1.0,  # findings a week by chance
    per_person_week: float = 0.0005,  # assumed before a past is seen: a lapse of a kind in 2,000 person-weeks
    horizons: tuple[int, ...] = (30, 365, 0),  # days over which entries without an approval are counted (0: all)
    fewest: int = 4,  # entries below which a number is nothing to speak of
) -> ir.Table:
    columns = (
        *("time", "first_time", "last_time", "actor", "device", "destination", "per_week", "bytes_out", "files"),
        *("evidence", "channel", "why", "what", "ranked"),
    )
    entries = kept(_named(_entries(recent(hosted), endpoints), permits)).mutate(what=ibis.literal(""))
    lapses = _lapses(hourly, entries.select(*ACT), _graver(labelled, permits), per_person_week).select(*columns)
    counted = _without(hourly, permits, horizons, fewest, at_most).select(*columns)
    both = lapses.union(counted).mutate(per_week=_.per_week * 2)
    return both.filter(_.per_week <= at_most)


def _lapses(hourly: ir.Table, entries: ir.Table, graver: ir.Table, per_person_week: float) -> ir.Table:
    """Single sendings that an approval is there for and does not cover, each kind for the first time to a place."""
    covered = hourly.filter(
        _.cover.isin(("expired", "early", "exceeded", "other holder")),
        _.channel.isin(CHANNELS),
        ~_.kind.isin(("own", "approved")),
    ).mutate(time=_.last_time, what=ibis.literal(""))
    acts = ibis.union(covered.select(*ACT), entries, graver)
    events = acts.mutate(key=ibis.coalesce(_.actor, _.device, "somebody"), kind=_.cover + " " + _.channel + _.what)
    everyone = hourly.select("day", time="last_time", key=ibis.coalesce(_.actor, _.device))
    rated = rarity(events, everyone, per_person_week=per_person_week).cross_join(since(hourly))
    new = _.time.date().delta(_.start, unit="day") < COLD
    return rated.mutate(
        per_week=ibis.ifelse(new, ibis.greatest(_.per_week, _.before + PRIOR_ACTS), _.per_week),
        why=ibis.cases(*((_.cover == cover, said) for cover, said in WHY.items()), else_="without an approval"),
        ranked="; " + _.before.cast("string") + " others have done so",
        first_time=_.time,
        last_time=_.time,
        bytes_out=_.bytes,
        evidence=ibis.array([_.uid]),
    )


def _graver(labelled: ir.Table, permits: ir.Table) -> ir.Table:
    """Files whose class or grade no approval for their recipient covers; of grave ones, those without any too.

    A row a sending, of the gravest of what it held.
    """
    out = labelled.filter(~_.kind.isin(("own", "approved")))
    up_to = ibis.cases(*((permits.grade == grade, number) for number, grade in enumerate(GRADES)))
    terms = permits.select("holder", "start", "end", "permit", place="scope", allowed="data_class", up_to=up_to)
    asked = out.left_join(terms, out.scope == terms.place).mutate(
        given=_.place.notnull()
        & (_.holder.isnull() | (_.holder == _.actor)).fill_null(False)
        & (_.start.isnull() | (_.day >= _.start))
        & (_.end.isnull() | (_.day <= _.end)),
        classed=_.allowed.isnull() | (_.allowed == _.data_class),
        graded=_.up_to.isnull() | (_.up_to >= _.gravity),
    )
    said = ibis.cases(
        (asked.given & asked.classed & asked.graded, 0),
        (asked.given & asked.classed, 1),
        (asked.given, 2),
        ((asked.gravity >= GRAVE) & asked.kind.isin(("unknown", "personal")), 3),
        else_=4,
    )
    same = ("uid", "time", "actor", "device", "destination", "bytes", "files", "channel")
    best = (
        asked.mutate(said=said)
        .group_by(*same, "file", "data_class", "grade", "gravity")
        .agg(said=_.said.min(), permit=_.permit.min())
        .filter(_.said.between(1, 3))
        .group_by(*same)
        .agg(
            said=_.said.first(order_by=(ibis.desc("gravity"), "data_class", "said")),
            permit=_.permit.min(),
            grade=_.grade.first(order_by=(ibis.desc("gravity"), "data_class")),
            data_class=_.data_class.first(order_by=(ibis.desc("gravity"), "data_class")),
        )
    )
    covers = ibis.cases((best.said == 1, "graver"), (best.said == 2, "other class"), else_="none")
    return best.mutate(cover=covers, what=": " + _.grade + " " + _.data_class + " data").select(*ACT)


def _entries(hosted: ir.Table, endpoints: ir.Table) -> ir.Table:
    """The register's entries with the place they went to."""
    sent = hosted.filter(_.activity == "Send").mutate(endpoint=_.recipient)
    return sent.left_join(endpoints, "endpoint").mutate(
        destination=ibis.coalesce(_.destination, _.recipient),
        kind=_.kind.fill_null("unknown"),
        channel=ibis.literal("register"),
        bytes=_.file_size.fill_null(0),
        files=_["items"].fill_null(1),
    )


def _named(entries: ir.Table, permits: ir.Table) -> ir.Table:
    """Entries whose own approval, as they name it, does not exist, is another's, for elsewhere or out of its dates."""
    some = permits.agg(some=_.count()).filter(_.some > 0)
    listed = permits.select("holder", "start", "end", number=_.permit.strip().lower(), place="destination").distinct()
    named = entries.filter(_.permit.notnull()).mutate(number=_.permit.strip().lower()).cross_join(some)
    answers = named.left_join(listed, "number").mutate(known=_.number_right.notnull())
    said = ibis.cases(
        (~answers.known, "unknown"),
        ((answers.place != answers.destination).fill_null(False), "elsewhere"),
        ((answers.holder != answers.actor).fill_null(False), "other holder"),
        ((answers.day > answers.end).fill_null(False), "expired"),
        ((answers.day < answers.start).fill_null(False), "early"),
        else_="",
    )
    best = answers.mutate(cover=said).group_by("uid").agg(cover=_.cover.min())  # "" if any line of it covers
    return named.inner_join(best.filter(_.cover != ""), "uid")


def _without(hourly: ir.Table, permits: ir.Table, horizons: tuple[int, ...], fewest: int, at_most: float) -> ir.Table:
    """Senders and recipients whose number of entries without any approval is rare among all."""
    some = permits.agg(some=_.count()).filter(_.some > 0)
    bare = hourly.filter(
        _.channel == "register", ~_.permitted, _.permit.isnull(), ~_.kind.isin(("own", "approved", "partner"))
    ).cross_join(some)
    rows = bare.mutate(time=_.last_time, amount=_.events)
    levels = {"sender": ibis.coalesce(rows.actor, rows.device), "recipient": rows.destination}
    keyed = ibis.union(*(rows.mutate(key=ibis.literal(f"{level}\n") + key) for level, key in levels.items())).filter(
        _.key.notnull()
    )
    counted = within(keyed, horizons).mutate(kind=_.key.split("\n")[0] + " " + _.kind)
    asked = len(levels) * len(horizons)
    found = told(passages(counted, since(hourly), least=fewest, at_most=at_most / asked), keyed)
    return found.mutate(
        per_week=_.per_week * asked,
        channel=ibis.literal("register"),
        what=ibis.literal(""),
        why=ibis.literal("without any approval"),
        ranked="; this was number "
        + _.total.cast("string")
        + " of the "
        + _.key.split("\n")[0]
        + ", and of "
        + _.peers.cast("string")
        + " others "
        + _.as_high.cast("string")
        + " ever got as far",
    )
