"""People at their files: reading, changing, up- and downloading, syncing, sharing, and signing in before it."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from tidegate.range import audit
from tidegate.range.documents import HABITS
from tidegate.range.tables import AUDIT, SECOND, Ints, pick
from tidegate.range.world import World

FILES_A_DAY = 11  # a usual person's, before factors
ELSEWHERE = 0.05  # share of files in folders that are no habit of the person
SIGN_INS_A_DAY = 2.2
WRONG_PASSWORDS = 0.05  # share of sign-ins
TRIPS = 0.008  # share of sign-ins from a hotel, a train, a conference
SHARES_A_DAY = 0.05
LIBRARY_SYNCS = 0.004  # a person-day: somebody lets shared folders be synced to their laptop

_OPERATIONS = {
    "FileAccessed": 0.56,
    "FileModified": 0.13,
    "FileDownloaded": 0.08,
    "FilePreviewed": 0.07,
    "FileUploaded": 0.07,
    "FileSyncUploadedFull": 0.04,
    "FileSyncDownloadedFull": 0.03,
    "FileAccessedExtended": 0.02,
}


def files(world: World, day: int, rng: np.random.Generator) -> pa.Table:
    """Work on files, most of it in folders that are a habit."""
    staff, tree, there = world.organisation.people, world.documents, world.at_work(day)
    who = np.repeat(there, rng.poisson(FILES_A_DAY * staff.files[there] * world.workdays.effort[there, day]))
    count, shared = len(who), tree.shared()
    habit = tree.habits_on(day)[who, np.minimum(rng.geometric(0.13, count), HABITS) - 1]
    folder = np.where(rng.random(count) < ELSEWHERE, shared[rng.integers(0, len(shared), count)], habit)
    operation = rng.choice(len(_OPERATIONS), count, p=list(_OPERATIONS.values()))
    return audit.file(
        world,
        tree.sample(rng, folder),
        operation=pick(list(_OPERATIONS), operation),
        time=world.workdays.office_times(rng, day, staff.shift[who]),
        user=pick(pa.array(staff.user), who),
        ip=world.client_ip(who, day),
        agent=pick(audit.AGENTS, who % len(audit.AGENTS)),
    )


def library_syncs(world: World, day: int, rng: np.random.Generator) -> pa.Table:
    """Hundreds of files within the hour, nothing wrong: new staff, new laptops, others now and then."""
    staff, tree, there = world.organisation.people, world.documents, world.at_work(day)
    laptops = world.organisation.laptops[there, max(0, day - 1) : day + 1]
    syncing = (rng.random(len(there)) < LIBRARY_SYNCS) | (staff.start[there] == day) | (laptops[:, 0] != laptops[:, -1])
    tables = []
    for who in there[syncing].tolist():
        numbers = tree.files_in(np.unique(rng.choice(tree.habits_on(day)[who], 5)))
        tables.append(synced(world, who, day, numbers, rng))
    return pa.concat_tables([AUDIT.empty_table(), *tables])


def synced(world: World, who: int, day: int, numbers: Ints, rng: np.random.Generator) -> pa.Table:
    """The sync client fetches files one after the other."""
    begin = world.workdays.office_times(rng, day, np.full(1, -60.0))
    return audit.file(
        world,
        numbers,
        operation="FileSyncDownloadedFull",
        time=begin + np.cumsum(rng.integers(SECOND // 10, 10 * SECOND, len(numbers))),
        user=world.organisation.people.user[who],
        ip=str(world.client_ip(np.array([who]), day)[0]),
        agent=audit.SYNC_AGENT,
    )


def sign_ins(world: World, day: int, rng: np.random.Generator) -> pa.Table:
    """Sign-ins from office and home, sometimes from a trip, sometimes with a mistyped password."""
    staff, there = world.organisation.people, world.at_work(day)
    who = np.repeat(there, rng.poisson(SIGN_INS_A_DAY, len(there)))
    count = len(who)
    away = np.array([f"192.0.2.{128 + n}" for n in range(64)])[rng.integers(0, 64, count)]
    return audit.sign_in(
        failed=rng.random(count) < WRONG_PASSWORDS,
        time=world.workdays.office_times(rng, day, staff.shift[who] - 10),
        user=pick(pa.array(staff.user), who),
        ip=np.where(rng.random(count) < TRIPS, away, world.client_ip(who, day)),
        agent=pick(audit.AGENTS, who % len(audit.AGENTS)),
    )


def shares(world: World, day: int, rng: np.random.Generator) -> pa.Table:
    """Files shared with colleagues, and a few with guests invited by name."""
    staff, tree, there = world.organisation.people, world.documents, world.at_work(day)
    who = there[rng.random(len(there)) < SHARES_A_DAY]
    colleague = rng.choice(staff.where(), len(who))
    guest = rng.random(len(who)) < 0.06
    hosts = world.network.sites.host[world.network.sites.favourites[who, 3]]
    target = [
        f"contact_{host}#EXT#" if outside else staff.user[other]
        for host, outside, other in zip(hosts, guest, colleague, strict=True)
    ]
    return audit.share(
        world,
        tree.sample(rng, tree.habits_on(day)[who, rng.integers(0, 8, len(who))]),
        target=target,
        guest=guest,
        time=world.workdays.office_times(rng, day, staff.shift[who]),
        user=pick(pa.array(staff.user), who),
        ip=world.client_ip(who, day),
        agent=audit.AGENTS[0],
    )
