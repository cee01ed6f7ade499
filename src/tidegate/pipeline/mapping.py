"""A log's sources as SQL over a block of its records: parse, choose the source of each record, map, conform.

Every statement reads the table `block`: record, source_file, source_line, source_modified, and for CSV its columns.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.operations as ops
import sqlglot.expressions as sge

from tidegate.errors import UnitError
from tidegate.events.conform import conform
from tidegate.lake.engine import Engine, named, quoted
from tidegate.reading.layout import Layout
from tidegate.units import LINEAGE, Log, Source

EARLIEST = datetime(1980, 1, 1)  # noqa: DTZ001  naive UTC, as every time here
_AHEAD = timedelta(days=366)
"""Clocks of a year ahead are wrong clocks; earlier ones are those that start at 1970 or 1601."""
MODIFIED = "source_modified"
"""A raw column that a source may declare and no record has: when its file was last changed."""


@dataclass(frozen=True, eq=False)
class Plan:
    """Statements for one log in one layout, read by these sources.

    strict: SQL over `block` of the parsed records with `_source`, the place of the source that takes each. What
    is no JSON is an error there, which is a quarter faster than to allow for it, as `lenient` does by leaving it out.
    records: SQL over `block` of the records, taken out of what they were wrapped in.
    events: SQL by source of its events over `raw`, the parsed records it takes. explodes: one may make several.
    valid: whether an event's time can be. why: why a record does not parse, or null. kind: what a record says it is.
    wanted: positions of the CSV columns that are read.
    """

    log: Log
    sources: tuple[Source, ...]
    strict: str
    lenient: str
    records: str
    layout: Layout
    events: tuple[str, ...]
    explodes: bool
    valid: str
    why: str
    kind: str
    wanted: tuple[int, ...]


def plan(engine: Engine, log: Log, sources: Sequence[Source], layout: Layout, *, wrapped: bool, now: datetime) -> Plan:
    """Compile the sources. Raises UnitError where they contradict one another or their event class."""
    columns: dict[str, str] = {}
    for source in sources:
        for name, type_ in source.columns.items():
            if dt.dtype(columns.setdefault(name, type_)) != dt.dtype(type_):
                raise UnitError(
                    f"{source.id}: {log.id} declares {name!r} as {columns[name]} elsewhere, here as {type_}"
                )
    schema = columns | dict.fromkeys(LINEAGE, "string") | {"source_line": "int64"}
    raw, parsed = ibis.table(schema, name="raw"), ibis.table(schema, name="parsed")
    mapped = [conform(s.map(raw), s) for s in sources]
    claims = [(s.where(parsed), _place(i)) for i, s in enumerate(sources) if s.where]
    claim = ibis.cases(*claims, else_=_rest(sources)) if claims else _rest(sources)
    inner = log.unwrap if wrapped else None
    names = {c: engine.sql_type(t) for c, t in columns.items()}
    constants = dict(layout.constants)
    kinds = [quoted(constants[c]) if c in constants else named(c) for c in log.kind if c in columns or c in constants]
    claimed = _sql(engine, parsed.mutate(_source=claim))

    def statement(*, strict: bool) -> str:
        steps = f"records AS ({_records(layout, inner, strict)}), parsed AS ({_parsed(layout, names, inner, strict)})"
        return f"WITH {steps} {claimed}"

    return Plan(
        log=log,
        sources=tuple(sources),
        strict=statement(strict=True),
        lenient=statement(strict=False),
        records=_records(layout, inner, False),
        layout=layout,
        events=tuple(_sql(engine, events) for events in mapped),
        explodes=any(e.op().find(ops.Unnest) for e in mapped),
        valid=f"time >= {quoted(EARLIEST)} AND time < {quoted(now + _AHEAD)}",
        why=_why(layout, inner),
        kind=f"coalesce({', '.join(kinds)})" if kinds else "NULL",
        wanted=tuple(i for i, c in _first(layout).items() if c in columns or c == inner),
    )


def _first(layout: Layout) -> dict[int, str]:
    """Positions of the columns; of several with one name, the first."""
    return {layout.fields.index(name): name for name in dict.fromkeys(layout.fields)}


def _rest(sources: Sequence[Source]) -> ibis.Value:
    return next((_place(i) for i, s in enumerate(sources) if s.where is None), ibis.null("int8"))


def _place(number: int) -> ibis.Value:
    return ibis.literal(number, "int8")


def _sql(engine: Engine, expression: ibis.Expr) -> str:
    """DuckDB's SQL, in which a value that cannot be cast is null: a log may hold anything."""
    tree = engine.ibis.compiler.to_sqlglot(expression)
    return str(tree.transform(_lenient).sql("duckdb"))


