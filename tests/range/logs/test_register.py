"""The transfer register."""

from __future__ import annotations

import csv

from tests.range.conftest import Folder
from tidegate.range.logs.register import HEADER, register
from tidegate.range.tables import DAY
from tidegate.range.world import World


def test_register_is_in_order_and_holds_the_permitted_delivery(folder: Folder) -> None:
    rows = list(csv.DictReader(folder.lines("register/transfers.csv")))
    assert tuple(rows[0]) == HEADER
    assert [row["time"] for row in rows] == sorted(row["time"] for row in rows)
    delivered = [row for row in rows if row["description"].startswith("raw reads")]
    assert len(delivered) >= 2
    assert {row["permit"] for row in delivered} == {"DD-2026-014"}
    assert all(int(row["bytes"]) > 1e9 for row in delivered)


def test_not_every_parcel_needs_a_permit_and_many_are_no_data(stage: World) -> None:
    rows = register(stage, ()).rows.to_pylist()
    assert {row["permit"] is None for row in rows} == {True, False}
    assert {row["bytes"] == 0 for row in rows} == {True, False}
    assert all(stage.workdays.open((row["time"] - stage.workdays.midnight(0)) // DAY) for row in rows)
