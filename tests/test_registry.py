from __future__ import annotations

from importlib.metadata import EntryPoint
from itertools import groupby

import pytest

from tests.diary import diary_visit
from tidegate import registry
from tidegate.errors import UnitError


def test_a_logs_sources_stand_together_and_the_one_that_takes_the_rest_is_last() -> None:
    found = list(registry.sources().values())
    logs = [log for log, _ in groupby(found, key=lambda source: source.log.id)]
    assert logs == sorted(set(logs))
    for _, group in groupby(found, key=lambda source: source.log.id):
        rest = [source.where is None for source in group]
        assert rest == sorted(rest)


def test_units_are_found_by_id() -> None:
    for units in (registry.sources(), registry.detectors()):
        assert units
        assert all(id_ == unit.id for id_, unit in units.items())


@pytest.mark.parametrize(
    "names", ["tests.diary:diary_visit", "tests.diary:BOTH", "tests.diary"]
)  # a unit, a tuple or a module of them
def test_others_units_come_by_entry_point(monkeypatch: pytest.MonkeyPatch, names: str) -> None:
    def entry_points(*, group: str) -> list[EntryPoint]:
        return [EntryPoint("theirs", names, group)] if group == "tidegate.sources" else []

    monkeypatch.setattr(registry, "entry_points", entry_points)
    assert registry.sources.__wrapped__()["diary_visit"] is diary_visit


def test_two_units_with_one_id_are_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    copy = EntryPoint("theirs", "tests.diary:diary_visit", "tidegate.sources")
    monkeypatch.setattr(registry, "entry_points", lambda group: [copy] if group == "tidegate.sources" else [])
    monkeypatch.setattr(registry, "_units", lambda package, kind: iter([diary_visit, _other()]))
    with pytest.raises(UnitError, match="diary_visit: two units have this id"):
        registry.sources.__wrapped__()


def _other() -> object:
    from dataclasses import replace

    return replace(diary_visit, doc="another")


def test_a_log_within_itself_is_an_error() -> None:
    registry.no_circle({"sudo": "syslog", "syslog": None, "sshd": "unknown"})
    with pytest.raises(UnitError, match="cron: a log within itself: cron within syslog within journal within syslog"):
        registry.no_circle({"cron": "syslog", "syslog": "journal", "journal": "syslog"})
