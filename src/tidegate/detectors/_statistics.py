"""How unusual, and how often by chance: the pure scoring functions that detectors share.

Two steps. `expectation` and `score` compare an amount with the subject's own past and with its peers, both on ranks
(medians and 90th percentiles of log amounts), and take the smaller of the two: what is unusual for this person *and*
large here. `per_week` then asks how often the organisation's own past shows a weekly maximum that unusual, counting
each subject once a week, so that one long oddity counts little; beyond the past it follows a Pareto tail (exponential
in the log scores, Hill 1975), and before there is a past it assumes one. Both look only backwards: the row of a day
rests on earlier days, its rate on earlier weeks. `rarity` is for single acts, such as a forwarding rule.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
from ibis import _

BIN = 0.1  # width of a score bin; 0.1 in log units is 10 % in bytes for a spread of one
TOP = 400  # scores above 40 share a bin
BEYOND = 1000.0  # times the weeks watched: nothing is called rarer than that, however far out it lies
TAIL = 20  # weekly maxima that the tail is fitted on at the least,
TAIL_SHARE = 0.05  # and this share of all of them: what peaks-over-threshold studies commonly use
PRIOR_TAIL = 3  # weight, in weekly maxima, of what is assumed of the tail
PRIOR_EXCESS = 3.0  # mean excess assumed, in scores: amounts with a Pareto index of 1, at the smallest spread
PRIOR_ACTS = 0.5  # acts that weigh as much as what is assumed of a kind of act (the shape of Jeffreys' Gamma prior)
LEARNING = 14  # days at the start that are no reference: everybody is new to us, so everything looks unusual
PEER_DAYS = 28  # days of the peers that count: four weeks, so that a new way of working is soon the usual one
LAG = 7  # latest days of the own past that do not count yet: what has just begun must not become its own excuse
PRIOR_DAYS = 5  # own active days that weigh as much as the peers
MIN_SPREAD = 0.35  # log units; nobody is steadier than a factor 1.4 from day to day
Z90 = 1.2816  # the normal distribution's 90th percentile: makes (q90 − median) a standard deviation


def expectation(amounts: ir.Table) -> ir.Table:
    """Add what was to be expected to rows of `key, day, amount`: `unit, usual, spread, peer_usual, peer_spread`.

    amounts: one row a key and day on which anything happened; amount > 0, any unit. Levels are log(1 + amount / unit),
    where unit is the peers' 90th percentile up to then, so that differences among small amounts weigh nothing. usual is
    the median level of the key's past, drawn to the peers' as far as it is short; spread is the distance to the 90th
    percentile in standard deviations. All null on the first day of all, which has nothing to be compared with.
    """
    before = ibis.range_window(order_by="day", preceding=(ibis.interval(days=PEER_DAYS), ibis.interval(days=1)))
    units = (
        amounts.group_by("day")
        .agg(high=_.amount.quantile(0.9), weight=_.count())
        .select("day", unit=(_.high * _.weight).sum().over(before) / _.weight.sum().over(before))
    )
    logs = amounts.inner_join(units, "day").mutate(level=_level(_.amount))
    own = ibis.range_window(group_by="key", order_by="day", preceding=(None, ibis.interval(days=LAG)))
    past = logs.mutate(
        n=_.count().over(own),
        median=_.level.quantile(0.5).over(own),
        high=_.level.quantile(0.9).over(own),
    )
    peers = (
        logs.group_by("day")
        .agg(median=_.level.quantile(0.5), high=_.level.quantile(0.9), weight=_.count())
        .select(
            "day",
            peer_usual=(_.median * _.weight).sum().over(before) / _.weight.sum().over(before),
            peer_spread=((_.high - _.median) * _.weight).sum().over(before) / _.weight.sum().over(before) / Z90,
        )
    )
    share = _.n / (_.n + PRIOR_DAYS)
    return (
        past.left_join(peers, "day")
        .mutate(
            usual=share * _.median.fill_null(0) + (1 - share) * _.peer_usual,
            spread=share * ((_.high - _.median) / Z90).fill_null(0) + (1 - share) * _.peer_spread,
        )
        .mutate(spread=ibis.greatest(_.spread, MIN_SPREAD), peer_spread=ibis.greatest(_.peer_spread, MIN_SPREAD))
        .drop("day_right", "level", "n", "median", "high")
    )


def score(amount: ibis.Deferred) -> ibis.Deferred:
    """Robust standard deviations by which an amount exceeds its own past and its peers (the smaller of the two)."""
    return ibis.least(
        (_level(amount) - _.usual) / _.spread,
        (_level(amount) - _.peer_usual) / _.peer_spread,
    )


def amount_at(level: ibis.Deferred) -> ibis.Deferred:
    """The amount that has a level."""
    return (level.exp() - 1) * _.unit


def _level(amount: ibis.Deferred) -> ibis.Deferred:
    return (amount / _.unit + 1).log()


def per_week(candidates: ir.Table, reference: ir.Table) -> ir.Table:
    """Add `per_week` to candidates: how often a week some subject reaches their score by chance.

    candidates: any rows with `day` and `score`. reference: `key, day, score`, a row for every subject and day, the
    candidates' own among them. The rate of a day rests on the weeks before its own, counted from the first day; it is
    exact in the tail and saturates below it (`TAIL` or more past maxima were as high).
    """
    span = reference.agg(start=_.day.min())
    first = reference.cross_join(span).filter(_.day == _.start).agg(first_keys=_.key.nunique())
    weekly = (
        reference.filter(_.score.notnull())
        .cross_join(span)
        .filter(_week() >= 0)
        .group_by("key", week=_week())
        .agg(score=_.score.max())
        .group_by("week", bin=ibis.greatest(ibis.least((_.score / BIN).floor(), TOP), 0).cast("int64"))
        .agg(n=_.count())
    )
    asked = candidates.filter(_.score > 0).cross_join(span, first).mutate(week=_week())
    fits = _fits(weekly, asked.select("week").distinct())
    assumed = ibis.greatest(_.first_keys, 1) * (-_.score / PRIOR_EXCESS).exp()
    seen = _.tail / ibis.greatest(_.week, 1) * (-ibis.greatest(_.score - _.above, 0) / _.excess).exp()
    return (
        asked.left_join(fits, "week")
        .drop("week_right")
        .fill_null({"n": 0, "tail": 0, "above": 0.0, "excess": PRIOR_EXCESS})
        .mutate(per_week=ibis.greatest(ibis.ifelse(_.n > 0, seen, assumed), 1 / (BEYOND * ibis.greatest(_.week, 1))))
        .drop("start", "first_keys", "week", "n", "tail", "above", "excess")
    )


def _week() -> ibis.Deferred:
    return ((_.day.delta(_.start, unit="day") - LEARNING) / 7).floor().cast("int64")


def _fits(weekly: ir.Table, weeks: ir.Table) -> ir.Table:
    """For each week asked about, the tail of the weeks before it: `n` maxima, `tail` of them from `above` on, `excess`.

    weekly: `week, bin, n`. excess is the mean excess over `above` (the Hill estimator, scores being logarithms), drawn
    towards `PRIOR_EXCESS` by `PRIOR_TAIL` and raised by one standard error.
    """
    grid = weekly.select("week").union(weeks).distinct().cross_join(weekly.select("bin").distinct())
    past = grid.left_join(weekly, ["week", "bin"]).mutate(
        n=_.n.fill_null(0).sum().over(ibis.window(group_by="bin", order_by="week", preceding=(None, 1))).fill_null(0)
    )
    upward = ibis.window(group_by="week", order_by=ibis.desc("bin"), preceding=(None, 0))
    tails = past.mutate(
        exceed=_.n.sum().over(upward),
        mass=(_.n * _.bin).sum().over(upward),
        lowest=_.bin.min().over(ibis.window(group_by="week")),
        all=_.n.sum().over(ibis.window(group_by="week")),
    )
    fits = (
        tails.filter((_.exceed >= ibis.greatest(TAIL, TAIL_SHARE * _["all"])) | (_.bin == _.lowest))
        .group_by("week")
        .agg(n=_.exceed.max(), tail=_.exceed.argmax(_.bin), mass=_.mass.argmax(_.bin), bin=_.bin.max())
    )
    excess = ((_.mass - _.tail * _.bin) * BIN + PRIOR_TAIL * PRIOR_EXCESS) / (_.tail + PRIOR_TAIL)
    return fits.select(
        "week",
        "n",
        "tail",
        above=_.bin * BIN,
        excess=excess * (1 + 1 / (_.tail + PRIOR_TAIL).cast("float64").sqrt()),
    )


def rarity(events: ir.Table, everyone: ir.Table, *, per_person_week: float | ibis.Deferred) -> ir.Table:
    """The first event of each key, kind and destination, with `per_week`: how often somebody new does such a thing.

    events: `uid, key, kind, destination, time`, and whatever else. everyone: `key, time`, all that the accounts did,
    from which come the weeks watched and the people known by then. The rate is a Gamma-Poisson posterior mean: `before`
    other keys have done it in the weeks watched, half an act (Jeffreys) in the time `per_person_week` gives it.
    """
    events = earliest(events, "key", "kind", "destination")
    arrivals = everyone.filter(_.key.notnull()).group_by("key").agg(time=_.time.min())
    firsts = events.group_by("kind", "key").agg(first=_.time.min())
    people = _earlier(events, arrivals, "people")
    others = _earlier(people, firsts.select("kind", "key", time="first"), "before", by=("kind",))
    start = everyone.agg(start=_.time.min())
    weeks = _.time.delta(_.start, unit="day") / 7
    return (
        others.left_join(firsts, ["kind", "key"])
        .cross_join(start)
        .mutate(before=_.before - (_.first < _.time).cast("int64"))
        .mutate(
            per_week=(_.before + PRIOR_ACTS) / (weeks + PRIOR_ACTS / (per_person_week * ibis.greatest(_.people, 1)))
        )
        .drop("start", "people", "first", "kind_right", "key_right")
    )


def earliest(events: ir.Table, *keys: str) -> ir.Table:
    """The first event of each combination of keys."""
    number = ibis.row_number().over(ibis.window(group_by=keys, order_by=("time", "uid")))
    return events.mutate(number=number).filter(_.number == 0).drop("number")


def _earlier(events: ir.Table, firsts: ir.Table, name: str, by: tuple[str, ...] = ()) -> ir.Table:
    """Add how many of `firsts` (with the same `by`) came before each event."""
    marks = events.mutate(new=ibis.literal(0, "int64")).union(
        firsts.select(
            **{c: firsts[c] if c in ("time", *by) else ibis.null(t) for c, t in events.schema().items()},
            new=ibis.literal(1, "int64"),
        )
    )
    before = ibis.window(group_by=by or None, order_by=("time", "new"), preceding=(None, 0))
    counted = marks.mutate(**{name: _.new.sum().over(before)})
    return counted.filter(_.new == 0).drop("new")
