"""Folders that somebody comes to for the first time: how broad a haul is, whatever the number of its files.

Work keeps to its places: people take hundreds of files from folders they know, and come to a few new ones a week.
Who gathers what is not theirs comes to dozens in an hour. A folder that others begin to come to in the same days, after
a reorganisation or for a new project, counts the less the more of them there are.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
from ibis import _

from tidegate.detectors._asked import kept, lately
from tidegate.detectors._passages import passages, told, within
from tidegate.detectors._statistics import earliest
from tidegate.detectors._wording import whole

KNOWN = 14  # days that somebody must be known for, for a folder to be new to them
HABIT = 28  # days after which as many new folders as before are somebody's own habit: an auditor's, an indexer's
FEWEST = 6  # folders below which nothing is broad
HORIZONS = (1, 30)  # days: a raid, and whoever takes their time
TOGETHER = 7  # days within which people who come to the same folder do so for the same reason


def broad(rows: ir.Table, start: ir.Table, *, at_most: float) -> ir.Table:
    """The moments at which the folders somebody came to for the first time, within some days, became rare among all.

    rows: first visits, all that are `strange` or some of them. start: one row, the first day of what was logged.
    Returns the columns of a finding with `folders` (their number in words), `total, days, why`.
    """
    counted = within(rows, HORIZONS).mutate(total=_.total.round(6))  # the last digit of a sum depends on its order
    rare = passages(counted, start, least=FEWEST, at_most=at_most / len(HORIZONS), lag=HABIT)
    return told(rare, lately(rows, before=max(HORIZONS))).mutate(
        per_week=_.per_week * len(HORIZONS),
        folders=whole(_.total),
        why="of " + _.peers.cast("string") + " others " + _.as_high.cast("string") + " ever came to as many",
    )


def strange(visits: ir.Table) -> ir.Table:
    """The first visit of each person to each folder, from `KNOWN` days after their first of all: `key`, `amount`.

    visits: the measure. amount: 1, shared out among those who had come to that folder within `TOGETHER` days.
    """
    people = visits.filter(_.actor != "anonymous").rename(time="first_time")
    known = people.group_by("actor").agg(known=_.day.min())
    recent = earliest(lately(people, before=TOGETHER), "actor", "folder")  # of kept visits only the first are there
    new = (
        _newcomers(recent)
        .inner_join(known, "actor")
        .filter(_.day.delta(_.known, unit="day") >= KNOWN)
        .mutate(
            key=_.actor,
            amount=1 / (1 + _.newcomers),
            destination=ibis.null("string"),
            bytes=ibis.literal(0, "int64"),
            files=ibis.literal(1, "int64"),
        )
        .drop("known", "newcomers", "last_time", "events")
    )
    return kept(new)


def _newcomers(firsts: ir.Table) -> ir.Table:
    """Add `newcomers`: how many others had come to the folder for the first time in the days before, or that day."""
    before = ibis.range_window(
        group_by="folder", order_by="day", preceding=(ibis.interval(days=TOGETHER - 1), ibis.interval(days=1))
    )
    today = ibis.window(group_by=("folder", "day"), order_by=("time", "uid"))
    return firsts.mutate(newcomers=_.uid.count().over(before).fill_null(0) + ibis.row_number().over(today))
