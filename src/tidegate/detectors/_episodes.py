"""From amounts over time to findings: when an amount first became unusual, who and what it rests on."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
from ibis import _
from ibis import selectors as s

from tidegate.detectors._asked import asked, lately
from tidegate.detectors._expected import amount_at, expectation, period, score, totals
from tidegate.detectors._statistics import per_week

HORIZONS = (1, 7, 30, 90, 365, 0)  # days, 0 being all: a slow thief's friend is a short memory
NOTABLE = 2.0  # robust standard deviations below which no running total is looked at, to save time only
STEPS = 8  # steps a decade of rarity at which an amount is noted again,
AGAIN = 6  # and days before it is noted again at the same step
EVIDENCE = 200  # event uids a finding lists at the most, largest first
SUBJECT = ("actor", "device", "destination")


def unusual(
    rows: ir.Table,
    *,
    watched: ir.Table,
    at_most: float,
    horizons: tuple[int, ...] = HORIZONS,
) -> ir.Table:
    """Findings where a key's amount, summed over one of the horizons (days), is rarer by chance than `at_most` a week.

    rows: `key, day, time, uid, actor, device, destination, amount, bytes, files`, at any grain below a day, `time` the
    end of the row. watched: one row with the first day watched, `start`, which the rows cannot tell: the first of them
    may be an event in itself. Returns the columns of a finding, with `key, day, days, amount, usual, peer_usual` for
    its sentence.
    """
    found = crossings(rows, watched, horizons=horizons, at_most=at_most / min(len(horizons), 2))
    recent = lately(rows, before=max(horizons)) if all(horizons) else rows
    return describe(found, recent).cross_join(watched).mutate(per_week=_.per_week * questions(horizons)).drop("start")


def questions(horizons: tuple[int, ...]) -> ibis.Deferred:
    """The part of a rate that a finding's horizon (`days`) gets, as one in so many: together they ask one question.

    Half for the shortest, at which what is new is seen first; the rest share the other half. Horizons longer than what
    was watched (from `start`) are one.
    """
    watched = _.day.delta(_.start, unit="day")
    longer = sum((watched >= days).cast("int64") for days in horizons if days)
    others = ibis.least(longer, len(horizons) - 1)
    return ibis.cases((others == 0, 1), (_.days == horizons[0], 2), else_=2 * others)


def crossings(rows: ir.Table, start: ir.Table, *, horizons: tuple[int, ...], at_most: float) -> ir.Table:
    """The moments at which a key's running total became rarer by a further step, or once more after a week.

    rows: `key, day, time, amount`. Returns `key, day, days, time, amount, usual, peer_usual, per_week`, for rates up to
    `at_most` a week.
    """
    whole = totals(rows, horizons)
    expected = expectation(whole, start).mutate(score=score(_.amount))
    measured = expected.filter(_.score > NOTABLE).drop("score", "amount", "cohort")
    days = (
        asked(whole, before=AGAIN)
        .cross_join(start)
        .mutate(period=period())
        .inner_join(measured, ["key", "period"])
        .mutate(total=ibis.coalesce(*(ibis.ifelse(_.days == days, _[f"total_{days}"], None) for days in horizons)))
        .drop(s.matches("^total_|_right$"))
        .filter(score(_.total) > NOTABLE)  # amounts add up: no moment of a day is more unusual than its end
    )
    moments = (
        asked(rows, before=AGAIN)
        .semi_join(days, ["key", "day"])
        .group_by("key", "day", "time")
        .agg(step=_.amount.sum())
    )
    running = moments.mutate(
        so_far=_.step.sum().over(ibis.window(group_by=("key", "day"), order_by="time", preceding=(None, 0)))
    )
    candidates = (
        days.inner_join(running, ["key", "day"])
        .mutate(amount=_.total - _.today + _.so_far)
        .mutate(score=score(_.amount))
        .filter(_.score > NOTABLE)
    )
    rare = per_week(candidates, expected).filter(_.per_week <= at_most)
    noted = (
        rare.mutate(step=(-ibis.greatest(_.per_week, 1e-12).log10() * STEPS).floor())
        .group_by("key", "day", "days", "step")
        .agg(
            time=_.time.min(),
            amount=_.amount.argmin(_.time),
            usual=amount_at(_.usual).argmin(_.time),
            peer_usual=amount_at(_.peer_usual).argmin(_.time),
            per_week=_.per_week.argmin(_.time),
        )
    )
    lately = ibis.range_window(
        group_by=("key", "days"), order_by="day", preceding=(ibis.interval(days=AGAIN), ibis.interval(days=1))
    )
    news = noted.mutate(reached=_.step.max().over(lately)).filter(_.reached.isnull() | (_.step > _.reached))
    return asked(news).drop("step", "reached")


def describe(found: ir.Table, rows: ir.Table) -> ir.Table:
    """Add to crossings who, from what, to where, how much and on which events, from the rows up to that moment.

    rows: `key, day, time, uid, actor, device, destination, bytes, files`; the largest contributor of each names the
    finding.
    """
    facts = (
        found.inner_join(rows.rename(at="time", on="day").drop("amount"), "key")
        .filter(_["at"] <= _.time, (_.days == 0) | (_.day.delta(_["on"], unit="day") < _.days))
        .group_by("key", "days", "time", "per_week")
        .agg(
            **{name: _[name].argmax(ibis.struct({"bytes": _.bytes, "uid": _.uid})) for name in SUBJECT},
            first_time=_["at"].min(),
            bytes_out=_.bytes.sum(),
            files=_.files.sum(),
            evidence=_.uid.collect(order_by=(ibis.desc("bytes"), "uid"))[:EVIDENCE],
        )
    )
    return found.inner_join(facts, ["key", "days", "time", "per_week"]).mutate(last_time=_.time)
