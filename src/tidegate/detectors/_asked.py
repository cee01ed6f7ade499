"""Which moments are asked about: all there are, or those since the last look.

What was found of earlier days does not change when a day is added, for a finding rests on what was there at its moment.
So who looks every day need only ask about the days since then; what these are compared with is still the whole past.
The shared pieces leave out what could only say something of earlier moments; what is found is cut to the moments asked
about in the end, so that a detector that knows nothing of it is right all the same, and only slower.
"""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar

import ibis
import ibis.expr.types as ir
from ibis import _

_since: ContextVar[ir.Table | None] = ContextVar("since", default=None)


def only_since(run: Callable[..., ir.Table]) -> Callable[..., ir.Table]:
    """A detector that says what it finds of the moments since a day: one row, `asked_from`, is its last table."""

    def since_then(*tables: ir.Table, **settings: object) -> ir.Table:
        *read, since = tables
        token = _since.set(since)
        try:
            found = run(*read, **settings)
        finally:
            _since.reset(token)
        return found.cross_join(since).filter(_.time >= _.asked_from.cast("timestamp")).drop("asked_from")

    since_then.__module__ = run.__module__  # by which its SQL is kept
    return since_then


def asked(rows: ir.Table, *, before: int = 0) -> ir.Table:
    """The rows whose `day` is asked about, and those of so many days before."""
    since = _since.get()
    if since is None:
        return rows
    return rows.cross_join(since).filter(_.day >= _.asked_from - ibis.interval(days=before)).drop("asked_from")
