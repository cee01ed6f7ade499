"""How often a running number gets as high: for what grows slowly and would become its own excuse.

The number of sendings from one person to one recipient only grows. Compared with its own past it never stands out, and
among few it soon is the crowd. So each key is compared with the others only, by first passages: how many other keys had
ever reached a level before that day. Beyond the levels that `TAIL` others reached a Pareto tail is assumed
(exponential in the levels, which are logarithms; Hill 1975), its mean excess fitted on the others and raised by a
standard error.
The rate is that of passages a week, each key counting once a level, so that one that grows for years counts little.
"""

from __future__ import annotations

import math

import ibis
import ibis.expr.types as ir
from ibis import _
from ibis import selectors as s

from tidegate.detectors._asked import asked, concerning, grown, kept, lately
from tidegate.detectors._episodes import EVIDENCE, SUBJECT
from tidegate.detectors._statistics import BEYOND, PRIOR_ACTS, PRIOR_EXCESS, PRIOR_TAIL

STEP = 0.35  # log units a level: a factor of 1.4, the least spread that amounts are taken to have
MIN_EXCESS = 1.0  # levels: small counts lie a level or two apart, so that no tail of theirs is known to be steeper
MOMENTS = 3  # moments a level at which a key's rise is told anew, so that what is a sending away is not a level away
LEARNING = 14  # days at the start at which everybody is new to us
COLD = 20.0  # times as often is what is seen while everything is new: a cold start widens
TOP = 60  # levels: 1.4 to the 60th is beyond any count
TAIL = 10  # others that have reached a level at the least, for the rate there to be taken from them


