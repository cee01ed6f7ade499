"""On a day parts of two teams move to a third, and with it to other folders."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from tidegate.range.documents import Documents, Era, folders_for
from tidegate.range.happenings import Happening, occasions
from tidegate.range.organisation import TEAMS, Organisation

if TYPE_CHECKING:
    from tidegate.range.world import World

A_YEAR = 1.0
MOVING = 0.5  # share of each of the two teams


def planned(world: World) -> list[Happening]:
    users = world.organisation.people.user
    return [
        Happening(
            kind="reorganisation",
            first=era.first,
            last=era.first,
            actors=tuple(users[who] for who in era.moved),
            note=f"{len(era.moved)} people join {era.team}",
        )
        for era in world.documents.eras
    ]


def reorganised(rng: np.random.Generator, organisation: Organisation, tree: Documents, *, days: int) -> Documents:
    """The files with who works in which folders from when on."""
    people, teams = organisation.people, [team for team, _, _ in TEAMS]
    eras: list[Era] = []
    for day in occasions(rng, days, a_year=A_YEAR, lasts=7):
        new, *old = rng.choice(len(teams), 3, replace=False).tolist()
        staff = np.concatenate([people.where(team=teams[n]) for n in old])
        moved = np.sort(rng.choice(staff, max(1, round(MOVING * len(staff))), replace=False))
        habits = (eras[-1].habits if eras else tree.habits).copy()
        for who in moved.tolist():
            sites = np.unique(tree.folder_site[habits[who]])
            projects = [n for n in sites.tolist() if n >= len(teams) and not tree.own[n]]
            habits[who] = folders_for(rng, tree.folder_site, [new] * 3 + projects, tree.home[who])
        eras.append(Era(first=day, habits=habits, moved=tuple(moved.tolist()), team=teams[new]))
    return replace(tree, eras=tuple(eras))
