"""SQL of what is asked again and again, compiled once.

Ibis takes a second to compile what DuckDB answers in half of one. The SQL of a detector depends on its code, its
settings and its tables' columns only, so it is kept: in memory, and with this user's other caches, in a folder named
after the code it was compiled from. A cache that cannot be read or written costs time and nothing else.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import date
from functools import cache
from importlib.metadata import version
from pathlib import Path

import ibis
import ibis.expr.operations as ops
import ibis.expr.types as ir
import platformdirs
import pyarrow as pa
from ibis.backends.duckdb import Backend
from ibis.backends.sql import rewrites
from ibis.common.graph import Graph
from ibis.common.patterns import InstanceOf

from tidegate.lake.engine import named, quoted
from tidegate.lake.kept import Kept

Make = Callable[..., ir.Table]
SOME_DAY = date(1, 1, 1)
"""Stands for a day that is known when it is asked: what is compiled serves for all of them."""
_SOME_DAY = "MAKE_DATE(1, 1, 1)"  # in SQL
OWN = "tidegate"  # package whose code names the folder; what others' code makes is kept in memory only
CODES = 4  # versions of the code, about a megabyte each, of which the queries are kept
_known: dict[str, Compiled] = {}


@dataclass(frozen=True)
class Compiled:
    """SQL of what is made, its columns, and SQL of the steps that are tables of their own, in order, by name.

    reach: by table of which late days are enough, how many before `SOME_DAY` these are.
    """

    sql: str
    columns: Mapping[str, str]
    steps: Mapping[str, str]
    reach: Mapping[str, int]


def answer(
    con: Backend,
    make: Make,
    tables: Mapping[str, ir.Table],
    *,
    name: str,
    since: date | None = None,
    kept: Kept | None = None,
    **settings: object,
) -> pa.Table:
    """What `make(*tables, **settings)` gives on DuckDB. name: of what is made, no other has it.

    since: the day that `SOME_DAY` stands for. kept: where the `steps` of what is made go, if it has any.
    """
    made = _query(con, make, tables, name, settings)
    heads = _heads(con, kept.opened(tables, made.reach) if kept and since else tables)

    def whole(sql: str) -> str:
        return dated(f"WITH {heads} SELECT * FROM ({sql})", since)

    if kept:
        for step, sql in made.steps.items():
            kept.fill(step, whole(sql), since=since)
    return con.con.execute(whole(made.sql)).to_arrow_table().cast(ibis.schema(made.columns).to_pyarrow())


def dated(sql: str, day: date | None) -> str:
    """SQL in which a day is named for `SOME_DAY`."""
    return sql.replace(_SOME_DAY, f"DATE {quoted(day)}") if day else sql


def query(
    con: Backend, make: Make, tables: Mapping[str, ir.Table], *, name: str, **settings: object
) -> tuple[str, ibis.Schema]:
    """SQL of `make(*tables, **settings)`, and its columns; what the tables are made of stands at its head."""
    made = _query(con, make, tables, name, settings)
    return f"WITH {_heads(con, tables)} SELECT * FROM ({made.sql})", ibis.schema(made.columns)


def _query(
    con: Backend, make: Make, tables: Mapping[str, ir.Table], name: str, settings: Mapping[str, object]
) -> Compiled:
    schemas = {table: tables[table].schema() for table in tables}
    columns = {table: {c: str(t) for c, t in schema.items()} for table, schema in schemas.items()}
    key = hashlib.sha256(json.dumps([name, columns, repr(sorted(settings.items()))]).encode()).hexdigest()
    if key not in _known:
        file = _folder() / f"{name}-{key[:32]}.json" if kept(make) else None
        found = _read(file) if file else None
        _known[key] = found or _compiled(con, make, schemas, settings, file)
    return _known[key]


def _heads(con: Backend, tables: Mapping[str, ir.Table]) -> str:
    return ", ".join(f"{_given(table)} AS {_body(con, table, tables[table])}" for table in tables)


def _given(table: str) -> str:
    return f"given_{table}"


def _body(con: Backend, name: str, table: ir.Table) -> str:
    """A table of the engine is read where it stands; what has to be computed is computed once."""
    op = table.op()
    if isinstance(op, ops.DatabaseTable):
        place = ".".join(named(part) for part in (op.namespace.catalog, op.namespace.database, op.name) if part)
        return f"NOT MATERIALIZED (SELECT * FROM {place})"
    con.create_view(f"computed_{name}", table, overwrite=True)
    return f"(SELECT * FROM {named(f'computed_{name}')})"


def _compiled(
    con: Backend, make: Make, schemas: Mapping[str, ibis.Schema], settings: Mapping[str, object], file: Path | None
) -> Compiled:
    made = make(*(ibis.table(schema, name=_given(table)) for table, schema in schemas.items()), **settings)
    with _unfused(), shared():
        steps = {step: con.compile(rows) for step, rows in getattr(make, "steps", {}).items()}
        sql, columns = con.compile(made), {c: str(t) for c, t in made.schema().items()}
    compiled = Compiled(sql=sql, columns=columns, steps=steps, reach=getattr(make, "reach", {}))
    if file:
        with suppress(OSError):
            if not file.parent.exists():
                file.parent.mkdir(parents=True)
                _forget(file.parent.parent)
            fresh = file.with_suffix(f".{os.getpid()}")
            fresh.write_text(json.dumps(asdict(compiled)))
            fresh.replace(file)
    return compiled


def _read(file: Path) -> Compiled | None:
    try:
        return Compiled(**json.loads(file.read_text()))
    except (OSError, ValueError, TypeError):
        return None


def _forget(folder: Path) -> None:
    """Remove what was compiled from older code."""
    by_age = sorted(folder.iterdir(), key=lambda code: code.stat().st_mtime, reverse=True)
    for old in by_age[CODES:]:
        shutil.rmtree(old, ignore_errors=True)


@contextmanager
def _unfused() -> Iterator[None]:
    """Leave the merging of SELECTs to the engine: Ibis takes longer for it than for the rest."""
    before, ibis.options.sql.fuse_selects = ibis.options.sql.fuse_selects, False
    try:
        yield
    finally:
        ibis.options.sql.fuse_selects = before


def kept(make: Make) -> bool:
    """Whether what this makes is known by `code`: other packages' code is no part of it."""
    return make.__module__.split(".")[0] == OWN


