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

from tidegate.lake.engine import named

Make = Callable[..., ir.Table]
Query = tuple[str, ibis.Schema]
OWN = "tidegate"  # package whose code names the folder; what others' code makes is kept in memory only
CODES = 4  # versions of the code, about a megabyte each, of which the queries are kept
_known: dict[str, Query] = {}


def answer(con: Backend, make: Make, tables: Mapping[str, ir.Table], *, name: str, **settings: object) -> pa.Table:
    """What `make(*tables, **settings)` gives on DuckDB. name: of what is made, no other has it."""
    sql, schema = query(con, make, tables, name=name, **settings)
    return con.con.execute(sql).to_arrow_table().cast(schema.to_pyarrow())


def query(con: Backend, make: Make, tables: Mapping[str, ir.Table], *, name: str, **settings: object) -> Query:
    """SQL of `make(*tables, **settings)`, and its columns; what the tables are made of stands at its head."""
    schemas = {table: tables[table].schema() for table in tables}
    columns = {table: {c: str(t) for c, t in schema.items()} for table, schema in schemas.items()}
    key = hashlib.sha256(json.dumps([name, columns, repr(sorted(settings.items()))]).encode()).hexdigest()
    if key not in _known:
        file = _folder() / f"{name}-{key[:32]}.json" if kept(make) else None
        found = _read(file) if file else None
        _known[key] = found or _compiled(con, make, schemas, settings, file)
    sql, schema = _known[key]
    heads = ", ".join(f"{_given(table)} AS {_body(con, table, tables[table])}" for table in tables)
    return f"WITH {heads} SELECT * FROM ({sql})", schema


def _given(table: str) -> str:
    return f"given_{table}"


def _body(con: Backend, name: str, table: ir.Table) -> str:
    """A table of the engine is read where it stands; what has to be computed is computed once."""
    op = table.op()
    if isinstance(op, ops.DatabaseTable):
        return f"NOT MATERIALIZED (SELECT * FROM {named(op.name)})"
    con.create_view(f"computed_{name}", table, overwrite=True)
    return f"(SELECT * FROM {named(f'computed_{name}')})"


def _compiled(
    con: Backend, make: Make, schemas: Mapping[str, ibis.Schema], settings: Mapping[str, object], file: Path | None
) -> Query:
    made = make(*(ibis.table(schema, name=_given(table)) for table, schema in schemas.items()), **settings)
    with _unfused(), shared():
        sql, schema = con.compile(made), made.schema()
    if file:
        with suppress(OSError):
            if not file.parent.exists():
                file.parent.mkdir(parents=True)
                _forget(file.parent.parent)
            fresh = file.with_suffix(f".{os.getpid()}")
            fresh.write_text(json.dumps({"sql": sql, "columns": {c: str(t) for c, t in schema.items()}}))
            fresh.replace(file)
    return sql, schema


def _read(file: Path) -> Query | None:
    try:
        kept = json.loads(file.read_text())
        return kept["sql"], ibis.schema(kept["columns"])
    except (OSError, ValueError, KeyError, TypeError):
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
