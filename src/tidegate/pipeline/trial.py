"""Sources on a sample: what a mapping file yields, or why nothing. Nothing of it is kept."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

import ibis

from tidegate.errors import InputError
from tidegate.events.schema import CLASSES, DAY
from tidegate.lake.store import Lake
from tidegate.pipeline.ingest import ingest
from tidegate.reading.files import find
from tidegate.reading.layout import TEXT
from tidegate.reading.recognise import HEAD_MOST, MATCHING, Head, recognise
from tidegate.reading.streams import members
from tidegate.units import Source

_MARK = "\x1f"  # between a source's id and the product, in the column that tells events of one class apart
_LINES = 5  # numbers of lines named for each reason of quarantine
_OURS = ("uid", "product", "source_file", "source_line", DAY)


@dataclass(frozen=True)
class Yield:
    """What one source made: the first events, and the columns it names that no event has a value in."""

    source: str
    produces: str
    events: int
    first: tuple[dict[str, object], ...]
    empty: tuple[str, ...]


@dataclass(frozen=True)
class Refused:
    """A reason of quarantine: how many records, and the first of their lines."""

    reason: str
    records: int
    lines: tuple[int, ...]


@dataclass(frozen=True)
class Trial:
    """why: why the sample is not taken for the log, empty where it is. unread: fields that no source reads."""

    log: str
    format: str
    why: str
    yields: tuple[Yield, ...] = ()
    refused: tuple[Refused, ...] = ()
    ignored: int = 0
    unread: tuple[str, ...] = ()


def attempt(sources: Sequence[Source], sample: Path, *, most: int) -> Trial:
    """Read a sample with the sources of one log; of each, the first `most` events.

    Raises InputError where the sample cannot be read at all.
    """
    log = sources[0].log
    head = _head(sources, sample)
    why = _why(sources, head)
    trial = Trial(log.id, " ".join(log.formats), why, unread=_unread(sources, head))
    if why:
        return trial
    with tempfile.TemporaryDirectory() as folder, closing(Lake(Path(folder) / "lake")) as lake:
        summary = ingest([sample], lake, sources={source.id: _marked(source) for source in sources})
        return replace(
            trial,
            yields=tuple(_yield(lake, source, most) for source in sources),
            refused=_refused(lake),
            ignored=summary.ignored,
        )


def _head(sources: Sequence[Source], sample: Path) -> Head | None:
    """How the sample is written, whatever fields it has and whether or not it is the log."""
    data, whole = b"", True
    for member in islice(members(find([sample])[0][0]), 1):
        with member.open() as opened:
            for piece in opened.pieces:
                data, whole = data + piece, False
                if len(data) > HEAD_MOST:
                    break
            else:
                whole = True
    if not data.strip():
        raise InputError("there is nothing in it", file=sample)
    log = replace(sources[0].log, probe="^")
    any_of = tuple({"|".join([*s.needs, *s.columns]) for s in sources if s.needs})
    found = recognise(sample.name, data, [replace(s, log=log, needs=any_of[:1]) for s in sources], whole=whole)
    return found.head if found else None


def _why(sources: Sequence[Source], head: Head | None) -> str:
    """What keeps the sample from being taken for the log, empty if nothing does."""
    log = sources[0].log
    if head is None:
        within = f", its records under {' or '.join(log.envelope)}," if log.envelope else ""
        return f"it is not written as {log.formats[0]}{within} with any of the fields that the sources read"
    if head.layout.format in TEXT:
        matching = sum(bool(re.search(log.probe or "", line)) for line in head.records)
        if matching >= MATCHING * len(head.records):
            return ""
        return f"{matching} of its first {len(head.records)} lines match the probe `{log.probe}`; nine in ten must"
    missing = {n for s in sources for n in s.needs if not set(n.split("|")) & head.fields}
    met = any(set(s.needs) & missing == set() for s in sources)
    there = f"; it has {', '.join(sorted(head.fields))}"
    return "" if met else f"it lacks {', '.join(sorted(n.replace('|', ' or ') for n in missing))}{there}"


def _unread(sources: Sequence[Source], head: Head | None) -> tuple[str, ...]:
    read = {column for source in sources for column in source.columns}
    return tuple(sorted(head.fields - read)) if head else ()


def _marked(source: Source) -> Source:
    """A source that says in `product` which one it is."""

    def mapped(raw: ibis.Table) -> ibis.Table:
        events = source.map(raw)
        product = events["product"] if "product" in events.columns else ibis.null("string")
        return events.mutate(product=ibis.literal(source.id + _MARK) + product.fill_null(""))

    return replace(source, map=mapped)


def _named(source: Source) -> list[str]:
    """Event columns that the source gives, in the order of the class."""
    raw = dict(source.columns) | {"record": "string", "source_file": "string", "source_line": "int64"}
    given = source.map(ibis.table(raw, name="raw")).columns
    return [c.name for c in CLASSES[source.produces].columns if c.name in given and c.name not in _OURS[2:]]


def _yield(lake: Lake, source: Source, most: int) -> Yield:
    table = lake.table(source.produces)
    mine = table.filter(table["product"].startswith(source.id + _MARK))
    mine = mine.mutate(product=mine["product"].split(_MARK)[1].nullif(""))
    names = _named(source)
    counts = mine.agg(events=mine.count(), **{f"n_{name}": mine[name].count() for name in names})
    (counted,) = counts.to_pyarrow().to_pylist()
    first = mine.order_by("source_line").limit(most).select("source_line", *names).to_pyarrow().to_pylist()
    empty = tuple(name for name in names if not counted[f"n_{name}"]) if counted["events"] else ()
    return Yield(source.id, source.produces, counted["events"], tuple(first), empty)


def _refused(lake: Lake) -> tuple[Refused, ...]:
    table = lake.table("quarantine")
    by_reason: dict[str, list[int]] = {}
    for row in table.order_by("source_line").select("reason", "source_line").to_pyarrow().to_pylist():
        by_reason.setdefault(row["reason"], []).append(row["source_line"])
    most_first = sorted(by_reason.items(), key=lambda item: -len(item[1]))
    return tuple(Refused(reason, len(lines), tuple(lines[:_LINES])) for reason, lines in most_first)
