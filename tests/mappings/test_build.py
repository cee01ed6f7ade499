"""What the keys of a mapping file do, one by one, on made-up records in every format."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.mappings.test_examples import read
from tidegate.mappings.load import load

TOP = 'id = "acme"\ntitle = "Acme"\n'
JSON = TOP + 'format = "json"\nneeds = "ts"\n'
FILES = '[[source]]\nproduces = "file_hosting"\n[source.columns]\n'


def made(folder: Path, mapping: str, text: str, class_: str = "file_hosting") -> list[dict[str, Any]]:
    """The events of one class, in the order of their lines."""
    path = folder / "acme.toml"
    path.write_text(mapping, encoding="utf-8")
    return read(folder, "acme.log", text, {source.id: source for source in load(path)}).get(class_, [])


def lines(records: Iterable[object]) -> str:
    return "".join(json.dumps(record) + "\n" for record in records)


@pytest.mark.parametrize(
    ("column", "raw", "time"),
    [
        ('"ts"', "2025-07-01T10:00:00.25+02:00", datetime(2025, 7, 1, 8, 0, 0, 250000)),
        ('"ts"', "2025-07-01 10:00:00", datetime(2025, 7, 1, 10)),
        ('{ from = "ts", zone = "Europe/Berlin" }', "2025-07-01 10:00:00", datetime(2025, 7, 1, 8)),
        ('{ from = "ts", zone = "Europe/Berlin" }', "2025-01-01T10:00:00", datetime(2025, 1, 1, 9)),  # in winter
        # An offset that the time itself has counts, whatever the zone.
        ('{ from = "ts", zone = "Europe/Berlin" }', "2025-07-01T10:00:00Z", datetime(2025, 7, 1, 10)),
        ('{ from = "ts", zone = "Europe/Berlin" }', "2025-07-01T10:00:00-05:00", datetime(2025, 7, 1, 15)),
        ('{ from = "ts", time = "epoch" }', 1751356800.5, datetime(2025, 7, 1, 8, 0, 0, 500000)),
        ('{ from = "ts", time = "epoch_ms" }', 1751356800500, datetime(2025, 7, 1, 8, 0, 0, 500000)),
        ('{ from = "ts", time = "%d/%b/%Y:%H:%M:%S %z" }', "01/Jul/2025:10:00:00 +0200", datetime(2025, 7, 1, 8)),
        (
            '{ from = "ts", time = "%d.%m.%Y %I:%M %p", zone = "America/New_York" }',
            "01.07.2025 04:00 PM",
            datetime(2025, 7, 1, 20),
        ),
        ('{ from = "ts", time = "syslog" }', "Nov 30 23:59:58", datetime(2025, 11, 30, 23, 59, 58)),
        (
            '{ from = "ts", time = "syslog", zone = "Asia/Tokyo" }',
            "Nov 30 23:59:58",
            datetime(2025, 11, 30, 14, 59, 58),
        ),
        ('{ from = "ts", time = ["epoch_ms", "%d.%m.%Y"] }', "01.07.2025", datetime(2025, 7, 1)),
        ('{ from = "ts", time = "epoch" }', 1e30, None),
        ('{ from = "ts", time = ["%d.%m.%Y", "iso"] }', "01/07/2025", None),  # in none of the ways that are named
    ],
)
def test_time(tmp_path: Path, column: str, raw: object, time: datetime | None) -> None:
    found = made(tmp_path, f"{JSON}{FILES}time = {column}\n", lines([{"ts": raw}]))
    assert [event["time"] for event in found] == ([time.isoformat()] if time else [])


@pytest.mark.parametrize(
    ("name", "column", "record", "value"),
    [
        ("actor", '"user"', {"user": " Ann "}, "ann"),  # as every log's accounts are written
        ("file_name", '"user"', {"user": " Ann "}, "Ann"),
        ("file_name", '"user"', {"user": "-"}, None),
        ("file_name", '{ from = ["a", "b"] }', {"a": "", "b": "x"}, "x"),
        ("file_name", '{ constant = "x" }', {}, "x"),
        ("file_name", '{ from = "a", extract = "([^/]+)$" }', {"a": "/b/c.txt"}, "c.txt"),
        ("file_name", '{ from = "a", extract = "[0-9]+" }', {"a": "no 42 x"}, "42"),
        ("file_name", '{ from = "a", extract = "[0-9]+" }', {"a": "none"}, None),
        ("file_name", '{ from = "a", extract = "(?i)^NO (.*)" }', {"a": "no 42 x"}, "42 x"),
        ("file_name", '{ from = "a", lower = true }', {"a": "ÄB"}, "äb"),
        ("file_path", '{ join = ["a", "b"], with = "/" }', {"a": "x", "b": "y"}, "x/y"),
        ("file_path", '{ join = ["a", "b"], with = "/" }', {"b": "y"}, "y"),
        ("label", '{ from = "a", lookup = { 1 = "low", 2 = "high" } }', {"a": 2}, "high"),
        ("label", '{ from = "a", lookup = { 1 = "low", 2 = "high" } }', {"a": 3}, None),
        ("label", '{ from = "a", lookup = { 1 = "low", "*" = "other" } }', {"a": 3}, "other"),
        ("file_size", '"a"', {"a": 12}, 12),
        ("file_size", '"a"', {"a": "twelve"}, None),
        ("file_size", '{ from = "a", multiply = 1024 }', {"a": "1.5"}, 1536),
        ("file_size", '{ from = "a", divide = 8 }', {"a": 64}, 8),
        ("activity", '"a"', {"a": "DOWNLOAD"}, "Download"),
        ("activity", '"a"', {"a": "Frobnicate"}, "Frobnicate"),  # a name that the class does not have stays
        ("src_ip", '"a"', {"a": "[2001:db8::1]:443"}, "2001:db8::1"),
        ("owner", '"a.b"', {"a": {"b": "x"}}, "x"),
        ("owner", '"a.b"', {"a.b": "x"}, "x"),  # a key that only looks like a path
        ("owner", '"a.b.c"', {"a": {"b": {"c": 5}}}, "5"),
        ("owner", '"a.b"', {"a": "x"}, None),
    ],
)
def test_a_column(tmp_path: Path, name: str, column: str, record: dict[str, object], value: object) -> None:
    text = lines([{"ts": "2025-07-01"} | record])
    (event,) = made(tmp_path, f'{JSON}{FILES}time = "ts"\n{name} = {column}\n', text)
    assert event.get(name) == value


@pytest.mark.parametrize(
    ("column", "raw", "value"),
    [
        ('"to"', "a@x.example, b@x.example", ["a@x.example", "b@x.example"]),
        ('{ from = "to", split = ";" }', "a@x.example;;b@x.example", ["a@x.example", "b@x.example"]),
        ('"to"', ["a", "b, c"], ["a", "b, c"]),  # a JSON list
        ('"to"', [], None),
        ('"to"', "", None),
    ],
)
def test_lists(tmp_path: Path, column: str, raw: object, value: object) -> None:
    source = '[[source]]\nproduces = "email_activity"\n[source.columns]\ntime = "ts"\n'
    mapping = f"{JSON}{source}recipients = {column}\n"
    (event,) = made(tmp_path, mapping, lines([{"ts": "2025-07-01", "to": raw}]), "email_activity")
    assert event.get("recipients") == value


def test_true_and_false(tmp_path: Path) -> None:
    source = '[[source]]\nproduces = "authentication"\n[source.columns]\ntime = "ts"\nis_mfa = "mfa"\n'
    text = lines({"ts": "2025-07-01", "mfa": value} for value in (True, "false", "perhaps"))
    found = made(tmp_path, JSON + source, text, "authentication")
    assert [event.get("is_mfa") for event in found] == [True, False, None]


def test_conditions(tmp_path: Path) -> None:
    sources = "".join(
        f'[[source]]\nid = "{id_}"\nproduces = "file_hosting"\n{where}\n[source.columns]\ntime = "ts"\n'
        f'label = {{ constant = "{id_}" }}\n'
        for id_, where in (
            ("one", "where = { n = 1 }"),
            ("some", 'where = { n = [2, "3"], on = true }'),
            ("like", 'where = { s = { matches = "^a+$" } }'),
            ("rest", ""),
        )
    )
    records: list[dict[str, object]] = [{"n": 1}, {"n": 2, "on": True}, {"n": 2}, {"s": "aa"}, {"s": "ab"}, {"n": "1"}]
    found = made(tmp_path, JSON + sources, lines({"ts": "2025-07-01"} | record for record in records))
    assert [event["label"] for event in found] == ["one", "some", "rest", "like", "rest", "one"]


@pytest.mark.parametrize(
    ("top", "columns", "text"),
    [
        ('format = "json"\nenvelope = "items"', 'actor = "who"', '{"items": [{"ts": "2025-07-01", "who": "ann"}]}'),
        ('format = "csv"', 'actor = "Who is it"', "ts|who is it|x\n2025-07-01|ann|1\n"),
        ('format = "pairs"\nprobe = "ts="', 'actor = "who"', 'ts=2025-07-01 who="ann"\n'),
        (
            'format = "cef"',
            'actor = "suser"\nsite = "_host"',
            "Nov  1 10:00:00 gw CEF:0|A|B|1|2|c|3|ts=2025-07-01 suser=ann\n",
        ),
        ('format = "leef"', 'actor = "usrName"\nsite = "_event"', "LEEF:2.0|A|B|1|gw|^|ts=2025-07-01^usrName=ann\n"),
        (
            'format = "syslog"\nprobe = " app"',
            'actor = "who"\nsite = "_host"',
            "Nov  1 10:00:00 gw app[1]: ts=2025-07-01 who=ann\n",
        ),
        (
            'format = "syslog"\nprobe = " app"',
            'actor = "u.n"\nsite = "_host"',
            'Nov  1 10:00:00 gw app: {"ts": "2025-07-01", "u": {"n": "ann"}}\n',
        ),
    ],
)
def test_every_format(tmp_path: Path, top: str, columns: str, text: str) -> None:
    (event,) = made(tmp_path, f'{TOP}{top}\n{FILES}time = "ts"\n{columns}\n', text)
    assert event["actor"] == "ann"
    assert event.get("site") in ("gw", None)


def test_a_regex_within_syslog(tmp_path: Path) -> None:
    mapping = (
        TOP + 'format = "syslog"\nprobe = "appd"\n'
        '[[source]]\nid = "sent"\nproduces = "file_hosting"\nwhere = { _program = "appd" }\n'
        "regex = 'sent (?P<path>\\S+)'\n"
        '[source.columns]\ntime = { from = "_time", time = "syslog" }\nfile_path = "path"\ndevice = "_host"\n'
    )
    text = (
        "Nov 30 10:00:00 Gw appd[1]: sent /a.txt\nNov 30 10:00:01 gw appd2: sent /b.txt\n"
        "Nov 30 10:00:02 gw appd: idle\n"
    )
    assert made(tmp_path, mapping, text) == [
        {"time": "2025-11-30T10:00:00", "file_path": "/a.txt", "device": "gw"}  # the second is of another program
    ]
