"""Core-area data is opened to anybody by link, and the links are used from outside.

Reported: computer data taken from the core area of a reserve's network.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from tidegate.range import audit
from tidegate.range.scene import Scene
from tidegate.range.stealth import ORDINARY, Stealth
from tidegate.range.tables import AUDIT, SECOND, Ints, joined
from tidegate.range.world import Cast, World

MINUTE, HOUR = 60 * SECOND, 3_600 * SECOND


def incident(
    world: World,
    roles: Cast,
    rng: np.random.Generator,
    *,
    stealth: Stealth = ORDINARY,
    files: int = 60,  # opened by link
    wait: int = 26,  # hours from the links to the first use
    addresses: int = 3,  # outside addresses that use them
) -> Scene:
    """Links to files of folders that are no habit of the person, made one evening, used a day later.

    Anybody may use a link: there is no service to hide among, so `popular` changes nothing.
    """
    people, tree = world.organisation.people, world.documents
    fits = ("GIS", "Ecology", "IT")
    accounts = roles.pick(rng, lambda i: people.team[i] in fits and world.stays(i), stealth.spread)
    count, parts = max(stealth.spread, round(files * stealth.smaller)), []
    for share, person in enumerate(accounts):
        there = world.in_office(person)
        day = int(rng.choice(there[(there >= world.days // 2) & (there < world.days - 1)]))
        strange = rng.permutation(np.setdiff1d(tree.shared(), tree.folders_of(person)))[:5]
        numbers = tree.files_in(strange)[share : count : stealth.spread]
        hours = (9 * HOUR, 15 * HOUR) if stealth.inside_hours else (17 * HOUR, 20 * HOUR)
        begin = world.workdays.midnight(day) + int(rng.integers(*hours))
        pace = round(stealth.slower * SECOND)
        made = begin + np.cumsum(rng.integers(4 * pace, 40 * pace, len(numbers)))
        first = max(begin + round(wait * stealth.slower) * HOUR, int(made[-1]) + HOUR)
        home, office = people.home_ip[person], str(world.client_ip(np.array([person]), day)[0])
        parts.append(
            _opened(
                world,
                rng,
                numbers,
                user=people.user[person],
                ip=office if stealth.inside_hours else home,
                made=made,
                used=first + np.cumsum(rng.integers(pace, 20 * pace, len(numbers))),
                addresses=addresses,
            )
        )
    return Scene(
        pattern="open_share",
        name="core data opened by link",
        incident=True,
        actors=tuple(people.user[person] for person in accounts),
        destinations=("anyone",),
        note=f"{count} files",
        audits=joined(AUDIT, parts),
    )


def twins(world: World, roles: Cast, rng: np.random.Generator) -> list[Scene]:
    """The press office's kits of pictures, and the data sets of the open-data portal."""
    return [
        _public(world, roles, rng, name="press kit", team="Press", every=21, files=8, visitors=40),
        _public(world, roles, rng, name="open data set", team="GIS", every=30, files=4, visitors=60),
    ]


def _public(
    world: World, roles: Cast, rng: np.random.Generator, *, name: str, team: str, every: int, files: int, visitors: int
) -> Scene:
    """A few files of the team's own folders, opened again and again over the period, each used by many."""
    people, tree = world.organisation.people, world.documents
    (person,) = roles.pick(rng, lambda i: people.team[i] == team and world.stays(i))
    there = np.flatnonzero(world.workdays.present[person])
    parts = []
    for start in range(0, world.days - 7, every):
        day = int(there[np.searchsorted(there, start).clip(0, len(there) - 1)])
        folder = tree.habits[person, int(rng.integers(0, 3))]
        numbers = tree.files_in(np.array([folder]))[:files]
        made = world.workdays.office_times(rng, day, np.zeros(1)) + np.cumsum(
            rng.integers(9 * SECOND, MINUTE, len(numbers))
        )
        used = made.max() + np.sort(rng.integers(HOUR, 6 * 24 * HOUR, visitors))
        ip = str(world.client_ip(np.array([person]), day)[0])
        parts.append(
            _opened(world, rng, numbers, user=people.user[person], ip=ip, made=made, used=used, addresses=visitors)
        )
    return Scene(
        pattern="open_share",
        name=name,
        incident=False,
        actors=(people.user[person],),
        destinations=("anyone",),
        audits=joined(AUDIT, parts),
    )


def _opened(
    world: World, rng: np.random.Generator, numbers: Ints, *, user: str, ip: str, made: Ints, used: Ints, addresses: int
) -> pa.Table:
    """Links made to files, and used and downloaded from outside by nobody one knows."""
    count = len(used)
    which = numbers[np.arange(count) % len(numbers)]
    visitors = np.array([f"198.18.{250 + n // 200}.{1 + n % 200}" for n in rng.choice(1_000, addresses, replace=False)])
    outside = {"user": "anonymous", "ip": visitors[rng.integers(0, addresses, count)], "agent": audit.AGENTS[0]}
    return joined(
        AUDIT,
        [
            audit.link(
                world, numbers, operation="AnonymousLinkCreated", time=made, user=user, ip=ip, agent=audit.AGENTS[0]
            ),
            audit.link(world, which, operation="AnonymousLinkUsed", time=used, **outside),
            audit.file(world, which, operation="FileDownloaded", time=used + SECOND, files=1, **outside),
        ],
    )
