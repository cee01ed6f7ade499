"""What the organisation's lists say: whose account somebody is, and what was announced."""

from __future__ import annotations

import ibis.expr.types as ir
from ibis import _


def accounts(people: ir.Table, *kinds: str) -> ir.Table:
    """`actor`: the accounts that people.csv lists as one of these kinds."""
    return people.filter(_.kind.isin(kinds)).select(actor="user")


def not_staff(people: ir.Table) -> ir.Table:
    """`actor`: services, which have no hours and no wishes, and third parties, on whom `vendor_reach` has an eye."""
    return accounts(people, "service", "third_party")


def unapproved(hourly: ir.Table) -> ir.Table:
    """What no permit covers and went to no place that is the organisation's own or approved by it."""
    return hourly.filter(~_.permitted, ~_.kind.isin(("own", "approved")))


def unannounced(rows: ir.Table, windows: ir.Table, *same: ir.BooleanValue) -> ir.Table:
    """The rows on no `day` of a window of theirs: from `start` to `end`, either of which may be null, which is open.

    same: what makes it theirs, in columns of the two.
    """
    return rows.anti_join(
        windows,
        [
            *same,
            windows.start.isnull() | (rows.day >= windows.start),
            windows.end.isnull() | (rows.day <= windows.end),
        ],
    )
