"""What a source returned, as its event class wants it: every column, in order, typed, with a `uid` and a `day`."""

from __future__ import annotations

import ibis

from tidegate.errors import UnitError
from tidegate.events.schema import CLASSES, DAY, Column
from tidegate.units import LINEAGE, Source


def conform(events: ibis.Table, source: Source) -> ibis.Table:
    """Complete `events`, the result of `source.map`, to the columns of the class it produces.

    Absent columns become null; `uid` the MD5 of the record and `product` the log's title where the source gives none.
    Raises UnitError where a column is missing that must be there, or present that the class does not have.
    """
    columns = CLASSES[source.produces].columns
    if missing := {"time", *LINEAGE}.difference(events.columns):
        raise UnitError(f"{source.id}: returns no {', '.join(sorted(missing))}")
    if strange := set(events.columns) - {c.name for c in columns} - set(LINEAGE):
        raise UnitError(f"{source.id}: {source.produces} has no column {', '.join(sorted(strange))}")
    complete = {column.name: _value(events, column, source) for column in columns}
    return events.select(**complete, **{DAY: complete["time"].date()})


def _value(events: ibis.Table, column: Column, source: Source) -> ibis.Value:
    given = events[column.name].cast(column.type) if column.name in events.columns else ibis.null(column.type)
    match column.name:
        case "uid":
            return ibis.coalesce(given.nullif(""), events.record.hexdigest("md5"))
        case "product":
            return ibis.coalesce(given.nullif(""), source.log.title)
        case _:
            return given
