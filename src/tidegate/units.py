"""What a source and a detector declare, beside their logic, and the checks made when they are imported.

A unit is a pure function with a frozen declaration: it opens nothing, reads nothing and keeps no state. Its id is
its function's name is its file's name (a source file may hold several sources of one log, all prefixed by it).
"""

from __future__ import annotations

import functools
import inspect
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

import ibis
import ibis.expr.datatypes as dt

from tidegate.errors import UnitError
from tidegate.events.schema import CLASSES

Format = Literal["json", "csv", "zeek", "lines", "pairs", "cef", "leef", "syslog"]
Severity = Literal["low", "medium", "high", "critical"]

LINEAGE = ("record", "source_file", "source_line")
"""Columns every raw table carries beside the declared ones; a source selects them along (`raw.select(*LINEAGE, …)`).

`record` is the record's text, `source_file` the path (with `!member` inside an archive), `source_line` the 1-based
line on which the record starts, or its 1-based number in a JSON document.
"""

FINDING = ibis.schema(
    {
        "time": "timestamp(6)",  # when a Tidegate that was running would have made it
        "first_time": "timestamp(6)",
        "last_time": "timestamp(6)",
        "actor": "string",
        "device": "string",
        "destination": "string",
        "per_week": "float64",  # how often something this unusual happens here by chance, a week
        "bytes_out": "int64",
        "files": "int64",
        "evidence": "array<string>",  # uids of the events it rests on
    }
)
"""Columns a detector returns at the least; others it returns are facts that its sentence may name."""


@dataclass(frozen=True, kw_only=True)
class Log:
    """One product's log: how to know it and how to cut it into records.

    formats: `json` (NDJSON, concatenated, arrays, or documents that keep records under `envelope`), `csv` (comma, tab
    or semicolon, with a header, or W3C's `#Fields:` lines), `zeek` (TSV with `#fields`), `lines` (text that `probe`
    matches), `pairs` (such text with `key=value` or `key="value"` in it: raw columns are the keys; of a key that comes
    twice, the first), `cef`, `leef` and `syslog` (with what their headers say in columns that begin with `_`).
    """

    id: str
    title: str
    formats: tuple[Format, ...]
    how: str  # how to get it out of the product, one sentence for the catalogue
    reference: str  # where the vendor describes its fields
    files: tuple[str, ...] = ()  # usual names; a hint where contents leave two readings open
    kind: tuple[str, ...] = ()  # raw columns that name a record's kind where one file mixes kinds
    envelope: tuple[str, ...] = ()  # keys under which a JSON document keeps its records
    unwrap: str | None = None  # a column whose text is itself the JSON record
    probe: str | None = None  # regular expression (RE2) that nine lines in ten match
    ignore: str | None = None  # regular expression (RE2) of records no source takes that are counted, not quarantined
    groups: str | None = None  # RE2 with a group that is the same in a record's lines; named `first`, only in its first
    within: str | None = None  # id of a log in whose files its lines come too, among those of others
    redelivers: bool = False  # at-least-once delivery: the same uid twice is one event


@dataclass(frozen=True, kw_only=True)
class Source:
    """A mapping from one kind of record of a `Log` to one event class."""

    id: str
    log: Log
    produces: str
    columns: Mapping[str, dt.DataType]  # raw columns
    map: Callable[[ibis.Table], ibis.Table]
    needs: tuple[str, ...] = ()  # fields a file must have; `a|b` means either
    pattern: str | None = None  # RE2 of the `lines` it takes; its named groups are raw columns, text or null
    parts: tuple[str, ...] = ()  # … or what spaces part, in order: many groups are slow
    where: Callable[[ibis.Table], ibis.ir.BooleanValue] | None = None  # None takes what no other source took
    doc: str = ""

    @property
    def cut(self) -> tuple[str, ...]:
        """Raw columns that are cut out of a line of text."""
        return self.parts or tuple(re.compile(self.pattern or "").groupindex)


@dataclass(frozen=True, kw_only=True)
class Detector:
    """A pure function from tables to findings, with what a reader must know about it."""

    id: str
    reads: tuple[str, ...]
    attack: tuple[str, ...]
    severity: Severity
    pattern: str
    says: str
    misses: str
    twin: str
    question: str
    run: Callable[..., ibis.Table]
    defaults: Mapping[str, object] = field(default_factory=dict)
    doc: str = ""


