"""What Windows sees of everybody."""

from __future__ import annotations

import json
from collections import defaultdict

from tidegate.range.habits import desks
from tidegate.range.world import World

MONDAY, SUNDAY = 7, 6


def test_people_sign_on_and_start_programs_where_they_are(stage: World) -> None:
    there = stage.at_work(MONDAY)
    table = desks.sign_ons(stage, MONDAY, stage.random("test"))
    assert table["device"].to_pylist() == stage.organisation.laptops[there, MONDAY].tolist()
    short = {stage.organisation.people.user[n].partition("@")[0] for n in there}
    assert {json.loads(row["data"])["TargetUserName"] for row in table.to_pylist()} == short
    programs = desks.programs(stage, MONDAY, stage.random("test")).to_pylist()
    assert len(programs) > len(there)
    assert all(json.loads(row["data"])["Image"] in json.loads(row["data"])["CommandLine"] for row in programs)
    assert len(desks.programs(stage, SUNDAY, stage.random("test"))) < len(programs)


def test_a_tenth_of_the_people_use_the_same_stick_again(stage: World) -> None:
    sticks: defaultdict[int, set[str]] = defaultdict(set)
    for day in range(stage.days):
        for row in desks.sticks(stage, day, stage.random("test", day)).to_pylist():
            if row["event_id"] == 6416:
                sticks[stage.organisation.devices[row["device"]].owner].add(json.loads(row["data"])["DeviceId"])
    assert 2 <= len(sticks) <= 5  # of 40
    assert all(len(used) == 1 for used in sticks.values())


def test_archives_are_started_and_then_there(stage: World) -> None:
    for day in range(28):
        rows = desks.archives(stage, day, stage.random("test", day)).to_pylist()
        made = [json.loads(row["data"])["TargetFilename"] for row in rows if row["event_id"] == 11]
        commands = [json.loads(row["data"])["CommandLine"] for row in rows if row["event_id"] == 1]
        assert all(path in command for path, command in zip(made, commands, strict=True))
