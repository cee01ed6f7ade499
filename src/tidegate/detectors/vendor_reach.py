"""A third party's account beyond its hours, its systems or its volume, outside every announced window."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
from ibis import _

from tidegate.detectors._asked import firsts, kept
from tidegate.detectors._episodes import unusual
from tidegate.detectors._hours import outside
from tidegate.detectors._listed import accounts, unannounced
from tidegate.detectors._statistics import earliest, rarity
from tidegate.detectors._strange import broad, strange
from tidegate.detectors._watched import since
from tidegate.detectors._wording import whole
from tidegate.units import detector

ROW = ("uid", "day", "hour", "time", "actor", "device", "place", "files", "bytes")
COLUMNS = (
    *("time", "first_time", "last_time", "actor", "device", "destination", "per_week", "bytes_out", "files"),
    *("evidence", "did", "why"),
)

NOT_YET = 7  # latest days whose nights are no habit yet
HOME = r"@(?:.*\.)?([^.@]+\.[^.@]+)$"  # the end of an account's domain, and of a host's
SHARES = {"strange": 2, "more": 6}
"""Of the rate strange hours get one part in two, the three questions of volume one in six each."""


@detector(
    reads=("handled", "visits", "mailboxes", "hourly", "people", "endpoints", "permits", "hours"),
    attack=("T1199", "T1078", "T1213"),
    severity="critical",
    pattern="vendor_reach",
    says="{who} {did}; {why}",
    misses=(
        "a third party within its hours, systems and volume; data sent elsewhere than to the domain of its account; "
        "accounts that people.csv lists as another kind"
    ),
    twin="an announced maintenance window (permits.csv, holder the account), a backup test",
    question="Was this work ordered, and does it need these data?",
)
def vendor_reach(
    handled: ir.Table,
    visits: ir.Table,
    mailboxes: ir.Table,
    hourly: ir.Table,
    people: ir.Table,
    endpoints: ir.Table,
    permits: ir.Table,
    hours: ir.Table,
    *,
    at_most: float = 1.0,  # findings a week by chance
    per_account_week: float = 0.002,  # assumed before a past is seen: a night call to a new system in ten years
    horizons: tuple[int, ...] = (1, 7, 30),  # days over which its files are counted
    unfamiliar_days: int = 14,  # days after its first visit that a place counts as new to an account
) -> ir.Table:
    reached = _reached(handled, mailboxes)
    vendors = _vendors(people, endpoints)
    odd = kept(outside(_new(_unannounced(reached, permits), reached, unfamiliar_days), hours))
    odd = odd.semi_join(vendors, "actor")
    start = since(handled, mailboxes, hourly)
    nights = _strange(odd, reached.semi_join(vendors, "actor"), per_account_week).select(*COLUMNS)
    everybody = _unannounced(reached, permits).filter(_.files > 0)
    volume = (
        unusual(
            everybody.mutate(key=_.actor, amount=_.files, destination=ibis.null("string")),
            horizons=horizons,
            at_most=at_most,
            watched=start,
        )
        .semi_join(vendors, "actor")
        .mutate(
            did="took, as a third party, "
            + _.amount.cast("string")
            + " files within "
            + _.days.cast("string")
            + " days",
            why=(whole(_.usual) + " is usual for this account").fill_null("there is nothing yet to compare it with"),
        )
    )
    wide = broad(_unannounced(strange(visits), permits), start, at_most=at_most).semi_join(vendors, "actor")
    wide = wide.mutate(did="came, as a third party, to " + _.folders + " folders new to it")
    home = _home(hourly, people, permits, horizons, at_most, start)
    more = ibis.union(*(part.select(*COLUMNS) for part in (volume, wide, home)))
    rated = nights.mutate(per_week=_.per_week * SHARES["strange"]).union(
        more.mutate(per_week=_.per_week * SHARES["more"])
    )
    return rated.filter(_.per_week <= at_most)


def _home(
    hourly: ir.Table, people: ir.Table, permits: ir.Table, horizons: tuple[int, ...], at_most: float, start: ir.Table
) -> ir.Table:
    """What went to the domain of a listed third party's account beyond what came back, on no day of its approvals."""
    listed = accounts(people, "third_party").select(holder="actor", home=_.actor.re_extract(HOME, 1))
    homes = listed.filter(_.home != "")
    net = hourly.filter(_.kind != "own", ~_.permitted, _.destination.notnull())
    net = net.mutate(amount=_.bytes - _.bytes_in.fill_null(0), time=_.last_time).filter(_.amount > 0)
    theirs = net.semi_join(homes, net.destination == homes.home)
    windows = (
        permits.filter(_.start.notnull() | _.end.notnull()).inner_join(homes, "holder").select("home", "start", "end")
    )
    unasked = unannounced(theirs, windows, theirs.destination == windows.home).mutate(key=_.destination)
    # That it may be sent some data, as stations do, is no approval of any amount: so its approved places count as well.
    others = net.filter(_.kind != "approved").anti_join(homes, _.destination == homes.home).mutate(key=_.destination)
    found = unusual(unasked.union(others), horizons=horizons, at_most=at_most, watched=start)
    return found.semi_join(homes, found.key == homes.home).mutate(
        did="sent to the domain of a third party "
        + _.amount.cast("string")
        + " bytes within "
        + _.days.cast("string")
        + " days",
        why=(whole(_.usual) + " is usual for it").fill_null("nothing ever went there"),
    )


