"""From columns to the text of a log: one SQL expression a log, evaluated by DuckDB over Arrow, no loop over rows."""

from __future__ import annotations

import zlib
from collections.abc import Mapping

import duckdb
import numpy as np
import pyarrow as pa


def json_object(members: Mapping[str, str]) -> str:
    """SQL for a JSON object and its line end, from `key: how to write it`; nulls are left out, as Zeek does.

    `name` is a text column, `#name` a number or boolean, `@name` text that is JSON already, `=text` constant JSON;
    `?` before any of the first two says that it may be null.
    """
    parts = []
    for n, (key, how) in enumerate(members.items()):
        head = ("{" if n == 0 else ",") + f'"{key}":'
        match how[0], how.lstrip("?#@="):
            case "=", text:
                parts.append(f"'{head}{text}'")
            case "@", column:
                parts.append(f"'{head}', {column}")
            case "#", column:
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
    con.register("rows", table)
    lines = con.execute(f"select {expression} as line from rows").to_arrow_table()["line"]
    con.unregister("rows")
    return lines


def text(lines: pa.ChunkedArray) -> bytes:
    """The lines one after the other: an Arrow text column keeps them just so."""
    return b"".join(_content(chunk) for chunk in lines.chunks)


def _content(chunk: pa.Array) -> bytes:
    wide = pa.types.is_large_string(chunk.type)
    ends = np.frombuffer(chunk.buffers()[1], dtype=np.int64 if wide else np.int32)
    first, last = ends[chunk.offset], ends[chunk.offset + len(chunk)]
    return bytes(memoryview(chunk.buffers()[2])[first:last]) if last > first else b""


def gzipped(content: bytes, *, level: int = 1) -> bytes:
    """As gzip writes it, without a name or a time in the header, so that the same content gives the same bytes.

    level: 1 is a third of the time of gzip's default 6 for a quarter more bytes; most of a run's time is spent here.
    """
    stream = zlib.compressobj(level, zlib.DEFLATED, zlib.MAX_WBITS | 16)
    return stream.compress(content) + stream.flush()

