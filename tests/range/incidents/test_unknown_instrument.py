"""Steady devices: those that nobody entered, and those that somebody did."""

from __future__ import annotations

import numpy as np
import pytest

from tests.range.incidents.scenes import rng
from tidegate.range.incidents import unknown_instrument
from tidegate.range.tables import SECOND, numbers
from tidegate.range.world import Cast, World


def test_instruments_send_at_a_steady_rate_to_one_cloud(stage: World) -> None:
    scene = unknown_instrument.incident(stage, Cast(world=stage), rng())
    devices, org = np.unique(numbers(scene.sessions, "device")), stage.organisation
    assert len(scene.devices) == len(devices) == 2
    assert {org.devices[n].kind for n in devices} == {"instrument"}
    assert len({org.devices[n].office for n in devices}) == 2
    assert len(set(scene.sessions["host"].to_pylist())) == 1
    for device in devices:
        time = numbers(scene.sessions, "time")[numbers(scene.sessions, "device") == device]
        assert np.median(np.diff(time)) / SECOND == pytest.approx(600, rel=0.05)


def test_their_maker_is_no_other_devices(stage: World) -> None:
    makers = {device.mac[:8] for device in stage.organisation.devices if device.kind != "instrument"}
    assert {device.mac[:8] for device in stage.organisation.devices if device.kind == "instrument"}.isdisjoint(makers)


def test_twins_are_in_the_register_or_a_guest(stage: World) -> None:
    station, phone, printer = unknown_instrument.twins(stage, Cast(world=stage), rng())
    for scene, kind in ((station, "station"), (printer, "printer")):
        (entry,) = scene.context.devices
        assert (entry[0], entry[3]) == (scene.devices[0], kind)
        assert scene.destinations[0] in entry[7]
    assert phone.context.devices == ()
    assert phone.devices[0].startswith("phone-")
    assert numbers(phone.sessions, "sent").sum() > numbers(station.sessions, "sent").sum()
