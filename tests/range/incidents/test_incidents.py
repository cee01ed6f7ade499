"""Every incident leaves a quiet past, comes with its twins, and hides as it is told."""

from __future__ import annotations

import pytest

from tests.range.conftest import INCIDENTS
from tests.range.incidents.scenes import first_time, rng
from tidegate.range.incidents import patterns
from tidegate.range.tables import DAY
from tidegate.range.world import Cast, World


def test_patterns_are_found_by_their_files() -> None:
    assert {"bulk_commission", "leaver_haul", "mail_leak", "open_share"} <= set(patterns())


@pytest.mark.parametrize("pattern", INCIDENTS)
@pytest.mark.parametrize("seed", range(4))
def test_incidents_follow_a_quiet_half_and_twins_are_told_apart(stage: World, pattern: str, seed: int) -> None:
    roles, unit = Cast(world=stage), patterns()[pattern]
    incident = unit.incident(stage, roles, rng(seed))
    twins = unit.twins(stage, roles, rng(seed))
    assert (incident.pattern, incident.incident) == (pattern, True)
    begin = first_time(incident) - stage.workdays.midnight(0)
    assert begin >= stage.days * DAY * (0.42 if pattern == "leaver_haul" else 0.5)  # a month before leaving
    assert len(twins) >= 2
    for twin in twins:
        assert (twin.pattern, twin.incident) == (pattern, False)
        assert twin.actors
        assert first_time(twin) > 0
