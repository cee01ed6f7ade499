"""Files, folders and who works in them."""

from __future__ import annotations

import numpy as np

from tidegate.range.documents import named
from tidegate.range.world import World


def test_habits_are_own_team_and_projects_never_another_persons_drive(stage: World) -> None:
    tree = stage.documents
    for i in stage.organisation.people.where():
        mine = np.arange(*tree.home[i])
        private = np.setdiff1d(tree.habits[i], tree.shared())
        assert len(mine) > 0
        assert np.isin(private, mine).all()
        assert np.isin(tree.habits[i], tree.folders_of(int(i))).all()


def test_samples_are_files_of_their_folders(stage: World) -> None:
    tree = stage.documents
    folders = np.random.default_rng(1).integers(0, len(tree.folder_first), 20_000)
    numbers = tree.sample(np.random.default_rng(2), folders)
    assert (tree.file_folder[numbers] == folders).all()
    some = np.unique(folders)[:3]
    assert np.isin(tree.file_folder[tree.files_in(some)], some).all()
    assert len(tree.files_in(some)) == tree.folder_count[some].sum()


def test_columns_of_a_file_fit_together(stage: World) -> None:
    tree = stage.documents
    first_own = int(np.flatnonzero(np.array(tree.own)[tree.folder_site[tree.file_folder]])[0])
    shared, own = ({k: v[i] for k, v in named(tree, np.array([0, first_own])).items()} for i in (0, 1))
    assert (str(shared["workload"]), str(own["workload"])) == ("SharePoint", "OneDrive")
    assert "/sites/" in str(shared["site"])
    assert "/personal/" in str(own["site"])
    assert str(own["folder"]).startswith("Documents/")
