"""Bad mapping files: each slip, the key it is told at, and what is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from tidegate.errors import ConfigError
from tidegate.mappings.load import load

HEAD = 'id = "acme"\ntitle = "Acme"\n'
PAIRS = HEAD + 'format = "pairs"\nprobe = "dev="\n'
REGEX = HEAD + 'format = "regex"\n'
SOURCE = '[[source]]\nproduces = "http_activity"\n'
LINE = SOURCE + "regex = '^(?P<when>\\S+) (?P<user>\\S+)'\n"
COLUMNS = '[source.columns]\ntime = "ts"\n'


def slips(folder: Path, text: str) -> list[str]:
    path = folder / "acme.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load(path)
    return [line.removeprefix(f"{path}: ") for line in str(caught.value).splitlines()]


@pytest.mark.parametrize(
    ("text", "key", "message"),  # the end of what is said
    [
        # The file as a whole.
        ('format = "json"\ntitle = "x"\n' + SOURCE + COLUMNS, "id", "is missing"),
        (
            'id = "Acme 1"\ntitle = "x"\nformat = "json"\n' + SOURCE + COLUMNS,
            "id",
            "id is made of small letters, digits and _, and begins with a letter",
        ),
        (
            HEAD + 'format = "kv"\n' + SOURCE + COLUMNS,
            "format",
            "'kv' is none of 'json', 'csv', 'pairs', 'regex', 'cef', 'leef', 'syslog'",
        ),
        (HEAD + 'format = "json"\nfile = "a*"\n' + SOURCE + COLUMNS, "file", "no such key; did you mean 'files'?"),
        (
            HEAD + 'format = "json"\nfiles = ["a", 1]\n' + SOURCE + COLUMNS,
            "files[1]",
            "1: input should be a valid string",
        ),
        (HEAD + 'format = "json"\n', "source", "is missing: each kind of record is described below a line [[source]]"),
        (HEAD + 'format = "json"\nsource = ["a"]\n', "source[0]", "is a table: begin it with a line [[source]]"),
        (
            HEAD + 'format = "pairs"\n' + SOURCE + COLUMNS,
            "probe",
            "that nine lines in ten of this log match, and lines of others do not",
        ),
        # What a format does not have.
        (PAIRS + 'needs = "ts"\n' + SOURCE + COLUMNS, "needs", "is not for the format 'pairs', only for json, csv"),
        (
            PAIRS + 'envelope = "records"\n' + SOURCE + COLUMNS,
            "envelope",
            "is not for the format 'pairs', only for json",
        ),
        (
            HEAD + 'format = "csv"\nprobe = "x"\n' + SOURCE + COLUMNS,
            "probe",
            "is not for the format 'csv', only for pairs, regex, cef, leef, syslog",
        ),
        (
            PAIRS + SOURCE + 'regex = "(?P<a>x)"\n' + COLUMNS,
            "source[0].regex",
            "is not for the format 'pairs', only for regex, syslog",
        ),
        (
            REGEX + LINE + '[source.where]\nuser = "ann"\n[source.columns]\ntime = "when"\n',
            "source[0].where",
            "pairs, cef, leef, syslog: its regex says which records are a source's",
        ),
        (
            REGEX + SOURCE + COLUMNS,
            "source[0].regex",
            "which lines are the source's, and its named groups are the columns",
        ),
        # Regular expressions.
        (
            REGEX + SOURCE + "regex = '^(?P<when>.*)(?=x)'\n[source.columns]\ntime = 'when'\n",
            "source[0].regex",
            "is not supported (RE2): match what is around it, and group the part",
        ),
        (
            REGEX + SOURCE + "regex = '^(?P<when>.*) \\1'\n[source.columns]\ntime = 'when'\n",
            "source[0].regex",
            "such as \\1 are not supported (RE2): a line is matched in one pass",
        ),
        (
            REGEX + SOURCE + "regex = '^(?<when>.*)'\n[source.columns]\ntime = 'when'\n",
            "source[0].regex",
            "a named group is written (?P<name>…)",
        ),
        (
            REGEX + SOURCE + "regex = '^(?P<when>.*) (x)'\n[source.columns]\ntime = 'when'\n",
            "source[0].regex",
            "every group needs a name, (?P<name>…), or none is made of it, (?:…)",
        ),
        (
            REGEX + SOURCE + "regex = '^(?P<when>.*'\n[source.columns]\ntime = 'when'\n",
            "source[0].regex",
            "not a regular expression of RE2: missing ): ^(?P<when>.*",
        ),
        # Sources and their event class.
        (
            PAIRS + '[[source]]\nproduces = "http_activty"\n' + COLUMNS,
            "source[0].produces",
            "'http_activty' is no event class; did you mean 'http_activity'?",
        ),
        (
            PAIRS + SOURCE + '[source.columns]\nactor = "user"\n',
            "source[0].columns.time",
            "is missing: an event has a time",
        ),
        (
            PAIRS + SOURCE + COLUMNS + 'bytes_ot = "len"\n',
            "source[0].columns.bytes_ot",
            "http_activity has no such column; did you mean 'bytes_out'?",
        ),
        (
            PAIRS + SOURCE + COLUMNS + 'source_line = "len"\n',
            "source[0].columns.source_line",
            "status_code, bytes_out, bytes_in, mime_type, file_name, connection",
        ),
        (
            PAIRS + SOURCE + COLUMNS + 'activity = { constant = "Upload" }\n',
            "source[0].columns.activity.constant",
            "there is Connect, Delete, Get, Head, Options, Post, Put, Trace, Patch",
        ),
        (
            PAIRS + SOURCE + COLUMNS + 'status = { from = "r", lookup = { ok = "Succes" } }\n',
            "source[0].columns.status.lookup.ok",
            "'Succes' is no status of http_activity; did you mean 'Success'?",
        ),
        (
            PAIRS + SOURCE + COLUMNS + 'dst_port = { constant = "https" }\n',
            "source[0].columns.dst_port.constant",
            "'https' is no number, and dst_port is one",
        ),
        # Columns and their steps.
        (
            PAIRS + SOURCE + COLUMNS + 'actor = { form = "user" }\n',
            "source[0].columns.actor.form",
            "no such key; did you mean 'from'?",
        ),
        (
            PAIRS + SOURCE + COLUMNS + "actor = { lower = true }\n",
            "source[0].columns.actor",
            "wants one of from, join, constant, and has none of them",
        ),
        (
            PAIRS + SOURCE + COLUMNS + 'actor = { from = "user", constant = "x" }\n',
            "source[0].columns.actor",
            "wants one of from, join, constant, and has from and constant",
        ),
        (PAIRS + SOURCE + COLUMNS + "actor = 5\n", "source[0].columns.actor", "5: a table of keys is wanted here"),
        (
            PAIRS + SOURCE + COLUMNS + 'actor = { from = "user", time = "iso" }\n',
            "source[0].columns.actor.time",
            "is of no use here: actor is of type string",
        ),
        (
            PAIRS + SOURCE + COLUMNS + 'actor = { from = "user", multiply = 1024 }\n',
            "source[0].columns.actor.multiply",
            "is of no use here: actor is of type string",
        ),
        (
            PAIRS + SOURCE + COLUMNS + 'bytes_out = { from = "kb", multiply = "1024" }\n',
            "source[0].columns.bytes_out.multiply",
            "'1024': input should be a valid number",
        ),
        (
            PAIRS + SOURCE + COLUMNS + 'bytes_out = { from = "kb", divide = 0 }\n',
            "source[0].columns.bytes_out.divide",
            "0: input should be greater than 0",
        ),
        (
            PAIRS + SOURCE + '[source.columns]\ntime = { from = "ts", time = "epoc" }\n',
            "source[0].columns.time.time",
            "and no pattern such as '%d.%m.%Y %H:%M:%S'; did you mean 'epoch'?",
        ),
        (
            PAIRS + SOURCE + '[source.columns]\ntime = { from = "ts", time = "%Y-%m-%Q" }\n',
            "source[0].columns.time.time",
            "'%Q' is no part of a time; there is %Y %y %m %b %B %d %j %H %I %p %M %S %f %z %a %A %%",
        ),
        (
            PAIRS + SOURCE + '[source.columns]\ntime = { from = "ts", zone = "Europe/Berln" }\n',
            "source[0].columns.time.zone",
            "'Europe/Berln' is no time zone; did you mean 'Europe/Berlin'?",
        ),
        (
            REGEX + LINE + '[source.columns]\ntime = "when"\nbytes_out = "size"\n',
            "source[0].columns.bytes_out",
            "'size' is no column: the regex has when, user",
        ),
        (
            HEAD + 'format = "cef"\n' + SOURCE + '[source.columns]\ntime = "_tme"\n',
            "source[0].columns.time",
            "'_tme' is no column of the header; did you mean '_time'?",
        ),
        (
            PAIRS + SOURCE + COLUMNS + 'url = "record"\n',
            "source[0].columns.url",
            "'record' is a name that Tidegate itself uses: such a column cannot be read",
        ),
        # Conditions.
        (
            PAIRS + SOURCE + 'where = { action = { like = "x" } }\n' + COLUMNS,
            "source[0].where.action",
            "wants a value, a list of values, or { matches = 'regex' }",
        ),
        (
            PAIRS + SOURCE + 'where = { action = { matches = "(?!x)" } }\n' + COLUMNS,
            "source[0].where.action.matches",
            "is not supported (RE2): match what is around it, and group the part",
        ),
        (
            PAIRS + SOURCE + 'where = "action"\n' + COLUMNS,
            "source[0].where",
            "is a table: write its keys below a line [source.where]",
        ),
        # Sources together.
        (
            PAIRS + SOURCE + COLUMNS + '[[source]]\nid = "b"\nproduces = "dns_activity"\n' + COLUMNS,
            "source[0]",
            "takes every record: only the last can do without where or regex",
        ),
        (
            PAIRS + SOURCE + COLUMNS + 'actor = "User"\ndevice = "user"\n',
            "source[0]",
            "raw columns 'User' and 'user' differ only in case",
        ),
        (
            HEAD + 'format = "json"\n' + SOURCE + COLUMNS + 'actor = "user"\ndevice = "user.pc"\n',
            "source",
            "'user' is read as a value, and 'user.pc' as a part of it",
        ),
    ],
)
def test_a_slip_is_told_at_its_key(tmp_path: Path, text: str, key: str, message: str) -> None:
    told = slips(tmp_path, text)
    assert [slip for slip in told if slip.startswith(f"{key}: ") and slip.endswith(message)], told


def test_all_slips_are_told_at_once(tmp_path: Path) -> None:
    text = (
        HEAD
        + 'format = "pairs"\nfile = "x"\n'
        + SOURCE
        + 'regexp = "x"\n[source.columns]\ntime = { from = "ts", time = "is" }\nactor = 5\nbytes_outt = "size"\n'
        + '[[source]]\nproduces = "nothing"\n'
        + COLUMNS
    )
    assert [slip.partition(": ")[0] for slip in slips(tmp_path, text)] == [
        "file",
        "source[0].regexp",
        "source[0].columns.time.time",
        "source[0].columns.actor",
        "source[1].produces",
    ]


def test_a_file_that_is_no_toml(tmp_path: Path) -> None:
    path = tmp_path / "acme.toml"
    path.write_text("id = acme\n")
    with pytest.raises(ConfigError, match=r"acme.toml:1: not TOML: "):
        load(path)
    with pytest.raises(ConfigError, match=r"missing.toml: cannot be read: No such file"):
        load(tmp_path / "missing.toml")
