"""Before leaving, somebody takes thousands of files from folders they never opened, to a private cloud.

Reported: 5,200 files taken before resigning.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from tidegate.range import audit, sessions
from tidegate.range.habits.files import synced
from tidegate.range.network import domain
from tidegate.range.scene import Scene
from tidegate.range.stealth import ORDINARY, Stealth
from tidegate.range.tables import AUDIT, SECOND, SESSION, Ints, joined
from tidegate.range.world import Cast, World


def incident(
    world: World,
    roles: Cast,
    rng: np.random.Generator,
    *,
    stealth: Stealth = ORDINARY,
    files: int = 5_200,  # as reported; fewer in a period under sixty days
    shortest: int = 14,  # days from the first file to the last day of work
    longest: int = 28,
    growth: float = 8.0,  # files on the last day for each on the first
    places: tuple[str, ...] = ("drive", "photos", "transfer"),  # services that many use; one is drawn
) -> Scene:
    """Downloads and syncs that rise towards the last day; what has come together goes out on days in the office."""
    org, tree, calendar = world.organisation, world.documents, world.workdays
    scale = min(1.0, world.days / 60)
    (person,) = roles.pick(rng, lambda i: _leaves(world, i))
    last = min(int(org.people.end[person]), world.days - 1)
    helpers = roles.pick(
        rng, lambda i: org.people.team[i] == org.people.team[person] and world.stays(i), stealth.spread
    )
    accounts = [person, *(i for i in helpers if i != person)][: stealth.spread]
    length = min(round(int(rng.integers(shortest, longest + 1)) * scale * stealth.slower), last // 2)
    there = np.flatnonzero(calendar.present[person])
    days = there[(there >= last - length) & (there <= last)]
    rising = np.exp(np.linspace(0, np.log(growth), len(days))) * rng.lognormal(0, 0.3, len(days))
    quota = np.maximum(
        5, (files * scale * stealth.smaller * rng.uniform(0.9, 1.1) * rising / rising.sum()).astype(np.int64)
    )
    numbers = tree.strange(rng, person, int(quota.sum()))
    host, ip = world.service("drive" if stealth.popular else str(rng.choice(places)))
    taken, sent, waiting = [], [], dict.fromkeys(accounts, 0.0)
    for n, (day, mine) in enumerate(zip(days.tolist(), np.split(numbers, np.cumsum(quota)[:-1]), strict=True)):
        signed_in = [account for account in accounts if calendar.present[account, day]]
        who = signed_in[n % len(signed_in)]
        taken.append(_taken(world, rng, who, day, mine))
        waiting[who] += float(tree.file_size[mine].sum()) * rng.uniform(0.75, 1.0)  # packed
        if calendar.remote[who, day]:
            continue
        count = max(1, round(waiting[who] / 150e6))
        sent.append(
            sessions.uploads(
                rng,
                time=calendar.office_times(rng, day, np.full(count, 0.0 if stealth.inside_hours else 90.0)),
                device=int(org.laptops[who, day]),
                host=host,
                ip=ip,
                sent=waiting[who] * rng.dirichlet(np.full(count, 4.0)),
            )
        )
        waiting[who] = 0.0
    return Scene(
        pattern="leaver_haul",
        name="files taken before leaving",
        incident=True,
        actors=tuple(org.people.user[account] for account in accounts),
        devices=org.laptop_names(accounts, days),
        destinations=(domain(host),),
        note=f"{len(numbers)} files on {len(days)} days, sent to {host}"
        + (", scaled to the period" if scale < 1 else ""),
        sessions=joined(SESSION, sent),
        audits=joined(AUDIT, taken),
    )


def twins(world: World, roles: Cast, rng: np.random.Generator) -> list[Scene]:
    """A leaver's handover, a new laptop that syncs everything, a backup client that reads everything."""
    return [_handover(world, roles, rng), _new_laptop(world, roles, rng), _backup_client(world, roles, rng)]


