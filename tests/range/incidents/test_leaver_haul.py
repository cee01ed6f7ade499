"""Thousands of files from strange folders, rising; a handover stays at home."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from tests.range.incidents.scenes import rng
from tidegate.range.incidents import leaver_haul
from tidegate.range.organisation import ALWAYS
from tidegate.range.stealth import LEVELS
from tidegate.range.tables import DAY, numbers
from tidegate.range.world import Cast, World


def test_leaver_takes_the_files_of_the_case_from_strange_folders(stage: World) -> None:
    people, tree = stage.organisation.people, stage.documents
    scene = leaver_haul.incident(stage, Cast(world=stage), rng())
    person = people.user.index(scene.actors[0])
    assert 4_600 < scene.audits.num_rows < 5_800
    habits = set(tree.folder_path.take(pa.array(tree.habits[person])).to_pylist())
    assert not habits & set(scene.audits["folder"].to_pylist())
    assert len(set(scene.audits["folder"].to_pylist())) > 30
    day = (numbers(scene.audits, "time") - stage.workdays.midnight(0)) // DAY
    assert day.max() <= people.end[person] + 1
    middle = (day.min() + day.max()) / 2
    assert np.sum(day > middle) > 1.5 * np.sum(day <= middle)  # rising
    assert numbers(scene.sessions, "sent").sum() < tree.file_size[np.arange(len(tree.file_size))].sum()


def test_handover_stays_in_own_folders(stage: World) -> None:
    people, tree = stage.organisation.people, stage.documents
    handover, laptop, backup = leaver_haul.twins(stage, Cast(world=stage), rng())
    person = people.user.index(handover.actors[0])
    own = set(tree.folder_path.take(pa.array(tree.folders_of(person))).to_pylist())
    assert set(handover.audits["folder"].to_pylist()) <= own
    assert handover.sessions.num_rows == laptop.sessions.num_rows == 0
    assert set(laptop.audits["operation"].to_pylist()) == {"FileSyncDownloadedFull"}
    assert backup.actors[0].startswith("svc-backup@")


def test_the_patient_take_longer_and_use_their_colleagues_accounts(stage: World) -> None:
    alone, helped = (
        leaver_haul.incident(stage, Cast(world=stage), rng(), stealth=LEVELS[level])
        for level in ("ordinary", "patient")
    )
    assert helped.actors[0] == alone.actors[0]  # who leaves is the same
    assert set(helped.audits["user"].to_pylist()) == set(helped.actors)
    assert np.ptp(numbers(helped.audits, "time")) > np.ptp(numbers(alone.audits, "time"))
    people = stage.organisation.people
    leaver, *others = (people.end[people.user.index(actor)] for actor in helped.actors)
    assert leaver < stage.days < ALWAYS == min(others)
