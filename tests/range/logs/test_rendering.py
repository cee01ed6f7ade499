"""JSON written by SQL: nulls left out, text quoted, and bytes that depend on the content alone."""

from __future__ import annotations

import gzip
import json

import duckdb
import pyarrow as pa

from tidegate.range.logs.rendering import Written, gzipped, json_object, render

MEMBERS = {"t": "#time / 1e6", "a.b": "name", "c": "?maybe", "n": "?#size", "k": '="x"', "l": "@list", "": "+more"}


def lines(table: pa.Table) -> pa.ChunkedArray:
    with duckdb.connect() as con:
        return render(con, table, json_object(MEMBERS))


def test_members() -> None:
    table = pa.table(
        {
            "time": [1_770_000_000_066_632, 1],
            "name": ["x", "y"],
            "maybe": pa.array([None, "z"]),
            "size": pa.array([None, 7], pa.int64()),
            "list": ["[1]", "[]"],
            "more": pa.array([',"m":true', None]),
        }
    )
    written = Written(file="a.log.gz", source="a", rows=table, lines=lines(table), head=b"#head\n")
    head, *records = gzip.decompress(written.content()).decode().splitlines()
    assert head == "#head"
    assert [json.loads(record) for record in records] == [
        {"t": 1770000000.066632, "a.b": "x", "k": "x", "l": [1], "m": True},  # c and n are not there, not null
        {"t": 1e-06, "a.b": "y", "c": "z", "n": 7, "k": "x", "l": []},
    ]


def test_an_empty_log_is_a_whole_gzip_of_nothing() -> None:
    table = pa.table(
        {name: pa.array([], pa.string()) for name in ("name", "maybe", "list", "more")}
        | {name: pa.array([], pa.int64()) for name in ("time", "size")}
    )
    assert gzip.decompress(Written(file="a.gz", source="a", rows=table, lines=lines(table)).content()) == b""


def test_gzip_holds_no_time() -> None:
    assert gzipped(b"x" * 1000)[4:8] == b"\0\0\0\0"
