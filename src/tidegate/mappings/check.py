"""What the keys of a mapping file must agree on: with one another, the format, the regex, and the event class."""

from __future__ import annotations

import re
import zoneinfo
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import get_args

import ibis

from tidegate.events.schema import CLASSES, EventClass
from tidegate.events.schema import Column as EventColumn
from tidegate.mappings.language import Column, Condition, Kind, Problems, Product, Written, hint
from tidegate.reading.layout import HEADERS
from tidegate.units import LINEAGE

_TEXT = ("pairs", "regex", "cef", "leef", "syslog")
_OPTIONS: Mapping[str, tuple[str, ...]] = {
    "envelope": ("json",),
    "needs": ("json", "csv"),
    "probe": _TEXT,
    "regex": ("regex", "syslog"),
    "where": ("json", "csv", "pairs", "cef", "leef", "syslog"),
}
"""Keys that only some formats have."""
_OURS = {*LINEAGE, "source_modified", "_source"}
_STATUS = ("Success", "Failure")


@dataclass(frozen=True)
class Entry:
    """One kind of record, with the conditions on its raw columns and what its event columns are made of."""

    kind: Kind
    where: Mapping[str, Condition]
    columns: Mapping[str, Column]

    @property
    def groups(self) -> tuple[str, ...]:
        """Raw columns that its regex gives."""
        return tuple(re.compile(self.kind.regex or "").groupindex)

    @property
    def raw(self) -> tuple[str, ...]:
        """Raw columns it reads, those of its regex left out."""
        read = [*self.where, *(name for column in self.columns.values() for name in column.raw)]
        return tuple(name for name in dict.fromkeys(read) if name not in self.groups)


@dataclass(frozen=True)
class MappingFile:
    """A mapping file that holds together."""

    product: Product
    entries: tuple[Entry, ...]


def checked(document: Mapping[str, object], problems: Problems) -> MappingFile | None:
    """The document as a mapping file; None where something is wrong, all of which is noted."""
    listed = document.get("source")
    product = problems.read(Product, {key: value for key, value in document.items() if key != "source"}, "")
    if not isinstance(listed, list) or not listed:
        problems.add("source", "is missing: each kind of record is described below a line [[source]]")
        return None
    written = str(document.get("format"))
    entries = [e for i, given in enumerate(listed) if (e := _entry(given, f"source[{i}]", written, problems))]
    if product is None:
        return None
    _options(product.format, [k for k in ("envelope", "needs", "probe") if getattr(product, k)], "", problems)
    if product.format in ("pairs", "syslog") and product.probe is None:
        problems.add(
            "probe", "is missing: a regex that nine lines in ten of this log match, and lines of others do not"
        )
    if len(entries) == len(listed):
        _together(entries, problems)
    return None if problems.found else MappingFile(product, tuple(entries))


def _entry(given: object, path: str, written: str, problems: Problems) -> Entry | None:
    """A `[[source]]`; what is right of it is looked at even where the rest is wrong."""
    if not isinstance(given, dict):
        problems.add(path, "is a table: begin it with a line [[source]]")
        return None
    before = len(problems.found)
    kind = problems.read(Kind, {key: value for key, value in given.items() if key not in ("where", "columns")}, path)
    where = {
        name: condition
        for name, value in _table(given, "where", path, problems).items()
        if (condition := _condition(value, f"{path}.where.{name}", problems))
    }
    columns = {
        name: column
        for name, value in _table(given, "columns", path, problems).items()
        if (column := _column(value, f"{path}.columns.{name}", problems))
    }
    if kind is not None:
        entry = Entry(kind, where, columns)
        _agree(entry, given.get("columns"), path, written, problems)
        return entry if len(problems.found) == before else None
    return None


def _table(given: Mapping[str, object], key: str, path: str, problems: Problems) -> Mapping[str, object]:
    table = given.get(key, {})
    if isinstance(table, dict):
        return table
    problems.add(f"{path}.{key}", f"is a table: write its keys below a line [source.{key}]")
    return {}


def _condition(value: object, path: str, problems: Problems) -> Condition | None:
    if not isinstance(value, dict):
        return problems.read(Condition, {"values": value}, path)
    if set(value) != {"matches"}:
        problems.add(path, "wants a value, a list of values, or { matches = 'regex' }")
        return None
    return problems.read(Condition, value, path)


def _column(value: object, path: str, problems: Problems) -> Column | None:
    """A column; a name alone is the raw column it is taken from."""
    column = problems.read(Column, {"from": value} if isinstance(value, str) else value, path)
    if column is None:
        return None
    given = [k for k, there in (("from", column.source), ("join", column.join), ("constant", column.constant)) if there]
    if len(given) != 1:
        problems.add(path, f"wants one of from, join, constant, and has {' and '.join(given) or 'none of them'}")
    if column.zone is not None and (zones := zoneinfo.available_timezones()) and column.zone not in zones:
        problems.add(f"{path}.zone", f"{column.zone!r} is no time zone{hint(column.zone, zones)}")
    return column


