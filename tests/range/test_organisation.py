"""The organisation has everybody and everything that scenes need, in any size."""

from __future__ import annotations

import re

import numpy as np
import pytest

from tidegate.range.organisation import ALWAYS, TEAMS, organisation
from tidegate.range.world import World


@pytest.mark.parametrize("people", [20, 21, 333])
def test_every_size_has_every_team_and_kind(people: int) -> None:
    org = organisation(np.random.default_rng(people), people=people, days=90)
    assert len(org.people.where()) == people
    assert {org.people.team[i] for i in org.people.where()} == {team for team, _, _ in TEAMS}
    assert set(org.people.kind) == {"staff", "third_party", "admin", "service"}
    assert len(set(org.people.user)) == len(org.people)
    leaving = org.people.end[org.people.where()]
    assert np.sum((leaving >= 60) & (leaving < 90)) >= 4


def test_devices_are_told_apart_and_phones_make_up_their_addresses(stage: World) -> None:
    devices = stage.organisation.devices
    assert len({d.mac for d in devices}) == len({d.name for d in devices}) == len(devices)
    assert all(re.fullmatch(r"([0-9a-f]{2}:){5}[0-9a-f]{2}", d.mac) for d in devices)
    local = {d.kind for d in devices if int(d.mac[:2], 16) & 2}
    assert local == {"phone"}  # near miss: no other device has the bit of a made-up address


def test_a_replaced_laptop_is_followed_by_another(stage: World) -> None:
    org = stage.organisation
    replaced = [i for i in org.people.where() if org.laptops[i, 0] != org.laptops[i, -1]]
    assert replaced
    assert all(org.people.end[i] == ALWAYS and not stage.stays(int(i)) for i in replaced)
    assert org.server("LAB") == [d.name for d in org.devices].index("SRV-LAB01")
