"""Nights at other people's folders, and nights at one's own."""

from __future__ import annotations

import numpy as np

from tests.range.incidents.scenes import rng
from tidegate.range.incidents import off_hours
from tidegate.range.tables import DAY, numbers
from tidegate.range.world import Cast, World

HOUR = DAY // 24


def test_the_account_works_at_night_from_home_in_strange_folders(stage: World) -> None:
    scene, tree = off_hours.incident(stage, Cast(world=stage), rng()), stage.documents
    person = stage.organisation.people.user.index(scene.actors[0])
    assert set(scene.audits["ip"].to_pylist()) == {stage.organisation.people.home_ip[person]}
    own = {tree.folder_path[n].as_py() for n in tree.folders_of(person).tolist()}
    assert not own & set(scene.audits["folder"].drop_null().to_pylist())
    hours = numbers(scene.audits, "time") % DAY // HOUR
    assert np.isin(hours, [22, 23, 0, 1, 2, 3, 4, 5]).all()
    nights = np.unique((numbers(scene.audits, "time") + 6 * HOUR) // DAY)
    assert len(nights) == 12
    assert nights[-1] - nights[0] >= 14  # over weeks


def test_twins_are_up_as_late_in_their_own_folders(stage: World) -> None:
    for scene in off_hours.twins(stage, Cast(world=stage), rng()):
        person = stage.organisation.people.user.index(scene.actors[0])
        own = {stage.documents.folder_path[n].as_py() for n in stage.documents.folders_of(person).tolist()}
        assert set(scene.audits["folder"].drop_null().to_pylist()) <= own
        hours = numbers(scene.audits, "time") % DAY // HOUR
        assert np.isin(hours, [22, 23, *range(8)]).all()
