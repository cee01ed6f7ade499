"""Each way to hide, from the first minute on, and twins that look alike but for whom they talk to."""

from __future__ import annotations

import numpy as np
import pytest

from tests.range.incidents.scenes import rng
from tidegate.range.incidents import covert_channel
from tidegate.range.incidents._when import in_hours
from tidegate.range.stealth import LEVELS
from tidegate.range.tables import SECOND, numbers
from tidegate.range.world import Cast, World

HOUR = 3_600 * SECOND


def test_a_tunnel_carries_data_in_long_labels_from_one_host(stage: World) -> None:
    scene = covert_channel.incident(stage, Cast(world=stage), rng(), ways=("dns",))
    asked = scene.lookups.to_pylist()
    assert {row["device"] for row in asked} == {asked[0]["device"]}
    assert {row["qtype"] for row in asked} <= {"NULL", "TXT", "CNAME"}
    assert all(row["host"].endswith(scene.destinations[0]) for row in asked)
    full = [row["host"] for row in asked if len(row["host"]) > 150]
    assert len(set(full)) == len(full) > 10_000
    assert all(max(map(len, host.split("."))) <= 63 and len(host) <= 253 for host in full)  # as DNS allows
    hours = np.unique(numbers(scene.lookups, "time") // HOUR)
    assert len(hours) == hours[-1] - hours[0] + 1  # continuous
    first = sum(row["time"] < asked[0]["time"] + HOUR for row in asked)
    assert first > 1_000  # data leaves within the first hour


def test_a_beacon_beats_with_jitter_and_sends_more_than_it_gets(stage: World) -> None:
    scene = covert_channel.incident(stage, Cast(world=stage), rng(), ways=("beacon",), every=60)
    gaps = np.diff(numbers(scene.sessions, "time")) / SECOND
    assert np.median(gaps) == pytest.approx(60, rel=0.1)
    assert 1 < gaps.std() < 30
    assert numbers(scene.sessions, "sent").sum() > 2 * numbers(scene.sessions, "received").sum()


def test_uploads_are_in_a_protocol_that_is_no_web(stage: World) -> None:
    seen = set()
    for seed in range(12):
        scene = covert_channel.incident(stage, Cast(world=stage), rng(seed), ways=("upload",))
        seen |= {(row["service"], row["proto"]) for row in scene.sessions.to_pylist()}
        assert set(scene.sessions["port"].to_pylist()).isdisjoint({80, 443})
        assert scene.sessions["host"].null_count == scene.sessions.num_rows
    assert len(seen) >= 3


@pytest.mark.parametrize("way", covert_channel.WAYS)
def test_the_careful_hide_in_working_hours_and_the_patient_in_a_known_network(stage: World, way: str) -> None:
    careful, patient = (
        covert_channel.incident(stage, Cast(world=stage), rng(), ways=(way,), stealth=LEVELS[level])
        for level in ("careful", "patient")
    )
    for scene in (careful, patient):
        table = scene.lookups if way == "dns" else scene.sessions
        assert in_hours(stage, numbers(table, "time")).mean() > 0.95  # a burst begun in time may end late
    if way != "upload":
        edge = stage.service("content")[0]
        hosts = {name for table in (patient.lookups, patient.sessions) for name in table["host"].to_pylist()}
        assert all(host.endswith(edge) for host in hosts)


def test_twins_ask_and_beat_as_much_but_to_places_that_are_known(stage: World) -> None:
    scanner, agents, updates, clock, nightly = covert_channel.twins(stage, Cast(world=stage), rng())
    hashes = scanner.lookups["host"].to_pylist()
    assert len(set(hashes)) == len(hashes) > 5_000  # as many names never seen as a tunnel
    assert numbers(agents.sessions, "sent").sum() > 5 * numbers(agents.sessions, "received").sum()
    assert numbers(updates.sessions, "sent").sum() < numbers(updates.sessions, "received").sum()
    assert len(agents.devices) > 3
    assert set(clock.sessions["service"].to_pylist()) == {"ntp"}
    assert set(nightly.sessions["service"].to_pylist()) == {"ssh"}
