"""A log's sources as SQL over a block of its records: parse, choose the source of each record, map, conform.

Every statement reads the table `block` or, as `mine`, rows of it: record, source_file, source_line, source_modified,
for CSV its columns, `_row` (0, 1, …) and `_source` (by place, null for none).
"""

from __future__ import annotations

import functools
import json
import operator
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.operations as ops
import sqlglot.expressions as sge
from ibis.common.graph import Graph

from tidegate.errors import UnitError
from tidegate.events.conform import conform
from tidegate.lake.engine import Engine, named, quoted
from tidegate.pipeline import fields
from tidegate.pipeline.once import once
from tidegate.reading.layout import HEADERS, Layout
from tidegate.units import LINEAGE, Log, Source

EARLIEST = datetime(1980, 1, 1)  # noqa: DTZ001  naive UTC, as every time here
_AHEAD = timedelta(days=366)
"""Clocks of a year ahead are wrong clocks; earlier ones are those that start at 1970 or 1601."""
MODIFIED = "source_modified"
"""A raw column that a source may declare and no record has: when its file was last changed."""
NOBODY, IGNORED = -1, -2
"""Beside the places of sources: of a record that none takes, and of one that is of no use."""
_RECKONED = (sge.Add, sge.Sub, sge.Mul)
"""What fails where a number gets too great."""
TYPES = dict.fromkeys(LINEAGE, "string") | {"source_line": "int64"}
"""Columns of every record."""


@dataclass(frozen=True, eq=False)
class Plan:
    """Statements for one log in one layout, read by these sources.

    inner: the column whose text is itself the record, where records are wrapped. latest: the first time too far ahead.
    claims: SQL over `block` of `_row` and `_source`, the place of the source that takes it; None where one source takes
    all there is. What is no JSON is an error there, which is a quarter faster than to allow for it, as `lenient` does
    by leaving it out. events: SQL of a source's events over `mine`, the rows of the block it takes; made when it is
    asked for. alone: where there is one source that chooses, SQL of the events of what it takes of `mine`. explodes: by
    source, whether one record may make several events.
    records: SQL over `mine` of the records, taken out of what they were wrapped in. kinds: SQL over that of what each
    says it is. valid: whether an event's time can be. why: why a record does not parse, or null.
    wanted: positions of the CSV columns that are read.
    """

    log: Log
    sources: tuple[Source, ...]
    layout: Layout
    inner: str | None
    latest: datetime
    claims: str | None
    lenient: str
    events: Callable[[int], str]
    alone: str | None
    explodes: tuple[bool, ...]
    records: str
    kinds: str
    valid: str
    why: str
    wanted: tuple[int, ...]


def plan(engine: Engine, log: Log, sources: Sequence[Source], layout: Layout, *, wrapped: bool, now: datetime) -> Plan:
    """Compile the sources. Raises UnitError where they contradict one another or their event class."""
    columns = columns_of(log, sources)
    inner = log.unwrap if wrapped else None
    parsed = ibis.table(columns | TYPES | {"_row": "int32"}, name="parsed")
    taker = claim(sources, parsed)
    looked_at = _looked_at(taker.op(), columns)
    if log.ignore and all(map(_chooses, sources)) and (looked_at or layout.format != "json"):  # else it may be no JSON
        taker = ibis.coalesce(taker, ibis.cases((parsed.record.re_search(log.ignore), _place(IGNORED))))
    claimed = _sql(engine, parsed.select("_row", _source=taker))

    def statement(types: Mapping[str, str | dt.DataType], *, strict: bool) -> str:
        """SQL over `mine` of these columns."""
        chosen = {c: engine.sql_type(t) for c, t in types.items()}
        return f"WITH records AS ({_records(layout, inner, strict)}) {_parsed(layout, chosen, inner, strict)}"

    def claiming(*, strict: bool) -> str:
        return f"WITH mine AS (FROM block), parsed AS ({statement(looked_at, strict=strict)}) {claimed}"

    def made(source: Source, events: ibis.Table) -> str:
        """SQL over `mine` of a source's events."""
        whole = statement(_looked_at(events.op(), _whole(source)), strict=True)
        return f"WITH whole AS ({whole}), raw AS ({_raw(engine, source)}) {_sql(engine, events)}"

    tables = [ibis.table(dict(s.columns) | TYPES, name="raw") for s in sources]
    mapped = [conform(s.map(raw), s) for s, raw in zip(sources, tables, strict=True)]
    one = sources[0] if len(sources) == 1 and _chooses(sources[0]) else None
    latest = now + _AHEAD
    constants = dict(layout.constants)
    kinds = [quoted(constants[c]) if c in constants else named(c) for c in log.kind if c in columns or c in constants]
    kind = f"coalesce({', '.join(kinds)})" if kinds else "NULL"
    named_kinds = {c: t for c, t in columns.items() if c in log.kind}
    return Plan(
        log=log,
        sources=tuple(sources),
        layout=layout,
        inner=inner,
        latest=latest,
        claims=claiming(strict=True) if len(sources) > 1 or one else None,
        lenient=claiming(strict=False),
        events=functools.cache(lambda place: made(sources[place], mapped[place])),
        alone=made(one, conform(one.map(tables[0].filter(_claim(one, tables[0]))), one)) if one else None,
        explodes=tuple(bool(e.op().find((ops.Unnest, ops.TableUnnest))) for e in mapped),
        records=_records(layout, inner, False),
        kinds=f"SELECT source_file, source_line, {kind} AS kind FROM ({statement(named_kinds, strict=False)})",
        valid=f"time >= {quoted(EARLIEST)} AND time < {quoted(latest)}",
        why=_why(layout, inner),
        wanted=tuple(i for i, c in _first(layout).items() if c in columns or c == inner),
    )


