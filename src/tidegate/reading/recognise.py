"""Which log a stream is and how it is written: from its beginning, and where that leaves a choice from its name."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatch
from functools import lru_cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tidegate.reading import sheets
from tidegate.reading.blocks import Bytes
from tidegate.reading.documents import DocumentCutter, envelope_key
from tidegate.reading.headers import Headers
from tidegate.reading.layout import TEXT, Layout
from tidegate.reading.zeek import ZeekHeader
from tidegate.units import Log, Source

HEAD = 256 << 10
"""Bytes looked at first: hundreds of records."""
HEAD_MOST = 4 << 20
"""Bytes looked at where that holds not one whole record."""
_RECORDS = 200
"""Records whose fields are looked at; kinds of records come mixed, so one is not enough."""
MATCHING = 0.9
"""Share of lines that a log's `probe` must match: a few are damaged or of another program."""


@dataclass(frozen=True)
class Head:
    """The beginning of a stream: how it is written, the records in it, and the fields these have.

    depth: of records in a JSON document (`DocumentCutter`), -1 for one record a line; key: where it keeps them; also:
    where other documents of the log do.
    skip: lines before a CSV header. constants come with the layout.
    """

    layout: Layout
    records: tuple[str, ...] = ()
    fields: frozenset[str] = frozenset()
    depth: int = -1
    key: str | None = None
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class Recognised:
    """A log and those of its sources that apply to a stream."""

    head: Head
    log: Log
    sources: tuple[Source, ...]
    others: tuple[str, ...] = ()  # ids of the logs it could be as well
    kin: frozenset[str] = frozenset()  # ids of the logs it may have been before other programs' lines came


def recognise(name: str, data: bytes, sources: Iterable[Source], *, whole: bool) -> Recognised | None:
    """Recognise a stream by its first bytes; None if no source reads it. whole: that is all of it.

    Of several logs, the one whose usual file names match comes first, then the one that needs most, then the one with
    the fewest others mixed in.
    """
    by_log = _by_log(sources)
    found: list[tuple[tuple[bool, int, int], Recognised]] = []
    for written in _heads(data, [s[0].log for s in by_log.values()], whole=whole):
        for units in by_log.values():
            log, head = units[0].log, _spelt(written, units)
            chosen = applicable(log, units, head.layout, fields_of(head, log)) if _fits(head, log) else ()
            if chosen:
                rank = (_usual(name, log), max(_met(s, fields_of(head, log)) for s in chosen), -len(_mixed(chosen)))
                found.append((rank, Recognised(head, log, chosen)))
    found.sort(key=lambda item: item[0], reverse=True)
    every = [one for _, one in found]
    # A log that is no part of a mixture is more than the lines of unknown programs that the mixture takes it for.
    fitting = [one for one in every if len(_mixed(one.sources)) == 1 or _related(one, every)]
    for best in fitting or every:
        outer = {log for log, units in by_log.items() if best.log.id in _mixed(units)}
        others = tuple(one.log.id for one in every if one.log != best.log)
        return replace(best, others=others, kin=frozenset(outer | _mixed(best.sources)))
    return None


def _by_log(sources: Iterable[Source]) -> dict[str, list[Source]]:
    """The sources of each log, then those of the logs whose lines come in its files."""
    every = tuple(sources)
    by_log: dict[str, list[Source]] = {}
    for source in every:
        by_log.setdefault(source.log.id, []).append(source)
    for source in every:
        outer = source.log.within
        while outer in by_log:
            by_log[outer].append(source)
            outer = by_log[outer][0].log.within
    return by_log


def _mixed(sources: Iterable[Source]) -> set[str]:
    return {source.log.id for source in sources}


def _related(one: Recognised, every: Iterable[Recognised]) -> bool:
    """Whether each of the others is a part of this log, or this one of it."""
    return all(o.log.id in _mixed(one.sources) or one.log.id in _mixed(o.sources) for o in every)


def _spelt(head: Head, sources: Sequence[Source]) -> Head:
    """As the sources see it: text as the fields in it, a spreadsheet's `Permit no` as `permit_no`."""
    if head.layout.format == "lines":
        log = sources[0].log
        return replace(head, layout=Layout(next((f for f in log.formats if f in TEXT), "lines"), groups=log.groups))
    if head.key is not None:
        return replace(head, also=sources[0].log.envelope)
    if head.layout.format != "csv" or head.layout.directives:
        return head
    names = {_plain(name): name for s in sources for name in s.columns}
    names |= {name: name for s in sources for name in s.columns}
    fields = tuple(names.get(field, names.get(_plain(field), field)) for field in head.layout.fields)
    return replace(head, layout=replace(head.layout, fields=fields), fields=frozenset(fields))


def _plain(heading: str) -> str:
    return re.sub(r"\W+", "_", heading.strip().casefold())


