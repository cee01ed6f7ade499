"""A declaration that does not hold is an error on import, and names the unit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import FrozenInstanceError
from typing import Any

import ibis
import pytest

from tidegate.errors import UnitError
from tidegate.units import Detector, Log, Source, detector, source

LOG = Log(id="diary", title="Diary", formats=("json",), how="Write one.", reference="https://example.org")


def diary_visit(raw: ibis.Table) -> ibis.Table:
    """Who came.

    And more about it.
    """
    return raw


def watcher(hourly: ibis.Table, people: ibis.Table, *, at_most: float = 1.0, days: int = 7) -> ibis.Table:
    """Watches."""
    return hourly


def declared(function: Callable[..., ibis.Table] = diary_visit, **more: Any) -> Source:
    given = {"log": LOG, "produces": "network_activity", "columns": {"when": "string"}, **more}
    return source(**given)(function)


def watching(function: Callable[..., ibis.Table] = watcher, **more: Any) -> Detector:
    texts = dict.fromkeys(("says", "misses", "twin", "question"), "Something.")
    given = {"reads": ("hourly", "people"), "attack": ("T1567.002", "T1048"), "severity": "high", "pattern": "drip"}
    return detector(**{**given, **texts, **more})(function)


def test_a_source_that_holds() -> None:
    unit = declared(columns={"when": "string", "tags": "array<struct<name: string>>"}, needs=("when",))
    assert (unit.id, unit.doc, unit.needs, unit.where) == ("diary_visit", "Who came.", ("when",), None)
    with pytest.raises(TypeError):
        unit.columns["other"] = "string"  # type: ignore[index]  # that it cannot be is what is tested
    with pytest.raises(FrozenInstanceError):
        unit.id = "other"  # type: ignore[misc]  # likewise


def test_a_source_that_does_not() -> None:
    with pytest.raises(UnitError, match="diary_visit: produces an unknown class 'network_activities'"):
        declared(produces="network_activities")
    with pytest.raises(UnitError, match="watcher: must be named after its log 'diary'"):
        declared(watcher)
    with pytest.raises(UnitError, match="diary_visit: column 'when'"):
        declared(columns={"when": "text of some length"})


def test_a_detector_that_holds() -> None:
    unit = watching()
    assert (unit.id, unit.doc, dict(unit.defaults)) == ("watcher", "Watches.", {"at_most": 1.0, "days": 7})
    assert unit.run is watcher


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"reads": ("hourly",)}, "takes 2 tables, reads 1"),
        ({"attack": ()}, "names no ATT&CK technique"),
        ({"attack": ("T1567.2",)}, "'T1567.2' is no technique"),  # a sub-technique has three digits
        ({"attack": ("T1048", "TA0010")}, "'TA0010' is no technique"),  # that is a tactic
        ({"says": " "}, "must each say something"),
        ({"twin": ""}, "must each say something"),
    ],
)
def test_a_detector_that_does_not(change: dict[str, Any], reason: str) -> None:
    with pytest.raises(UnitError, match=f"watcher: .*{reason}"):
        watching(**change)


def test_every_setting_has_a_default() -> None:
    def eager(hourly: ibis.Table, *, days: int) -> ibis.Table:
        return hourly

    with pytest.raises(UnitError, match="eager: every setting needs a default"):
        watching(eager, reads=("hourly",))


def test_a_unit_without_a_docstring_is_what_its_file_says() -> None:
    def diary_rest(raw: ibis.Table) -> ibis.Table:
        return raw

    assert declared(diary_rest).doc == (__doc__ or "").partition("\n")[0]
