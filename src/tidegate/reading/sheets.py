"""CSV: Arrow parses whole blocks; a block that is not as its header says is parsed record by record."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.csv

from tidegate.reading.blocks import LIMIT, Bad, Block
from tidegate.reading.headers import Headers
from tidegate.reading.layout import Layout

DELIMITERS = (",", ";", "\t", "|")
_SPACED = re.compile(r"^[a-z][\w-]*(?: [a-z][\w-]*){4,}$")
"""A header whose columns only spaces part; with fewer of them any line of text would be one."""
_MOST = 1000
"""Columns of a header; a line that would have more is none."""
_CHUNK = 4 << 20
"""Bytes Arrow parses at a time: enough pieces for every core."""


def header(line: str) -> Layout | None:
    """The layout that a header names, by the delimiter that makes the most of it; None if there is only one column."""
    best = max((_split(line, mark) for mark in DELIMITERS), key=len)
    if len(best) < 2 and _SPACED.search(line):
        return Layout(format="csv", fields=tuple(line.split(" ")), separator=" ")
    if not 2 <= len(best) <= _MOST or not all(best[:1]):
        return None
    mark = next(mark for mark in DELIMITERS if _split(line, mark) == best)
    return Layout(format="csv", fields=tuple(name.strip() for name in best), separator=mark)


def preamble(line: str) -> bool:
    """What PowerShell's Export-Csv and spreadsheets write before the header."""
    return line.startswith("#TYPE ") or line.lower().startswith("sep=")


class FieldsHeader(Headers):
    """The last `#Fields:` line, as W3C's extended log format has it; what follows the first name parts the columns."""

    def __init__(self) -> None:
        self._layout: Layout | None = None

    def read(self, line: str) -> None:
        """Take in a line that begins with `#`."""
        if found := re.match(r"#Fields:\s*([^,;\s]+([,;\s]).*)", line):
            named, mark = found.groups()
            names = tuple(name.strip() for name in named.rstrip().split(mark))
            self._layout = Layout(format="csv", fields=names, separator=mark, directives=True)

    @property
    def layout(self) -> Layout | None:
        """None as long as no line has named two columns."""
        return self._layout


def parsed(record: str, layout: Layout) -> list[str] | None:
    """The columns of a record, None where it is not as the header says."""
    return _parsed(record, layout)[0]


def _split(line: str, mark: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=mark, strict=True), [])
    except csv.Error:
        return []


def columns(block: Block, layout: Layout, wanted: Sequence[int]) -> tuple[Block, dict[str, pa.ChunkedArray]]:
    """The wanted columns (by position) as text, named `c0`, `c1`, …; and the block without what does not parse."""
    fast = _arrow(block, layout, wanted)
    if fast is not None:
        return block, fast
    before = csv.field_size_limit(LIMIT)  # a limit of the whole process
    try:
        return _one_by_one(block, layout, wanted)
    finally:
        csv.field_size_limit(before)


def _arrow(block: Block, layout: Layout, wanted: Sequence[int]) -> dict[str, pa.ChunkedArray] | None:
    """None where Arrow does not find the same records as we did, each with all its columns."""
    names = [f"c{i}" for i in range(len(layout.fields))]
    begin, end = (int(block.starts[0]), int(block.ends[-1])) if len(block.starts) else (0, 0)
    if begin == end:
        return None
    try:
        table = pyarrow.csv.read_csv(
            pa.BufferReader(pa.py_buffer(block.buffer[begin:end])),
            read_options=pyarrow.csv.ReadOptions(column_names=names, block_size=_CHUNK),
            parse_options=pyarrow.csv.ParseOptions(delimiter=layout.separator, newlines_in_values=True),
            convert_options=pyarrow.csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()), include_columns=[names[i] for i in wanted]
            ),
        )
    except pa.ArrowInvalid:
        return None
    return {name: table[name] for name in table.column_names} if len(table) == len(block.starts) else None


def _one_by_one(block: Block, layout: Layout, wanted: Sequence[int]) -> tuple[Block, dict[str, pa.ChunkedArray]]:
    rows: list[list[str]] = []
    numbers: list[int] = []
    bad: list[Bad] = []
    records: list[str] = []
    for number, text in _lines(block, layout):
        row, reason = _parsed(text, layout)
        if row is None:
            bad.append(Bad(number, reason, text))
        else:
            rows.append(row)
            numbers.append(number)
            records.append(text)
    data = {f"c{i}": pa.chunked_array([pa.array([row[i] for row in rows], pa.string())]) for i in wanted}
    return _block_of(block, records, numbers, bad), data


def _lines(block: Block, layout: Layout) -> Iterator[tuple[int, str]]:
    """Records, and of one that spans lines and does not parse, its lines."""
    for number, text in zip(block.numbers.tolist(), block.texts().to_pylist(), strict=True):
        if "\n" in text and _parsed(text, layout)[0] is None:
            yield from ((number + i, line.rstrip("\r")) for i, line in enumerate(text.split("\n")) if line.strip())
        else:
            yield number, text


def _parsed(text: str, layout: Layout) -> tuple[list[str] | None, str]:
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=layout.separator, strict=True))
    except csv.Error:
        return None, "quotation marks that do not match"
    if len(rows) != 1 or len(rows[0]) != len(layout.fields):
        found = len(rows[0]) if rows else 0
        return None, f"{found} columns where the header names {len(layout.fields)}"
    return rows[0], ""


def _block_of(block: Block, records: list[str], numbers: list[int], bad: list[Bad]) -> Block:
    """A block of these records, in a buffer of its own."""
    encoded = [record.encode() for record in records]
    ends = np.cumsum([len(record) for record in encoded], dtype=np.int64)
    starts = np.concatenate([[0], ends[:-1]])[: len(ends)].astype(np.int64)
    buffer = np.frombuffer(b"".join(encoded) + bytes(16), np.uint8)
    return replace(
        block, buffer=buffer, starts=starts, ends=ends, numbers=np.array(numbers, np.int64), bad=(*block.bad, *bad)
    )