def columns_of(log: Log, sources: Sequence[Source]) -> dict[str, dt.DataType]:
    """All that the sources read, by one type each: the kind of a record is told before it is known whose it is."""
    columns: dict[str, dt.DataType] = {}
    for source in sources:
        for name, type_ in _whole(source).items():
            known = columns.setdefault(name, type_)
            agreed = _agreed(known, type_)
            if agreed is None:
                raise UnitError(f"{source.id}: {log.id} declares {name!r} as {known} elsewhere, here as {type_}")
            columns[name] = agreed
    return columns


def _agreed(one: dt.DataType, other: dt.DataType) -> dt.DataType | None:
    """The type of a column for two sources; of a struct, each may read fields that the other does not."""
    if not (isinstance(one, dt.Struct) and isinstance(other, dt.Struct)):
        return one if one == other else None
    both = {name: _agreed(type_, other.fields.get(name, type_)) for name, type_ in one.fields.items()}
    fields = {name: type_ for name, type_ in both.items() if type_ is not None}
    return dt.Struct({**other.fields, **fields}) if len(fields) == len(both) else None


def _first(layout: Layout) -> dict[int, str]:
    """Positions of the columns; of several with one name, the first."""
    return {layout.fields.index(name): name for name in dict.fromkeys(layout.fields)}


def _whole(source: Source) -> dict[str, dt.DataType]:
    """Columns of a source that come from the whole of a record, and are not cut out of its text."""
    return {name: type_ for name, type_ in source.columns.items() if name not in source.cut}


def _looked_at(tree: ops.Node, declared: Mapping[str, dt.DataType]) -> dict[str, dt.DataType]:
    """The columns in an expression, and of structs only the fields in it: what nobody looks at need not be parsed."""
    found: dict[str, dt.DataType] = {}
    for node, below in Graph.from_bfs(tree).items():
        for used in below if not isinstance(node, ops.StructField) else ():
            part, type_ = used, getattr(used, "dtype", None)
            while isinstance(part, ops.StructField):
                part, type_ = part.arg, dt.Struct({part.field: type_})
            if isinstance(part, ops.Field) and part.name in declared and type_ is not None:
                found[part.name] = _agreed(found.get(part.name, type_), type_) or declared[part.name]
    return {name: found[name] for name in declared if name in found}


def claim(sources: Sequence[Source], parsed: ibis.Table) -> ibis.Value:
    """The place of the source that takes a record of `parsed`, null for none."""
    claims = [(_claim(s, parsed), _place(i)) for i, s in enumerate(sources) if _chooses(s)]
    rest = next((_place(i) for i, s in enumerate(sources) if not _chooses(s)), ibis.null("int8"))
    return ibis.cases(*claims, else_=rest) if claims else rest


def _chooses(source: Source) -> bool:
    """Whether it takes some records; if not, the rest."""
    return source.where is not None or source.pattern is not None


