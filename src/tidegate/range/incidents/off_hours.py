"""An account works at night, from home, over weeks, on shared folders that are not its own.

Part of what the reported cases have in common: work where and when nobody looks.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from tidegate.range import audit
from tidegate.range.incidents._when import HOUR, MINUTE, first_day, lasting
from tidegate.range.scene import Scene
from tidegate.range.stealth import ORDINARY, Stealth
from tidegate.range.tables import AUDIT, SECOND, Ints, joined
from tidegate.range.world import Cast, World

TWIN_WEEKS = 12  # most that a twin goes on


def incident(
    world: World,
    roles: Cast,
    rng: np.random.Generator,
    *,
    stealth: Stealth = ORDINARY,
    days: int = 28,  # within which the nights fall
    nights: int = 12,
    files: int = 45,  # a night
) -> Scene:
    """Sign-in late in the evening, then an hour or two of files of other teams, opened and downloaded."""
    people, tree = world.organisation.people, world.documents
    length = lasting(world, days, stealth)
    first = first_day(world, rng, length)
    who = roles.pick(rng, lambda i: people.team[i] not in ("Rangers", "IT") and world.stays(i), stealth.spread)
    chosen = np.sort(rng.choice(np.arange(first, first + length), min(nights, length), replace=False))
    parts = []
    for n, day in enumerate(chosen.tolist()):
        person = who[n % len(who)]
        strange = np.setdiff1d(tree.shared(), tree.folders_of(person))
        count = max(2, int(rng.poisson(files * stealth.smaller)))
        numbers = tree.sample(rng, rng.choice(strange, count))
        # The patient ones sit late in the evening instead of at night.
        hour = rng.uniform(18.5, 20) if stealth.inside_hours else rng.uniform(22.5, 25)
        parts.append(_session(world, rng, person, day, hour, numbers, taken=1))
    return Scene(
        pattern="off_hours",
        name="nights at other people's folders",
        incident=True,
        actors=tuple(people.user[person] for person in who),
        note=f"{len(chosen)} nights in {length} days",
        audits=joined(AUDIT, parts),
    )


def twins(world: World, roles: Cast, rng: np.random.Generator) -> list[Scene]:
    """An engineer on call, and a ranger on night shifts: both at their own folders."""
    return [
        _shift(world, roles, rng, name="engineer on call", team="IT", every=14, files=15),
        _shift(world, roles, rng, name="ranger on night shifts", team="Rangers", every=21, files=25),
    ]


def _shift(
    world: World, roles: Cast, rng: np.random.Generator, *, name: str, team: str, every: int, files: int
) -> Scene:
    """Whole weeks of nights of a ranger, a night or three of an engineer, again and again."""
    people = world.organisation.people
    (person,) = roles.pick(rng, lambda i: people.team[i] == team and world.stays(i))
    start, parts = int(rng.integers(3, 10)), []
    for week in range(start, min(world.days - 7, start + 7 * TWIN_WEEKS), every):
        for day in range(week, week + (7 if team == "Rangers" else int(rng.integers(1, 4)))):
            own = world.documents.habits_on(day)[person]
            numbers = world.documents.sample(rng, own[rng.integers(0, 8, max(3, int(rng.poisson(files))))])
            parts.append(_session(world, rng, person, day, rng.uniform(22, 26), numbers))
    return Scene(
        pattern="off_hours",
        name=name,
        incident=False,
        actors=(people.user[person],),
        audits=joined(AUDIT, parts),
    )


def _session(
    world: World, rng: np.random.Generator, person: int, day: int, hour: float, numbers: Ints, *, taken: int = 0
) -> pa.Table:
    """Somebody signs in from home at an hour of a day (from 24: after midnight) and works on files."""
    people, count = world.organisation.people, len(numbers)
    begin = world.workdays.midnight(day) + round(hour * HOUR) - world.workdays.utc_offset * MINUTE
    where = {"user": people.user[person], "ip": people.home_ip[person], "agent": audit.AGENTS[person % 2]}
    operation = ["FileAccessed", "FileAccessed", "FileDownloaded", "FilePreviewed"]
    return pa.concat_tables(
        [
            audit.sign_in(failed=np.zeros(1, dtype=bool), time=np.array([begin]), **where),
            audit.file(
                world,
                numbers,
                operation=[operation[n] for n in rng.integers(0, 4, count)],
                time=begin + MINUTE + np.cumsum(rng.integers(20 * SECOND, 4 * MINUTE, count)),
                sent=world.documents.file_size[numbers] * taken,
                files=taken,
                **where,
            ),
        ]
    )
