"""Every incident leaves a quiet past, comes with its twins, and hides as it is told."""

from __future__ import annotations

import pytest

from tests.range.conftest import INCIDENTS
from tests.range.incidents.scenes import first_time, rng
from tidegate.range.incidents import patterns
from tidegate.range.scene import Scene
from tidegate.range.stealth import LEVELS, ORDINARY
from tidegate.range.tables import DAY, numbers
from tidegate.range.world import Cast, World


def test_patterns_are_found_by_their_files() -> None:
    known = {"bulk_commission", "drip", "leaver_haul", "mail_leak", "open_share", "vendor_reach"}
    known |= {"covert_channel", "off_hours", "paid_copies", "removable", "springboard", "staged", "tenant"}
    assert known | {"unknown_instrument"} == set(patterns())


@pytest.mark.parametrize("pattern", INCIDENTS)
@pytest.mark.parametrize("seed", range(4))
def test_incidents_follow_a_quiet_half_and_twins_are_told_apart(stage: World, pattern: str, seed: int) -> None:
    roles, unit = Cast(world=stage), patterns()[pattern]
    incident = unit.incident(stage, roles, rng(seed), stealth=ORDINARY)
    twins = unit.twins(stage, roles, rng(seed))
    assert (incident.pattern, incident.incident) == (pattern, True)
    begin = first_time(incident) - stage.workdays.midnight(0)
    assert begin >= stage.days * DAY * (0.42 if pattern == "leaver_haul" else 0.5)  # a month before leaving
    assert len(twins) >= 2
    for twin in twins:
        assert (twin.pattern, twin.incident) == (pattern, False)
        assert twin.actors or twin.devices
        assert first_time(twin) > 0


def taken(scene: Scene) -> float:
    """How much is taken, in whatever it is: files if they are counted, else bytes, queries, mails and parcels."""
    files = sum(float(numbers(table, "files").sum()) for table in (scene.audits, scene.events, scene.calls))
    sent = float(numbers(scene.sessions, "sent").sum())
    return files or sent + scene.lookups.num_rows + scene.mails.num_rows + scene.register.num_rows


@pytest.mark.parametrize("pattern", INCIDENTS)
def test_the_patient_take_less_over_more_accounts(stage: World, pattern: str) -> None:
    scenes = [patterns()[pattern].incident(stage, Cast(world=stage), rng(), stealth=level) for level in LEVELS.values()]
    ordinary, careful, patient = map(taken, scenes)
    assert ordinary > careful > patient > 0
    accounts = [
        len(scene.devices if pattern in ("covert_channel", "unknown_instrument") else scene.actors) for scene in scenes
    ]
    assert accounts[0] < accounts[1] < accounts[2]


@pytest.mark.parametrize("level", LEVELS)
def test_incidents_end_within_the_period(stage: World, level: str) -> None:
    for seed in range(3):
        for unit in patterns().values():
            scene = unit.incident(stage, Cast(world=stage), rng(seed), stealth=LEVELS[level])
            assert first_time(scene) < stage.workdays.midnight(stage.days - 1)
