"""Small tables for tests of expressions: rows as dicts, missing columns null, on an engine of their own."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from tidegate.cases.found import Found
from tidegate.events.schema import CLASSES
from tidegate.events.transfers import MOVED, moved
from tidegate.lake.compiled import answer
from tidegate.measures.hourly import permitted
from tidegate.measures.hours import hours
from tidegate.measures.schema import MEASURES
from tidegate.pipeline.labelled import LABELLED
from tidegate.pipeline.rollups import ROLLUPS, rolled
from tidegate.pipeline.scene import placed
from tidegate.units import FINDING, Detector

PLACED = {"destination": "string", "kind": "string", "scope": "string"}
ANSWERED = {"permit": "string", "cover": "string", "permitted": "boolean"}
OTHERS: Mapping[str, ibis.Schema] = {
    "hourly": ibis.schema(dict(MEASURES["measure_hourly"].items()) | PLACED | ANSWERED),
    "lookups": ibis.schema(dict(MEASURES["measure_lookups"].items()) | {"kind": "string"}),
    "leaving": ibis.schema(dict(MOVED.items()) | {"mac": "string", "leased": "string"}),
    "endpoints": ibis.schema({"endpoint": "string"} | PLACED),
    "devices": ibis.schema(dict.fromkeys(("device", "mac", "ip", "kind", "owner"), "string") | {"registered": "date"}),
    "labelled": LABELLED,
    "people": ibis.schema({"user": "string", "kind": "string", "start": "date", "end": "date"}),
    "permits": ibis.schema(
        dict.fromkeys(("permit", "holder", "destination", "data_class", "grade", "scope"), "string")
        | dict.fromkeys(("max_items", "max_bytes"), "int64")
        | {"start": "date", "end": "date"}
    ),
}
NAMED = ("email_activity", "file_hosting", "file_activity", "web_resources", "http_activity")  # that name files
Row = Mapping[str, Any]


@cache
def engine() -> ibis.BaseBackend:
    """One DuckDB for all tests of expressions."""
    return ibis.duckdb.connect()


def table(name: str, rows: Sequence[Row]) -> ir.Table:
    """A class table (or `hourly`, `people`, …) of these rows; `day` follows from `time`, `uid` is made up.

    `scope` is the destination where none is given: no permit names a narrower place.
    """
    return _table(name, rows) if rows else _empty(name)


@cache
def _empty(name: str) -> ir.Table:
    return _table(name, ())


def _table(name: str, rows: Sequence[Row]) -> ir.Table:
    schema = CLASSES[name].schema if name in CLASSES else OTHERS[name]
    blank = dict.fromkeys(schema)
    full = [_full(row, blank, number) for number, row in enumerate(rows)]
    columns = {column: [row[column] for row in full] for column in schema}
    return stored(pa.Table.from_pydict(columns, schema=schema.to_pyarrow()))


def stored(rows: pa.Table) -> ir.Table:
    """Rows as a table of the engine."""
    return engine().create_table(ibis.util.gen_name("stored"), ibis.memtable(rows), temp=True)


def run(detector: Detector, **rows: Sequence[Row]) -> list[dict[str, Any]]:
    """A detector's findings over tables of these rows (empty where none are given), in order of time.

    A measure other than `hourly` is rolled up from the rows of the classes it is made of.
    """
    given = _tables(rows)
    tables = {name: _measured(name, given) for name in detector.reads}
    found = answer(engine(), detector.run, tables, name=detector.id)
    assert set(FINDING) <= set(found.column_names), "a detector returns the columns of FINDING"
    made = sorted(found.to_pylist(), key=lambda row: (row["time"], row["per_week"]))
    assert all(Found.of(detector, row).sentence for row in made), "every finding can say what it found"
    return made


def measured(name: str, rows: Mapping[str, Sequence[Row]]) -> ir.Table:
    """A table that detectors read: a measure is rolled up from the rows of the classes it is made of."""
    return _measured(name, _tables(rows))


def _tables(rows: Mapping[str, Sequence[Row]]) -> Callable[[str], ir.Table]:
    """Gives tables of these rows, each of which is made once."""
    return cache(lambda name: table(name, rows.get(name, ())))


def _measured(name: str, given: Callable[[str], ir.Table]) -> ir.Table:
    if name == "hours":
        lived = (_measured(of, given).select("actor", "day", "hour") for of in ("handled", "mailboxes"))
        return stored(engine().to_pyarrow(hours(ibis.union(*lived))))
    if name in OTHERS or name not in ROLLUPS:
        return given(name)
    of = (*CLASSES, "endpoints", "permits") if name == "marked" else tuple(CLASSES)

    def make(*tables: ir.Table) -> ir.Table:
        known = dict(zip(of, tables, strict=True))
        leaving = without_lease(moved({t: known[t] for t in NAMED}))
        made = rolled({**known, "leaving": leaving, "asked": without_lease(known["dns_activity"])}, only=name)[name]
        return permitted(placed(made, known["endpoints"]), known["permits"]) if name == "marked" else made

    return stored(answer(engine(), make, {t: given(t) for t in of}, name=f"measured_{name}"))


def without_lease(events: ir.Table) -> ir.Table:
    """Rows of devices of which no address lease tells."""
    return events.mutate(mac=ibis.null("string"), leased=ibis.null("string"))


def _full(row: Row, schema: Mapping[str, None], number: int) -> dict[str, Any]:
    full = {**schema, "uid": f"u{number}", "permitted": False, "cover": "none", **row}
    if "scope" in schema and full["scope"] is None:
        full["scope"] = full["destination"]
    time = full.get("time") or full.get("last_time")
    if isinstance(time, datetime) and "day" in schema:
        full["day"] = time.date()
    if "hour" in schema:
        full["hour"] = time.replace(minute=0, second=0, microsecond=0) if isinstance(time, datetime) else None
        if "first_time" in schema:
            full["first_time"] = full["first_time"] or time
    if "scope" in schema:
        full["scope"] = full["scope"] or full["destination"]
    return full
