"""After an alarm somebody of the sensors' vendor signs in at night, from home, and works on the stations' files."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from tidegate.range import audit
from tidegate.range.happenings import Happening, occasions
from tidegate.range.tables import AUDIT, SECOND, Ints
from tidegate.range.world import World

A_YEAR = 6.0
HOUR = 3_600 * SECOND


def planned(world: World) -> list[Happening]:
    users = world.organisation.people.user
    return [
        Happening(kind="on_call", first=day, last=day, actors=(users[who],), note="vendor on call at night")
        for day, who in _calls(world)
    ]


def night_work(world: World, day: int, rng: np.random.Generator) -> pa.Table:
    """An hour or two, late in the evening or long before morning."""
    people, tree, parts = world.organisation.people, world.documents, [AUDIT.empty_table()]
    for who in (who for on, who in _calls(world) if on == day):
        hour = rng.choice([20.0, 21.0, 1.0, 3.0]) + rng.random()
        begin = world.workdays.midnight(day) + int((hour - world.workdays.utc_offset / 60) % 22 * HOUR)
        count = int(rng.integers(8, 60))
        same = {"user": people.user[who], "ip": people.home_ip[who], "agent": audit.AGENTS[1]}
        first: Ints = np.array([begin], dtype=np.int64)
        parts += [
            audit.sign_in(failed=np.zeros(1, dtype=bool), time=first, **same),
            audit.file(
                world,
                tree.sample(rng, tree.habits[who, rng.integers(0, 5, count)]),
                operation=[("FileAccessed", "FileModified", "FileDownloaded")[n] for n in rng.integers(0, 3, count)],
                time=begin + np.sort(rng.integers(60 * SECOND, 110 * 60 * SECOND, count)),
                **same,
            ),
        ]
    return pa.concat_tables(parts)


def _calls(world: World) -> list[tuple[int, int]]:
    """Days and accounts."""
    rng, vendors = world.random("on call"), world.organisation.people.where(kind="third_party")
    return [(day, int(rng.choice(vendors))) for day in occasions(rng, world.days, a_year=A_YEAR)]
