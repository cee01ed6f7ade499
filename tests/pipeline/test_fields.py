"""Fields of text, format by format: headers, quoting, escapes, and what is none of the format."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest

from tidegate.pipeline.fields import split, value, why
from tidegate.units import Format

CEF = "CEF:0|Acme\\|Co|Gateway|4.1|100|File sent|5|"


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    con = duckdb.connect()
    yield con
    con.close()


def read(con: duckdb.DuckDBPyConnection, format_: Format, record: str, *columns: str) -> tuple[object, ...]:
    con.execute("CREATE OR REPLACE TEMP TABLE records AS SELECT ? AS record", [record])
    values = ", ".join(value(format_, c, "VARCHAR") for c in columns)
    row = con.execute(f"SELECT {values} FROM ({split(format_, dict.fromkeys(columns, 'VARCHAR'))})").fetchone()
    assert row is not None
    return row


@pytest.mark.parametrize(
    ("record", "columns", "values"),
    [
        ('ts=1, user=ann; size=5 note="a, b" z=', ("ts", "user", "size", "note", "z"), ("1", "ann", "5", "a, b", None)),
        ("who='ann b' x=1 x=2", ("who", "x", "y"), ("ann b", "1", None)),  # of a key that comes twice, the first
        (r'say="she said \"no\"" path="C:\new"', ("say", "path"), ('she said "no"', r"C:\new")),
        ('q=" e=1', ("q", "e"), ('"', "1")),  # a quotation mark that nothing closes is a value
    ],
)
def test_pairs(con: duckdb.DuckDBPyConnection, record: str, columns: tuple[str, ...], values: tuple[str, ...]) -> None:
    assert read(con, "pairs", record, *columns) == values


@pytest.mark.parametrize(
    ("record", "columns", "values"),
    [
        (
            CEF + "src=192.0.2.7 msg=a big file fname=",
            ("_vendor", "_product", "_version", "_event", "_name", "_severity", "src", "msg", "fname", "_host"),
            ("Acme|Co", "Gateway", "4.1", "100", "File sent", "5", "192.0.2.7", "a big file", None, None),
        ),
        (
            "<134>Mar  1 10:00:00 gw1 " + CEF + "act=ok",
            ("_priority", "_time", "_host", "act"),
            ("134", "Mar  1 10:00:00", "gw1", "ok"),
        ),
        (
            "<134>1 2025-03-01T10:00:00Z gw1 CEF 9 - - " + CEF + "act=ok",
            ("_time", "_host", "_event"),
            ("2025-03-01T10:00:00Z", "gw1", "100"),
        ),
        # An equals sign that is escaped, and one behind no word of its own, belong to the value.
        (
            CEF + r"msg=a\=b c request=https://x.example/?q=1&r=2",
            ("msg", "request"),
            ("a=b c", "https://x.example/?q=1&r=2"),
        ),
        (CEF + r"filePath=C:\\new\\d msg=one\ntwo\|three", ("filePath", "msg"), ("C:\\new\\d", "one\ntwo|three")),
        (CEF + "cs1=Allow all cs1Label=Policy name", ("cs1", "Policy name"), ("Allow all", "Allow all")),
        (CEF + "Policy=mine cs1=theirs cs1Label=Policy", ("Policy",), ("mine",)),  # its own key goes first
        ("CEF:0|Acme|Gateway|4.1|100|Started|2", ("_name", "src"), ("Started", None)),
        ("CEF:0|Acme|Gateway", ("_vendor", "src"), (None, None)),
    ],
)
def test_cef(con: duckdb.DuckDBPyConnection, record: str, columns: tuple[str, ...], values: tuple[str, ...]) -> None:
    assert read(con, "cef", record, *columns) == values


@pytest.mark.parametrize(
    ("record", "columns", "values"),
    [
        (
            "LEEF:1.0|Acme|Mail|2|relay|src=192.0.2.7\tmsg=a big = b\tx=",
            ("_vendor", "_product", "_version", "_event", "src", "msg", "x"),
            ("Acme", "Mail", "2", "relay", "192.0.2.7", "a big = b", None),
        ),
        ("Jan 18 11:07:53 192.0.2.1 LEEF:2.0|A|M|2|r|^|a=1 2^b=3", ("_host", "a", "b"), ("192.0.2.1", "1 2", "3")),
        ("LEEF:2.0|A|M|2|r|0x7C|a=1|b=3", ("a", "b"), ("1", "3")),
        ("LEEF:2.0|A|M|2|r|x5E|a=1^b=3", ("a", "b"), ("1", "3")),
        ("LEEF:2.0|A|M|2|r||a=1\tb=3", ("a", "b"), ("1", "3")),
        ("LEEF:2.0|A|M|2|r|a=1\tb=3", ("a", "b"), ("1", "3")),
        ("LEEF:1.0|A|M|2|r|a=1#011b=3", ("a", "b"), ("1", "3")),  # as rsyslog writes a tab
        ("LEEF:1.0|A|M|2", ("_vendor", "a"), (None, None)),
    ],
)
def test_leef(con: duckdb.DuckDBPyConnection, record: str, columns: tuple[str, ...], values: tuple[str, ...]) -> None:
    assert read(con, "leef", record, *columns) == values


HEADER = ("_priority", "_time", "_host", "_program", "_pid", "_message")


@pytest.mark.parametrize(
    ("record", "columns", "values"),
    [
        (
            "<38>Nov 30 23:59:58 host sshd[21]: session opened: ann",
            HEADER,
            ("38", "Nov 30 23:59:58", "host", "sshd", "21", "session opened: ann"),
        ),
        (
            "2025-11-30T23:59:58.5+01:00 host su: a - b - c",  # not RFC 5424, which names its version
            HEADER,
            (None, "2025-11-30T23:59:58.5+01:00", "host", "su", None, "a - b - c"),
        ),
        ("Nov 30 23:59:58 cron[7]: tick", HEADER[2:], (None, "cron", "7", "tick")),  # without a host
        ("Nov 30 23:59:58 host some words", HEADER[2:], ("host", None, None, "some words")),
        (
            '<165>1 2025-11-30T23:59:58Z host.example app 8 ID47 [x@1 user="an\\]n" n="1"][y@1 z="2"] \ufeffsent it',
            (*HEADER, "_id", "user", "n", "z"),
            ("165", "2025-11-30T23:59:58Z", "host.example", "app", "8", "sent it", "ID47", r"an\]n", "1", "2"),
        ),
        ("<165>1 2025-11-30T23:59:58Z - app - - -", HEADER[2:], (None, "app", None, None)),
        ("Nov 30 23:59:58 h app: user=ann size=5", ("user", "size", "_program"), ("ann", "5", "app")),
        (
            'Nov 30 23:59:58 h app[1]: {"user": "ann", "size": 5, "to": ["x=1"]}',
            ("user", "size", "to", "x"),  # what looks like a pair in JSON is none
            ("ann", "5", '["x=1"]', None),
        ),
        ('Nov 30 23:59:58 h app: @cee: {"user": "ann"}', ("user",), ("ann",)),
        ('Nov 30 23:59:58 h app: {"user": "ann", user=bob', ("user",), ("bob",)),  # no JSON
        ("no header", ("_message", "user"), (None, None)),
    ],
)
def test_syslog(con: duckdb.DuckDBPyConnection, record: str, columns: tuple[str, ...], values: tuple[str, ...]) -> None:
    assert read(con, "syslog", record, *columns) == values


def test_objects_in_a_syslog_message_and_numbers(con: duckdb.DuckDBPyConnection) -> None:
    con.execute(
        'CREATE OR REPLACE TEMP TABLE records AS SELECT \'Nov 30 23:59:58 h a: {"u": {"n": "x"}, "s": "5"}\' AS record'
    )
    columns = {"u": "STRUCT(n VARCHAR)", "s": "BIGINT"}
    values = ", ".join(value("syslog", c, t) for c, t in columns.items())
    assert con.execute(f"SELECT {values} FROM ({split('syslog', columns)})").fetchone() == ({"n": "x"}, 5)


@pytest.mark.parametrize(
    ("format_", "record", "reason"),
    [
        ("cef", CEF, None),
        ("cef", "CEF:0|Acme|Gateway", "no CEF header"),
        ("leef", "LEEF:1.0|Acme|x", "no LEEF header"),
        ("syslog", "Nov 30 23:59:58 host x", None),
        ("syslog", "30 Nov 23:59:58 host x", "no syslog header"),
    ],
)
def test_why_a_record_is_none_of_the_format(
    con: duckdb.DuckDBPyConnection, format_: Format, record: str, reason: str | None
) -> None:
    assert con.execute(f"SELECT {why(format_)} FROM (SELECT ? AS record)", [record]).fetchone() == (reason,)


def test_every_line_may_hold_pairs() -> None:
    assert why("pairs") is None
