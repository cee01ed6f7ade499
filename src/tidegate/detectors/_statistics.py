"""How often by chance: rates per week that detectors share, from what the organisation itself has shown.

`per_week` is for amounts: how often the organisation's own past shows a score that high, each key counted once, so that
one long oddity counts little; beyond the past it follows a Pareto tail (exponential in the log scores, Hill 1975), and
before there is a past it assumes one. It looks only backwards: the rate of a week rests on earlier weeks.
`rarity` is for single acts, such as a forwarding rule.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
from ibis import _
from ibis import selectors as s

from tidegate.detectors._asked import firsts

BIN = 0.1  # width of a score bin; 0.1 in log units is 10 % in bytes for a spread of one
TOP = 400  # scores above 40 share a bin
BEYOND = 1000.0  # times the weeks watched: nothing is called rarer than that, however far out it lies
TAIL = 20  # weekly maxima that the tail is fitted on at the least,
TAIL_SHARE = 0.05  # and this share of all of them: what peaks-over-threshold studies commonly use
PRIOR_TAIL = 3  # weight of what is assumed of the tail, in weekly maxima, or in others that got so far
PRIOR_EXCESS = 3.0  # mean excess assumed, in scores: amounts with a Pareto index of 1, at the smallest spread
MIN_EXCESS = 0.5  # scores: from a few dozen maxima no tail of theirs is known to be steeper than an index of 6
PRIOR_ACTS = 0.5  # acts that weigh as much as what is assumed of a kind of act (the shape of Jeffreys' Gamma prior)
HABIT = 2  # periods after which what a key did is its habit
LEARNING = 8  # first period that is a reference, after 14 days: until then everybody is new to us


def per_week(candidates: ir.Table, reference: ir.Table) -> ir.Table:
    """Add `per_week` to candidates: how often a week some other key gets as far out as theirs, at their horizon.

    candidates: any rows with `key, period, days, score`. reference: `key, period, days, score`, a row for every key,
    period and horizon, the candidates' own among them. The rate of a period rests on the weeks before it: it is that of
    the fit to the tail of all weekly maxima, but never below what was counted, each other key once. Below the tail it
    saturates (`TAIL` or more maxima were as high).
    """
    first = reference.group_by("days").agg(first_keys=(_.period == 0).sum())
    binned = reference.filter(_.score.notnull()).mutate(bin=_bin())
    weekly = binned.filter(_.period >= LEARNING).group_by("days", "period", "bin").agg(n=_.count())
    asked = candidates.filter(_.score > 0).mutate(bin=_bin()).left_join(first, "days").drop("days_right")
    when = asked.select("days", "period").distinct()
    fits = _fits(_earlier_bins(weekly, when))
    counts = _counts(_earlier_bins(_passages(binned), when), asked.select("days", "period", "bin").distinct())
    weeks = ibis.greatest(_.period - LEARNING, 1)
    assumed = ibis.least(
        ibis.greatest(_.first_keys, 1) * (-_.score / PRIOR_EXCESS).exp(),
        ibis.ifelse(_.period > LEARNING, PRIOR_ACTS / weeks, float("inf")),
    )
    fitted = _.tail / weeks * (-ibis.greatest(_.score - _.above, 0) / _.excess).exp()
    own = _own(binned.semi_join(candidates, "key"))
    lately, habit = ((_[name] >= _.bin).fill_null(False).cast("int64") for name in ("lately", "habit"))
    counted = (_.higher - lately + habit) / weeks
    return (
        asked.left_join(fits, ["days", "period"])
        .drop("days_right", "period_right")
        .left_join(counts, ["days", "period", "bin"])
        .drop(s.endswith("_right"))
        .left_join(own, ["key", "days", "period"])
        .fill_null({"n": 0, "tail": 0, "above": 0.0, "excess": PRIOR_EXCESS, "higher": 0})
        .mutate(rate=ibis.ifelse(_.n > 0, ibis.greatest(fitted, counted), assumed))
        .mutate(per_week=ibis.greatest(_.rate, 1 / (BEYOND * weeks)))
        .drop(
            "first_keys",
            "bin",
            "n",
            "tail",
            "above",
            "excess",
            "higher",
            "rate",
            "lately",
            "habit",
            s.endswith("_right"),
        )
    )


def _passages(binned: ir.Table) -> ir.Table:
    """`days, period, bin, n`: how many more keys than before have their maximum in a bin, period by period.

    What a key reached while everything was new is where it starts from. Summed over the periods before, n is how many
    keys have that maximum by then: each counts once, however often it comes back, or one steady oddity would hide all
    others for ever.
    """
    before = ibis.range_window(group_by=("key", "days"), order_by="period", preceding=(None, 1))
    records = (
        _counted(binned)
        .filter(_.counted.notnull())
        .mutate(was=_.bin.max().over(before))
        .filter(_.was.isnull() | (_.bin > _.was))
    )
    arrived = records.group_by("days", "period", "bin").agg(n=_.count())
    left = records.filter(_.was.notnull()).group_by("days", "period", bin=_.was).agg(n=-_.count())
    return arrived.union(left).group_by("days", "period", "bin").agg(n=_.n.sum())


def _counted(binned: ir.Table) -> ir.Table:
    """With `counted`, the bin where it is above all that the key reached while everything was new."""
    learnt = _.bin.max(where=_.period < LEARNING).over(ibis.window(group_by=("key", "days")))
    above = (_.period >= LEARNING) & (_.learnt.isnull() | (_.bin > _.learnt))
    return binned.mutate(learnt=learnt).mutate(counted=ibis.ifelse(above, _.bin, None)).drop("learnt")


def _own(binned: ir.Table) -> ir.Table:
    """`key, days, period` with the highest bin before it that is among the counts (`lately`), and that is a `habit`.

    What goes on must not stand in its own way; what a key did weeks ago, it is the first to do again.
    """
    before, long_before = (
        ibis.range_window(group_by=("key", "days"), order_by="period", preceding=(None, lag)) for lag in (1, HABIT)
    )
    own = _counted(binned).mutate(lately=_.counted.max().over(before), habit=_.bin.max().over(long_before))
    return own.select("key", "days", "period", "lately", "habit")


def _bin() -> ibis.Deferred:
    return ibis.greatest(ibis.least((_.score / BIN).floor(), TOP), 0).cast("int64")


def _earlier_bins(counts: ir.Table, asked: ir.Table) -> ir.Table:
    """`days, period, bin, n`, summed over the periods before each that is asked about."""
    pairs = counts.rename(earlier="period").join(asked, "days")
    return pairs.filter(_.earlier < _.period).group_by("days", "period", "bin").agg(n=_.n.sum())


def _counts(earlier: ir.Table, asked: ir.Table) -> ir.Table:
    """How many of the maxima before were as high (`higher`), to a bin."""
    seen = asked.join(earlier.rename(seen="bin"), ["days", "period"])
    return seen.filter(_.seen >= _.bin).group_by("days", "period", "bin").agg(higher=_.n.sum())


def _fits(past: ir.Table) -> ir.Table:
    """For each horizon and period asked about, the tail of the maxima before it (`days, period, bin, n`).

    Returns `days, period, n` (maxima), `tail` of them from `above` on, `excess`: the mean excess over `above` (the Hill
    estimator, scores being logarithms), drawn towards `PRIOR_EXCESS` by `PRIOR_TAIL`, at least `MIN_EXCESS`, and
    raised by one standard error.
    """
    upward = ibis.window(group_by=("days", "period"), order_by=ibis.desc("bin"), preceding=(None, 0))
    everything = ibis.window(group_by=("days", "period"))
    tails = past.mutate(
        exceed=_.n.sum().over(upward),
        mass=(_.n * _.bin).sum().over(upward),
        lowest=_.bin.min().over(everything),
        all=_.n.sum().over(everything),
    )
    fits = (
        tails.filter((_.exceed >= ibis.greatest(TAIL, TAIL_SHARE * _["all"])) | (_.bin == _.lowest))
        .group_by("days", "period")
        .agg(n=_.exceed.max(), tail=_.exceed.argmax(_.bin), mass=_.mass.argmax(_.bin), bin=_.bin.max())
    )
    excess = ((_.mass - _.tail * _.bin) * BIN + PRIOR_TAIL * PRIOR_EXCESS) / (_.tail + PRIOR_TAIL)
    return fits.select(
        "days",
        "period",
        "n",
        "tail",
        above=_.bin * BIN,
        excess=ibis.greatest(excess, MIN_EXCESS) * (1 + 1 / (_.tail + 1).cast("float64").sqrt()),
    )


def rarity(events: ir.Table, everyone: ir.Table, *, per_person_week: float | ibis.Deferred) -> ir.Table:
    """The first event of each key, kind and destination, with `per_week`: how often somebody new does such a thing.

    events: `uid, key, kind, destination, time`, and what else. everyone: `key, day, time`, all that the accounts did,
    from which come the weeks watched and the people known by then. The rate is a Gamma-Poisson posterior mean: `before`
    other keys have done it in the weeks watched, half an act (Jeffreys) in the time `per_person_week` gives it.
    """
    events = earliest(events, "key", "kind", "destination")
    arrivals = firsts(everyone, "key", time=_.time.min()).drop("day")
    own = events.group_by("kind", "key").agg(first=_.time.min())
    people = _earlier(events, arrivals.filter(_.key.notnull()), "people")
    others = _earlier(people, own.select("kind", "key", time="first"), "before", by=("kind",))
    start = arrivals.agg(start=_.time.min())
    weeks = _.time.delta(_.start, unit="day") / 7
    return (
        others.left_join(own, ["kind", "key"])
        .cross_join(start)
        .mutate(before=_.before - (_.first < _.time).cast("int64"))
        .mutate(
            per_week=(_.before + PRIOR_ACTS) / (weeks + PRIOR_ACTS / (per_person_week * ibis.greatest(_.people, 1)))
        )
        .drop("start", "people", "first", "kind_right", "key_right")
    )


def earliest(events: ir.Table, *keys: str) -> ir.Table:
    """The first event of each combination of keys: most rows are told apart by their time, without being sorted."""
    firsts = events.group_by(**{f"{key}_of_first": key for key in keys}).agg(first_=_.time.min())
    same = [events[key].identical_to(firsts[f"{key}_of_first"]) for key in keys]
    early = events.inner_join(firsts, [*same, events.time == firsts.first_]).select(*events.columns)
    number = ibis.row_number().over(ibis.window(group_by=keys, order_by=("time", "uid")))
    return early.mutate(number=number).filter(_.number == 0).drop("number")


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
