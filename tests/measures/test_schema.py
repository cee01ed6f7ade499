"""What the lake keeps of a measure is what its function gives."""

from __future__ import annotations

import ibis
import pytest

from tests.tables import engine, table, without_lease
from tidegate.events.schema import CLASSES
from tidegate.events.transfers import moved
from tidegate.measures.schema import MEASURES
from tidegate.pipeline.rollups import ROLLUPS, rolled


def test_every_measure_is_kept() -> None:
    assert {f"measure_{name}" for name in ROLLUPS} == set(MEASURES)


@pytest.mark.parametrize("name", ROLLUPS)
def test_a_schema_is_what_the_function_gives(name: str) -> None:
    classes = {c: table(c, ()) for c in CLASSES}
    asked = without_lease(classes["dns_activity"])
    made = rolled({**classes, "leaving": without_lease(moved(classes)), "asked": asked}, only=name)[name]
    stored = MEASURES[f"measure_{name}"]
    assert set(made.columns) == set(stored.names)
    given = ibis.Schema.from_pyarrow(engine().to_pyarrow(made).schema)
    assert {c: given[c].copy(nullable=True) for c in stored} == dict(stored.items())
