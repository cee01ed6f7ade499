"""Links first, strangers later."""

from __future__ import annotations

from tests.range.incidents.scenes import rng
from tidegate.range.incidents import open_share
from tidegate.range.world import Cast, World


def test_links_are_used_only_after_they_were_made(stage: World) -> None:
    scene = open_share.incident(stage, Cast(world=stage), rng(), files=20, wait=3)
    rows = scene.audits.to_pylist()
    made = [row["time"] for row in rows if row["operation"] == "AnonymousLinkCreated"]
    used = [row for row in rows if row["operation"] == "AnonymousLinkUsed"]
    assert len(made) == len(used) == 20
    assert max(made) < min(row["time"] for row in used)
    assert {row["user"] for row in used} == {"anonymous"}
