"""`sources` and `detectors`: every unit there is, in both formats."""

from __future__ import annotations

import json

from tests.cli.conftest import tidegate
from tidegate import registry


def test_sources() -> None:
    table = tidegate("sources").out
    listed = json.loads(tidegate("sources", "--format", "json").out)
    assert {unit["id"] for unit in listed} == set(registry.sources())
    assert all(unit["what"] and unit["how"] for unit in listed)
    assert all(unit.log.title in table for unit in registry.sources().values())


def test_detectors() -> None:
    table = tidegate("detectors").out
    listed = json.loads(tidegate("detectors", "--format", "json").out)
    assert {unit["id"] for unit in listed} == set(registry.detectors())
    assert all(unit["what"] and unit["twin"] and unit["question"] for unit in listed)
    assert all(name in table for name in registry.detectors())
