from __future__ import annotations

from datetime import datetime, timedelta

import ibis
import pytest

from tests.tables import engine, table
from tidegate.measures.signins import network, signins

NOON = datetime(2026, 3, 2, 12)


def test_a_day_an_account_and_a_network_are_a_row_and_only_who_was_let_in_counts() -> None:
    signed = [
        {"activity": "Logon", "actor": "ann", "src_ip": address, "time": NOON + timedelta(hours=n), "status": status}
        for n, (address, status) in enumerate(
            [
                ("198.51.100.7", "Success"),
                ("198.51.100.9", None),
                ("203.0.113.1", "Failure"),
                ("203.0.113.5", "Success"),
            ]
        )
    ]
    rows = sorted(engine().to_pyarrow(signins(table("authentication", signed))).to_pylist(), key=lambda r: r["network"])
    assert [(r["network"], r["signins"], r["uid"]) for r in rows] == [
        ("198.51.100.0/24", 2, "u0"),
        ("203.0.113.0/24", 1, "u3"),
    ]


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("198.51.100.7", "198.51.100.0/24"),
        ("2001:db8:17:4::9", "2001:db8:17::/48"),
        ("2001:db8::9", "2001:db8:::/48"),  # the same for all that begin so: it is a name, not for routing
        ("laptop-7", "laptop-7"),
    ],
)
def test_a_network_is_what_an_address_begins_with(address: str, expected: str) -> None:
    assert engine().execute(network(ibis.literal(address))) == expected
