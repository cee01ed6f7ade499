"""Every recogniser takes its own hits and leaves its own near misses."""

from __future__ import annotations

import pytest

from tests.content.seeing import labelled, one, seen_by
from tidegate import registry
from tidegate.content.grade import SURE
from tidegate.content.units import Example, Recogniser

ALL = tuple(registry.recognisers().values())


def _cases(kind: str) -> list[object]:
    return [
        pytest.param(unit, example, id=f"{unit.id}-{number}")
        for unit in ALL
        for number, example in enumerate(getattr(unit, kind))
    ]


@pytest.mark.parametrize(("unit", "example"), _cases("hits"))
def test_hits_are_found(unit: Recogniser, example: Example) -> None:
    found = seen_by(one(unit), example)
    assert labelled(found) == {unit.id}, found.error
    tally = found.tallies[unit.id]
    assert tally.confidence >= SURE
    assert tally.evidence


@pytest.mark.parametrize(("unit", "example"), _cases("misses"))
def test_near_misses_are_left_alone(unit: Recogniser, example: Example) -> None:
    found = seen_by(one(unit), example)
    sure = {id_ for id_ in labelled(found) if found.tallies[id_].confidence >= SURE}
    assert not sure, found.tallies[unit.id].evidence


def test_ids_are_those_of_their_files() -> None:
    from importlib import import_module

    for unit in ALL:
        module = import_module(f"tidegate.content.recognisers.{unit.id}") if unit.find else None
        assert module is None or getattr(module, unit.id) is unit
