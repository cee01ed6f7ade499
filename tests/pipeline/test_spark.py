"""Spark makes of logs what DuckDB makes of them: one session, two runs, everything at once, as a session costs most."""

from __future__ import annotations

import gzip
import json
import shutil
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import ibis
import pyarrow as pa
import pytest

from tests.diary import SOURCES, text, visit
from tests.samples import sample
from tidegate import registry
from tidegate.cases.model import IngestSummary
from tidegate.events.schema import CLASSES
from tidegate.lake import contents
from tidegate.lake.store import Lake
from tidegate.lake.tables import TABLES
from tidegate.pipeline.ingest import Reading, ingest
from tidegate.sources import _fields as f
from tidegate.units import LINEAGE, Log, source

pytest.importorskip("pyspark")
if shutil.which("java") is None:
    pytest.skip("Spark needs Java", allow_module_level=True)

from tidegate.pipeline import spark

pytestmark = pytest.mark.xdist_group("spark")  # one session for all, whatever the number of processes
FIXTURES = Path(__file__).parents[1] / "sources"
CASES = (
    *("zeek/conn_tsv", "zeek/http_tsv", "zeek/mixed_json", "cloudtrail/records"),
    *("microsoft365/management_api", "microsoft365/portal_csv", "squid/native"),
)
ODD = Log(id="odd", title="Odd", formats=("json",), how="Think of one.", reference="https://example.org")
TEXTS = (
    *("", " ", "a b", " \t\x0b a\x0c ", "null", "-", "é😀 Ü", "one;; two ;", "a\nb", "a\rb.c", "x\\y/z ", "A&&B[c]"),
    *("2025-03-01", "2025-03-01T10:00:00Z", "2025-03-01 10:00:00.1234567+0230", "2025-03-01T10:00:00.5-05:00"),
    *("2025", "2025-03", "10:00:00", "1740823200", "1740823200.123456", "1e9", "1e12", "12d", "0x1F", "0x1g"),
    *("443", "443.0", "443.5", "-2.5", " 7 ", "+7", "NaN", "true", "T", "yes", "no", "0", "1", "on"),
    *("host:80", "[2001:db8::1]:443", "2001:db8::1", "192.0.2.1", "192.0.2.1:443", "a:b:c"),
    *("https://u@www.example.org:8443/p/q.pdf?x=1#y", "example.org:443", "Ann <Ann@Example.org>", "<b@example.org>"),
)


@source(
    log=ODD,
    produces="http_activity",
    columns={
        "text": "string",
        "number": "int64",
        "real": "float64",
        "flag": "boolean",
        "deep": "struct<list: array<struct<a: int32, b: string>>, text: string>",
        "words": "array<string>",
    },
    needs=("text", "number"),
)
def odd(raw: ibis.Table) -> ibis.Table:
    """What sources ask for, of what logs may hold."""
    return raw.select(
        *LINEAGE,
        time=ibis.coalesce(f.epoch_or_iso(raw.text), ibis.timestamp("2025-03-02 00:00:00")),
        activity=raw.text.capitalize(),
        status=raw.flag.cast("string"),
        actor=f.address(raw.text) + raw.text.length().cast("string"),
        device=f.text(raw.text),
        src_ip=f.ip(raw.text),
        src_port=raw.text.try_cast("int32"),
        dst_ip=f.host(raw.text),
        dst_port=raw.deep["list"][0]["a"],
        dst_host=f.url_host(raw.text),
        url=raw.text.re_replace(r"\s+(?:$|[\s&[])|\b", r"<\0>"),
        user_agent=raw.deep["text"],
        status_code=raw.text.try_cast("float64").round().try_cast("int32"),
        bytes_out=raw.number,
        bytes_in=f.milliseconds(raw.real),
        mime_type=f.listed(raw.text).join(","),
        file_name=f.leaf(raw.text),
        connection=raw.words[1] + raw.text.re_extract(r"^(.+?)([.:]?)(\w*)$", 3),
    )


def odd_records() -> list[dict[str, object]]:
    """Every text, also where a number, a flag, a list or a struct should be."""
    texts: list[dict[str, object]] = [
        {
            "text": t,
            "number": t,
            "real": t,
            "flag": t,
            "deep": {"list": [{"a": t, "b": 1}], "text": t},
            "words": ["a", t],
        }
        for t in TEXTS
    ]
    # Not among them: true for a number (1 on DuckDB, null on Spark), and halves, which are rounded otherwise.
    others: tuple[object, ...] = (None, 0, 443, 443.25, 1e3, 1.0, [], [1, "b"], {}, {"a": {"b": "c d"}})
    values: list[dict[str, object]] = [
        {"text": v, "number": v, "real": v, "flag": v, "deep": v, "words": v} for v in others
    ]
    return [*texts, *values, {"number": 1}, {"text": "x", "deep": {"list": ["x", None], "text": {"a": [1, 2]}}}]


@dataclass(frozen=True)
class Engine:
    """A lake filled by one engine, and what each run said."""

    lake: Lake
    runs: tuple[IngestSummary, ...]


@pytest.fixture(scope="module")
def reading(monkeypatch_module: pytest.MonkeyPatch) -> Iterator[Reading]:
    # Compiling what runs once costs more than it saves.
    monkeypatch_module.setenv("JAVA_TOOL_OPTIONS", "-XX:TieredStopAtLevel=1")
    with spark.session("local[2]") as session:
        session.conf.set("spark.sql.shuffle.partitions", "2")
        yield partial(spark.SparkRun, spark=session)