@contextmanager
def shared() -> Iterator[None]:
    """Write what several joins read once: Ibis repeats it for each, for it counts the joins' references as one."""
    before, rewrites.extract_ctes = rewrites.extract_ctes, _read_twice
    try:
        yield
    finally:
        rewrites.extract_ctes = before


def _read_twice(node: ops.Node) -> set[ops.Node]:
    """The relations that are read more than once."""
    counted = ~InstanceOf((ops.Field, ops.CountStar, ops.CountDistinctStar))
    readers = Graph.from_bfs(node, filter=counted).invert()

    def of(op: ops.Node) -> Iterator[ops.Node]:
        for reader in readers[op]:
            if isinstance(reader, ops.JoinReference | ops.JoinLink):
                yield from of(reader)
            else:
                yield reader

    kinds = (rewrites.Select, ops.Aggregate, ops.JoinChain, ops.Set, ops.Limit, ops.Sample, ops.DropColumns)
    read = {op for op in readers if isinstance(op, kinds) and len(set(of(op))) > 1}
    return {op for op in read if not _plain(op)}


def _plain(op: ops.Node) -> bool:
    """Whether these are rows and columns of tables as they stand: to read them again costs less than to store them."""
    if isinstance(op, rewrites.Select):
        windows = (v.find(ops.WindowFunction, filter=ops.Value) for v in (*op.selections.values(), *op.predicates))
        return not any(windows) and _plain(op.parent)
    if isinstance(op, ops.DropColumns):
        return _plain(op.parent)
    if isinstance(op, ops.Union):
        return not op.distinct and _plain(op.left) and _plain(op.right)
    return isinstance(op, ops.UnboundTable)


def _folder() -> Path:
    return platformdirs.user_cache_path("tidegate") / "sql" / code()


@cache
def code() -> str:
    """A name for all of Tidegate's code, and for what compiles and runs it."""
    hashed = hashlib.sha256(repr([version(p) for p in ("ibis-framework", "sqlglot", "duckdb")]).encode())
    for file in sorted(Path(__file__).parents[1].rglob("*.py")):
        hashed.update(file.read_bytes())
    return hashed.hexdigest()[:16]
