"""Measures and detectors find on Spark what they find on DuckDB: one session, and for each a small life."""

from __future__ import annotations

import math
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pytest

from tests.detectors.firing import FIRING
from tests.tables import Row, engine, measured, table
from tidegate import registry
from tidegate.errors import LakeError
from tidegate.events.schema import CLASSES
from tidegate.events.transfers import moved
from tidegate.measures.hourly import permitted
from tidegate.pipeline.rollups import ROLLUPS, rolled
from tidegate.pipeline.scene import placed

pytest.importorskip("pyspark")
if shutil.which("java") is None:
    pytest.skip("Spark needs Java", allow_module_level=True)

from tidegate.pipeline import spark
from tidegate.pipeline.spark_answer import Answers

pytestmark = pytest.mark.xdist_group("spark")  # one engine for all, whatever the number of processes
NOON = datetime(2026, 3, 2, 12)
HORIZONS = 2  # of each detector, for all take the same way
SETTINGS = {  # compiling what runs once, and tasks for a few rows, cost more than they save
    "spark.sql.shuffle.partitions": "1",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
}
SLOW = (  # ten to twenty seconds each: amounts beside their own past and their peers, in dozens of steps
    *("beacon", "bulk_volume", "dns_tunnel", "leaver_haul", "marked_copy", "odd_protocol_upload", "open_share"),
    *("off_hours_access", "removable_media", "vendor_reach"),
)
Query = Callable[..., ir.Table]
OnSpark = Callable[..., pa.Table]


@pytest.fixture(scope="module")
def on_spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OnSpark]:
    """Runs a query over tables of DuckDB."""
    folder = tmp_path_factory.mktemp("tables")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JAVA_TOOL_OPTIONS", "-XX:TieredStopAtLevel=1")
        with spark.session("local[2]") as session:
            for name, value in SETTINGS.items():
                session.conf.set(name, value)

            def run(query: Query, tables: Mapping[str, ir.Table], **settings: Any) -> pa.Table:
                ask = Answers(session, Path(tempfile.mkdtemp(dir=folder)))
                return ask(engine(), query, tables, name="test", **settings)

            yield run


def ordered(rows: pa.Table) -> list[dict[str, Any]]:
    """Rows in an order that rates of different rounding leave, lists as sets."""
    plain = [{k: sorted(v) if isinstance(v, list) else v for k, v in row.items()} for row in rows.to_pylist()]
    return sorted(plain, key=lambda row: [f"{v:.4g}" if isinstance(v, float) else str(v) for v in row.values()])


def same(one: object, other: object) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=1e-6)
    return one == other


def differences(one: pa.Table, other: pa.Table) -> list[tuple[str, object, object]]:
    assert other.column_names == one.column_names
    pairs = zip(ordered(one), ordered(other), strict=True)
    return [(name, row[name], to[name]) for row, to in pairs for name in row if not same(row[name], to[name])]


def test_every_detector_has_a_life_in_which_it_fires() -> None:
    assert set(FIRING) == set(registry.detectors())


@pytest.mark.parametrize("name", FIRING)
def test_a_detector_finds_the_same(name: str, on_spark: OnSpark) -> None:
    unit, rows = registry.detectors()[name], FIRING[name]()
    tables = {read: measured(read, rows) for read in unit.reads}
    horizons = unit.defaults.get("horizons")
    settings = {"horizons": horizons[:HORIZONS]} if isinstance(horizons, tuple) else {}
    found = engine().to_pyarrow(unit.run(*tables.values(), **settings))
    assert found.num_rows
    if name in SLOW and "TIDEGATE_SPARK" not in os.environ:
        pytest.skip("takes its time on Spark: set TIDEGATE_SPARK=all")
    assert not differences(found, on_spark(unit.run, tables, **settings))


def test_what_spark_cannot_do_is_said_with_the_detectors_name(on_spark: OnSpark) -> None:
    nowhere = ibis.table({"uid": "string"}, name="nowhere")
    with pytest.raises(LakeError, match=r"Spark, asked for test: .*nowhere"):
        on_spark(lambda: nowhere, {})


