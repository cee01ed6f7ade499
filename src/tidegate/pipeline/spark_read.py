"""What Spark's workers run: a stream of a raw file as rows, cut by the same code as on one machine."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from tidegate.errors import InputError
from tidegate.reading import sheets
from tidegate.reading.blocks import Mark
from tidegate.reading.files import File
from tidegate.reading.layout import Layout
from tidegate.reading.read import Part, Reader
from tidegate.reading.recognise import Head
from tidegate.reading.streams import Member

ROWS = "kind string, path string, line bigint, text string, cells array<string>, reason string, layout string"
"""Spark's schema of the rows: a `record` with its layout, a `bad` one with its reason, and at the `end` the account."""
_BATCH = 20_000  # rows: some MB, which go to Spark at once
_SCHEMA = pa.schema(
    {
        "kind": pa.string(),
        "path": pa.string(),
        "line": pa.int64(),
        "text": pa.string(),
        "cells": pa.list_(pa.string()),
        "reason": pa.string(),
        "layout": pa.string(),
    }
)


@dataclass(frozen=True)
class Task:
    """A stream to read on from `done`. wanted: positions of the columns of a sheet, none for all."""

    member: Member
    head: Head
    done: Mark
    wanted: tuple[int, ...] = ()

    def text(self) -> str:
        """As JSON."""
        file = self.member.file
        return json.dumps(
            {
                "name": self.member.name,
                "inner": self.member.inner,
                "file": [str(file.path), file.size, file.mtime_ns, file.inode],
                "head": asdict(replace(self.head, records=(), fields=frozenset())) | {"fields": []},
                "done": asdict(self.done),
                "wanted": self.wanted,
            }
        )


def task(text: str) -> Task:
    """A task from its JSON."""
    said = json.loads(text)
    path, *rest = said["file"]
    head = said["head"] | {"records": (), "fields": frozenset(), "layout": layout(said["head"]["layout"])}
    member = Member(said["name"], File(Path(path), *rest), said["inner"])
    return Task(member, Head(**head), Mark(**said["done"]), tuple(said["wanted"]))


def layout(said: dict[str, Any]) -> Layout:
    """A layout from its members."""
    constants = tuple((name, value) for name, value in said["constants"])
    return Layout(**said | {"fields": tuple(said["fields"]), "constants": constants})


def read(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Rows of every stream that a batch's column `task` names."""
    for batch in batches:
        for text in batch.column("task").to_pylist():
            yield from _stream(task(text))


def _stream(one: Task) -> Iterator[pa.RecordBatch]:
    end: dict[str, Any] = {
        "mark": asdict(one.done),
        "before": asdict(one.done),
        "blank": 0,
        "damage": "",
        "layouts": [],
    }
    name = one.member.name
    try:
        with one.member.open() as opened:
            for part in Reader(one.head).parts(opened.pieces, done=one.done):
                layout = json.dumps(asdict(part.layout)) if part.layout else None
                if len(part.block.starts) and layout not in end["layouts"]:
                    end["layouts"].append(layout)
                yield from _part(one, part, layout)
                if part.last:
                    end["blank"] += part.block.blank
                    end |= {"mark": asdict(part.block.mark), "before": asdict(part.block.before)}
    except InputError as error:
        end |= {"damage": error.message, "passing": isinstance(error.__cause__, OSError)}
    yield _rows("end", name, [0], [json.dumps(end)])


def _part(one: Task, part: Part, said: str | None) -> Iterator[pa.RecordBatch]:
    name, block = one.member.name, part.block
    cells: pa.Array | None = None
    if part.layout is not None and part.layout.format == "csv":
        wanted = one.wanted or range(len(part.layout.fields))
        block, columns = sheets.columns(block, part.layout, wanted)
        cells = _cells([columns[f"c{i}"].combine_chunks() for i in wanted], len(block.starts))
    texts, numbers = block.texts().cast(pa.string()), pa.array(block.numbers)
    for at in range(0, len(texts), _BATCH):
        some = None if cells is None else cells.slice(at, _BATCH)
        yield _rows("record", name, numbers.slice(at, _BATCH), texts.slice(at, _BATCH), cells=some, layout=said)
    for at in range(0, len(block.bad), _BATCH):
        bad = block.bad[at : at + _BATCH]
        yield _rows("bad", name, [b.line for b in bad], [b.record for b in bad], reasons=[b.reason for b in bad])


def _cells(columns: list[pa.Array], rows: int) -> pa.Array:
    """Lists of a row's cells, of arrays of a column's."""
    if not columns:
        return pa.array([[]] * rows, pa.list_(pa.string()))
    order = np.arange(rows * len(columns)).reshape(len(columns), rows).T.ravel()
    offsets = pa.array(np.arange(0, rows * len(columns) + 1, len(columns), dtype=np.int32))
    return pa.ListArray.from_arrays(offsets, pa.concat_arrays(columns).take(pa.array(order)))


def _rows(
    kind: str,
    path: str,
    lines: Any,
    texts: Any,
    *,
    cells: pa.Array | None = None,
    reasons: list[str] | None = None,
    layout: str | None = None,
) -> pa.RecordBatch:
    rows = len(lines)
    none = pa.nulls(rows, pa.string())
    arrays = [
        pa.repeat(kind, rows),
        pa.repeat(path, rows),
        lines if isinstance(lines, pa.Array) else pa.array(lines, pa.int64()),
        texts if isinstance(texts, pa.Array) else pa.array(texts, pa.string()),
        pa.nulls(rows, pa.list_(pa.string())) if cells is None else cells,
        pa.array(reasons, pa.string()) if reasons is not None else none,
        pa.repeat(layout, rows) if layout is not None else none,
    ]
    return pa.RecordBatch.from_arrays(arrays, schema=_SCHEMA)
