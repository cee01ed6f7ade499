"""Marked papers out of other people's folders, each copied once, whichever way."""

from __future__ import annotations

import numpy as np
import pytest

from tests.range.incidents.scenes import rng
from tidegate.range.incidents import paid_copies
from tidegate.range.stealth import LEVELS
from tidegate.range.tables import numbers
from tidegate.range.world import Cast, World


@pytest.mark.parametrize("way", paid_copies.WAYS)
def test_nearly_thirty_marked_papers_leave_each_once(stage: World, way: str) -> None:
    scene, tree = paid_copies.incident(stage, Cast(world=stage), rng(), ways=(way,)), stage.documents
    opened = [row for row in scene.audits.to_pylist() if row["operation"] == "FileAccessed"]
    assert len(opened) == 29
    marked = set(tree.file_name.filter(np.asarray(tree.marked)).to_pylist())
    assert {row["file"] for row in opened} <= marked
    person = stage.organisation.people.user.index(scene.actors[0])
    own = {tree.folder_path[n].as_py() for n in tree.folders_of(person).tolist()}
    assert not own & {row["folder"] for row in opened}
    gone = {
        "stick": int(numbers(scene.events, "files").sum()),
        "cloud": scene.sessions.num_rows,
        "mail": scene.mails.num_rows,
    }
    assert gone == dict.fromkeys(gone, 0) | {way: 29}
    # The truth counts each paper once: mails are counted by themselves.
    assert int(numbers(scene.audits, "files").sum()) == (29 if way == "cloud" else 0)


def test_the_patient_use_a_stick_and_services_that_are_known(stage: World) -> None:
    patient = LEVELS["patient"]
    scene = paid_copies.incident(stage, Cast(world=stage), rng(), ways=("cloud",), stealth=patient)
    assert set(scene.sessions["host"].to_pylist()) == {stage.service("drive")[0]}
    assert len(scene.actors) == 3


def test_papers_go_to_the_archive_under_permit_and_to_the_board_every_month(stage: World) -> None:
    transfer, board = paid_copies.twins(stage, Cast(world=stage), rng())
    ((_, holder, destination, kind, *_),) = transfer.context.permits
    assert (holder, destination, kind) == (transfer.actors[0], transfer.destinations[0], "marked")
    assert transfer.sessions.num_rows >= 90  # more than the incident's
    plugged = [row for row in board.events.to_pylist() if row["event_id"] == 6416]
    assert len(plugged) >= 2
    assert len({row["data"] for row in plugged}) == 1  # the same stick on the same laptop, every time


def test_most_papers_are_not_marked_and_labels_go_with_the_marking(stage: World) -> None:
    tree = stage.documents
    assert 0.001 < tree.marked.mean() < 0.1
    labelled = np.array(tree.file_label.is_valid())
    assert not (labelled & ~tree.marked).any()
    assert 0.5 < labelled.sum() / tree.marked.sum() < 1  # near miss: some only say so in their names
