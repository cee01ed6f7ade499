"""Collect, pack, send, clean up: in this order."""

from __future__ import annotations

import json

import numpy as np
import pytest

from tests.range.incidents.scenes import rng
from tidegate.range.incidents import staged
from tidegate.range.scene import Scene
from tidegate.range.stealth import LEVELS
from tidegate.range.tables import DAY, numbers
from tidegate.range.world import Cast, World


def times(scene: Scene, event_id: int) -> list[int]:
    return [row["time"] for row in scene.events.to_pylist() if row["event_id"] == event_id]


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("seed", range(3))
def test_the_steps_follow_one_another_within_days(stage: World, level: str, seed: int) -> None:
    scene = staged.incident(stage, Cast(world=stage), rng(seed), stealth=LEVELS[level])
    reads, (sent,) = numbers(scene.audits, "time"), numbers(scene.sessions, "time").tolist()
    assert reads.max() < min(times(scene, 1)) <= max(times(scene, 11)) < sent < min(times(scene, 23))
    assert max(times(scene, 23)) < times(scene, 1102)[0] < sent + DAY
    assert sent - reads.min() < (12 if level == "ordinary" else 40) * DAY


def test_the_upload_is_as_large_as_what_was_read(stage: World) -> None:
    scene = staged.incident(stage, Cast(world=stage), rng())
    size = float(np.nansum(numbers(scene.audits, "size")))
    assert numbers(scene.sessions, "sent")[0] == pytest.approx(0.8 * size, rel=0.01)
    commands = [json.loads(row["data"])["CommandLine"] for row in scene.events.to_pylist() if row["event_id"] == 1]
    assert any("7z" in command and " -p " in command for command in commands)
    assert any(command.endswith("cl Security") for command in commands)


def test_twins_pack_and_send_again_and_again_to_approved_places(stage: World) -> None:
    release, quarterly = staged.twins(stage, Cast(world=stage), rng())
    assert release.sessions.num_rows >= 3
    assert set(release.sessions["host"].to_pylist()) == {stage.service("portal")[0]}
    assert times(release, 23)  # a build tidies up as well
    assert not times(release, 1102) + times(quarterly, 1102)  # but nobody empties the logs
    assert quarterly.audits.num_rows > 500
