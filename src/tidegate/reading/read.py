"""A recognised stream as tables of records, ready for the statements of `pipeline.mapping`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from tidegate.reading import sheets
from tidegate.reading.blocks import BLOCK, Block, Cutter, Mark, Reached, blocks
from tidegate.reading.documents import DocumentCutter
from tidegate.reading.groups import GroupCutter
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
_START = Mark()


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
    return Reader(head).parts(pieces, done=done)


class Reader:
    """Reads a stream, and where it was not a document in brackets reads on once it has grown."""

    def __init__(self, head: Head) -> None:
        self.reached = Reached()
        self.resumes = head.depth < 1
        self._head, self._cutter = head, _cutter(head)
        zeek = head.layout.format == "zeek"
        self._header = ZeekHeader() if zeek else sheets.FieldsHeader() if head.layout.directives else None
        self._heading = ""  # of a sheet

    def parts(self, pieces: Pieces, *, done: Mark = _START, hold: bool = False) -> Iterator[Part]:
        """The records of what comes, from `done` on. hold: leave out what is not finished at the end.

        Raises InputError after the last where the stream is damaged.
        """
        size = BLOCK if self._head.depth < 0 else _DOCUMENT_BLOCK
        left = hold and self.resumes
        found = blocks(pieces, self._cutter, done=done.bytes, reached=self.reached, hold=left, size=size)
        if hold and not self.resumes:
            found = map(self._finished, found)
        return _ahead(part for part in self._split(found) if part.block.mark.bytes > done.bytes)

    def _finished(self, block: Block) -> Block:
        """Without the document at the end that is not all there."""
        self.reached.held = block.mark != block.before
        bad = tuple(bad for bad in block.bad if bad.line <= block.before.lines)
        return replace(block, mark=block.before, bad=bad) if self.reached.held else block

    def _split(self, found: Iterable[Block]) -> Iterator[Part]:
        if self._header is not None:
            return _headed(found, self._header)
        if self._head.layout.format == "csv":
            return self._sheet(found, self._head.layout)
        return (Part(self._head.layout, block) for block in found)

    def _sheet(self, found: Iterable[Block], layout: Layout) -> Iterator[Part]:
        """Without the header: also where files were put one after another and it comes again."""
        for block in found:
            texts, keep = block.texts(), np.ones(len(block.starts), bool)
            if not self._heading and any(bad.line < block.numbers[0] for bad in block.bad if len(keep)):
                self._heading = "\0"  # it was refused itself
            for i in range(len(keep)):
                if self._heading:
                    break
                keep[i] = False
                text = texts[i].as_py()
                self._heading = "" if sheets.preamble(text) else text
            for i in np.flatnonzero(keep & (block.ends - block.starts == len(self._heading.encode()))).tolist():
                keep[i] = texts[i].as_py() != self._heading
            yield Part(layout, block.kept(keep))


def _cutter(head: Head) -> Cutter:
    if head.depth >= 0:
        return DocumentCutter(head.depth, () if head.key is None else (head.key, *head.also))
    if head.layout.groups:
        return GroupCutter(head.layout.groups)
    quoted = head.layout.format == "csv" and head.layout.separator != " "  # between spaces nothing is quoted
    return LineCutter(quoted=quoted)


def _ahead(found: Iterator[Part]) -> Iterator[Part]:
    """Find the next part in a second thread while the caller is busy with the one before."""
    with ThreadPoolExecutor(max_workers=1) as pool:
        coming = pool.submit(next, found, None)
        while (part := coming.result()) is not None:
            coming = pool.submit(next, found, None)
            yield part


def _headed(found: Iterable[Block], header: Headers) -> Iterator[Part]:
    for block in found:
        split = list(header.parts(block))
        for i, (layout, part) in enumerate(split, 1):
            yield Part(layout, part, last=i == len(split))


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