def _reached(handled: ir.Table, mailboxes: ir.Table) -> ir.Table:
    """What each account took, by hour and place: files of sites and shares, items of others' mailboxes."""
    files = handled.filter(_.act == "take", ~_.own, _.actor.notnull()).mutate(time=_.last_time)
    items = mailboxes.mutate(time=_.last_time, place=_.mailbox, files=_["items"], bytes=ibis.literal(0, "int64"))
    return files.select(*ROW).union(items.select(*ROW))


def _vendors(people: ir.Table, endpoints: ir.Table) -> ir.Table:
    """Accounts of third parties: listed as such, or named by an address that is not the organisation's."""
    guests = endpoints.filter(_.endpoint.contains("@"), _.kind != "own").select(actor="endpoint")
    return accounts(people, "third_party").union(guests.anti_join(people.select(actor="user"), "actor"), distinct=True)


def _unannounced(rows: ir.Table, permits: ir.Table) -> ir.Table:
    """Rows on no day of an approval that the account holds; one without dates would be no window."""
    windows = permits.filter(_.holder.notnull(), _.start.notnull() | _.end.notnull())
    return unannounced(rows, windows, rows.actor == windows.holder)


def _new(theirs: ir.Table, reached: ir.Table, days: int) -> ir.Table:
    """Rows at places that the account came to less than `days` days ago, having been known for longer."""
    came = firsts(reached, "actor", "place").rename(came="day")
    known = came.group_by("actor").agg(known=_.came.min())
    return (
        theirs.inner_join(came, ["actor", "place"])
        .inner_join(known, "actor")
        .filter(_.day.delta(_.came, unit="day") < days, _.came.delta(_.known, unit="day") >= days)
        .select(*ROW)
    )


def _strange(odd: ir.Table, reached: ir.Table, per_account_week: float) -> ir.Table:
    """First hours at which an account was at a place new to it outside its hours, the rarer the less it has done so."""
    acts = odd.mutate(key=_.actor, kind=ibis.literal("strange"), destination=_.place)
    everyone = reached.select("time", "day", key="actor")
    rated = rarity(acts, everyone, per_person_week=per_account_week)
    nights = earliest(odd, "actor", "day").select(again="actor", night="day")
    habit = (
        rated.left_join(nights, [rated.actor == nights.again, nights.night < rated.day - ibis.interval(days=NOT_YET)])
        .group_by("uid", "key")
        .agg(nights=_.night.nunique())
    )
    return rated.inner_join(habit, ["uid", "key"]).mutate(
        per_week=_.per_week * (1 + _.nights),
        did="took, as a third party, "
        + _.files.cast("string")
        + " files or mails of "
        + _.place
        + " outside its hours",
        why="it had never been there before, and "
        + ibis.ifelse(_.before == 0, "no other third party", _.before.cast("string") + " other third parties")
        + " ever did such a thing",
        destination=ibis.null("string"),
        first_time=_.time,
        last_time=_.time,
        bytes_out=ibis.literal(0, "int64"),
        evidence=ibis.array([_.uid]),
    )
