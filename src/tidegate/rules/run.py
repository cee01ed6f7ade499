"""Sigma rules over the lake's tables: their hits, and how rare each is here, which is measured and not believed.

A finding is the first hit of a rule by a subject; later ones say nothing new. How unusual it is depends on how many
others had done it `before`. How often by chance a rule of some folder of rules says something that unusual is counted
in this lake's own past, over all rules together: hundreds of rules are hundreds of chances to be wrong.
So a rule that fires daily is soon common and costs nothing, and a folder of nervous rules makes all of them common.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import reduce
from operator import or_

import ibis
import ibis.expr.types as ir
import pyarrow as pa
from ibis import _
from ibis.backends.duckdb import Backend

from tidegate.cases.found import Found
from tidegate.detectors._statistics import PRIOR_ACTS, earliest
from tidegate.rules.conditions import holds
from tidegate.rules.load import Rule

AT_MOST = 1.0  # findings a week by chance, as for every detector
LEARNING = 14  # days at first in which every hit is new, so that their number says nothing of later ones
KNOWN = 5  # others who did it before, from which on a hit is common whatever its rule
GRAVE = ("high", "critical")
"""Levels that are counted apart from the others, so that a folder's hints do not drown its alarms."""

ASSUMED = {True: 0.5, False: 2.0}
"""New hits a week of all grave rules, and of all others, assumed before a past is seen: no level is believed."""

_RECIPIENT = {  # where data went, as the event says it
    "network_activity": lambda t: ibis.coalesce(t.dst_host, t.dst_ip),
    "http_activity": lambda t: ibis.coalesce(t.dst_host, t.dst_ip),
    "dns_activity": lambda t: t.query,
    "file_activity": lambda t: t.medium,
    "file_hosting": lambda t: t.recipient,
    "api_activity": lambda t: t.recipient,
    "account_change": lambda t: t.recipient,
}
TOGETHER = 50  # rules asked in one reading of a table: reading it once for each takes many times as long


def run(con: Backend, tables: Mapping[str, ir.Table], rules: Sequence[Rule]) -> tuple[Found, ...]:
    """Findings of the rules that hit in the tables, with their rates."""
    parts = list(_hits(tables, rules))
    if not parts:
        return ()
    numbers, names = pa.array(range(len(rules)), pa.int64()), pa.array([rule.level for rule in rules], pa.string())
    levels = ibis.memtable(pa.table({"rule": numbers, "level": names}))
    hits = con.create_table("sigma_hits", ibis.union(*parts).inner_join(levels, "rule"), temp=True, overwrite=True)
    start = ibis.union(*(tables[name].agg(start=_.time.min()) for name in _read(rules))).agg(start=_.start.min())
    rare = rated(hits, start).filter(_.per_week <= AT_MOST)
    placed = _placed(rare, tables["endpoints"])
    return tuple(
        Found.of(rules[row["rule"]].unit, row | {"title": rules[row["rule"]].title})
        for row in con.to_pyarrow(placed.order_by("time", "uid")).to_pylist()
    )


def rated(hits: ir.Table, start: ir.Table) -> ir.Table:
    """The first hit of each rule by each subject, with how many others were `before`, and `per_week`.

    hits: `rule, level, uid, time, actor, device, destination`. start: `start`, since when events are known. The rate
    is a Gamma-Poisson posterior mean over the new hits of grave rules, or of the others, that were at least as unusual,
    times two for the two groups. In the first `LEARNING` days everything is new: they are rated by themselves.
    """
    keyed = hits.mutate(key=ibis.coalesce(_.actor, _.device)).filter(_.key.notnull())
    others = ibis.row_number().over(ibis.window(group_by="rule", order_by=("time", "uid", "rule")))
    unusual = (
        earliest(keyed, "rule", "key")
        .mutate(before=others)
        .filter(_.before < KNOWN)
        .cross_join(start)
        .mutate(grave=_.level.isin(GRAVE), age=_.time.delta(_.start, unit="day"))
        .mutate(learning=_.age < LEARNING)
    )
    earlier = ibis.window(group_by=("grave", "learning"), order_by=("time", "uid", "rule"), preceding=(None, 1))
    counts = {f"most_{most}": (_.before <= most).sum().over(earlier).fill_null(0) for most in range(KNOWN)}
    alike = ibis.cases(*((_.before == most, _[f"most_{most}"]) for most in range(KNOWN)))
    assumed = ibis.ifelse(_.grave, ASSUMED[True], ASSUMED[False])
    weeks = ibis.ifelse(_.learning, _.age, _.age - LEARNING) / 7
    return (
        unusual.mutate(**counts)
        .mutate(alike=alike)
        .mutate(per_week=(_.alike + PRIOR_ACTS) / (weeks + PRIOR_ACTS / assumed) * len(ASSUMED))
        .drop("alike", "age", "learning", "grave", "start", *counts)
    )


def _hits(tables: Mapping[str, ir.Table], rules: Sequence[Rule]) -> Iterator[ir.Table]:
    """`rule` (its number), who, where and when, of every row that a rule hits; many rules to one reading of a table."""
    for name in _read(rules):
        table = tables[name]
        recipient = _RECIPIENT[name](table) if name in _RECIPIENT else ibis.null("string")
        asked = [
            ibis.ifelse(place.takes(table) & _any(rule, table, name), ibis.literal(number, "int64"), ibis.null("int64"))
            for number, rule in enumerate(rules)
            for place in rule.places
            if place.table == name
        ]
        for some in (asked[at : at + TOGETHER] for at in range(0, len(asked), TOGETHER)):
            rows = table.select(
                "uid",
                "time",
                "actor",
                device=ibis.coalesce(table.device, table.src_ip),
                destination=recipient.cast("string"),
                rule=ibis.array(some).unnest(),
            )
            yield rows.filter(_.rule.notnull())


def _any(rule: Rule, table: ir.Table, name: str) -> ir.BooleanValue:
    return reduce(or_, (holds(condition, table, name) for condition in rule.conditions))


def _read(rules: Sequence[Rule]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(place.table for rule in rules for place in rule.places))


def _placed(rare: ir.Table, endpoints: ir.Table) -> ir.Table:
    """As findings, with destinations in the spelling that other findings have."""
    named = endpoints.select(spelled="endpoint", place="destination")
    return rare.left_join(named, rare.destination.lower() == named.spelled).mutate(
        destination=ibis.coalesce(_.place, _.destination),
        first_time=_.time,
        last_time=_.time,
        bytes_out=ibis.literal(0, "int64"),
        files=ibis.literal(0, "int64"),
        evidence=ibis.array([_.uid]),
    )
