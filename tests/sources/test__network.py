from __future__ import annotations

import duckdb
import ibis
import pytest

from tidegate.sources import _network as n


def value(expression: ibis.Value) -> object:
    """What DuckDB makes of it."""
    found = duckdb.execute(ibis.to_sql(expression, dialect="duckdb")).fetchone()
    return found[0] if found else None


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2001:0db8:0000:0000:0000:0000:0000:0020", "2001:db8::20"),
        ("fe80:0000:0000:0000:0a00:27ff:fe00:0001", "fe80::a00:27ff:fe00:1"),
        ("0000:0000:0000:0000:0000:0000:0000:0001", "::1"),
        ("2001:db8::20", "2001:db8::20"),
        ("2001:DB8::A0", "2001:db8::a0"),  # zeros that end a group stay
        ("10.0.0.100", "10.0.0.100"),
    ],
)
def test_ip(written: str, read: str) -> None:
    assert value(n.ip(ibis.literal(written))) == read


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("00:0D:3A:F8:78:56", "00:0d:3a:f8:78:56"),
        ("000D3AF87856", "00:0d:3a:f8:78:56"),
        ("000d.3af8.7856", "00:0d:3a:f8:78:56"),
        ("00:00:00:00:00:00", None),  # a field that was not filled in
        ("00:0d:3a", None),  # half of one
    ],
)
def test_mac(written: str, read: str | None) -> None:
    assert value(n.mac(ibis.literal(written))) == read


@pytest.mark.parametrize(("written", "read"), [("6", "tcp"), ("17", "udp"), ("99", "99"), ("TCP", "tcp")])
def test_protocol(written: str, read: str) -> None:
    assert value(n.protocol(ibis.literal(written))) == read


@pytest.mark.parametrize(
    ("number", "key"),
    [("28191", "28191 10.0.0.1 "), ("0", None)],  # 0 is no session: what was dropped has none
)
def test_session(number: str, key: str | None) -> None:
    assert value(n.session(ibis.literal(number), ibis.literal("10.0.0.1"), ibis.null("string"))) == key


@pytest.mark.parametrize(
    ("activity", "status", "moved"),
    [("Traffic", "Success", 60), ("Open", "Success", 60), ("Refuse", "Failure", 0), ("Fail", "Failure", 0)],
)
def test_what_was_refused_moved_nothing(activity: str, status: str, moved: int) -> None:
    made = n.outcome(ibis.literal(activity), ibis.literal(60, "int64"))
    assert (value(made["status"]), value(made["bytes_out"])) == (status, moved)