def events() -> dict[str, Sequence[Row]]:
    """A little of every class, the same acts again and again at a steady beat and in bursts."""
    hours = [NOON + timedelta(hours=h, minutes=7 * n) for h in range(3) for n in range(5)]
    ann = {"actor": "ann@own.example", "device": "dev-ann", "src_ip": "192.0.2.7"}
    mail = {"sender": "Ann@own.example", "recipients": ["Eve@out.example", "bob@own.example"], "bytes_out": 7}
    paths = ("/a/SECRET.doc", "C:\\TRÈS SECRET UE.7z", "/sites/x/机密★5年.docx", "plan.doc", None)
    taken = [{**ann, "time": t, "site": "s1", "file_path": p, "file_size": 9} for t in hours for p in paths]
    return {
        "network_activity": [
            {**ann, "time": t, "dst_ip": "203.0.113.9", "dst_port": 443, "bytes_out": 50 + n, "bytes_in": None}
            for n, t in enumerate(hours)
        ],
        "dns_activity": [
            {**ann, "time": t, "query": name, "query_type": "TXT", "response_code": "NXDOMAIN"}
            for t in hours
            for name in (
                "a.b.uni.ac.uk",
                "SITE.example.",
                r"\\xbc\\xe4q.t.example",
                "7.2.0.192.in-addr.arpa",
                "printer",
            )
        ],
        "email_activity": [
            *({**ann, **mail, "time": t, "activity": "Send", "attachments": ["VS-NfD.pdf"]} for t in hours),
            {
                **mail,
                "time": NOON,
                "activity": "Receive",
                "sender": "eve@out.example",
                "recipients": ["ann@own.example"],
            },
            *({**ann, "time": t, "activity": "Read", "mailbox": "bob@own.example", "items": 3} for t in hours),
        ],
        "file_hosting": [row | {"activity": act} for row in taken for act in ("Open", "Upload", "Delete", "Share")],
        "file_activity": [
            row | {"activity": "Copy", "removable": removable, "medium": "K1"}
            for row in taken
            for removable in (True, False)
        ],
        "process_activity": [
            {**ann, "time": t, "activity": "Launch", "process": "/usr/bin/tar", "command_line": line}
            for t in hours
            for line in ("tar czf a.tgz .", "tar xzf a.tgz")
        ],
        "authentication": [
            {**ann, "time": t, "activity": "Logon", "src_ip": ip}
            for t in hours
            for ip in ("192.0.2.7", "2001:db8:17:4::9")
        ],
        "web_resources": [
            {**ann, "time": t, "operation": "GetObject", "resource": "b", "object": "k.tar.gz", "bytes_out": 5}
            for t in hours
        ],
    }


def rolling(name: str) -> Query:
    """A measure of the class tables, `endpoints` and `permits`; what was sent with its place and what covers it."""

    def query(*given: ir.Table) -> ir.Table:
        *classes, where, permits = given
        known = dict(zip(CLASSES, classes, strict=True))
        nobody = {"mac": ibis.null("string"), "leased": ibis.null("string")}
        made = rolled(
            {**known, "leaving": moved(known).mutate(**nobody), "asked": known["dns_activity"].mutate(**nobody)},
            only=name,
        )[name]
        return permitted(placed(made, where), permits) if "endpoint" in made.columns else made

    return query


@pytest.mark.parametrize("name", ROLLUPS)
def test_a_measure_is_the_same(name: str, on_spark: OnSpark) -> None:
    rows = events()
    scope = {"destination": "203.0.113.9", "scope": "203.0.113.9"}
    tables = {kind: table(kind, rows.get(kind, ())) for kind in CLASSES}
    tables["endpoints"] = table("endpoints", [{"endpoint": "203.0.113.9", "kind": "unknown", **scope}])
    tables["permits"] = table("permits", [{"permit": "P-1", "holder": "ann@own.example", "max_bytes": 300, **scope}])
    made = engine().to_pyarrow(rolling(name)(*tables.values()))
    assert made.num_rows
    assert not differences(made, on_spark(rolling(name), tables))
