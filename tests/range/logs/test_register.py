"""The transfer register."""

from __future__ import annotations

import csv

from tests.range.conftest import Folder
from tidegate.range.logs.register import HEADER


def test_register_is_in_order_and_holds_the_permitted_delivery(folder: Folder) -> None:
    rows = list(csv.DictReader(folder.lines("register/transfers.csv")))
    assert tuple(rows[0]) == HEADER
    assert [row["time"] for row in rows] == sorted(row["time"] for row in rows)
    delivered = [row for row in rows if row["description"].startswith("raw reads")]
    assert len(delivered) >= 2
    assert {row["permit"] for row in delivered} == {"DD-2026-014"}
    assert all(int(row["bytes"]) > 1e9 for row in delivered)
    assert any(row["permit"] == "" for row in rows)  # near miss: not every parcel needs one
