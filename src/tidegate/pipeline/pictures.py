"""The person's usual against this: what the subject of a case or finding sent or did day by day, before and during."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

import ibis
import ibis.expr.types as ir
from ibis import _
from ibis.backends.duckdb import Backend

from tidegate import registry
from tidegate.cases.model import Case, DayVolume, Finding
from tidegate.events.schema import CLASSES

BEFORE = 28  # usual days that a timeline shows before a case
PICTURED = 8  # findings of a case that get a picture, the rarest: more are not looked at
PAST = 365  # days before a finding that its usual is taken from: a year has every season once


def pictured(con: Backend, tables: Mapping[str, ir.Table], case: Case) -> Case:
    """The case with a picture for each of its rarest findings. Several of one subject and place share theirs."""
    rarest = sorted(case.findings, key=lambda finding: (-finding.surprise, finding.uid))[:PICTURED]
    start = con.to_pyarrow(tables["hourly"].agg(start=_.day.min())).to_pylist()[0]["start"]
    drawn = {finding.uid: _picture(con, tables, finding, start) for finding in rarest}
    return replace(case, findings=tuple(replace(f, timeline=drawn.get(f.uid, ())) for f in case.findings))


def timeline(
    con: Backend, daily: ir.Table, first: date, last: date, *, in_bytes: bool, start: date | None = None
) -> tuple[DayVolume, ...]:
    """Each day from `BEFORE` days before `first` to `last`, and the median and 95th percentile of all days before.

    daily: `day, amount`, with no more than a row a day. start: a day since which what is not in it was nothing.
    """
    rows = con.to_pyarrow(daily.order_by("day")).to_pylist()
    amounts = {row["day"]: row["amount"] for row in rows}
    past = sorted(amount for day, amount in amounts.items() if day < first)
    usual, high = (past[len(past) // 2], past[min(len(past) - 1, len(past) * 95 // 100)]) if past else (0, 0)
    shown = []
    day = max(min((start, *amounts) if start else amounts, default=first), first - timedelta(days=BEFORE))
    while day <= last:
        amount = amounts.get(day, 0)
        shown.append(
            DayVolume(
                day=day,
                bytes=amount if in_bytes else 0,
                files=0 if in_bytes else amount,
                usual=float(usual),
                high=float(high),
            )
        )
        day += timedelta(days=1)
    return tuple(shown)


def _picture(
    con: Backend, tables: Mapping[str, ir.Table], finding: Finding, start: date | None
) -> tuple[DayVolume, ...]:
    first, last = finding.first_time.date(), finding.last_time.date()
    near = _.day.between(first - timedelta(days=PAST), last)
    subject = _.actor == finding.actor if finding.actor else _.device == finding.device
    acts = _acts(finding)
    if not acts:
        sent = tables["hourly"].filter(near, subject)
        if finding.destination:
            sent = sent.filter(_.destination == finding.destination)
        return timeline(con, sent.group_by("day").agg(amount=_.bytes.sum()), first, last, in_bytes=True, start=start)
    done = ibis.union(*(tables[name].filter(near, subject).select("day") for name in acts))
    return timeline(con, done.group_by("day").agg(amount=_.count()), first, last, in_bytes=False, start=start)


def _acts(finding: Finding) -> tuple[str, ...]:
    """The event classes whose events are counted; none where bytes are, which say more."""
    unit = registry.detectors().get(finding.detector)
    reads = unit.reads if unit else tuple(CLASSES)
    classes = tuple(name for name in reads if name in CLASSES)
    return () if "hourly" in reads and (finding.destination or not classes) else classes
