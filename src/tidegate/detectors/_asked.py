"""Which moments are asked about: all there are, or those since the last look; and what is kept from look to look.

What was found of earlier days does not change when a day is added, for a finding rests on what was there at its moment.
So who looks every day need only ask about the days since then; what these are compared with is still the whole past.
The shared pieces leave out what could only say something of earlier moments; what is found is cut to the moments asked
about in the end, so that a detector that knows nothing of it is right all the same, and only slower.
"""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from datetime import date

import ibis
import ibis.expr.operations as ops
import ibis.expr.types as ir
from ibis import _


class Asked:
    """A detector, asked about the days from `since` on (None for all), whose steps are kept if `keeping`.

    Once it was asked: steps, what is to be kept, by name, in order; reach, by table of which late days are enough how
    many before `since` these are.
    """

    def __init__(self, run: Callable[..., ir.Table], name: str, *, since: date | None, keeping: bool = False) -> None:
        self.run, self.name, self.since, self.keeping = run, name, since, keeping
        self.__module__ = run.__module__  # by which its SQL is kept
        self.steps: dict[str, ir.Table] = {}
        self.reach: dict[str, int] = {}

    @property
    def called(self) -> str:
        """A name for what it is asked."""
        return self.name + ("_since" if self.since else "") + ("_kept" if self.keeping else "")

    def __call__(self, *tables: ir.Table, **settings: object) -> ir.Table:
        """What it finds."""
        self.steps, self.reach = {}, {}
        token = _asking.set(self)
        try:
            found = self.run(*tables, **settings)
        finally:
            _asking.reset(token)
        return found if self.since is None else found.filter(_.time >= ibis.literal(self.since).cast("timestamp"))


_asking: ContextVar[Asked | None] = ContextVar("asking", default=None)


def asked(rows: ir.Table, *, before: int = 0) -> ir.Table:
    """The rows whose `day` is asked about, and those of so many days before."""
    asking = _asking.get()
    if asking is None or asking.since is None:
        return rows
    since = ibis.literal(asking.since)
    return rows.filter(_.day >= (since - ibis.interval(days=before) if before else since))


def keeping() -> bool:
    """Whether only some days are asked about, and all that the others leave behind is kept."""
    asking = _asking.get()
    return asking is not None and asking.keeping and asking.since is not None


def kept(rows: ir.Table) -> ir.Table:
    """Rows with a `day`, on which and on earlier ones alone each rests: those of days looked at before are kept."""
    return grown(lambda _older: rows)


def grown(grow: Callable[[ir.Table | None], ir.Table]) -> ir.Table:
    """Likewise, of rows that rest on those before them: `grow` is given what is kept of earlier days, if anything."""
    asking = _asking.get()
    if asking is None or not asking.keeping:
        return grow(None)
    name, schema = f"{asking.name}_{len(asking.steps)}", grow(None).schema()
    here = ibis.table(schema, name=f"rows_{name}", catalog="kept", database="main")
    since = asking.since and ibis.literal(asking.since)
    asking.steps[name] = grow(None) if since is None else grow(here.filter(_.day < since)).filter(_.day >= since)
    return here


def firsts(rows: ir.Table, *keys: str, **also: ibis.Deferred) -> ir.Table:
    """The first `day` of each combination of keys, and what else is to be told of that day."""

    def grow(older: ir.Table | None) -> ir.Table:
        new = rows if older is None else asked(rows)
        early = new.group_by(*keys).agg(day=_.day.min(), **also)
        if older is None:
            return early
        return early.anti_join(older, [early[key].identical_to(older[key]) for key in keys])

    return grown(grow)


def lately(rows: ir.Table, *, before: int = 0) -> ir.Table:
    """The rows of the days that are asked about, and of so many before: enough for who makes what is kept of them."""
    return asked(rows, before=before) if keeping() else rows


def recent(table: ir.Table, *, before: int = 0) -> ir.Table:
    """Likewise of a table all of whose readers keep what rests on earlier days: no more of it is opened."""
    asking = _asking.get()
    if asking and keeping() and isinstance(op := table.op(), ops.UnboundTable):
        asking.reach[op.name.removeprefix("given_")] = before
    return lately(table, before=before)


def earlier(rows: ir.Table, *, before: int) -> ir.Table:
    """The rows that `lately` leaves out."""
    asking = _asking.get()
    if asking is None or asking.since is None or not asking.keeping:
        return rows.filter(ibis.literal(False))
    return rows.filter(_.day < ibis.literal(asking.since) - ibis.interval(days=before))


def concerning(rows: ir.Table, *keys: str) -> ir.Table:
    """The rows of those combinations of keys of which some are asked about: enough for who compares none with another.

    Only what rests on kept rows may leave the others out.
    """
    if not keeping():
        return rows
    return rows.semi_join(asked(rows).select(*keys).distinct(), keys)
