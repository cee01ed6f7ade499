"""The stage, and who is cast."""

from __future__ import annotations

import numpy as np

from tidegate.range.world import Cast, World


def test_generators_do_not_disturb_one_another(stage: World) -> None:
    assert stage.random("a", 1).integers(1 << 40) == stage.random("a", 1).integers(1 << 40)
    assert stage.random("a", 1).integers(1 << 40) != stage.random("a", 2).integers(1 << 40)
    assert stage.random("a", 1).integers(1 << 40) != stage.random("b", 1).integers(1 << 40)


def test_nobody_is_cast_twice_while_there_is_somebody_else(stage: World) -> None:
    roles, rng = Cast(world=stage), np.random.default_rng(1)
    press = [i for i in stage.organisation.people.where(team="Press").tolist() if stage.stays(i)]
    first = roles.pick(rng, lambda i: i in press, len(press))
    assert set(first) == set(press)
    (other,) = roles.pick(rng, lambda i: i in press)  # all taken: somebody else, who is there all the time
    assert other not in press
    assert stage.stays(other)


def test_people_appear_under_office_or_home_address(stage: World) -> None:
    people, calendar = stage.organisation.people, stage.workdays
    person, day = next((int(i), int(d)) for i in people.where() for d in np.flatnonzero(calendar.remote[i]))
    assert stage.client_ip(np.array([person]), day)[0] == people.home_ip[person]
    desk = int(stage.in_office(person)[0])
    assert stage.client_ip(np.array([person]), desk)[0] == stage.network.office_ip(int(people.office[person]))
    assert person in stage.at_work(day)
    assert person not in stage.at_work(day, office=True)
