"""Daily roll-up of who took files from which folder, and since when on that day.

Somebody's first visit to a folder is known to the second, without keeping every file: `first_time` of their first row
there. Who raids a file service comes to dozens of folders a day that they were never in; who works comes to a few.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
from ibis import _

from tidegate.events.transfers import GATHERING
from tidegate.measures._places import done, folder, own_drive

SAME = ("uid", "time", "day", "actor", "device")


def visits(hosted: ir.Table, local: ir.Table, objects: ir.Table) -> ir.Table:
    """One row a (day, actor, folder) that is not somebody's own: events, times, device and uid of the first.

    folder: that of the file's path, else its site, share or owner; of objects in the cloud their bucket.
    """
    came = ibis.union(_hosted(hosted), _local(local), _objects(objects))
    first = ("time", "uid")
    return (
        came.filter(_.actor.notnull(), _.folder.notnull())
        .group_by("day", "actor", "folder")
        .agg(
            events=_.count(),
            device=_.device.first(order_by=first),
            first_time=_.time.min(),
            last_time=_.time.max(),
            uid=_.uid.first(order_by=first),
        )
    )


def _hosted(table: ir.Table) -> ir.Table:
    taken = table.filter(_.activity.isin(GATHERING), done(_.status))
    strangers = taken.filter(~own_drive(_.actor, _.owner, _.site, _.file_path))
    return strangers.select(*SAME, folder=ibis.coalesce(folder(_.file_path), _.site, _.owner))


def _local(table: ir.Table) -> ir.Table:
    taken = table.filter(_.activity.isin(GATHERING), ~_.removable.fill_null(False), done(_.status))
    within = folder(_.file_path)
    return taken.select(*SAME, folder=ibis.coalesce(_.medium + "\\" + within, _.medium, within))


def _objects(table: ir.Table) -> ir.Table:
    got = table.filter(_.operation.lower().re_search(r"get|read|download|select|extract"), _.error.isnull())
    return got.filter(_.object.notnull(), done(_.status)).select(*SAME, folder=_.resource)
