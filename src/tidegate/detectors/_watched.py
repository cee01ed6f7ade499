"""Since when there was anybody to be seen: what is first of its kind in old logs is news, in new ones it is nothing."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
from ibis import _

from tidegate.detectors._asked import kept


def since(*tables: ir.Table) -> ir.Table:
    """One row, `start`: the first day of what was logged at all. tables: with `day`, more than what is asked about."""
    days = kept(ibis.union(*(table.select("day").distinct() for table in tables)).distinct())
    return days.agg(start=_.day.min())
