"""Before leaving, somebody takes thousands of files from folders they never opened, to a private cloud.

Reported: 5,200 files taken before resigning.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from tidegate.range import audit
from tidegate.range.organisation import ALWAYS
from tidegate.range.scene import Scene
from tidegate.range.tables import AUDIT, SECOND, SESSION, Ints, joined, rows
from tidegate.range.world import Cast, World


def incident(
    world: World,
    roles: Cast,
    rng: np.random.Generator,
    *,
    files: int = 5_200,  # as reported; fewer in a period under sixty days
    shortest: int = 14,  # days from the first file to the last day of work
    longest: int = 28,
    growth: float = 8.0,  # the last day's share over the first day's
) -> Scene:
    """Downloads and syncs that rise towards the last day; each day's yield goes to a private cloud drive."""
    org, tree = world.organisation, world.documents
    (person,) = roles.pick(rng, lambda i: _leaves(world, i))
    last = min(int(org.people.end[person]), world.days - 1)
    length = int(rng.integers(shortest, longest + 1)) if world.days >= 60 else max(6, world.days // 5)
    total = round(files * min(1, world.days / 60) * rng.uniform(0.9, 1.1))
    days = np.array([d for d in range(max(0, last - length), last + 1) if _in_office(world, person, d)])
    share = np.exp(np.linspace(0, np.log(growth), len(days))) * rng.lognormal(0, 0.3, len(days))
    quota = np.maximum(5, (total * share / share.sum()).astype(np.int64))
    numbers = _strange_files(world, rng, person, int(quota.sum()))
    host, ip = world.service(str(rng.choice(["drive", "drive2", "transfer"])))
    audits, sessions = [], []
    for day, mine in zip(days.tolist(), np.split(numbers, np.cumsum(quota)[:-1]), strict=True):
        audits.append(_taken(world, rng, person, day, mine))
        volume = float(tree.file_size[mine].sum()) * rng.uniform(0.75, 1.0)
        count = max(1, round(volume / 150e6))
        time = np.sort(world.workdays.office_times(rng, day, np.full(count, 90.0)))
        sent = volume * rng.dirichlet(np.full(count, 4.0))
        sessions.append(_uploads(rng, time, int(org.laptops[person, day]), host, ip, sent))
    return Scene(
        pattern="leaver_haul",
        name="files taken before leaving",
        incident=True,
        actors=(org.people.user[person],),
        devices=tuple(dict.fromkeys(org.devices.name[org.laptops[person, d]] for d in days)),
        destinations=(host,),
        note=f"{len(numbers)} files in {len(days)} working days" + ("" if world.days >= 60 else ", scaled to the period"),
        sessions=joined(SESSION, sessions),
        audits=joined(AUDIT, audits),
    )


def twins(world: World, roles: Cast, rng: np.random.Generator) -> list[Scene]:
    """A leaver's handover, a new laptop that syncs everything, a backup client that reads everything."""
    return [_handover(world, roles, rng), _new_laptop(world, roles, rng), _backup_client(world, roles, rng)]


def _handover(world: World, roles: Cast, rng: np.random.Generator) -> Scene:
    """Another leaver goes through their own folders, tidies, and shares them with the successor."""
    org, tree = world.organisation, world.documents
    (person,) = roles.pick(rng, lambda i: _leaves(world, i))
    (successor,) = roles.pick(rng, lambda i: org.people.team[i] == org.people.team[person] and int(org.people.end[i]) == ALWAYS)  # fmt: skip
    last = min(int(org.people.end[person]), world.days - 1)
    days = np.flatnonzero(world.workdays.present[person, : last + 1])[-10:]
    folders = np.unique(np.concatenate([tree.habits[person], tree.home[person] + np.arange(tree.home_folders[person])]))
    mine = rng.permutation(tree.all_of(folders))[: round(1_000 * min(1, world.days / 60))]
    parts = []
    for day, some in zip(days.tolist(), np.array_split(mine, len(days)), strict=True):
        parts.append(_taken(world, rng, person, day, some, operations=("FileAccessed", "FileModified", "FileMoved", "FileDownloaded")))  # fmt: skip
        shared = some[:3]
        parts.append(
            audit.share(
                world,
                shared,
                operation="SharingSet",
                target=[org.people.user[successor]] * len(shared),
                guest=np.zeros(len(shared), dtype=bool),
                time=world.workdays.office_times(rng, day, np.zeros(len(shared))),
                user=org.people.user[person],
                ip=str(world.client_ips(np.array([person]), day)[0]),
            )
        )
    return Scene(
        pattern="leaver_haul",
        name="handover to a successor",
        incident=False,
        actors=(org.people.user[person], org.people.user[successor]),
        audits=joined(AUDIT, parts),
    )


def _new_laptop(world: World, roles: Cast, rng: np.random.Generator) -> Scene:
    """The sync client of a new laptop fetches the person's whole drive and the libraries they work in."""
    org, tree = world.organisation, world.documents
    replaced = [i for i in org.people.where() if len(np.unique(org.laptops[i])) > 1]
    (person,) = roles.pick(rng, lambda i: i in replaced)
    day = int(np.flatnonzero(np.diff(org.laptops[person]))[0]) + 1
    while day < world.days - 1 and not world.workdays.present[person, day]:
        day += 1
    folders = np.unique(np.concatenate([tree.habits[person], tree.home[person] + np.arange(tree.home_folders[person])]))
    numbers = tree.all_of(folders)
    begin = world.workdays.office_times(rng, day, np.zeros(1))[0]
    table = audit.file(
        world,
        numbers,
        operation="FileSyncDownloadedFull",
        time=begin + np.cumsum(rng.integers(SECOND // 10, 8 * SECOND, len(numbers))),
        user=org.people.user[person],
        ip=str(world.client_ips(np.array([person]), day)[0]),
        agent=audit.SYNC_AGENT,
    )
    return Scene(
        pattern="leaver_haul",
        name="laptop replacement with a full re-sync",
        incident=False,
        actors=(org.people.user[person],),
        devices=(org.devices.name[org.laptops[person, day]],),
        audits=joined(AUDIT, [table]),
    )


def _backup_client(world: World, roles: Cast, rng: np.random.Generator) -> Scene:
    """The service account of the backup reads every shared file it has not yet got, each weekend; and one laptop's
    disk goes to the off-site backup before a repair."""
    org, tree = world.organisation, world.documents
    (person,) = roles.pick(rng, lambda i: int(org.people.end[i]) == ALWAYS and int(org.people.start[i]) <= 0)
    user, parts = f"svc-backup@{org.domain}", []
    everything = tree.all_of(tree.shared())
    for day in np.flatnonzero(world.workdays.weekday == 6).tolist():
        numbers = np.sort(rng.choice(everything, min(len(everything), 900), replace=False))
        begin = world.workdays.midnight(day) + 2 * 3_600 * SECOND
        parts.append(
            audit.file(
                world,
                numbers,
                operation="FileDownloaded",
                time=begin + np.cumsum(rng.integers(SECOND // 5, 6 * SECOND, len(numbers))),
                user=user,
                ip=world.network.office_ip(0),
                agent="OfficeBackup/9.2",
            )
        )
    there = np.array([d for d in range(world.days // 3, world.days) if _in_office(world, person, d)])
    day = int(rng.choice(there))
    host, ip = world.service("backup")
    sent = rng.lognormal(np.log(5e8), 0.3, 60)
    time = np.sort(world.workdays.office_times(rng, day, np.zeros(60)))
    return Scene(
        pattern="leaver_haul",
        name="full backup client",
        incident=False,
        actors=(user, org.people.user[person]),
        devices=(org.devices.name[org.laptops[person, day]],),
        destinations=(host,),
        audits=joined(AUDIT, parts),
        sessions=_uploads(rng, time, int(org.laptops[person, day]), host, ip, sent),
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
    """Files gone through in runs on one day."""
    runs = np.sort(world.workdays.office_times(rng, day, np.full(4, 40.0)))
    time = runs[np.arange(len(numbers)) * 4 // max(1, len(numbers))] + np.cumsum(rng.integers(SECOND, 25 * SECOND, len(numbers)))
    return audit.file(
        world,
        numbers,
        operation=[operations[i] for i in rng.integers(0, len(operations), len(numbers))],
        time=time,
        user=world.organisation.people.user[person],
        ip=str(world.client_ips(np.array([person]), day)[0]),
        agent=audit.AGENTS[person % 2],
        files=1,
    )


def _strange_files(world: World, rng: np.random.Generator, person: int, count: int) -> Ints:
    """Files of many shared folders that are no habit of the person, folder by folder."""
    tree = world.documents
    folders = rng.permutation(np.setdiff1d(tree.shared(), tree.habits[person]))
    everything = tree.all_of(folders)
    kept: Ints = everything[rng.random(len(everything)) < 0.7][:count]
    return kept if len(kept) == count else everything[:count]


def _uploads(rng: np.random.Generator, time: Ints, device: int, host: str, ip: str, sent: np.ndarray[tuple[int], np.dtype[np.float64]]) -> pa.Table:
    count = len(time)
    return rows(
        SESSION,
        count,
        time=time,
        device=device,
        host=host,
        ip=ip,
        seconds=sent / rng.lognormal(np.log(4e6), 0.4, count) + 1,
        sent=sent,
        received=sent * 0.005 + 4_000,
        method="POST",
        path="/upload",
        mime="application/json",
    )


def _leaves(world: World, person: int) -> bool:
    """Goes in the last third of the period."""
    return world.days * 0.7 <= int(world.organisation.people.end[person]) < world.days


def _in_office(world: World, person: int, day: int) -> bool:
    return bool(world.workdays.present[person, day] and not world.workdays.remote[person, day])
