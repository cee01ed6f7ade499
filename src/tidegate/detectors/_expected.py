"""What was to be expected: an amount beside its own past and its peers of the same age, at every horizon.

Everything is compared on the largest total a key reached in a *period*: a week, and in the first week of all each day,
for that week has nothing else to be compared with. Medians and 90th percentiles of log amounts stand for the past,
because volumes are heavy-tailed. A row of a period rests on earlier periods only.
"""

from __future__ import annotations

import math

import ibis
import ibis.expr.types as ir
from ibis import _
from ibis import selectors as s

from tidegate.detectors._asked import earlier, grown, kept, lately

PEER_PERIODS = 4  # weeks of the peers that count: a new way of working is soon the usual one
LAG = 2  # own periods from this one on back count: what has just begun must not become its own excuse
PRIOR_PERIODS = 2  # own periods that weigh as much as the peers
PRIOR_PEERS = 2  # a peer group so small has twice the spread that it shows
MIN_SPREAD = 0.35  # log units; nobody is steadier than a factor 1.4 from week to week
Z90 = 1.2816  # the normal distribution's 90th percentile: makes (q90 − median) a standard deviation
RECORD = 2.0  # score of what a key had reached before: what comes back every few months shows in no quantile of weeks,
SHORT = 7 * LAG  # within so many days; totals of longer ones are steady, and would make a slow rise its own excuse
NOVEL = 3.0  # score of what has no peers and no past: its rate then rests on how seldom such a thing is at all
BACK = 13  # days before those that are asked about of which totals are told: a period, and as long as one is noted
AHEAD = 36_500  # days: the horizon that takes in everything


def totals(rows: ir.Table, horizons: tuple[int, ...]) -> ir.Table:
    """`key, day, today, born` and, for each horizon of so many days (0: all), `total_<days>` up to and with the day.

    rows: `key, day, amount`. born: the first day of the key.
    """
    daily = kept(rows.filter(_.key.notnull()).group_by("key", "day").agg(today=_.amount.sum()))
    back = BACK + max(horizons)
    base = earlier(daily, before=back).group_by("key").agg(base=_.today.sum(), old=_.day.min())
    recent = lately(daily, before=back).left_join(base, "key").drop("key_right").fill_null({"base": 0})
    windows = {
        days: ibis.trailing_range_window(ibis.interval(days=(days or AHEAD) - 1), group_by="key", order_by="day")
        for days in horizons
    }
    whole = recent.mutate(
        born=ibis.coalesce(_.old, _.day.min().over(group_by="key")),
        **{f"total_{days}": _.today.sum().over(window) + (0 if days else _.base) for days, window in windows.items()},
    )
    return lately(whole, before=BACK).drop("base", "old")


def expectation(totals: ir.Table, start: ir.Table) -> ir.Table:
    """A row a key, period and horizon: `amount` (the largest total), and what it is measured by.

    start: one row, `start`: the first day watched. Adds `unit, peer_usual, peer_spread, usual, spread, record`.
    Levels are log(1 + amount / unit), where unit is the peers' usual 90th percentile, so that differences among small
    amounts weigh nothing. Peers are those of about the same age: totals of a year grow for a year.
    """
    maxima = (
        totals.cross_join(start)
        .mutate(period=period(), born=_.born.delta(_.start, unit="day"))
        .group_by("key", "period")
        .agg(s.across(s.startswith("total_"), _.max()), born=_.born.min())
        .pivot_longer(s.startswith("total_"), names_to="days", names_pattern="total_(.+)", values_to="amount")
        .mutate(days=_.days.cast("int64"))
        .mutate(age=ibis.least(_age(), ibis.ifelse(_.days > 0, _.days, AHEAD)))
        .mutate(cohort=(_.age / 7 + 1).log2().floor().cast("int64"), span=_.age + 7)
        .drop("born", "age")
        .cross_join(start)
        .mutate(day=(_.start + _last() * ibis.interval(days=1)).cast("date"))
        .drop("start")
    )
    peers = _peers(kept(_seen(maxima)))
    known = lately(maxima).left_join(peers, ["period", "days", "cohort"]).drop(s.endswith("_right"))
    known = known.mutate(unit=_.unit * _.span).drop("span")
    levels = known.mutate(level=level(_.amount))
    return grown(lambda older: _measured(levels, older)).drop("level", "day")


