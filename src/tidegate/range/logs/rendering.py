"""From columns to the lines of a log: one SQL expression a log, evaluated by DuckDB over Arrow, no loop over rows."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass

import duckdb
import numpy as np
import pyarrow as pa


@dataclass(frozen=True, kw_only=True)
class Written:
    """A log's rows in the order of time, and a line for each.

    file: its path in the folder made; source: what the truth calls the log; record: the column that holds the
    product's own id of a row, if it has one; head, tail: what comes before and after the lines; numbered: the first row
    is on the file's first line (after the head), and not behind another day's.
    """

    file: str
    source: str
    rows: pa.Table
    lines: pa.ChunkedArray
    record: str = ""
    head: bytes = b""
    tail: bytes = b""
    numbered: bool = True

    def content(self) -> bytes:
        """The file's bytes, compressed if its name says so."""
        text = self.head + b"".join(_text(chunk) for chunk in self.lines.chunks) + self.tail
        return gzipped(text) if self.file.endswith(".gz") else text


def json_object(members: Mapping[str, str]) -> str:
    """SQL for a JSON object and its line end, from `key: how to write it`; nulls are left out, as Zeek does.

    `name` is a text column, `#name` a number or boolean, `@name` text that is JSON already, `=text` constant JSON;
    `?` before any of the first two says that it may be null. `+name` is a column of further members, each with a comma
    before it.
    """
    parts = []
    for n, (key, how) in enumerate(members.items()):
        head = ("{" if n == 0 else ",") + f'"{key}":'
        match how[0], how.lstrip("?#@=+"):
            case "=", text:
                parts.append(f"'{head}{text}'")
            case "+", column:
                parts.append(column)
            case "@" | "#", column:
                parts.append(f"'{head}', {column}")
            case "?", column if how[1] == "#":
                parts.append(f"'{head}' || {column}")
            case "?", column:
                parts.append(f"""'{head}"' || {column} || '"'""")
            case _, column:
                parts.append(f"""'{head}"', {column}, '"'""")
    return f"concat({', '.join(parts)}, '}}\n')"


def render(con: duckdb.DuckDBPyConnection, table: pa.Table, expression: str) -> pa.ChunkedArray:
    """One text a row, in the table's order."""
    if not table.num_rows:
        return pa.chunked_array([], pa.string())
    con.register("rows", table)
    return con.execute(f"select {expression} as line from rows").to_arrow_table()["line"]


def _text(chunk: pa.Array) -> bytes:
    """The lines one after the other: an Arrow text column keeps them just so."""
    if not len(chunk):
        return b""
    wide = pa.types.is_large_string(chunk.type)
    ends = np.frombuffer(chunk.buffers()[1], dtype=np.int64 if wide else np.int32)
    first, last = ends[chunk.offset], ends[chunk.offset + len(chunk)]
    return bytes(memoryview(chunk.buffers()[2])[first:last])


def gzipped(content: bytes, *, level: int = 1) -> bytes:
    """As gzip writes it, without a name or a time in the header, so that the same content gives the same bytes.

    level: 1 is a third of the time of gzip's default 6 for a quarter more bytes; most of a run's time is spent here.
    """
    stream = zlib.compressobj(level, zlib.DEFLATED, zlib.MAX_WBITS | 16)
    return stream.compress(content) + stream.flush()