def passages(totals: ir.Table, start: ir.Table, *, least: float, at_most: float, lag: int | None = None) -> ir.Table:
    """The moments at which a key's running total became rarer by a further step, where that is below `at_most` a week.

    totals: `kind, key, day, time, total` and whatever else, a row a moment; keys are compared within their
    kind, and of totals below `least` nothing is said. Adds `per_week`, the rate at which some other key first gets as
    high, `as_high`, how many others had ever got there, and `peers`, how many there were at all.

    start: one row, `start`, the first day of what was logged, since when such a thing would have been seen. lag: days
    after which what a key had reached is its own habit, from where the rise is measured; None for what grows so slowly
    that it would become its own excuse.
    """
    scored = totals.filter(_.total > 0).mutate(score=_.total.cast("float64").ln() / STEP)
    step = ibis.greatest(ibis.least((_.score * MOMENTS).floor(), TOP * MOMENTS), 0).cast("int64")
    leveled = scored.mutate(step=step).mutate(level=_.step // MOMENTS)
    risen = grown(lambda older: _risen(leveled, older))
    news = asked(leveled.filter(_.total >= least)).semi_join(risen, ["kind", "key", "time"])
    news = _with_past(news, risen, lag)
    rated = news.inner_join(_others(risen, news), ["kind", "key", "time"]).cross_join(start)
    excess = (rated.mass + PRIOR_TAIL * PRIOR_EXCESS) / (rated.tail + PRIOR_TAIL)
    cold = ibis.ifelse(rated.day.delta(rated.start, unit="day") < LEARNING, COLD, 1.0)
    raised = ibis.greatest(excess, MIN_EXCESS) * (1 + 1 / (rated.tail + 1).cast("float64").sqrt())
    weeks = ibis.greatest(rated.day.delta(rated.start, unit="day") / 7, 1)
    known = ibis.ifelse(rated.tail >= TAIL, rated.rung, math.log(least) / STEP)  # where too few ever got anywhere
    beyond = ibis.greatest(rated.score - ibis.greatest(known, rated.was), 0)
    return (
        rated.mutate(
            per_week=cold * ibis.greatest((rated.tail + PRIOR_ACTS) * (-beyond / raised).exp(), 1 / BEYOND) / weeks
        )
        .filter(_.per_week <= at_most)
        .drop("score", "step", "level", "known", "rung", "tail", "mass", "start", "was")
    )


def within(rows: ir.Table, horizons: tuple[int, ...]) -> ir.Table:
    """By key, moment and horizon (`days`, 0 being all): `total`, the amount of the latest days, and `since` when.

    rows: `key, day, time, amount`, at any grain below a day. Each horizon is a `kind`: it is compared with its like.
    """
    daily = kept(rows.group_by("key", "day").agg(today=_.amount.sum(), first=_.time.min()))
    today = ibis.window(group_by=("key", "day"), order_by="time", preceding=(None, 0))
    steps = lately(rows).group_by("key", "day", "time").agg(step=_.amount.sum()).mutate(so_far=_.step.sum().over(today))
    return ibis.union(*(_running(steps, concerning(daily, "key"), days) for days in horizons))


def _running(steps: ir.Table, daily: ir.Table, days: int) -> ir.Table:
    before = ibis.interval(days=days - 1) if days else None
    window = ibis.range_window(group_by="key", order_by="day", preceding=(before, ibis.interval(days=0)))
    summed = daily.mutate(until=_.today.sum().over(window) - _.today, since=_["first"].min().over(window))
    return steps.inner_join(summed, ["key", "day"]).select(
        "key",
        "day",
        "time",
        "since",
        total=_.until + _.so_far,
        kind=ibis.literal(f"{days} days"),
        days=ibis.literal(days, "int64"),
    )


def told(found: ir.Table, rows: ir.Table) -> ir.Table:
    """Add to `key, time, since` of findings who, to where, how much and on which events: the latest of them first.

    rows: `key, time, uid, actor, device, destination, bytes, files`; its latest row up to the finding names it.
    """
    order = ibis.struct({"time": _.at, "uid": _.uid})
    facts = (
        found.select("key", "time", "since")
        .distinct()
        .inner_join(rows.select("key", "uid", *SUBJECT, "bytes", "files", at="time"), "key")
        .filter(_["at"] <= _.time, _["at"] >= _.since)
        .group_by("key", "time", "since")
        .agg(
            **{name: _[name].argmax(order) for name in SUBJECT},
            bytes_out=_.bytes.sum(),
            files=_.files.sum(),
            evidence=_.uid.collect(order_by=(ibis.desc("at"), "uid"))[:EVIDENCE],
        )
    )
    return found.inner_join(facts, ["key", "time", "since"]).mutate(first_time=_.since, last_time=_.time)


def _risen(leveled: ir.Table, older: ir.Table | None) -> ir.Table:
    """The first moment of each step that a key came to, of those higher than all `before`. older: what is known."""
    new = leveled if older is None else asked(leveled)
    firsts = new.group_by("kind", "key", "step").agg(
        time=_.time.min(), day=_.day.argmin(_.time), score=_.score.argmin(_.time)
    )
    every = firsts if older is None else firsts.union(older.select(*firsts.columns))
    so_far = ibis.window(group_by=("kind", "key"), order_by="time", preceding=(None, 1))
    risen = every.mutate(before=_.step.max().over(so_far).fill_null(-1)).filter(_.step > _.before)
    return risen.mutate(level=_.step // MOMENTS, last=(_.before / MOMENTS).floor().cast("int64"))


def _with_past(news: ir.Table, risen: ir.Table, lag: int | None) -> ir.Table:
    """With `known`, the level that the key had reached on earlier days, and `was`, the score that is its habit."""
    earlier = risen.select("kind", "key", on="day", reached="level", high="score")
    habit = (_.day.delta(_["on"], unit="day") >= lag) if lag else ibis.literal(False)
    past = (
        news.select("kind", "key", "day", "time")
        .inner_join(earlier, ["kind", "key"])
        .filter(_["on"] < _.day)
        .group_by("kind", "key", "time")
        .agg(known=_.reached.max(), was=_.high.max(where=habit))
    )
    known = news.left_join(past, ["kind", "key", "time"]).drop(s.endswith("_right"))
    return known.fill_null({"known": -1, "was": 0.0})


def _others(risen: ir.Table, news: ir.Table) -> ir.Table:
    """Of each key and day: `rung`, the level from which the tail is taken, `tail` others there, `mass` above it."""
    rungs = ibis.range(0, TOP + 1).unnest().name("rung").as_table().cast({"rung": "int64"})
    passed = risen.select("kind", "day", "level", "last").cross_join(rungs).filter(_.rung > _.last, _.rung <= _.level)
    daily = passed.group_by("kind", "rung", day=_.day + ibis.interval(days=1)).agg(
        n=_.count()
    )  # known from the next day on
    cumulative = ibis.window(group_by=("kind", "rung"), order_by="day", preceding=(None, 0))
    reached = daily.mutate(reached=_.n.sum().over(cumulative)).select("kind", "rung", "day", "reached")
    moments = news.select("kind", "key", "day", "time", "level", "known")
    counted = (
        moments.cross_join(rungs)
        .asof_join(reached, on="day", predicates=("kind", "rung"))
        .mutate(
            # Its own passages are no reference; those of its first day are not among them yet.
            others=_.reached.fill_null(0) - (_.rung <= _.known).cast("int64")
        )
    )
    one = ibis.window(group_by=("kind", "key", "time"))
    enough = ibis.cases(((counted.others >= TAIL) & (counted.rung <= counted.level), counted.rung), else_=0)
    return (
        counted.mutate(top=enough)
        .mutate(top=_.top.max().over(one))
        .group_by("kind", "key", "time")
        .agg(
            rung=_.top.max(),
            tail=_.others.max(where=_.rung == _.top),
            mass=_.others.sum(where=_.rung > _.top).fill_null(0),
            as_high=_.others.max(where=_.rung == _.level),
            peers=_.others.max(where=_.rung == 0),
        )
    )
