"""A medium nobody saw before, and media that come every week."""

from __future__ import annotations

import json
from collections import Counter

import numpy as np

from tests.range.incidents.scenes import rng
from tidegate.range import endpoint
from tidegate.range.incidents import removable
from tidegate.range.scene import Scene
from tidegate.range.stealth import LEVELS
from tidegate.range.tables import DAY, numbers
from tidegate.range.world import Cast, World


def serials(scene: Scene) -> list[str]:
    plugged = [json.loads(row["data"]) for row in scene.events.to_pylist() if row["event_id"] == 6416]
    return [endpoint.serial(data["DeviceId"]) for data in plugged]


def test_hundreds_of_strange_files_go_to_a_new_medium(stage: World) -> None:
    scene = removable.incident(stage, Cast(world=stage), rng())
    copied = scene.events.filter(np.asarray(numbers(scene.events, "event_id") == 4663))
    assert 700 < copied.num_rows < 1_100
    assert numbers(copied, "files").sum() == copied.num_rows
    assert len(set((numbers(copied, "time") // DAY).tolist())) <= 3
    assert set(serials(scene)) == set(scene.destinations)
    person = stage.organisation.people.user.index(scene.actors[0])
    assert scene.destinations[0] != endpoint.serial(endpoint.own_stick(stage, person))
    # Each is fetched before it is copied.
    assert numbers(scene.audits, "time").min() < numbers(copied, "time").min()


def test_the_patient_use_the_stick_they_are_known_for(stage: World) -> None:
    scene = removable.incident(stage, Cast(world=stage), rng(), stealth=LEVELS["patient"])
    people = [stage.organisation.people.user.index(actor) for actor in scene.actors]
    assert set(scene.destinations) == {endpoint.serial(endpoint.own_stick(stage, n)) for n in people}


def test_twins_use_the_same_media_all_the_time(stage: World) -> None:
    ranger, disk = removable.twins(stage, Cast(world=stage), rng())
    assert len(set(serials(ranger))) == 2  # the camera's card and the stick
    assert min(Counter(serials(ranger)).values()) > 5
    assert len(set(serials(disk))) == 1
    on_disk = np.sum(numbers(disk.events, "event_id") == 4663)
    assert on_disk / len(serials(disk)) > 200  # as many files at once as the haul takes in a day
