"""Machines keep their beat whether or not anybody is there."""

from __future__ import annotations

import numpy as np

from tidegate.range.habits import machines
from tidegate.range.tables import SECOND, numbers
from tidegate.range.world import World

SUNDAY, WEDNESDAY = 6, 9


def test_stations_report_at_a_steady_beat_on_any_day(stage: World) -> None:
    table = machines.stations(stage, SUNDAY, stage.random("test"))
    station = stage.organisation.of_kind("station")[0]
    time = np.sort(numbers(table, "time")[numbers(table, "device") == station])
    gaps = np.diff(time) / SECOND / 60
    assert len(time) == 48
    assert np.allclose(gaps, machines.STATION_MINUTES, atol=0.1)


def test_large_updates_come_on_wednesdays(stage: World) -> None:
    patch, other = (machines.updates(stage, day, stage.random("test")) for day in (WEDNESDAY, WEDNESDAY + 1))
    assert numbers(patch, "received").sum() > 2 * numbers(other, "received").sum()
    assert set(patch["service"].to_pylist()) == {"http"}


def test_only_servers_and_stations_ask_for_the_time(stage: World) -> None:
    used = numbers(machines.clocks(stage, SUNDAY, stage.random("test")), "device")
    assert {stage.organisation.devices[d].kind for d in used} == {"server", "station"}


def test_guests_come_on_working_days(stage: World) -> None:
    assert len(machines.phones_present(stage, WEDNESDAY)) > 2 * len(machines.phones_present(stage, SUNDAY))
    used = numbers(machines.guests(stage, WEDNESDAY, stage.random("test")), "device")
    assert set(used.tolist()) <= set(machines.phones_present(stage, WEDNESDAY).tolist())


def test_anti_virus_is_where_the_laptops_are(stage: World) -> None:
    used = set(numbers(machines.antivirus(stage, WEDNESDAY, stage.random("test")), "device").tolist())
    assert used <= set(stage.organisation.laptops[stage.at_work(WEDNESDAY, office=True), WEDNESDAY].tolist())
    assert not numbers(machines.antivirus(stage, SUNDAY, stage.random("test")), "device").size
