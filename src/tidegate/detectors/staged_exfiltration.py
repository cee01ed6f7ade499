"""Gathered, packed, sent and cleaned up, in this order, by one person within days."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
from ibis import _
from ibis import selectors as s

from tidegate.detectors._asked import firsts, kept, lately
from tidegate.detectors._episodes import EVIDENCE
from tidegate.detectors._listed import accounts, unapproved
from tidegate.detectors._passages import passages
from tidegate.detectors._watched import since
from tidegate.units import detector

HABIT = 90  # days in which packings of at least half as many files make one more of them less strange
WHOLE = 0.2  # of the bytes gathered, from which on all of it may have been sent: what archivers make of mixed documents


@detector(
    reads=("handled", "hourly", "people"),
    attack=("T1074", "T1560", "T1567", "T1070.004"),
    severity="critical",
    pattern="staged",
    says=(
        "{who} took {files:count} files within {gather_days:days}, packed, sent {bytes_out:bytes} to "
        "{destination}{cleaned}; of {peers:count} others who ever did so {as_high:count} had sent as much of as many"
    ),
    misses=(
        "archives made without a program or a name that tells; steps by several accounts; steps weeks apart; somebody "
        "who packs as much every fortnight"
    ),
    twin="a release build or a quarterly archive to a place that destinations.csv does not list as approved",
    question="What was in the archive, and who was to get it?",
)
def staged_exfiltration(
    handled: ir.Table,
    hourly: ir.Table,
    people: ir.Table,
    *,
    at_most: float = 1.0,  # findings a week by chance
    gather_days: int = 7,  # days before the packing that belong to the gathering
    send_days: int = 3,  # days after it within which it is sent
    fewest: int = 10,  # files gathered below which there was nothing to pack
    packed: float = 0.02,  # share of the bytes gathered that must be sent: what the best archivers make of text
) -> ir.Table:
    key, back = ibis.coalesce(_.actor, _.device), send_days + 1  # days before those asked about
    acts = handled.mutate(key=key).filter(_.key.notnull()).anti_join(accounts(people, "service"), "actor")
    sends = (
        unapproved(hourly)
        .mutate(key=key, net=_.bytes - _.bytes_in.fill_null(0))
        .filter(_.key.notnull(), (_.net > 0) | (_.files > 0), _.channel != "register")
    )
    packs, takes = acts.filter(_.act == "pack"), acts.filter(_.act == "take", _.files > 0)
    every = kept(_gathered(lately(packs), lately(takes, before=gather_days), gather_days).drop("uids"))
    recent = _gathered(lately(packs, before=back), lately(takes, before=back + gather_days), gather_days)
    sent = _sent(sends, _again(recent, every, gather_days), send_days, packed)
    cleaned = _cleaned(sent, acts.filter(_.act == "delete"))
    anew = sent.filter(_.since >= _.first_time).mutate(kind=ibis.literal("anew"))  # where they had never sent before
    rows = ibis.union(sent, anew, cleaned)
    largest = (ibis.desc("bytes"), "destination", "evidence")  # of equal ones always the same
    single = rows.mutate(number=ibis.row_number().over(group_by=("kind", "key", "time"), order_by=largest))
    asked = single.filter(_.number == 0).mutate(day=_.time.date())
    found = passages(asked, since(handled, hourly), least=fewest, at_most=at_most / 3)
    return found.mutate(
        per_week=_.per_week * 3,
        files=_.gathered,
        bytes_out=_.bytes,
        last_time=_.time,
        gather_days=ibis.literal(gather_days),
        cleaned=ibis.ifelse(_.kind == "cleaned", " and deleted files afterwards", ""),
        evidence=_.evidence[:EVIDENCE],
    )


def _gathered(packs: ir.Table, takes: ir.Table, days: int) -> ir.Table:
    """Each packing with what the same person had taken in the days before it: files, bytes, since when."""
    packs = packs.select("key", "day", pack="first_time", until="last_time", pack_uid="uid")
    takes = takes.select("key", "files", "bytes", "uid", taken="day", began="first_time")
    before = packs.mutate(back=ibis.range(0, days).unnest())
    return (
        before.mutate(taken=_.day - _.back * ibis.interval(days=1))
        .inner_join(takes, ["key", "taken"])
        .filter(_.began <= _.until)
        .group_by("key", "pack")
        .agg(
            gathered=_.files.sum(),
            size=_.bytes.sum(),
            first_time=_.began.min(),
            uids=_.uid.collect(order_by=(ibis.desc("files"), "uid"))[:EVIDENCE],
            pack_uid=_.pack_uid.min(),
        )
        .mutate(day=_.pack.date())
    )


def _again(gathered: ir.Table, every: ir.Table, days: int) -> ir.Table:
    """Add `habit`: on how many days before, not counting the last `days`, the same person had packed about as much.

    gathered: some of `every` packing. Something is sent after each packing of who packs for a release every fortnight:
    it is the more often by chance.
    """
    daily = every.group_by("key", "day").agg(most=_.gathered.max())
    asked = daily.semi_join(gathered, ["key", "day"])
    pairs = asked.inner_join(daily.select("key", then="day", had="most"), "key")
    before = pairs.filter(_.day.delta(_.then, unit="day").between(days + 1, HABIT), 2 * _.had >= _.most)
    habit = before.group_by("key", "day").agg(habit=_.then.count())
    known = gathered.left_join(habit, ["key", "day"]).drop(s.endswith("_right"), "day")
    return known.fill_null({"habit": 0})


def _sent(sends: ir.Table, gathered: ir.Table, days: int, packed: float) -> ir.Table:
    """Each sending after a packing of the same person: the last before it."""
    began = firsts(sends.mutate(to=_.destination.fill_null("")), "key", "to", since=_.first_time.min())
    timed = lately(sends, before=1).mutate(time=_.last_time, to=_.destination.fill_null(""))
    timed = timed.inner_join(began.drop("day"), ["key", "to"]).drop("to")
    days_after = gathered.mutate(back=ibis.range(0, days + 1).unnest()).select(
        "key", day=(_.pack.date() + _.back * ibis.interval(days=1)).cast("date")
    )
    timed = timed.drop("first_time").semi_join(days_after, ["key", "day"])
    after = timed.asof_join(gathered, on=timed.time >= gathered.pack, predicates="key")
    enough = (after.net >= packed * after["size"]) | (after.files > 0)
    after = after.filter(_.pack.notnull(), enough, _.time.delta(_.pack, unit="hour") <= 24 * days)
    largest = ibis.struct({"net": _.net, "uid": _.uid})
    parts = after.group_by("key", "destination", "time").agg(
        pack=_.pack.max(),
        gathered=_.gathered.max(),
        size=_["size"].max(),
        habit=_.habit.min(),
        handed=_.files.sum(),
        first_time=_.first_time.min(),
        since=_.since.min(),
        **{name: _[name].argmax(largest) for name in ("actor", "device")},
        bytes=_.bytes.sum(),
        evidence=ibis.array([_.uid.min(), _.pack_uid.min()]).concat(_.uids.argmax(largest)),
    )
    # Files by number where the log gives no sizes; else as many as what was sent can hold.
    density = _.bytes / ibis.greatest(_["size"], 1) / WHOLE
    share = ibis.ifelse(_.handed > 0, 1.0, ibis.least(density, 1.0))
    total = _.gathered * share / (1 + _.habit)
    return parts.mutate(total=total, kind=ibis.literal("sent")).drop("size", "handed", "habit")


def _cleaned(sent: ir.Table, deletes: ir.Table) -> ir.Table:
    """The sendings after which the same person deleted files within a day, at the time of the deletion."""
    gone = deletes.select("key", swept="first_time", swept_uid="uid")
    first = (
        sent.inner_join(gone, "key")
        .filter(_.swept >= _.time, _.swept.delta(_.time, unit="hour") <= 24)
        .group_by("key", "destination", "time")
        .agg(swept_uid=_.swept_uid.argmin(_.swept), swept=_.swept.min())
    )
    swept = sent.inner_join(first, ["key", "destination", "time"]).mutate(
        time=_.swept, kind=ibis.literal("cleaned"), evidence=ibis.array([_.swept_uid]).concat(_.evidence)
    )
    return swept.select(*sent.columns)