def _agree(entry: Entry, given: object, path: str, written: str, problems: Problems) -> None:
    """A source with its format, its class and its regex."""
    options = [key for key, there in (("regex", entry.kind.regex), ("where", entry.where)) if there]
    _options(written, options, f"{path}.", problems)
    if written == "regex" and entry.kind.regex is None:
        problems.add(
            f"{path}.regex", "is missing: it says which lines are the source's, and its named groups are the columns"
        )
    if entry.kind.regex is not None and not 0 < re.compile(entry.kind.regex).groups == len(entry.groups):
        problems.add(f"{path}.regex", "every group needs a name, (?P<name>…), or none is made of it, (?:…)")
    for name in entry.where:
        _raw(name, entry, written, f"{path}.where", problems)
    class_ = CLASSES.get(entry.kind.produces)
    if class_ is None:
        problems.add(
            f"{path}.produces", f"{entry.kind.produces!r} is no event class{hint(entry.kind.produces, CLASSES)}"
        )
    known = {c.name: c for c in class_.columns if c.name not in LINEAGE} if class_ else {}
    if not isinstance(given, dict) or "time" not in given:
        problems.add(f"{path}.columns.time", "is missing: an event has a time")
    for name, column in entry.columns.items():
        place = f"{path}.columns.{name}"
        for raw in column.raw:
            _raw(raw, entry, written, place, problems)
        if class_ is None:
            continue
        if name in known:
            _fits(column, known[name], class_, place, problems)
        else:
            problems.add(place, f"{class_.name} has no such column{hint(name, known)}")


def _options(written: str, given: Sequence[str], path: str, problems: Problems) -> None:
    for key in given:
        if written in get_args(Written) and written not in _OPTIONS[key]:
            also = ": its regex says which records are a source's" if key == "where" else ""
            problems.add(
                f"{path}{key}", f"is not for the format {written!r}, only for {', '.join(_OPTIONS[key])}{also}"
            )


def _raw(name: str, entry: Entry, written: str, path: str, problems: Problems) -> None:
    """Whether there can be such a raw column."""
    headers = next((names for format_, names in HEADERS.items() if format_ == written), ())
    if name in entry.groups:
        return
    if written == "regex":
        if entry.groups:
            problems.add(path, f"{name!r} is no column: the regex has {', '.join(entry.groups)}")
    elif name.startswith("_") and headers and name not in headers:
        problems.add(path, f"{name!r} is no column of the header{hint(name, headers)}")
    elif name.lower() in _OURS:
        problems.add(path, f"{name!r} is a name that Tidegate itself uses: such a column cannot be read")


def _fits(column: Column, event: EventColumn, class_: EventClass, path: str, problems: Problems) -> None:
    """A column's steps with the type of the event column, and its values with those the class has."""
    type_ = ibis.dtype(event.type)
    for key, there, right in (
        ("time", column.time, type_.is_timestamp()),
        ("zone", column.zone, type_.is_timestamp()),
        ("split", column.split, type_.is_array()),
        ("multiply", column.multiply, type_.is_numeric()),
        ("divide", column.divide, type_.is_numeric()),
    ):
        if there and not right:
            problems.add(f"{path}.{key}", f"is of no use here: {event.name} is of type {event.type}")
    words = [*column.lookup.items(), *([("constant", column.constant)] if column.constant is not None else [])]
    allowed = {"activity": tuple(class_.activities), "status": _STATUS}.get(event.name)
    for key, word in words:
        place = f"{path}.constant" if key == "constant" else f"{path}.lookup.{key}"
        if allowed and word not in allowed:
            problems.add(place, f"{word!r} is no {event.name} of {class_.name}{hint(word, allowed)}")
        if type_.is_numeric() and not re.fullmatch(r"-?\d+(\.\d+)?", word):
            problems.add(place, f"{word!r} is no number, and {event.name} is one")


def _together(entries: Sequence[Entry], problems: Problems) -> None:
    """The sources of one file with one another."""
    ids = [entry.kind.id for entry in entries]
    for i, entry in enumerate(entries):
        if len(entries) > 1 and (entry.kind.id is None or ids.index(entry.kind.id) < i):
            problems.add(f"source[{i}].id", "is missing, or comes twice: sources of one file are told apart by it")
        if i < len(entries) - 1 and not entry.where and entry.kind.regex is None:
            problems.add(f"source[{i}]", "takes every record: only the last can do without where or regex")
    spelt: dict[str, str] = {}
    for i, entry in enumerate(entries):
        for name in (*entry.raw, *entry.groups):
            if spelt.setdefault(name.lower(), name) != name:
                problems.add(f"source[{i}]", f"raw columns {spelt[name.lower()]!r} and {name!r} differ only in case")
    names = {name for entry in entries for name in entry.raw}
    for name in sorted(names):
        if inner := next((other for other in sorted(names) if other.startswith(f"{name}.")), None):
            problems.add("source", f"{name!r} is read as a value, and {inner!r} as a part of it")
