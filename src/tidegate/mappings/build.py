"""A checked mapping file as a log and its sources, made of the same Ibis expressions as those written in Python."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir

from tidegate.events.schema import CLASSES, EventClass
from tidegate.mappings.check import Entry, MappingFile
from tidegate.mappings.language import Column, Condition
from tidegate.sources import _fields as f
from tidegate.sources import _syslog
from tidegate.units import LINEAGE, Format, Log, Source

_OBJECTS = ("json", "syslog")
"""Formats whose raw columns may lie within objects: `user.name`."""
_MODIFIED = "source_modified"
_USUAL: Mapping[str, Callable[[ir.StringValue], ir.StringValue]] = MappingProxyType(
    {
        "actor": f.lower,
        "device": f.lower,
        "dst_host": f.host,
        "src_ip": f.ip,
        "dst_ip": f.ip,
        "src_mac": f.lower,
        "sender": f.address,
    }
)
"""What is done to these event columns without being asked: how every other source writes them."""
_TEXT: Mapping[str, Format] = {"regex": "lines"}
_PROBES = {"cef": r"CEF: ?\d", "leef": r"LEEF:\d"}
_LATEST = 1e16  # microseconds: the year 2286, so that a number that is no time does no harm
_OFFSET = r":\d\d(?:[.,]\d+)? ?(?:Z|[+-]\d\d(?::?\d\d)?)$"


def _timezone(zone: str, local: datetime) -> datetime:
    """The engine's own function, by its name: the instant of a local time."""
    raise NotImplementedError


_instant = ibis.udf.scalar.builtin(_timezone, name="timezone", signature=(("string", "timestamp"), "timestamp('UTC')"))


def sources(file: MappingFile, described: str) -> tuple[Source, ...]:
    """The sources, in the file's order. described: where it is told how to get the log."""
    product, entries = file.product, file.entries
    format_: Any = _TEXT.get(product.format, product.format)
    log = Log(
        id=product.id,
        title=product.title,
        formats=(format_,),
        how=product.how or described,
        reference=product.reference or described,
        files=product.files,
        kind=_kind(file),
        envelope=product.envelope,
        probe=product.probe or _probe(file),
        ignore=product.ignore,
    )
    names = tuple(dict.fromkeys(name for entry in entries for name in entry.raw))
    columns = _columns(names, nested=product.format in _OBJECTS)
    needs = (product.needs or _needs(entries)) if product.format in ("json", "csv") else ()
    return tuple(_source(log, entry, columns, tuple(map(_need, needs))) for entry in entries)


def _source(log: Log, entry: Entry, columns: Mapping[str, str], needs: tuple[str, ...]) -> Source:
    class_ = CLASSES[entry.kind.produces]
    types = {column.name: column.type for column in class_.columns}

    def events(raw: ibis.Table) -> ibis.Table:
        return raw.select(*LINEAGE, **{n: _value(raw, n, types[n], c, class_) for n, c in entry.columns.items()})

    def takes(raw: ibis.Table) -> ir.BooleanValue:
        return ibis.and_(*(_holds(_raw(raw, name), condition) for name, condition in entry.where.items()))

    syslog = any("syslog" in column.time for column in entry.columns.values())
    raw = dict(columns) | dict.fromkeys(entry.groups, "string") | ({_MODIFIED: "timestamp(6)"} if syslog else {})
    return Source(
        id=f"{log.id}_{entry.kind.id}" if entry.kind.id else log.id,
        log=log,
        produces=entry.kind.produces,
        columns=MappingProxyType({name: dt.dtype(type_) for name, type_ in raw.items()}),
        map=events,
        needs=needs,
        pattern=entry.kind.regex,
        where=takes if entry.where else None,
        doc=entry.kind.about or f"Records of {log.title}.",
    )


def _kind(file: MappingFile) -> tuple[str, ...]:
    """What the sources tell records apart by; in JSON and CSV it would claim every file that has such a field."""
    return () if file.product.format in ("json", "csv") else tuple(file.entries[0].where)


def _probe(file: MappingFile) -> str | None:
    """What nine lines in ten match, where the format or the sources say it."""
    patterns = [entry.kind.regex for entry in file.entries if entry.kind.regex] + [file.product.ignore or ""]
    plain = [re.sub(r"\(\?P<\w+>", "(?:", pattern) for pattern in patterns if pattern]
    return (
        "|".join(f"(?:{pattern})" for pattern in plain)
        if file.product.format == "regex"
        else _PROBES.get(file.product.format)
    )


def _needs(entries: tuple[Entry, ...]) -> tuple[str, ...]:
    """Raw columns that every source reads; of several of which one will do, any."""
    read = [
        dict.fromkeys([*e.where, *("|".join(c.source) or "|".join(c.join) for c in e.columns.values() if c.raw)])
        for e in entries
    ]
    return tuple(name for name in read[0] if all(name in others for others in read[1:]))


