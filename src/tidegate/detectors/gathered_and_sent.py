"""Folders new to somebody, and much sent away by the same person within the same days: each is common, both are not."""

from __future__ import annotations

import math

import ibis
import ibis.expr.types as ir
from ibis import _

from tidegate.detectors._asked import concerning, kept, lately
from tidegate.detectors._listed import not_staff, unapproved
from tidegate.detectors._passages import passages, told
from tidegate.detectors._strange import HABIT, strange
from tidegate.detectors._watched import since
from tidegate.detectors._wording import whole
from tidegate.units import detector

FEWEST = 2.0  # folders, times decades above the usual, below which nothing was gathered and sent
LEAST = 1_000_000  # bytes that anybody may send without it being more than usual
FEW_DAYS = 7  # days of somebody's past at the least that their usual volume is taken from


@detector(
    reads=("visits", "hourly", "people", "seen"),
    attack=("T1039", "T1213.002", "T1567.002", "T1052.001"),
    severity="high",
    pattern="leaver_haul",
    says=(
        "{who} came to {folders} folders new to them and sent {bytes_out:bytes} away within {days:days}, the latest to "
        "{destination}; of {peers:count} others {as_high:count} ever did as much of both"
    ),
    misses="what is gathered from folders the person knows, or sent by another account",
    twin="somebody new to a project who delivers its data to a place that destinations.csv does not list",
    question="Does the person's present work need these folders, and who was to get what was sent?",
)
def gathered_and_sent(
    visits: ir.Table,
    hourly: ir.Table,
    people: ir.Table,
    seen: ir.Table,
    *,
    at_most: float = 1.0,  # findings a week by chance
    horizons: tuple[int, ...] = (1, 7, 30),  # days within which both happen
) -> ir.Table:
    others = not_staff(people)
    folders = strange(visits.anti_join(others, "actor"))
    sends = (
        unapproved(hourly)
        .mutate(key=_.actor, time=_.last_time, amount=_.bytes - _.bytes_in.fill_null(0))
        .filter(_.key.notnull(), _.amount > 0, _.channel != "register")
    )
    both = _both(folders, sends, horizons)
    columns = ("key", "day", "time", "uid", "actor", "device", "destination", "bytes", "files")
    rows = folders.mutate(files=ibis.literal(0, "int64")).select(*columns)
    rows = rows.union(sends.mutate(bytes=_.amount).select(*columns))
    share = at_most / len(horizons)
    rare = passages(both, since(visits, hourly, seen), least=FEWEST, at_most=share, lag=HABIT)
    return told(rare, lately(rows, before=max(horizons))).mutate(
        per_week=_.per_week * len(horizons), folders=whole(_.came)
    )


def _both(folders: ir.Table, sends: ir.Table, horizons: tuple[int, ...]) -> ir.Table:
    """`key, day, time, since, total` at each sending: folders new within `days`, times the decades above the usual.

    What counts as sent went out since the first of the folders. Volumes spread over decades where numbers of
    folders do not: multiplied as they stand, the bytes alone would tell.
    """
    daily = concerning(kept(sends.group_by("key", "day").agg(today=_.amount.sum())), "key")
    so_far, today = (
        ibis.window(group_by=keys, order_by=order, preceding=(None, 0))
        for keys, order in (("key", "day"), (("key", "day"), "time"))
    )
    summed = daily.mutate(ever=_.today.sum().over(so_far), known=_.day.min().over(group_by="key"))
    moments = lately(sends, before=max(horizons)).group_by("key", "day", "time")
    until = moments.agg(step=_.amount.sum()).mutate(step=_.step.sum().over(today)).inner_join(summed, ["key", "day"])
    sent = until.mutate(ever=_.ever - _.today + _.step).drop("step", "today")
    came = lately(folders, before=max(horizons)).select(
        "key", "amount", began="time", on="day", back=ibis.range(0, max(horizons)).unnest()
    )
    came = came.mutate(day=(_["on"] + _.back * ibis.interval(days=1)).cast("date")).drop("on")
    pairs = sent.inner_join(came, ["key", "day"]).filter(_.began <= _.time)
    both = ibis.union(
        *(
            pairs.filter(_.back < days)
            .group_by("key", "day", "time", "ever", "known")
            .agg(came=_.amount.sum(), since=_.began.min())
            .mutate(kind=ibis.literal(f"{days} days"), days=ibis.literal(days, "int64"), began=_.since.date())
            for days in horizons
        )
    )
    days_before = summed.select("key", on="day", old="ever")
    moments_before = sent.select("key", then="time", was="ever")
    known = both.asof_join(moments_before, on=both.since > moments_before.then, predicates="key").drop("key_right")
    known = known.asof_join(days_before, on=known.began > days_before["on"], predicates="key")
    known = known.mutate(was=ibis.greatest(_.was.fill_null(0), _.old.fill_null(0)))
    past = ibis.greatest(_.began.delta(_.known, unit="day"), FEW_DAYS)
    more = ibis.greatest((_.ever - _.was) / (_.was / past * _.days + LEAST), 1)
    total = (_.came * more.ln() / math.log(10)).round(6)  # the last digit of a sum depends on its order
    return known.mutate(total=total).select("key", "day", "time", "came", "since", "total", "kind", "days")
