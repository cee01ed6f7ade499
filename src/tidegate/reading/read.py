"""A recognised stream as tables of records, ready for the statements of `pipeline.mapping`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from tidegate.reading import sheets
from tidegate.reading.blocks import BLOCK, Block, Mark, blocks
from tidegate.reading.documents import DocumentCutter
from tidegate.reading.headers import Headers
from tidegate.reading.layout import Layout
from tidegate.reading.lines import LineCutter
from tidegate.reading.recognise import Head
from tidegate.reading.streams import Pieces
from tidegate.reading.zeek import ZeekHeader

_DOCUMENT_BLOCK = 16 << 20
"""Bytes of a block of a JSON document: finding its brackets takes twenty times the memory of finding line breaks."""
_BATCH = (2_048, 20_000)
"""Least and most rows of an Arrow batch, the piece that one thread of DuckDB takes at a time."""


@dataclass(frozen=True)
class Part:
    """Records of one layout (None: nothing says which) in a block; `last` if the block has no further part."""

    layout: Layout | None
    block: Block
    last: bool = True


def parts(pieces: Pieces, head: Head, *, done: Mark) -> Iterator[Part]:
    """The records of a stream from `done` on.

    Raises InputError after the last where the stream is damaged.
    """
    document = head.depth >= 0
    quoted = head.layout.format == "csv" and head.layout.separator != " "  # between spaces nothing is quoted
    cutter = DocumentCutter(head.depth, head.key) if document else LineCutter(quoted=quoted)
    found = blocks(pieces, cutter, done=done.bytes, size=_DOCUMENT_BLOCK if document else BLOCK)
    match head.layout.format:
        case "zeek":
            split = _headed(found, ZeekHeader())
        case "csv" if head.layout.directives:
            split = _headed(found, sheets.FieldsHeader())
        case "csv":
            split = _sheet(found, head.layout)
        case _:
            split = (Part(head.layout, block) for block in found)
    return _ahead(part for part in split if part.block.mark.bytes > done.bytes)


def _ahead(found: Iterator[Part]) -> Iterator[Part]:
    """Find the next part in a second thread while the caller is busy with the one before."""
    with ThreadPoolExecutor(max_workers=1) as pool:
        coming = pool.submit(next, found, None)
        while (part := coming.result()) is not None:
            coming = pool.submit(next, found, None)
            yield part


def _headed(found: Iterator[Block], header: Headers) -> Iterator[Part]:
    for block in found:
        split = list(header.parts(block))
        for i, (layout, part) in enumerate(split, 1):
            yield Part(layout, part, last=i == len(split))


def _sheet(found: Iterator[Block], layout: Layout) -> Iterator[Part]:
    """Without the header: also where files were put one after another and it comes again."""
    header = ""
    for block in found:
        texts, keep = block.texts(), np.ones(len(block.starts), bool)
        for i in range(len(keep)):
            if header:
                break
            keep[i] = False
            text = texts[i].as_py()
            header = "" if sheets.preamble(text) else text
        for i in np.flatnonzero(keep & (block.ends - block.starts == len(header.encode()))).tolist():
            keep[i] = texts[i].as_py() != header
        yield Part(layout, block.kept(keep))


def table(name: str, modified: int, block: Block, columns: Mapping[str, pa.ChunkedArray]) -> pa.Table:
    """The table `block` that the statements of `pipeline.mapping` read. modified: nanoseconds since 1970."""
    rows = len(block.starts)
    same = pa.array(np.zeros(rows, np.int32))
    times = pa.array([modified // 1000], pa.timestamp("us"))
    whole = pa.table(
        {
            "record": block.texts(),
            "source_file": pa.DictionaryArray.from_arrays(same, pa.array([name])),
            "source_line": block.numbers,
            "source_modified": pa.DictionaryArray.from_arrays(same, times),
        }
        | dict(columns)
    )
    least, most = _BATCH
    batches = whole.to_batches(max_chunksize=max(least, min(most, rows // 8)))
    return pa.Table.from_batches(batches, schema=whole.schema)