def _need(name: str) -> str:
    """`user.name` is met by an object `user`, too."""
    return "|".join(option for one in name.split("|") for option in dict.fromkeys((one, one.partition(".")[0])))


def _columns(names: tuple[str, ...], *, nested: bool) -> dict[str, str]:
    """Raw columns with their types: text, and where names have dots objects as well as columns that are so called."""
    columns = dict.fromkeys(names, "string")
    tree: dict[str, Any] = {}
    for name in names if nested else ():
        if not re.fullmatch(r"\w+(\.\w+)*", name):
            continue  # Ibis has no type for an object with such names
        place = tree
        for part in name.split(".")[:-1]:
            place = place.setdefault(part, {})
        place[name.rpartition(".")[2]] = "string"
    return columns | {name: str(_struct(inner)) for name, inner in tree.items() if isinstance(inner, dict)}


def _struct(tree: Mapping[str, Any]) -> dt.Struct:
    return dt.Struct({n: _struct(inner) if isinstance(inner, dict) else dt.string for n, inner in tree.items()})


def _raw(raw: ibis.Table, name: str) -> ir.StringValue:
    """A raw column as text, empty and `-` as null; `user.name` also within an object `user`."""
    found = [raw[name]]
    top, *inner = name.split(".")
    if inner and top in raw.columns and raw[top].type().is_struct():
        value = raw[top]
        for part in inner:
            value = value[part]
        found.append(value)
    return f.text(ibis.coalesce(*found)).nullif("-")


def _holds(value: ir.StringValue, condition: Condition) -> ir.BooleanValue:
    return value.re_search(condition.matches) if condition.matches else value.isin(condition.values)


def _value(raw: ibis.Table, name: str, type_: str, column: Column, class_: EventClass) -> ir.Value:
    """An event column: what it comes from, and the steps in their order."""
    text = _text(raw, column)
    if column.extract is not None:
        text = f.text(text.re_extract(column.extract, min(1, re.compile(column.extract).groups)))
    if column.lower:
        text = text.lower()
    if column.lookup:
        words = {word: meant for word, meant in column.lookup.items() if word != "*"}
        other = column.lookup.get("*")
        text = f.lookup(text, words, other=ibis.null("string") if other is None else ibis.literal(other))
    wanted = ibis.dtype(type_)
    if wanted.is_timestamp():
        return ibis.coalesce(*(_time(raw, text, written, column.zone) for written in column.time or ("iso",)))
    if wanted.is_array():
        return _list(text, column.split or ",")
    if wanted.is_numeric() and (column.multiply or column.divide):
        return (text.try_cast("float64") * (column.multiply or 1.0) / (column.divide or 1.0)).round().try_cast("int64")
    if not wanted.is_string():
        return text.try_cast(type_)
    if name == "activity":  # GET is Get
        return ibis.coalesce(f.lookup(text.lower(), {a.lower(): a for a in class_.activities}, other=text), text)
    return _USUAL.get(name, f.text)(text)


def _text(raw: ibis.Table, column: Column) -> ir.StringValue:
    if column.constant is not None:
        return ibis.literal(column.constant)
    parts = [_raw(raw, name) for name in column.raw]
    if column.join:
        return f.text(ibis.literal(column.between).join(parts))
    return ibis.coalesce(*parts)


def _list(text: ir.StringValue, mark: str) -> ir.ArrayValue:
    """Parts of `one,two`, or of a JSON list."""
    whole = text.re_replace(r'^\s*\[\s*"|"\s*\]\s*$|^\s*\[|\]\s*$', "")
    return ibis.ifelse(
        text.startswith("["), f.listed(whole.re_replace(r'"\s*,\s*"', "\x1f"), mark="\x1f"), f.listed(text, mark=mark)
    )


def _time(raw: ibis.Table, text: ir.StringValue, written: str, zone: str | None) -> ir.TimestampValue:
    """UTC time; a time without an offset is local to `zone`, which is UTC where none is named."""
    match written:
        case "epoch" | "epoch_ms":
            micros = (text.try_cast("float64") * (1e6 if written == "epoch" else 1e3)).round()
            sane = ibis.cases((micros.between(0, _LATEST), micros)).try_cast("int64")
            return ibis.literal("1970-01-01", "timestamp(6)") + sane.as_interval("us")
        case "iso":
            time = f.iso(text)
        case "syslog":
            time = _syslog.time(text, raw[_MODIFIED])
        case _:
            time = text.as_timestamp(written)
    if zone is None or "%z" in written:
        return time.cast("timestamp('UTC', 6)").cast("timestamp(6)") if "%z" in written else time.cast("timestamp(6)")
    local = _instant(zone, time).cast("timestamp(6)")
    return ibis.ifelse(text.re_search(_OFFSET), time, local) if written in ("iso", "syslog") else local