def source(
    *,
    log: Log,
    produces: str,
    columns: Mapping[str, str] = MappingProxyType({}),
    needs: tuple[str, ...] = (),
    pattern: str | None = None,
    parts: tuple[str, ...] = (),
    where: Callable[[ibis.Table], ibis.ir.BooleanValue] | None = None,
) -> Callable[[Callable[[ibis.Table], ibis.Table]], Source]:
    """Declare a source. columns may leave out the groups of `pattern`, the `parts`, and all where there are no others.

    Raises UnitError where the declaration does not hold.
    """

    def declare(function: Callable[[ibis.Table], ibis.Table]) -> Source:
        name = function.__name__
        _require(produces in CLASSES, name, f"produces an unknown class {produces!r}")
        _require(name.startswith(log.id), name, f"must be named after its log {log.id!r}")
        cut = parts or (_groups(pattern, name) if pattern else ())
        types = {column: dt.dtype("string") for column in cut}
        for column, type_ in columns.items():
            try:
                types[column] = _type(type_)
            except Exception as error:  # Ibis raises many kinds for a bad type string
                raise UnitError(f"{name}: column {column!r}: {error}") from error
        return Source(
            id=name,
            log=log,
            produces=produces,
            columns=MappingProxyType(types),
            map=function,
            needs=needs,
            pattern=pattern,
            parts=parts,
            where=where,
            doc=_first_line(function),
        )

    return declare


def detector(
    *,
    reads: tuple[str, ...],
    attack: tuple[str, ...],
    severity: Severity,
    pattern: str,
    says: str,
    misses: str,
    twin: str,
    question: str,
) -> Callable[[Callable[..., ibis.Table]], Detector]:
    """Declare a detector: positional parameters are the tables it `reads`, keyword-only defaults its settings.

    Raises UnitError where the declaration does not hold.
    """

    def declare(function: Callable[..., ibis.Table]) -> Detector:
        name = function.__name__
        parameters = inspect.signature(function).parameters.values()
        tables = [p for p in parameters if p.kind is p.POSITIONAL_OR_KEYWORD]
        settings = [p for p in parameters if p.kind is p.KEYWORD_ONLY]
        _require(len(tables) == len(reads), name, f"takes {len(tables)} tables, reads {len(reads)}")
        _require(all(p.default is not p.empty for p in settings), name, "every setting needs a default")
        _require(bool(attack), name, "names no ATT&CK technique")
        for technique in attack:
            _require(re.fullmatch(r"T\d{4}(\.\d{3})?", technique) is not None, name, f"{technique!r} is no technique")
        for text in (says, misses, twin, question):
            _require(bool(text.strip()), name, "says, misses, twin and question must each say something")
        return Detector(
            id=name,
            reads=reads,
            attack=attack,
            severity=severity,
            pattern=pattern,
            says=says,
            misses=misses,
            twin=twin,
            question=question,
            run=function,
            defaults=MappingProxyType({p.name: p.default for p in settings}),
            doc=_first_line(function),
        )

    return declare


@functools.cache
def _type(text: str) -> dt.DataType:
    # Ibis remembers a hundred, and parses for milliseconds.
    return dt.dtype(text)


def _groups(pattern: str, unit: str) -> tuple[str, ...]:
    """Names of the groups of a pattern, each of which has to have one: DuckDB names them by their place."""
    try:
        compiled = re.compile(pattern)
    except re.error as error:
        raise UnitError(f"{unit}: pattern: {error}") from error
    _require(compiled.groups == len(compiled.groupindex) > 0, unit, "every group of its pattern needs a name, or `?:`")
    return tuple(compiled.groupindex)


def _require(holds: bool, unit: str, message: str) -> None:
    if not holds:
        raise UnitError(f"{unit}: {message}")


def _first_line(function: Callable[..., object]) -> str:
    """Of its docstring, else of its file's: a unit alone in its file says there what it is."""
    return (inspect.getdoc(function) or inspect.getdoc(inspect.getmodule(function)) or "").partition("\n")[0]