def _handover(world: World, roles: Cast, rng: np.random.Generator) -> Scene:
    """Another leaver goes through their own folders, tidies, and shares them with the successor."""
    people, tree, calendar = world.organisation.people, world.documents, world.workdays
    (person,) = roles.pick(rng, lambda i: _leaves(world, i))
    (successor,) = roles.pick(rng, lambda i: people.team[i] == people.team[person] and world.stays(i))
    days = np.flatnonzero(calendar.present[person])[-10:]
    mine = rng.permutation(tree.files_in(tree.folders_of(person)))[: round(1_000 * min(1, world.days / 60))]
    parts = []
    for day, some in zip(days.tolist(), np.array_split(mine, len(days)), strict=True):
        parts.append(
            _taken(world, rng, person, day, some, operations=("FileAccessed", "FileModified", "FileDownloaded"))
        )
        handed = some[:3]
        parts.append(
            audit.share(
                world,
                handed,
                target=[people.user[successor]] * len(handed),
                guest=np.zeros(len(handed), dtype=bool),
                time=calendar.office_times(rng, day, np.zeros(len(handed))),
                user=people.user[person],
                ip=str(world.client_ip(np.array([person]), day)[0]),
                agent=audit.AGENTS[0],
            )
        )
    return Scene(
        pattern="leaver_haul",
        name="handover to a successor",
        incident=False,
        actors=(people.user[person], people.user[successor]),
        audits=joined(AUDIT, parts),
    )


def _new_laptop(world: World, roles: Cast, rng: np.random.Generator) -> Scene:
    """The sync client of a new laptop fetches the person's whole drive and the libraries they work in."""
    org, tree = world.organisation, world.documents
    (person,) = roles.pick(rng, lambda i: len(np.unique(org.laptops[i])) > 1)
    changed = int(np.argmax(org.laptops[person] != org.laptops[person, 0]))
    there = np.flatnonzero(world.workdays.present[person])
    day = int(there[np.minimum(np.searchsorted(there, changed), len(there) - 1)])
    table = synced(world, person, day, tree.files_in(tree.folders_of(person)), rng)
    return Scene(
        pattern="leaver_haul",
        name="laptop replacement with a full re-sync",
        incident=False,
        actors=(org.people.user[person],),
        devices=org.laptop_names([person], np.array([day])),
        audits=joined(AUDIT, [table]),
    )


def _backup_client(world: World, roles: Cast, rng: np.random.Generator, *, weekly: int = 900) -> Scene:
    """The backup's service account reads shared files each Sunday; one laptop's disk is saved before a repair."""
    org, tree, calendar = world.organisation, world.documents, world.workdays
    (person,) = roles.pick(rng, world.stays)
    reader, everything = f"svc-backup@{org.domain}", tree.files_in(tree.shared())
    reads = []
    for day in np.flatnonzero(calendar.weekday == 6).tolist():
        numbers = np.sort(
            rng.choice(everything, min(len(everything), int(rng.normal(weekly, weekly / 8))), replace=False)
        )
        begin = calendar.midnight(day) + 2 * 3_600 * SECOND
        reads.append(
            audit.file(
                world,
                numbers,
                operation="FileDownloaded",
                time=begin + np.cumsum(rng.integers(SECOND // 5, 6 * SECOND, len(numbers))),
                user=reader,
                ip=world.network.office_ip(0),
                agent="OfficeBackup/9.2",
            )
        )
    day = int(rng.choice(world.in_office(person)))
    host, ip = world.service("backup")
    saved = sessions.uploads(
        rng,
        time=calendar.office_times(rng, day, np.zeros(60)),
        device=int(org.laptops[person, day]),
        host=host,
        ip=ip,
        sent=rng.lognormal(np.log(5e8), 0.3, 60),
    )
    return Scene(
        pattern="leaver_haul",
        name="full backup client",
        incident=False,
        actors=(reader, org.people.user[person]),
        devices=org.laptop_names([person], np.array([day])),
        destinations=(domain(host),),
        audits=joined(AUDIT, reads),
        sessions=joined(SESSION, [saved]),
    )


def _taken(
    world: World,
    rng: np.random.Generator,
    person: int,
    day: int,
    numbers: Ints,
    *,
    operations: tuple[str, ...] = ("FileDownloaded", "FileDownloaded", "FileSyncDownloadedFull", "FileAccessed"),
) -> pa.Table:
    """Files gone through in four runs on one day."""
    count = len(numbers)
    runs = np.sort(world.workdays.office_times(rng, day, np.full(4, 40.0)))
    pace = rng.integers(SECOND, 20 * SECOND, count)
    return audit.file(
        world,
        numbers,
        operation=[operations[n] for n in rng.integers(0, len(operations), count)],
        time=np.concatenate([run + np.cumsum(part) for run, part in zip(runs, np.array_split(pace, 4), strict=True)]),
        user=world.organisation.people.user[person],
        ip=str(world.client_ip(np.array([person]), day)[0]),
        agent=audit.AGENTS[person % 2],
        files=1,
    )


def _leaves(world: World, person: int) -> bool:
    """Goes in the last third of the period, and is in an office at least now and then before."""
    last, there = int(world.organisation.people.end[person]), world.in_office(person)
    return world.days * 0.7 <= last < world.days and len(there[there >= last - world.days // 6]) >= 3