def _lenient(node: sge.Expression) -> sge.Expression:
    return sge.TryCast(**node.args) if type(node) is sge.Cast else node


def _records(layout: Layout, inner: str | None, strict: bool) -> str:
    if inner is None:
        return "SELECT * FROM block"
    if layout.format == "csv":
        unwrapped = f"c{layout.fields.index(inner)}"
    else:
        unwrapped = f"{_try(strict)}(from_json(record, {quoted(json.dumps({inner: 'VARCHAR'}))})).{named(inner)}"
    return f"SELECT * REPLACE (coalesce(nullif({unwrapped}, ''), record) AS record) FROM block"


def _try(strict: bool) -> str:
    return "" if strict else "TRY"


def _parsed(layout: Layout, columns: Mapping[str, str], inner: str | None, strict: bool) -> str:
    whole = ""
    if layout.format == "json" or inner is not None:
        declared = {c: t for c, t in columns.items() if c != MODIFIED}
        structure = quoted(json.dumps(declared))
        values = [f"unnest({_try(strict)}(from_json(record, {structure})))"] if declared else []
        whole = "" if strict else "WHERE json_valid(record)"
    else:
        values = [f"{_value(layout, c, t)} AS {named(c)}" for c, t in columns.items() if c != MODIFIED]
    if MODIFIED in columns:
        values.append(MODIFIED)
    select = ", ".join([*values, *LINEAGE])
    if layout.format == "zeek":
        split = f"SELECT *, string_split(record, {quoted(layout.separator)}) AS f FROM records"
        return f"SELECT {select} FROM ({split}) WHERE len(f) = {len(layout.fields)}"
    return f"SELECT {select} FROM records {whole}"


def _value(layout: Layout, column: str, type_: str) -> str:
    """A column of text as its declared type; what does not convert is null."""
    if constant := dict(layout.constants).get(column):
        return quoted(constant)
    if column not in layout.fields:
        return f"NULL::{type_}"
    place = layout.fields.index(column)
    if layout.format == "csv":
        text = f"nullif(nullif(c{place}, ''), '-')"
    else:
        text = _unescaped(f"nullif(f[{place + 1}], {quoted(layout.unset)})")
    if type_.endswith("[]") and layout.format == "zeek":
        parts = f"string_split({text}, {quoted(layout.set_separator)})"
        return f"TRY_CAST(CASE WHEN {text} = {quoted(layout.empty)} THEN [] ELSE {parts} END AS {type_})"
    if layout.format == "zeek":
        text = f"CASE WHEN {text} = {quoted(layout.empty)} THEN '' ELSE {text} END"
    if type_.startswith(("STRUCT", "MAP", "JSON")) or type_.endswith("[]"):
        return f"TRY(from_json({text}, {quoted(json.dumps(type_))}))"
    return text if type_ in ("TEXT", "VARCHAR") else f"TRY_CAST({text} AS {type_})"


def _unescaped(text: str) -> str:
    r"""Zeek's `\x09`, a byte each, and `\\` as the characters they stand for."""
    percent = rf"replace(replace(replace({text}, '%', '%25'), '\\', '%5C'), '\x', '%')"
    return rf"CASE WHEN contains({text}, '\') THEN coalesce(TRY(url_decode({percent})), {text}) ELSE {text} END"


def _why(layout: Layout, inner: str | None) -> str:
    if layout.format == "json" or inner is not None:
        no_object = "WHEN json_type(record) <> 'OBJECT' THEN 'not a JSON object'"
        return f"CASE WHEN NOT json_valid(record) THEN 'not valid JSON' {no_object} END"
    if layout.format == "zeek":
        count, found = len(layout.fields), f"len(string_split(record, {quoted(layout.separator)}))"
        return f"CASE WHEN {found} <> {count} THEN {found} || ' columns where the header names {count}' END"
    return "NULL"
