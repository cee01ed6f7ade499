"""OCSF events as NDJSON: what other collectors, Amazon Security Lake and Tidegate's own export write.

One source a class, all made here from the columns' paths in `events.schema`: the inverse of `report.ocsf`.
"""

from __future__ import annotations

from typing import TypeAlias

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir

from tidegate.events.schema import CLASSES, Column, EventClass
from tidegate.sources import _fields as f
from tidegate.units import LINEAGE, Log, Source, source

OCSF = Log(
    id="ocsf",
    title="OCSF",
    formats=("json",),
    how="Write events of schema 1.x one a line, or query them out of a security lake as JSON.",
    reference="https://schema.ocsf.io/1.8.0",
    files=("*ocsf*.json*",),
    kind=("class_uid",),
    redelivers=True,
)

Tree: TypeAlias = "dict[str, Tree | dt.DataType]"


def raw_columns() -> dict[str, str]:
    """What the paths of all classes need of a document, as nested types; text where a path ends in one."""
    tree: Tree = {}
    for kind in CLASSES.values():
        for column in kind.columns:
            _grow(tree, column.path, dt.dtype(column.type))
    nested = {name.removesuffix("[]"): str(_type(name, below)) for name, below in tree.items()}
    return nested | {"class_uid": "int64", "activity_id": "int64", "time": "int64", "time_dt": "string"}


def _grow(tree: Tree, path: str, leaf: dt.DataType) -> None:
    head, _, rest = path.partition(".")
    if not rest:
        tree[head] = leaf
        return
    below = tree.setdefault(head, {})
    if isinstance(below, dict):
        # A column of many values takes them from many objects, each of which has one.
        _grow(below, rest, leaf.value_type if head.endswith("[]") and isinstance(leaf, dt.Array) else leaf)


def _type(name: str, below: Tree | dt.DataType) -> dt.DataType:
    if isinstance(below, dict):
        below = dt.Struct({key.removesuffix("[]"): _type(key, one) for key, one in below.items()})
    return dt.Array(below) if name.endswith("[]") else below


COLUMNS = raw_columns()
_LOWER = ("actor", "device")  # others write them as their logs did


def value(raw: ir.Table, column: Column) -> ir.Value:
    """What stands at the column's path: of a list of objects all, or the first where the column holds one value."""
    found: ir.Value = raw
    for part in column.path.split("."):
        head = part.removesuffix("[]")
        each = isinstance(found, ir.ArrayValue)
        found = found.map(lambda one, head=head: one[head]) if each else found[head]
    if isinstance(found, ir.ArrayValue) and column.type.startswith("array"):
        return ibis.ifelse(found.length() > 0, found, ibis.null(found.type()))
    if isinstance(found, ir.ArrayValue):
        found = found[0]
    if not isinstance(found, ir.StringValue):
        return found
    return f.lower(found) if column.name in _LOWER else f.text(found)


def _source(kind: EventClass) -> Source:
    names = {uid: name for name, uid in kind.activities.items() if uid != 99}

    def read(raw: ir.Table) -> ir.Table:
        values = {column.name: value(raw, column) for column in kind.columns if column.name not in LINEAGE}
        by_id = raw.activity_id.cases(*names.items(), else_=ibis.null("string"))
        return raw.select(
            *LINEAGE,
            **values
            | {
                "time": ibis.coalesce(f.iso(raw.time_dt), f.epoch(raw.time)),
                "activity": ibis.coalesce(values["activity"], by_id),
            },
        )

    read.__name__ = f"ocsf_{kind.name}"
    read.__doc__ = f"{kind.title} (class {kind.uid})."
    declare = source(
        log=OCSF,
        produces=kind.name,
        columns=COLUMNS,
        needs=("class_uid", "time|time_dt"),
        where=lambda raw: raw.class_uid == kind.uid,
    )
    return declare(read)


SOURCES = {f"ocsf_{kind.name}": _source(kind) for kind in CLASSES.values()}
globals().update(SOURCES)  # the registry finds units as a module's members