def _measured(levels: ir.Table, older: ir.Table | None) -> ir.Table:
    """Add `usual` and `spread` by the key's own past, drawn to the peers' as far as it is short, and its `record`.

    older: what is known of earlier periods, if not all of them are asked about.
    """
    of = {"n": _.level.count(), "median": _.level.quantile(0.5), "high": _.level.quantile(0.9), "record": _.level.max()}
    if older is None:
        before = ibis.range_window(group_by=("key", "days"), order_by="period", preceding=(None, LAG))
        past = levels.mutate(**{name: value.over(before) for name, value in of.items()})
    else:
        every = older.select("key", "days", "level", then="period").union(
            levels.select("key", "days", "level", then="period")
        )
        pairs = levels.select("key", "days", "period").inner_join(every, ["key", "days"])
        summed = pairs.filter(_.then <= _.period - LAG).group_by("key", "days", "period").agg(**of)
        past = levels.left_join(summed, ["key", "days", "period"]).drop(s.endswith("_right"))
    past = past.fill_null(dict.fromkeys(of, 0))
    share = _.n / (_.n + PRIOR_PERIODS)
    return past.mutate(
        usual=share * _.median + (1 - share) * _.peer_usual,
        spread=ibis.greatest(share * (_.high - _.median) / Z90 + (1 - share) * _.peer_spread, MIN_SPREAD),
    ).drop("n", "median", "high")


def period() -> ibis.Deferred:
    """The number of a day's period, counted from `start`: the first seven days are one each, then come weeks."""
    since = _.day.delta(_.start, unit="day")
    return ibis.ifelse(since < 7, since, 6 + (since / 7).floor()).cast("int64")


def score(amount: ibis.Deferred) -> ibis.Deferred:
    """Robust standard deviations by which an amount exceeds its own past and its peers (the smaller of the two)."""
    high = level(amount)
    usual, record = (high - _.usual) / _.spread, (high - _.record) / _.spread + RECORD
    own = ibis.ifelse(_.days.between(1, SHORT), ibis.least(usual, record), usual)
    return ibis.ifelse(_.unit.isnull(), NOVEL, ibis.least(own, (high - _.peer_usual) / _.peer_spread))


def level(amount: ibis.Deferred) -> ibis.Deferred:
    return (amount / _.unit + 1).log()


def amount_at(level: ibis.Deferred) -> ibis.Deferred:
    """The amount that has a level."""
    return (level.exp() - 1) * _.unit


def _last() -> ibis.Deferred:
    """The last day of a period, counted from `start`."""
    return ibis.ifelse(_.period < 7, _.period, (_.period - 6) * 7 + 6)


def _age() -> ibis.Deferred:
    """Days from when a key was first seen to the beginning of the period."""
    begin = ibis.ifelse(_.period < 7, _.period, (_.period - 6) * 7)
    return ibis.greatest(begin - _.born, 0)


def _seen(maxima: ir.Table) -> ir.Table:
    """`period, day, days, cohort` with `median, high, weight`: what the keys of a cohort did in a period.

    Amounts are for each day of a key's age (`span`); a cohort is a doubling of the age, as far as it matters for the
    horizon. A key counts for its own cohort and the next, so that the oldest have somebody to be compared with.
    """
    older = maxima.mutate(cohort=_.cohort + 1)
    return (
        maxima.union(older)
        .group_by("period", "day", "days", "cohort")
        .agg(median=(_.amount / _.span).quantile(0.5), high=(_.amount / _.span).quantile(0.9), weight=_.count())
    )


def _peers(seen: ir.Table) -> ir.Table:
    """`period, days, cohort` with `unit, peer_usual, peer_spread`, geometric means over the periods before."""
    lately, ever = (
        ibis.range_window(group_by=("days", "cohort"), order_by="period", preceding=(periods, 1))
        for periods in (PEER_PERIODS, None)
    )

    def known(value: ibis.Deferred) -> ibis.Deferred:
        """Of the latest periods, or of all where these had nobody."""
        return ibis.coalesce(value.sum().over(lately), value.sum().over(ever))

    def mean(value: ibis.Deferred) -> ibis.Deferred:
        return known(value.log() * _.weight) / known(_.weight)

    return (
        seen.mutate(unit=mean(_.high).exp(), middle=mean(_.median).exp(), peers=known(_.weight))
        .mutate(peer_usual=level(_.middle))
        .mutate(
            peer_spread=ibis.greatest((-_.peer_usual + math.log(2)) / Z90, MIN_SPREAD) * (1 + PRIOR_PEERS / _.peers)
        )
        .select("period", "days", "cohort", "unit", "peer_usual", "peer_spread")
    )
