"""A vendor out of its hours, its folders and its measure; the twins are announced, or at home."""

from __future__ import annotations

import pyarrow as pa

from tests.range.incidents.scenes import rng
from tidegate.range.incidents import vendor_reach
from tidegate.range.scene import Scene
from tidegate.range.stealth import LEVELS
from tidegate.range.tables import DAY, numbers
from tidegate.range.world import Cast, World


def hours(stage: World, scene: Scene) -> set[int]:
    return set(((numbers(scene.audits, "time") - stage.workdays.midnight(0)) % DAY // (DAY // 24)).tolist())


def own_folders(stage: World, user: str) -> set[str]:
    tree, person = stage.documents, stage.organisation.people.user.index(user)
    own: set[str] = set(tree.folder_path.take(pa.array(tree.habits[person])).to_pylist())
    return own


def test_the_vendor_pulls_strange_folders_home_at_night(stage: World) -> None:
    scene = vendor_reach.incident(stage, Cast(world=stage), rng())
    fetched = {row["folder"] for row in scene.audits.to_pylist() if row["operation"] == "FileDownloaded"}
    assert not fetched & own_folders(stage, scene.actors[0])
    assert hours(stage, scene) <= set(range(8))
    assert 2_500 < numbers(scene.audits, "files").sum() < 3_500
    assert 30e9 < numbers(scene.sessions, "sent").sum() < 50e9
    assert scene.destinations == (stage.organisation.vendor,)


def test_the_patient_come_by_day_and_send_elsewhere(stage: World) -> None:
    scene = vendor_reach.incident(stage, Cast(world=stage), rng(), stealth=LEVELS["patient"])
    assert not hours(stage, scene) & {0, 1, 2, 3}
    days = {int(day) for day in (numbers(scene.audits, "time") - stage.workdays.midnight(0)) // DAY}
    assert all(stage.workdays.open(day) for day in days)
    assert stage.service("drive")[0].endswith(scene.destinations[0])


def test_the_twins_are_announced_or_at_home(stage: World) -> None:
    maintenance, restored, sensors = vendor_reach.twins(stage, Cast(world=stage), rng())
    own = own_folders(stage, maintenance.actors[0])
    for twin in (maintenance, sensors):
        assert {row["folder"] for row in twin.audits.to_pylist() if row["folder"]} <= own
    assert hours(stage, maintenance) & {0, 1, 2, 3}  # as late as the thief
    assert sensors.context.permits == ()
    for twin in (maintenance, restored):
        (permit,) = twin.context.permits
        assert permit[1:3] == (twin.actors[0], stage.organisation.vendor)
        first, last = (numbers(twin.audits, "time")[n] // DAY for n in (0, -1))
        begin = stage.workdays.midnight(0) // DAY
        assert permit[7] == stage.workdays.date(int(first - begin)).isoformat()
        assert permit[8] == stage.workdays.date(int(last - begin)).isoformat()


def test_the_innocent_vendor_account_is_never_the_thiefs(stage: World) -> None:
    for seed in range(5):
        thief = vendor_reach.incident(stage, Cast(world=stage), rng(seed), stealth=LEVELS["patient"])
        innocent = vendor_reach.twins(stage, Cast(world=stage), rng(seed))
        assert not set(thief.actors) & {actor for twin in innocent for actor in twin.actors}
