"""`sources try`, and mapping files on the way from a log to a case."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.cli.conftest import tidegate
from tidegate.lake.store import Lake

MAPPING = """
id = "acme"
title = "Acme"
format = "pairs"
probe = "^ts="
ignore = "heartbeat"

[[source]]
id = "sent"
produces = "http_activity"
where = { kind = "sent" }

[source.columns]
time = "ts"
actor = "user"
dst_host = "host"
bytes_out = { from = "kb", multiply = 1000 }
mime_type = "mime"

[[source]]
id = "login"
produces = "authentication"
where = { kind = "login" }

[source.columns]
time = "ts"
actor = "user"
"""
SAMPLE = """ts=2025-07-01T10:00:00Z kind=sent user=Ann host=up.example.org kb=5
ts=2025-07-01T10:00:01Z kind=sent user=Bob host=up.example.org kb=1
ts=never kind=sent user=Bob
ts=2025-07-01T10:00:02Z kind=dns
ts=later kind=sent user=Bob
ts=2025-07-01T10:00:03Z heartbeat
"""


@pytest.fixture
def mapping(tmp_path: Path) -> Path:
    path = tmp_path / "acme.toml"
    path.write_text(MAPPING)
    return path


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    path = tmp_path / "gateway.log"
    path.write_text(SAMPLE)
    return path


def test_try_shows_what_comes_of_a_sample(mapping: Path, sample: Path) -> None:
    outcome = tidegate("sources", "try", mapping, sample)
    assert outcome.status == 0
    words = [line.split() for line in outcome.out.splitlines()]
    assert ["acme_sent", "2", "http_activity", "mime_type"] in words  # that column stays empty
    assert ["acme_login", "0", "authentication"] in words  # where there are no events, nothing is known of columns
    assert ["acme_sent", "line", "1", "line", "2"] in words
    assert ["bytes_out", "5000", "1000"] in words
    assert ["2", "no", "time", "that", "can", "be", "read", "3,", "5"] in words
    assert ["1", "no", "source", "reads", "Acme", "'dns'", "4"] in words
    assert "1 records are passed over" in outcome.err
    assert f"tidegate investigate PATH --mapping {mapping}" in outcome.err


def test_try_as_json(mapping: Path, sample: Path) -> None:
    trial = json.loads(tidegate("sources", "try", mapping, sample, "--format", "json", "--limit", 1).out)
    assert (trial["log"], trial["format"], trial["why"], trial["ignored"]) == ("acme", "pairs", "", 1)
    sent, login = trial["yields"]
    assert (sent["events"], sent["empty"], login["events"]) == (2, ["mime_type"], 0)
    assert sent["first"] == [
        {
            "source_line": 1,
            "time": "2025-07-01T10:00:00Z",
            "actor": "ann",
            "dst_host": "up.example.org",
            "bytes_out": 5000,
            "mime_type": None,
        }
    ]
    assert {(r["reason"], r["records"], *r["lines"]) for r in trial["refused"]} == {
        ("no time that can be read", 2, 3, 5),
        ("no source reads Acme 'dns'", 1, 4),
    }


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (
            "kind=sent ts=1\n" * 3 + "ts=1\n",
            "not taken for acme: 1 of its first 4 lines match the probe `^ts=`; nine in ten must",
        ),
        ("ts=never\n", "taken for acme, but no record makes an event"),
        ("\n", "there is nothing in it"),
    ],
)
def test_try_says_why_nothing_comes(mapping: Path, sample: Path, text: str, why: str) -> None:
    sample.write_text(text)
    outcome = tidegate("sources", "try", mapping, sample)
    assert outcome.status == 3
    assert outcome.err.splitlines()[-1] == f"tidegate: {sample}: {why}"


def test_try_says_which_fields_are_missing(tmp_path: Path) -> None:
    mapping, sample = tmp_path / "m.toml", tmp_path / "s.csv"
    mapping.write_text(
        'id = "acme"\ntitle = "Acme"\nformat = "csv"\n[[source]]\nproduces = "http_activity"\n'
        '[source.columns]\ntime = "When"\nactor = { from = ["User", "Login"] }\nurl = "URL"\n'
    )
    sample.write_text("when;name;url\n2025-07-01;ann;x\n")
    outcome = tidegate("sources", "try", mapping, sample)
    assert outcome.status == 3
    assert "not taken for acme: it lacks User or Login; it has URL, When, name" in outcome.err
    sample.write_text("some words\n")
    outcome = tidegate("sources", "try", mapping, sample)
    assert "it is not written as csv with any of the fields that the sources read" in outcome.err


def test_a_mapping_with_slips_is_wrong_usage(mapping: Path, sample: Path) -> None:
    mapping.write_text(MAPPING.replace("multiply", "times").replace("probe", "prob"))
    outcome = tidegate("sources", "try", mapping, sample)
    assert outcome.status == 2
    assert outcome.out == ""
    assert f"tidegate: {mapping}: prob: no such key; did you mean 'probe'?\n{mapping}: " in outcome.err
    assert f"{mapping}: source[0].columns.bytes_out.times: no such key" in outcome.err
    for command in ("ingest", "investigate"):
        assert tidegate(command, sample, "--mapping", mapping).status == 2


def test_sources_lists_what_a_mapping_describes(mapping: Path) -> None:
    listed = json.loads(tidegate("sources", "--mapping", mapping, "--format", "json").out)
    assert {unit["id"] for unit in listed if unit["log"] == "acme"} == {"acme_sent", "acme_login"}
    assert "acme" not in tidegate("sources").out


def test_ingest_with_a_mapping(mapping: Path, sample: Path, tmp_path: Path) -> None:
    lake = tmp_path / "lake"
    assert tidegate("ingest", sample, "--lake", lake).status == 3  # nobody knows this log …
    outcome = tidegate("ingest", sample, "--lake", lake, "--mapping", mapping, "--format", "json")
    assert outcome.status == 0
    assert json.loads(outcome.out)["events"] == 2  # … until it is described
    stored = Lake(lake)
    assert stored.table("http_activity").count().to_pyarrow().as_py() == 2
    stored.close()


@pytest.fixture
def context(tmp_path: Path) -> Path:
    """Settings that name a mapping file beside them."""
    folder = tmp_path / "context"
    (folder / "mappings").mkdir(parents=True)
    (folder / "mappings" / "acme.toml").write_text(
        MAPPING.replace('actor = "user"\ndst_host', 'actor = "user"\nsrc_ip = "ip"\ndst_host')
    )
    (folder / "tidegate.toml").write_text('[sources]\nmappings = ["mappings/*.toml"]\n')
    return folder


def test_a_case_comes_of_a_log_that_only_a_mapping_describes(context: Path, tmp_path: Path) -> None:
    first = datetime(2025, 3, 3, 8)
    rows = [
        (first + timedelta(days=day, minutes=person), f"p{person}", "news.example.org", 200 + 7 * (day * person % 31))
        for day in range(45)
        for person in range(8)
    ]
    rows += [(first + timedelta(days=44, hours=10, minutes=i), "p3", "drop.example.net", 250_000) for i in range(30)]
    line = "ts={:%Y-%m-%dT%H:%M:%S} kind=sent ip=10.1.2.3 user={} host={} kb={}\n"
    (tmp_path / "web.log").write_text("".join(line.format(*row) for row in rows))
    outcome = tidegate(
        *("investigate", tmp_path / "web.log", "--context", context, "--lake", tmp_path / "lake"),
        *("--format", "json", "--names", "clear", "--reason", "test", "--fail-on-case"),
    )
    assert outcome.status == 1
    (case,) = json.loads(outcome.out)["cases"]
    assert (case["actors"], case["destinations"]) == (["p3"], ["example.net"])
    assert case["bytes_out"] >= 30 * 250_000_000


def test_settings_that_name_no_mapping_file(context: Path, sample: Path, tmp_path: Path) -> None:
    (context / "tidegate.toml").write_text('[sources]\nmappings = ["mapings/*.toml"]\n')
    for command, settings in (
        ("investigate", ("--context", context)),
        ("ingest", ("--config", context / "tidegate.toml")),
    ):
        outcome = tidegate(command, sample, *settings, "--lake", tmp_path / "lake")
        assert outcome.status == 2
        assert "tidegate.toml:2: [sources] mappings: 'mapings/*.toml': there is no such file in" in outcome.err