def applicable(log: Log, sources: Sequence[Source], layout: Layout, fields: frozenset[str]) -> tuple[Source, ...]:
    """All sources of a log whose records name their kinds, else those whose needs are met."""
    if layout.format not in log.formats:
        return ()
    if fields & set(log.kind):
        return tuple(sources)
    met = (s for s in sources if _met(s, fields) == len(s.needs))
    return tuple(s for s in met if s.needs or layout.format != "csv")  # one that needs no column reads text


def fields_of(head: Head, log: Log) -> frozenset[str]:
    """Fields of a stream's records, with those of the records wrapped up in them."""
    if log.unwrap is None or log.unwrap not in head.fields:
        return head.fields
    return head.fields | _keys(inner for r in head.records if (inner := _unwrapped(r, head.layout, log.unwrap)))


def _unwrapped(record: str, layout: Layout, column: str) -> str | None:
    if layout.format == "csv":
        row = sheets.parsed(record, layout)
        return row[layout.fields.index(column)] if row is not None else None
    inner = _object(record).get(column)
    return inner if isinstance(inner, str) else json.dumps(inner)


def _fits(head: Head, log: Log) -> bool:
    if head.layout.format not in TEXT:
        return head.key is None or head.key in log.envelope
    if log.probe is None or not head.records:
        return False
    # By RE2, in linear time: what a line holds must not be able to keep us here.
    matches = pc.match_substring_regex(_texts(head.records), log.probe)
    return bool(matches.true_count >= max(1, MATCHING * len(head.records)))


@lru_cache(maxsize=2)
def _texts(records: tuple[str, ...]) -> pa.StringArray:
    """Kept, for every log is asked about the same ones."""
    return pa.array(records, pa.string())


def _met(source: Source, fields: frozenset[str]) -> int:
    return sum(any(name in fields for name in need.split("|")) for need in source.needs)


def _usual(name: str, log: Log) -> bool:
    leaf = re.split(r"[/\\!]", name)[-1].lower()
    return any(fnmatch(leaf, pattern.lower()) for pattern in log.files)


def _heads(data: bytes, logs: Sequence[Log], *, whole: bool) -> list[Head]:
    """The ways in which the data may be written, none for what is no text."""
    text = data.decode(errors="replace")
    if not text.strip() or text.count("\0") > len(text) // 100 or text.count("\ufffd") > len(text) // 5:
        return []
    lines = [line for line in re.split(r"\r?\n", text) if line.strip()]  # Python's splitlines takes more for an end
    if not whole and len(lines) > 1:
        lines.pop()  # it is cut off
    probed = Head(Layout("lines"), tuple(lines[:_RECORDS]))
    match text.lstrip()[:1]:
        case "{" | "[":
            return [*_json(data, lines, [key for log in logs for key in log.envelope]), probed]
        case "#" if any(line.startswith("#fields") for line in lines[:20]):
            return [*_headed(lines, ZeekHeader()), probed]
        case "#" if any(line.startswith("#Fields:") for line in lines[:20]):
            return [*_headed(lines, sheets.FieldsHeader()), probed]
        case _:
            return [*_csv(lines), probed]


def _headed(lines: Sequence[str], header: Headers) -> list[Head]:
    for line in lines:
        if line.startswith("#"):
            header.read(line)
        elif header.layout is not None:
            break
    layout = header.layout
    return [Head(layout, (), frozenset(layout.fields))] if layout else []


def _csv(lines: Sequence[str]) -> list[Head]:
    lines = [line for line in lines[: _RECORDS + 2] if not sheets.preamble(line)]
    layout = sheets.header(lines[0]) if lines else None
    return [Head(layout, tuple(lines[1:]), frozenset(layout.fields))] if layout else []


def _json(data: bytes, lines: Sequence[str], keys: Sequence[str]) -> list[Head]:
    """As the envelope of one log or another; as one record a line, or else as whatever document it is."""
    layout, raw = Layout("json"), np.frombuffer(data, np.uint8)
    sample, array = lines[:_RECORDS], data.lstrip()[:1] == b"["
    objects = tuple(x for x in sample if x.lstrip().startswith("{") and x.rstrip().endswith("}") and len(x) > 2)
    heads = []
    key = None if array else envelope_key(raw, keys)
    if key is not None:
        heads.append(_document(raw, 2, key))
    if not array and sample[0].strip() != "{" and len(objects) * 2 >= len(sample):
        heads.append(Head(layout, objects, _keys(objects)))
    else:
        heads.append(_document(raw, 1 if array else 0, None))
    return heads


def _document(raw: Bytes, depth: int, key: str | None) -> Head:
    cut = DocumentCutter(depth, () if key is None else (key,)).cut(raw, end=False, full=False)
    bounds = zip(cut.starts[:_RECORDS], cut.ends[:_RECORDS], strict=True)
    records = tuple(raw[start:end].tobytes().decode(errors="replace") for start, end in bounds)
    return Head(Layout("json"), records, _keys(records), depth, key)


def _keys(records: Iterable[str]) -> frozenset[str]:
    return frozenset(key for record in records for key in _object(record))


def _object(record: str) -> Mapping[str, object]:
    try:
        value = json.loads(record)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}
