"""How many others had come to the same place, or used the same service, by then: the company that somebody is in.

What many devices do is software, what one alone does is somebody's doing. Only what came before counts, so that the
company of a moment never changes afterwards.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
from ibis import _

from tidegate.detectors._asked import firsts, lately

EVERY = ibis.literal(True)


def once_a_day(*key: str) -> ibis.Deferred:
    """1 on a key's first row of each day, else 0: a constant added so lends no weight to how many hours a day has."""
    order = ("time", "uid")
    return (ibis.row_number().over(ibis.window(group_by=(*key, "day"), order_by=order)) == 0).cast("int64")


def company(
    rows: ir.Table, *thing: str, counting: ibis.Value | ibis.Deferred = EVERY, of: ibis.Value | ibis.Deferred = EVERY
) -> ir.Table:
    """Add `others`: how many other devices were seen with the same `thing` (columns) up to each row.

    rows: `device` (never null), `day`, `time`, `uid`, the columns of `thing`, and whatever else. counting: which rows
    count as being seen; of: of which it is asked, and which alone are returned; all, if not given. Where what others
    leave behind is kept, rows of the days asked about only.
    """
    order = ("time", "uid", "device", ibis.desc("arrived"))
    first = ibis.struct({"time": _.time, "uid": _.uid})
    came = firsts(
        rows.filter(counting.fill_null(False)), *thing, "device", time=_.time.min(), uid=_.uid.argmin(first)
    ).mutate(arrived=ibis.literal(1, "int64"))
    told = lately(rows.filter(of.fill_null(False))).mutate(arrived=ibis.literal(0, "int64"))
    blank = {name: ibis.null(type_) for name, type_ in told.schema().items() if name not in came.columns}
    both = told.union(came.mutate(**blank).select(*told.columns))
    own = ibis.window(group_by=(*thing, "device"), order_by=order, preceding=(None, 0))
    so_far = ibis.window(group_by=thing, order_by=order, preceding=(None, 0))
    known = both.mutate(others=_.arrived.sum().over(so_far) - _.arrived.max().over(own))
    return known.filter(_.arrived == 0).drop("arrived")
