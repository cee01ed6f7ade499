"""Who had come to a place before, and only before."""

from __future__ import annotations

from datetime import datetime, timedelta

import pyarrow as pa
from ibis import _

from tests.tables import engine, stored
from tidegate.detectors._company import company

NOON = datetime(2026, 3, 2, 12)


def others(*visits: tuple[str, str, int], least: int = 0) -> list[int]:
    """How many others were there at each of the visits (device, place, size), which come a minute apart."""
    rows = [
        {"device": d, "place": p, "size": n, "day": NOON.date(), "time": NOON + timedelta(minutes=k), "uid": f"u{k}"}
        for k, (d, p, n) in enumerate(visits)
    ]
    counted = company(stored(pa.Table.from_pylist(rows)), "place", counting=_["size"] >= least)
    return [r["others"] for r in sorted(engine().to_pyarrow(counted).to_pylist(), key=lambda r: r["time"])]


def test_each_other_device_counts_from_its_first_visit_on() -> None:
    assert others(("a", "x", 1), ("b", "x", 1), ("a", "x", 1), ("a", "x", 1), ("c", "x", 1)) == [0, 1, 1, 1, 2]


def test_another_place_is_other_company() -> None:
    assert others(("a", "x", 1), ("b", "y", 1), ("c", "y", 1)) == [0, 0, 1]


def test_who_does_not_count_is_no_company_and_has_some() -> None:
    visits = (("a", "x", 1), ("b", "x", 9), ("a", "x", 1), ("a", "x", 9), ("b", "x", 1))
    assert others(*visits, least=5) == [0, 0, 1, 1, 1]
