"""How often a running number gets as high."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pyarrow as pa

from tests.tables import engine, stored
from tidegate.detectors._passages import passages, within
from tidegate.detectors._watched import since

START = datetime(2026, 1, 5, 9)


def rated(counts: dict[str, list[int]]) -> dict[tuple[str, int], float]:
    """Rate of each key's total by its number, one step on each of the days named."""
    rows = [
        {"key": key, "day": (START + timedelta(day)).date(), "time": START + timedelta(day), "amount": 1}
        for key, days in counts.items()
        for day in days
    ]
    table = stored(pa.Table.from_pylist(rows))
    totals = within(table, (0,))
    made: list[dict[str, Any]] = engine().to_pyarrow(passages(totals, since(table), least=2, at_most=1e9)).to_pylist()
    return {(r["key"], r["total"]): r["per_week"] for r in made}


OTHERS = {f"k{n}": list(range(n, 100, 40)) for n in range(40)}


def test_a_number_nobody_reached_is_rarer_the_higher_it_is() -> None:
    rates = rated(OTHERS | {"drip": list(range(50, 90, 2))})
    drip = [rate for (key, _total), rate in sorted(rates.items()) if key == "drip"]
    assert drip == sorted(drip, reverse=True)
    assert drip[-1] < 0.05


def test_its_own_past_is_no_excuse_and_anothers_is() -> None:
    alone = rated(OTHERS | {"drip": list(range(50, 90, 2))})
    many = {f"d{n}": list(range(n, 40 + n, 2)) for n in range(12)}
    among = rated(OTHERS | many | {"drip": list(range(60, 100, 2))})
    assert alone["drip", 12] < 0.1 < among["drip", 12]
