"""One sender and one outside recipient again and again, each sending small, and never an approval.

A drip that has gone on for long is its own usual: it must not be compared with its own past. Each pair is compared with
all other pairs of the same channel by its running number of sendings, from which what the same sender sends to others
is taken off: a newsletter leaves nothing.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
from ibis import _
from ibis import selectors as s

from tidegate.detectors._asked import concerning, earlier, firsts, kept, lately
from tidegate.detectors._episodes import questions
from tidegate.detectors._passages import passages, told
from tidegate.detectors._watched import since
from tidegate.events.transfers import DELIVERY
from tidegate.units import detector

SHARES = {"the register": 2, "mail": 4, "upload": 4}
"""Of the rate each channel gets one part in so many: a register is filled in by hand, and few get far in it."""
LISTED = ("own", "approved", "partner")  # kinds of destinations with which exchange is agreed
YESTERDAY = ibis.interval(days=1)
ROW = ("channel", "sender", "to", "day", "time", "uid", "actor", "device", "destination", "sendings", "bytes", "files")


@detector(
    reads=("hourly", "correspondence", "endpoints"),
    attack=("T1030", "T1029", "T1567", "T1048"),
    severity="high",
    pattern="drip",
    says=(
        "{who} has sent to {destination} {sendings:count} times by {channel} {since}, {bytes_out:bytes} in all, never "
        "under a permit; {as_high:count} of {peers:count} other pairs of sender and recipient ever got as far"
    ),
    misses="sendings each by another sender to another recipient; a drip to a partner, or among many like it",
    twin="a licensed exchange whose permit is not listed, a newsletter's only reader, a report a contract asks for",
    question="What did these sendings hold, and under which agreement does this recipient get them?",
)
def slow_drip(
    hourly: ir.Table,
    mail: ir.Table,
    endpoints: ir.Table,
    *,
    at_most: float = 1.0,  # findings a week by chance
    horizons: tuple[int, ...] = (30, 365, 0),  # days: a hurried drip, a year's, and one of all years (0)
    fewest: int = 4,  # sendings below which nobody would speak of again and again
    answered: float = 0.1,  # share of mails answered from which on it is a conversation
    shared_by: int = 3,  # senders that a destination of uploads may have and still be rare
) -> ir.Table:
    channels = {
        "the register": _registered(hourly),
        "mail": _one_way(mail, endpoints, answered),
        "upload": _uploads(hourly, shared_by),
    }
    rows = ibis.union(*(table.mutate(channel=ibis.literal(c)).select(*ROW) for c, table in channels.items()))
    pairs = rows.mutate(key=_.channel + "\n" + _.sender + "\n" + _.to, amount=_.sendings)
    counted = _above(pairs, horizons)
    start = since(hourly, mail)
    found = told(passages(counted, start, least=fewest, at_most=at_most), pairs)
    named = found.mutate(channel=_.key.split("\n")[0]).cross_join(start)
    share = ibis.cases(
        *((_.channel == channel, share) for channel, share in SHARES.items()), else_=max(SHARES.values())
    )
    rated = named.mutate(per_week=_.per_week * share * questions(horizons)).drop("start")
    return rated.filter(_.per_week <= at_most).mutate(
        since=ibis.ifelse(_.days == 0, "since the first log", "within " + _.days.cast("string") + " days"),
    )


def _registered(hourly: ir.Table) -> ir.Table:
    """Entries of the transfer register without an approval, a row a pair and hour."""
    entries = hourly.filter(_.channel == "register", ~_.permitted, ~_.kind.isin(LISTED))
    return entries.mutate(
        sender=ibis.coalesce(_.actor, ""), to=_.destination, time=_.last_time, sendings=_.events
    ).filter(_.to.notnull())


def _one_way(mail: ir.Table, endpoints: ir.Table, answered: float) -> ir.Table:
    """Days with mail to an outside address that, so far, hardly ever wrote back."""
    kinds = endpoints.filter(~_.kind.isin(LISTED)).select("destination", "kind", other="endpoint")
    so_far = ibis.window(group_by=("mailbox", "other"), order_by="day", preceding=(None, 0))
    outside = mail.inner_join(kinds, "other")  # first: most mail stays
    outside = concerning(outside, "mailbox", "other")
    known = outside.mutate(came=_.received.sum().over(so_far), went=_.sent.sum().over(so_far))
    return known.filter(_.sent > 0, _.came <= answered * _.went).mutate(
        sender=_.mailbox, actor=_.mailbox, to=_.other, time=_.last_time, sendings=_.sent, files=_.attached
    )


def _uploads(hourly: ir.Table, shared_by: int) -> ir.Table:
    """Days on which more went to a destination than came back, while few others had ever sent there."""
    sent = hourly.filter(
        _.channel.isin(("network", "web")),
        ~_.via.fill_null("").isin(DELIVERY),
        ~_.permitted,
        ~_.kind.isin(LISTED),
        _.bytes > _.bytes_in.fill_null(0),
    )
    known = sent.mutate(sender=ibis.coalesce(_.actor, _.device), to=_.destination).filter(_.sender.notnull())
    came = firsts(known, "to", "sender").group_by("to", "day").agg(came=_.count())
    so_far = ibis.window(group_by="to", order_by="day", preceding=(None, 0))
    common = came.mutate(senders=_.came.sum().over(so_far)).filter(_.senders > shared_by)
    common = common.group_by("to").agg(common=_.day.min())
    return (
        concerning(known, "to", "sender")
        .anti_join(common, [known.to == common.to, known.day >= common.common])
        .group_by("sender", "day", "to")
        .agg(
            time=_.last_time.min(),
            uid=_.uid.first(order_by=("last_time", "uid")),
            actor=_.actor.max(),
            device=_.device.max(),
            bytes=_.bytes.sum(),
            files=_.files.sum(),
        )
        .mutate(destination=_.to, sendings=ibis.literal(1, "int64"))
    )


def _above(pairs: ir.Table, horizons: tuple[int, ...]) -> ir.Table:
    """How far each pair's number within a horizon is above the mean of the sender's other pairs before that day."""
    daily = kept(pairs.group_by("key", "channel", "sender", "day").agg(time=_.time.max(), amount=_.amount.sum()))
    first = daily.group_by("key").agg(born=_.day.min())
    daily = daily.inner_join(first, "key").mutate(new=(_.day == _.born).cast("int64"))
    senders = daily.group_by("channel", "sender", "day").agg(amount=_.amount.sum(), new=_.new.sum())
    own: dict[str, ibis.Deferred] = {}
    before: dict[str, ibis.Deferred] = {}
    for days in horizons:
        back = ibis.interval(days=days - 1) if days else None
        here = ibis.range_window(group_by="key", order_by="day", preceding=(back, ibis.interval(days=0)))
        theirs = ibis.range_window(group_by=("channel", "sender"), order_by="day", preceding=(back, YESTERDAY))
        own |= {f"total_{days}": _.amount.sum().over(here), f"since_{days}": _.time.min().over(here)}
        before |= {f"before_{days}": _.amount.sum().over(theirs).fill_null(0) + (0 if days else _.base)}
    ever = ibis.range_window(group_by=("channel", "sender"), order_by="day", preceding=(None, YESTERDAY))
    senders_before = earlier(senders, before=max(horizons)).group_by("channel", "sender")
    base = senders_before.agg(base=_.amount.sum(), known=_.new.sum())
    recent = lately(senders, before=max(horizons)).left_join(base, ["channel", "sender"]).drop(s.endswith("_right"))
    sums = (
        recent.fill_null({"base": 0, "known": 0})
        .mutate(**before, pairs=_.new.sum().over(ever).fill_null(0) + _.known)
        .drop("amount", "new", "base", "known")
    )
    known = concerning(daily, "key").mutate(**own).inner_join(sums, ["channel", "sender", "day"])
    return ibis.union(
        *(
            known.select(
                *("key", "day", "time"),
                since=_[f"since_{days}"],
                kind=_.channel + f" {days}",
                days=ibis.literal(days, "int64"),
                sendings=_[f"total_{days}"],
                total=_[f"total_{days}"] - _others(days),
            )
            for days in horizons
        )
    ).mutate(total=_.total.floor())


def _others(days: int) -> ibis.Deferred:
    """The mean number of the sender's other pairs: what the pair itself had sent before that day is taken off."""
    return (_[f"before_{days}"] - (_[f"total_{days}"] - _.amount)) / ibis.greatest(_.pairs - 1, 1)
