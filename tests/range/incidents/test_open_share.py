"""Links first, strangers later."""

from __future__ import annotations

import pytest

from tests.range.incidents.scenes import rng
from tidegate.range.incidents import open_share
from tidegate.range.stealth import LEVELS
from tidegate.range.tables import DAY
from tidegate.range.world import Cast, World


def test_links_are_used_only_after_they_were_made(stage: World) -> None:
    scene = open_share.incident(stage, Cast(world=stage), rng(), files=20, wait=3)
    rows = scene.audits.to_pylist()
    made = [row["time"] for row in rows if row["operation"] == "AnonymousLinkCreated"]
    used = [row for row in rows if row["operation"] == "AnonymousLinkUsed"]
    assert len(made) == len(used) == 20
    assert max(made) < min(row["time"] for row in used)
    assert {row["user"] for row in used} == {"anonymous"}


@pytest.mark.parametrize(("level", "evening", "people"), [("ordinary", True, 1), ("careful", False, 2)])
def test_the_careful_open_links_by_day_from_several_accounts(
    stage: World, level: str, evening: bool, people: int
) -> None:
    scene = open_share.incident(stage, Cast(world=stage), rng(), stealth=LEVELS[level])
    made = [row for row in scene.audits.to_pylist() if row["operation"] == "AnonymousLinkCreated"]
    assert len({row["user"] for row in made}) == people == len(scene.actors)
    assert all((row["time"] % DAY // (DAY // 24) >= 17) == evening for row in made)
    offices = {stage.network.office_ip(n) for n in range(len(stage.organisation.offices))}
    assert all((row["ip"] in offices) != evening for row in made)
