"""A log's sources as SQL over a block of its records: parse, choose the source of each record, map, conform.

Every statement reads the table `block`: record, source_file, source_line, source_modified, and for CSV its columns.
"""

from __future__ import annotations

import json
import re
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
_PAIR = r"""([\w.@-]+)=("(?:[^"\\]|\\.)*"|'[^']*'|[^\s,;]*)"""
"""A key and its value in a line of `pairs`; a comma or a semicolon ends a value that is not quoted."""
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
    raws: SQL by source of the records it takes, over `claimed`, what strict or lenient gave. events: SQL by source of
    its events, over that as `raw`. explodes: one record may make several.
    valid: whether an event's time can be. why: why a record does not parse, or null. kind: what a record says it is.
    wanted: positions of the CSV columns that are read.
    """

    log: Log
    sources: tuple[Source, ...]
    strict: str
    lenient: str
    records: str
    layout: Layout
    raws: tuple[str, ...]
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
        for name, type_ in _whole(source).items():
            if dt.dtype(columns.setdefault(name, type_)) != dt.dtype(type_):
                raise UnitError(
                    f"{source.id}: {log.id} declares {name!r} as {columns[name]} elsewhere, here as {type_}"
                )
    lineage = dict.fromkeys(LINEAGE, "string") | {"source_line": "int64"}
    parsed = ibis.table(columns | lineage, name="parsed")
    mapped = [conform(s.map(ibis.table(columns | dict(s.columns) | lineage, name="raw")), s) for s in sources]
    claims = [(claim, _place(i)) for i, s in enumerate(sources) if (claim := _claim(s, parsed)) is not None]
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
        raws=tuple(_raw(engine, source, i) for i, source in enumerate(sources)),
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


def _whole(source: Source) -> dict[str, str]:
    """Columns of a source that come from the whole of a record, not from its pattern."""
    groups = re.compile(source.pattern or "").groupindex
    return {name: type_ for name, type_ in source.columns.items() if name not in groups}


def _claim(source: Source, parsed: ibis.Table) -> ibis.ir.BooleanValue | None:
    """Whether a record is the source's; None where it takes the rest."""
    if source.pattern is None:
        return source.where(parsed) if source.where else None
    matches = parsed.record.re_search(source.pattern)
    return matches & source.where(parsed) if source.where else matches


def _rest(sources: Sequence[Source]) -> ibis.Value:
    return next((_place(i) for i, s in enumerate(sources) if s.where is None and not s.pattern), ibis.null("int8"))


def _raw(engine: Engine, source: Source, place: int) -> str:
    """SQL of the records that a source takes, with the groups of its pattern as columns."""
    claimed = f"SELECT * FROM claimed WHERE _source = {place}"
    if source.pattern is None:
        return claimed
    names = list(re.compile(source.pattern).groupindex)
    values = ", ".join(
        f"TRY_CAST(nullif(_groups.{named(c)}, '') AS {engine.sql_type(source.columns[c])}) AS {named(c)}" for c in names
    )
    listed = ", ".join(map(quoted, names))
    pattern = quoted(re.sub(r"\(\?P<\w+>", "(", source.pattern))
    found = f"SELECT *, regexp_extract(record, {pattern}, [{listed}]) AS _groups FROM ({claimed})"
    return f"SELECT * EXCLUDE (_groups), {values} FROM ({found})"


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
    if layout.format == "pairs":
        found = ", ".join(
            f"regexp_extract_all(record, {quoted(_PAIR)}, {group}) AS {'kv'[group - 1]}" for group in (1, 2)
        )
        return f"SELECT {select} FROM (SELECT *, {found} FROM records)"
    return f"SELECT {select} FROM records {whole}"


def _value(layout: Layout, column: str, type_: str) -> str:
    """A column of text as its declared type; what does not convert is null."""
    if constant := dict(layout.constants).get(column):
        return quoted(constant)
    if layout.format == "pairs":
        text = f"nullif(trim(v[list_position(k, {quoted(column)})], '\"'), '')"
        return text if type_ in ("TEXT", "VARCHAR") else f"TRY_CAST({text} AS {type_})"
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
