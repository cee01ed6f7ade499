"""The cloud account's ordinary life."""

from __future__ import annotations

import json

from tidegate.range import cloud
from tidegate.range.habits import clouds
from tidegate.range.world import World

MONDAY, SUNDAY = 7, 6


def test_engineers_look_up_more_than_they_change_and_rest_on_sundays(stage: World) -> None:
    rows = clouds.engineers(stage, MONDAY, stage.random("test")).to_pylist()
    reads = [row for row in rows if row["read_only"]]
    assert len(reads) > 5 * (len(rows) - len(reads)) >= 0
    assert all("assumed-role/Engineer/" in json.loads(row["identity"])["arn"] for row in rows)
    assert not clouds.engineers(stage, SUNDAY, stage.random("test")).num_rows


def test_nothing_is_shared_in_the_background(stage: World) -> None:
    for day in range(28):
        for habit in (clouds.engineers, clouds.platform, clouds.snapshots):
            for row in habit(stage, day, stage.random("test", day)).to_pylist():
                assert "Attribute" not in row["event"]
                assert "Policy" not in row["event"]
                assert cloud.ACCOUNT in row["identity"]


def test_programs_run_on_any_day(stage: World) -> None:
    assert clouds.platform(stage, SUNDAY, stage.random("test")).num_rows == clouds.FETCHED
    assert "CreateSnapshot" in clouds.snapshots(stage, SUNDAY, stage.random("test"))["event"].to_pylist()
