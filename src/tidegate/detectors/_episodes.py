"""From amounts over time to findings: when an amount first became unusual, who and what it rests on."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
from ibis import _

from tidegate.detectors._statistics import amount_at, expectation, per_week, score

NOTABLE = 2.0  # robust standard deviations below which no running total is looked at, to save time only
STEPS = 8  # steps a decade of rarity at which an amount is noted again
EVIDENCE = 200  # event uids a finding lists at the most, largest first
SUBJECT = ("actor", "device", "destination")


def unusual(rows: ir.Table, *, horizons: tuple[int, ...], at_most: float) -> ir.Table:
    """Findings where a key's amount, summed over one of the horizons (days), is rarer by chance than `at_most` a week.

    rows: `key, day, time, uid, actor, device, destination, amount, bytes, files`, at any grain below a day, `time` the
    end of the row. Returns the columns of a finding, with `key, day, days, amount, usual, peer_usual` for its sentence.
    """
    found = [
        describe(crossings(rows, days=days, at_most=at_most), rows).mutate(days=ibis.literal(days)) for days in horizons
    ]
    return ibis.union(*found).mutate(per_week=_.per_week * len(found)).filter(_.per_week <= at_most)


def crossings(rows: ir.Table, *, days: int, at_most: float) -> ir.Table:
    """The moments at which a key's running total of `days` days became rarer by a further step, on each day anew.

    rows: `key, day, time, amount` (at any grain below a day, `time` the end of the row). Returns `key, day, time,
    since, amount, usual, peer_usual, per_week`, for rates up to `at_most` a week.
    """
    daily = rows.group_by("key", "day").agg(today=_.amount.sum(), since=_.time.min())
    horizon = ibis.trailing_range_window(ibis.interval(days=days - 1), group_by="key", order_by="day")
    totals = daily.mutate(amount=_.today.sum().over(horizon), since=_.since.min().over(horizon))
    expected = expectation(totals)
    reference = expected.mutate(score=score(_.amount))
    running = (
        rows.group_by("key", "day", "time")
        .agg(step=_.amount.sum())
        .inner_join(reference.filter(_.score > NOTABLE), ["key", "day"])
        .mutate(
            amount=_.amount
            - _.today
            + _.step.sum().over(ibis.window(group_by=("key", "day"), order_by="time", preceding=(None, 0)))
        )
        .mutate(score=score(_.amount))
    )
    rare = per_week(running, reference.select("key", "day", "score")).filter(_.per_week <= at_most)
    return (
        rare.mutate(step=(-ibis.greatest(_.per_week, 1e-12).log10() * STEPS).floor())
        .group_by("key", "day", "step")
        .agg(
            time=_.time.min(),
            since=_.since.min(),
            amount=_.amount.argmin(_.time),
            usual=amount_at(_.usual).argmin(_.time),
            peer_usual=amount_at(_.peer_usual).argmin(_.time),
            per_week=_.per_week.argmin(_.time),
        )
        .drop("step")
    )


def describe(found: ir.Table, rows: ir.Table) -> ir.Table:
    """Add to crossings who, from what, to where, how much and on which events, from the rows up to that moment.

    rows: `key, time, uid, actor, device, destination, bytes, files` beside what `crossings` needs; the largest
    contributor of each names the finding.
    """
    facts = (
        found.inner_join(rows.mutate(at="time").drop("day", "amount", "time"), "key")
        .filter(_["at"] <= _.time, _["at"] >= _.since)
        .group_by("key", "time", "per_week")
        .agg(
            **{name: _[name].argmax(ibis.struct({"bytes": _.bytes, "uid": _.uid})) for name in SUBJECT},
            bytes_out=_.bytes.sum(),
            files=_.files.sum(),
            evidence=_.uid.collect(order_by=(ibis.desc("bytes"), "uid"))[:EVIDENCE],
        )
    )
    return found.inner_join(facts, ["key", "time", "per_week"]).mutate(first_time=_.since, last_time=_.time)