def _claim(source: Source, parsed: ibis.Table) -> ibis.ir.BooleanValue:
    holds = [parsed.record.re_search(source.pattern)] if source.pattern else []
    return functools.reduce(operator.and_, [*holds, *([source.where(parsed)] if source.where else [])])


def _raw(engine: Engine, source: Source) -> str:
    """SQL of a source's records over `whole`, with what is cut out of their text as columns."""
    if not source.cut:
        return "FROM whole"
    if source.parts:
        cut, places = (
            "list_filter(string_split(record, ' '), x -> x <> '')",
            [f"[{n + 1}]" for n in range(len(source.cut))],
        )
    else:
        pattern, listed = re.sub(r"\(\?P<\w+>", "(", source.pattern or ""), ", ".join(map(quoted, source.cut))
        cut, places = f"regexp_extract(record, {quoted(pattern)}, [{listed}])", [f".{named(c)}" for c in source.cut]
    values = ", ".join(
        f"TRY_CAST(nullif(_cut{place}, '') AS {engine.sql_type(source.columns[c])}) AS {named(c)}"
        for c, place in zip(source.cut, places, strict=True)
    )
    return f"SELECT * EXCLUDE (_cut), {values} FROM (SELECT *, {cut} AS _cut FROM whole)"


def _place(number: int) -> ibis.Value:
    return ibis.literal(number, "int8")


def _sql(engine: Engine, expression: ibis.Expr) -> str:
    """DuckDB's SQL, in which a value that cannot be cast or reckoned with is null: a log may hold anything."""
    tree = engine.ibis.compiler.to_sqlglot(expression).copy()  # in which no node stands in two places
    for node in list(tree.find_all(sge.Cast, sge.StrToTime)):
        if type(node) is sge.StrToTime:
            node.replace(sge.Anonymous(this="try_strptime", expressions=[node.this, node.args["format"]]))
        elif type(node) is sge.Cast:
            node.replace(sge.TryCast(**node.args))
    for node in list(tree.find_all(*_RECKONED)):
        if not isinstance(_around(node), _RECKONED):
            node.replace(sge.Anonymous(this="try", expressions=[node.copy()]))
    return str(once(tree).sql("duckdb"))


def _around(node: sge.Expr) -> sge.Expr | None:
    """What a node is an operand of, whatever brackets there are between them."""
    parent: sge.Expr | None = node.parent
    while isinstance(parent, sge.Paren):
        parent = parent.parent
    return parent


def _records(layout: Layout, inner: str | None, strict: bool) -> str:
    if inner is None:
        return "SELECT * FROM mine"
    if layout.format == "csv":
        unwrapped = f"c{layout.fields.index(inner)}"
    else:
        unwrapped = f"{_try(strict)}(from_json(record, {quoted(json.dumps({inner: 'VARCHAR'}))})).{named(inner)}"
    return f"SELECT * REPLACE (coalesce(nullif({unwrapped}, ''), record) AS record) FROM mine"


def _try(strict: bool) -> str:
    return "" if strict else "TRY"


def _parsed(layout: Layout, columns: Mapping[str, str], inner: str | None, strict: bool) -> str:
    whole = ""
    declared = {c: t for c, t in columns.items() if c != MODIFIED}
    if layout.format == "json" or inner is not None:
        structure = quoted(json.dumps(declared))
        values = [f"unnest({_try(strict)}(from_json(record, {structure})))"] if declared else []
        whole = "" if strict else "WHERE json_valid(record)"
    else:
        values = [f"{_value(layout, c, t)} AS {named(c)}" for c, t in declared.items()]
    if MODIFIED in columns:
        values.append(MODIFIED)
    select = ", ".join([*values, *LINEAGE, "_row"])
    if layout.format == "zeek":
        split = f"SELECT *, string_split(record, {quoted(layout.separator)}) AS f FROM records"
        return f"SELECT {select} FROM ({split}) WHERE len(f) = {len(layout.fields)}"
    if layout.format in HEADERS:
        return f"SELECT {select} FROM ({fields.split(layout.format, declared)})"
    return f"SELECT {select} FROM records {whole}"


def _value(layout: Layout, column: str, type_: str) -> str:
    """A column of text as its declared type; what does not convert is null."""
    if constant := dict(layout.constants).get(column):
        return quoted(constant)
    if layout.format in HEADERS:
        return fields.value(layout.format, column, type_)
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
    return fields.why(layout.format) or "NULL"