@pytest.fixture(scope="module")
def monkeypatch_module() -> Iterator[pytest.MonkeyPatch]:
    with pytest.MonkeyPatch.context() as patch:
        yield patch


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory, reading: Reading) -> Iterator[tuple[Engine, Engine]]:
    folder = tmp_path_factory.mktemp("spark")
    logs = folder / "logs"
    for case in CASES:
        (found,) = (FIXTURES / case).glob("input.*")
        shutil.copytree(found.parent, logs / case, ignore=shutil.ignore_patterns("expected.json"))
    record = json.loads((FIXTURES / "cloudtrail/records/input.json").read_text())
    (logs / "trail.json.gz").write_bytes(gzip.compress(json.dumps(record).encode()))  # a copy that is written otherwise
    (logs / "conn copy.log").write_bytes((logs / "zeek/conn_tsv/input.log").read_bytes())
    (logs / "diary.json").write_text(text(visit(1), visit(2)) + "{\n[1]\nnothing happened\n" + '{"who": "x"} y\n')
    (logs / "questions.json").write_text(text({"kind": "question", "when": "2025-03-01", "asked": ["a", "b"]}))
    (logs / "wrapped.json").write_text(text({"wrapped": json.dumps(visit(3)), "when": "", "who": ""}))
    (logs / "ledger.log").write_text("2025-03-01T10:00:00 ann 5\n2025-03-01T10:00:01 bob 6\n")
    delivered = [{"id": str(n), "when": "2025-03-01"} for n in (1, 2, 1)]
    (logs / "delivery1.json").write_text(text(*delivered))
    (logs / "delivery2.json").write_text(text(*delivered[:1]))
    (logs / "odd.json").write_text(text(*odd_records()))
    sources = {**registry.sources(), **SOURCES, "odd": odd}
    lakes = [Lake(folder / name) for name in ("duckdb", "spark")]

    def run() -> list[IngestSummary]:
        return [ingest([logs], lake, sources=sources, reader=r) for lake, r in zip(lakes, (None, reading), strict=True)]

    runs = [run()]
    with (logs / "diary.json").open("a") as file:
        file.write(text(visit(4)))
    (logs / "delivery3.json").write_text(text({"id": "2", "when": "2025-03-01"}, {"id": "3", "when": "2025-03-01"}))
    runs += [run(), run()]
    with closing(lakes[0]), closing(lakes[1]):
        first, second = (Engine(lake, tuple(one[i] for one in runs)) for i, lake in enumerate(lakes))
        yield first, second


def rows(lake: Lake, table: str, *omitted: str) -> pa.Table:
    """A table in an order that says nothing of who wrote it."""
    held = lake.table(table).to_pyarrow()
    held = held.drop_columns([*omitted])
    keys = [
        name for name in ("source_file", "source_line", "path", "uid", "lines", "reason") if name in held.column_names
    ]
    return held.sort_by([(key, "ascending") for key in keys]).combine_chunks()


OMITTED = {"quarantine": ["time"], "journal": ["at", "sequence"]}  # when, and in which order


@pytest.mark.parametrize("table", TABLES)
def test_tables_are_the_same(both: tuple[Engine, Engine], table: str) -> None:
    one, other = (rows(engine.lake, table, *OMITTED.get(table, ())) for engine in both)
    assert other.schema == one.schema
    assert other.to_pylist() == one.to_pylist()  # which shows where they differ
    assert other.equals(one)


def test_the_tables_say_which_times_they_span(both: tuple[Engine, Engine]) -> None:
    one, other = ({t.name: (t.oldest, t.newest) for t in contents.status(engine.lake).tables} for engine in both)
    for name in CLASSES:
        assert other.get(name) == one.get(name)
    assert all(one["network_activity"])


def test_there_is_something_to_compare(both: tuple[Engine, Engine]) -> None:
    logs = {"zeek", "cloudtrail", "microsoft365", "squid", "diary", "ledger", "delivery", "odd"}
    assert set(rows(both[1].lake, "journal")["log"].to_pylist()) == logs
    reasons = set(rows(both[1].lake, "quarantine")["reason"].to_pylist())
    assert {"no time that can be read", "time before 1980"} <= reasons


def test_runs_say_the_same(both: tuple[Engine, Engine]) -> None:
    one, other = both
    assert other.runs == one.runs
    first, second, third = other.runs
    assert first.duplicates == 3  # in two deliveries, and the same file by another name
    # What is new is read, a diary and a delivery, and nothing twice.
    assert (second.files, second.events, second.duplicates) == (2, 2, 1)
    assert (third.files, third.events) == (0, 0)


def test_real_samples_are_the_same(tmp_path: Path, reading: Reading) -> None:
    paths = [sample("logs", "zat"), sample("logs", "invictus_aws")]
    with closing(Lake(tmp_path / "one")) as one, closing(Lake(tmp_path / "other")) as other:
        ingest(paths, one)
        ingest(paths, other, reader=reading)
        for table in TABLES:
            omitted = OMITTED.get(table, ())
            assert rows(other, table, *omitted).equals(rows(one, table, *omitted)), table
