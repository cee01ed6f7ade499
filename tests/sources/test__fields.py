"""The helpers sources share, value by value."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

import ibis
import pytest

from tidegate.lake.engine import Engine
from tidegate.sources import _fields as f


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    engine = Engine(tmp_path_factory.mktemp("spill"))
    yield engine
    engine.close()


@pytest.mark.parametrize(
    ("helper", "given", "expected"),
    [
        (f.epoch_or_iso, "1763632800.123456", datetime(2025, 11, 20, 10, 0, 0, 123456)),
        (f.epoch_or_iso, "1763632800123", datetime(2025, 11, 20, 10, 0, 0, 123000)),
        (f.epoch_or_iso, "2025-11-20T11:00:00.5+01:00", datetime(2025, 11, 20, 10, 0, 0, 500000)),
        (f.epoch_or_iso, "2025-11-20 10:00", datetime(2025, 11, 20, 10)),  # without an offset: UTC
        (f.epoch_or_iso, "1e300", None),  # a number, but no time: must not overflow
        (f.epoch_or_iso, "-1", None),
        (f.epoch_or_iso, "nan", None),
        (f.epoch_or_iso, "2025-02-30T00:00:00Z", None),  # no such day
        (f.epoch_or_iso, "", None),
        (f.month, "Nov", "11"),
        (f.month, "nov", None),  # syslog and Squid write it one way
        (f.text, "  a b ", "a b"),
        (f.text, "  ", None),
        (f.lower, " Ann@Reserve.Example ", "ann@reserve.example"),
        (f.leaf, r"C:\data\Survey 3.zip", "Survey 3.zip"),
        (f.leaf, "ftp://h/in/a.csv", "a.csv"),
        (f.leaf, "/in/folder/", "folder"),
        (f.leaf, "plain.txt", "plain.txt"),
        (f.leaf, "/", None),
        (f.host, "Files.Example.org:8080", "files.example.org"),
        (f.host, "[2001:DB8::7]:443", "2001:db8::7"),
        (f.host, "2001:db8::7", "2001:db8::7"),  # its last group is no port
        (f.url_host, "https://ann:pw@Files.example.org:8443/a@b/c", "files.example.org"),
        (f.url_host, "files.example.org:443", "files.example.org"),
        (f.url_host, "http://[2001:db8::7]:8080/x", "2001:db8::7"),
        (f.url_host, "http://files.example.org?x=http://other.example/", "files.example.org"),
        (f.url_leaf, "http://h/dav/Plans%201.7z?x=/y", "Plans%201.7z"),
        (f.url_leaf, "http://files.example.org/", None),  # the host is no file
        (f.url_leaf, "/in/a.zip", "a.zip"),
        (f.address, "Ann <Ann@Reserve.example>", "ann@reserve.example"),
        (f.address, "<>", None),  # the sender of a bounce
        (f.address, "Ann", "ann"),
        (f.listed, "a@b; c@d;;", ["a@b", "c@d"]),
        (f.listed, ";", None),
    ],
)
def test_text(engine: Engine, helper: Callable[[ibis.Value], ibis.Value], given: str, expected: object) -> None:
    column = ibis.table({"given": "string"}, name="one").given
    sql = ibis.to_sql(helper(column), dialect="duckdb")
    assert engine.con.execute(f"WITH one AS (SELECT ? AS given) {sql}", [given]).fetchone() == (expected,)


@pytest.mark.parametrize(("code", "expected"), [(200, "Success"), (399, "Success"), (400, "Failure"), (0, None)])
def test_outcome(engine: Engine, code: int, expected: str | None) -> None:
    sql = ibis.to_sql(f.outcome(ibis.literal(code)), dialect="duckdb")
    assert engine.con.execute(sql).fetchone() == (expected,)
