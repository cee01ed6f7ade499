"""Half a terabyte in a month, around the clock; the backup, the delivery and the film are regular or approved."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from tests.range.incidents.scenes import first_time, rng
from tidegate.range.habits.web import uploads
from tidegate.range.incidents import bulk_commission
from tidegate.range.scene import Scene
from tidegate.range.stealth import LEVELS
from tidegate.range.tables import DAY, numbers
from tidegate.range.world import Cast, World


def test_bulk_commission_has_the_scale_of_its_case(stage: World) -> None:
    scene = bulk_commission.incident(stage, Cast(world=stage), rng())
    sent, received = numbers(scene.sessions, "sent"), numbers(scene.sessions, "received")
    days = (numbers(scene.sessions, "time") - stage.workdays.midnight(0)) // DAY
    assert 300e9 < sent.sum() < 600e9
    assert sent.sum() > 50 * received.sum()
    assert len(scene.actors) in (2, 3)
    hours = np.bincount(numbers(scene.sessions, "time") // (DAY // 24) % 24, minlength=24)
    assert hours.min() > hours.max() / 3  # around the clock
    assert set(days.tolist()) == set(range(days.min(), days.min() + 28))  # a third of the period, no day without


def test_bulk_commission_starts_with_trials(stage: World) -> None:
    scene = bulk_commission.incident(stage, Cast(world=stage), rng())
    day = (numbers(scene.sessions, "time") - first_time(scene)) // DAY
    sent = numbers(scene.sessions, "sent")
    assert sent[day < 1].sum() < sent[day == 10].sum() / 10


def test_bulk_commission_can_be_stealthier(stage: World) -> None:
    loud = bulk_commission.incident(stage, Cast(world=stage), rng())
    quiet = bulk_commission.incident(stage, Cast(world=stage), rng(), total=20e9, chunk=5e6)
    assert numbers(quiet.sessions, "sent").sum() < numbers(loud.sessions, "sent").sum() / 10
    assert quiet.actors == loud.actors


def test_the_backup_is_regular_and_changes_its_provider_once(stage: World) -> None:
    backup, delivery, film = bulk_commission.twins(stage, Cast(world=stage), rng())
    hosts = backup.sessions["host"].to_pylist()
    assert sum(a != b for a, b in pairwise(hosts)) == 1
    assert set(hosts) == {stage.service("backup")[0], stage.service("new_backup")[0]}
    assert len(hosts) == 12 * stage.days
    # The delivery is as large as the incident on its days; the permit and the register are what tells them apart.
    assert numbers(delivery.sessions, "sent").sum() == pytest.approx(
        numbers(delivery.register, "bytes").sum(), rel=0.01
    )
    assert delivery.register["permit"].to_pylist() == [delivery.context.permits[0][0]] * delivery.register.num_rows
    assert film.context.destinations[0][1] == "approved"


def test_the_careful_send_only_while_they_are_in_the_office(stage: World) -> None:
    scene = bulk_commission.incident(stage, Cast(world=stage), rng(), stealth=LEVELS["careful"])
    for row in scene.sessions.to_pylist():
        owner = stage.organisation.devices[row["device"]].owner
        assert (row["time"] - stage.workdays.midnight(0)) // DAY in stage.in_office(owner)
    hours = np.bincount(numbers(scene.sessions, "time") // (DAY // 24) % 24, minlength=24)
    assert hours[:5].sum() < hours[8:18].sum() / 20


def test_the_patient_send_to_a_service_that_others_use(stage: World) -> None:
    def sent(level: str) -> Scene:
        return bulk_commission.incident(stage, Cast(world=stage), rng(), stealth=LEVELS[level])

    uploaded = [host for day in range(20) for host in uploads(stage, day, stage.random("u", day))["host"].to_pylist()]
    for level, popular in (("ordinary", False), ("careful", False), ("patient", True)):
        assert (sent(level).sessions["host"][0].as_py() in uploaded) == popular
