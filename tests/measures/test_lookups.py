"""The hourly roll-up of name look-ups: domains, distinct names and what stands in them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.tables import Row, engine, table, without_lease
from tidegate.measures.lookups import lookups
from tidegate.measures.schema import MEASURES

NOON = datetime(2026, 3, 2, 12)


def rolled(*rows: Row) -> list[dict[str, Any]]:
    full = [
        {"time": NOON, "device": "d1", "query": "www.site.example", "uid": f"u{n}", **r} for n, r in enumerate(rows)
    ]
    made = lookups(without_lease(table("dns_activity", full)))
    assert set(made.columns) == set(MEASURES["measure_lookups"].names)
    return sorted(engine().to_pyarrow(made).to_pylist(), key=lambda r: (r["hour"], r["destination"], r["device"] or ""))


@pytest.mark.parametrize(
    ("name", "domain", "label_bytes"),
    [
        ("www.site.example", "site.example", 3),
        ("SITE.example.", "site.example", 0),
        ("a.b.uni.ac.uk", "uni.ac.uk", 3),
        ("x.uni.gv.at", "uni.gv.at", 1),
        ("a.co.example", "co.example", 1),  # a second level is one below a country only
        ("7.2.0.192.in-addr.arpa", "in-addr.arpa", 9),
        ("b.a.9.8.ip6.arpa", "ip6.arpa", 7),
        ("_ldap._tcp.agency.local", "agency.local", 10),
        ("\\xbc\\xe4q.t.example", "t.example", 3),  # as sensors write bytes that are no text,
        ("\\188\\228q.t.example", "t.example", 3),  # and as name servers do
    ],
)
def test_names_belong_to_registered_domains(name: str, domain: str, label_bytes: int) -> None:
    assert [(r["destination"], r["label_bytes"]) for r in rolled({"query": name})] == [(domain, label_bytes)]


def test_a_name_without_a_dot_and_no_name_are_not_counted() -> None:
    assert not rolled({"query": "printer"}, {"query": None}, {"query": ""})


def test_a_name_asked_twice_counts_once_and_its_queries_twice() -> None:
    (row,) = rolled(
        {"query": "abc.t.example", "query_type": "TXT", "response_code": "NOERROR"},
        {"query": "ABC.t.example", "query_type": "TXT", "time": NOON + timedelta(minutes=5)},
        {"query": "abcdef.t.example", "query_type": "A", "response_code": "NXDOMAIN"},
    )
    assert {k: row[k] for k in ("queries", "names", "label_bytes", "long", "failed", "uid")} == {
        "queries": 3,
        "names": 2,
        "label_bytes": 9,
        "long": 2,
        "failed": 1,
        "uid": "u2",
    }
    assert (row["first_time"], row["last_time"]) == (NOON, NOON + timedelta(minutes=5))


def test_another_hour_device_or_domain_is_another_row() -> None:
    later = NOON + timedelta(hours=1)
    rows = rolled(
        {}, {"device": "d2"}, {"query": "a.other.example"}, {"time": later}, {"device": None, "src_ip": "::5"}
    )
    assert [(r["destination"], r["device"], r["src_ip"]) for r in rows] == [
        ("other.example", "d1", None),
        ("site.example", None, "::5"),
        ("site.example", "d1", None),
        ("site.example", "d2", None),
        ("site.example", "d1", None),
    ]
