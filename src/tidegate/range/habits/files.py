"""People at their files: reading, changing, up- and downloading, syncing, sharing, and signing in before it."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from tidegate.range import audit
from tidegate.range.tables import SECOND, pick
from tidegate.range.world import World, at_work

FILES_A_DAY = 11  # a usual person's, before factors
ELSEWHERE = 0.05  # share of files in folders that are no habit of the person
SIGN_INS_A_DAY = 2.2
LIBRARY_SYNCS = 0.004  # a person-day: somebody lets a whole shared folder be synced

_OPERATIONS = (
    ("FileAccessed", 0.56),
    ("FileModified", 0.13),
    ("FilePreviewed", 0.07),
    ("FileDownloaded", 0.08),
    ("FileUploaded", 0.07),
    ("FileSyncUploadedFull", 0.04),
    ("FileSyncDownloadedFull", 0.03),
    ("FileAccessedExtended", 0.02),
)


def files(world: World, day: int, rng: np.random.Generator) -> pa.Table:
    """Work on files, most of it in folders that are a habit."""
    staff, tree = world.organisation.people, world.documents
    there, _ = at_work(world, day)
    ips = world.client_ips(there, day)
    place = np.repeat(
        np.arange(len(there)), rng.poisson(FILES_A_DAY * staff.files[there] * world.workdays.effort[there, day])
    )
    who, count = there[place], len(place)
    shared = tree.shared()
    habit = np.minimum(rng.geometric(0.13, count), tree.habits.shape[1]) - 1
    folder = np.where(
        rng.random(count) < ELSEWHERE, shared[rng.integers(0, len(shared), count)], tree.habits[who, habit]
    )
    return audit.file(
        world,
        tree.sample(rng, folder),
        operation=pick([o for o, _ in _OPERATIONS], rng.choice(len(_OPERATIONS), count, p=[p for _, p in _OPERATIONS])),
        time=world.workdays.office_times(rng, day, staff.shift[who]),
        user=pick(list(staff.user), who),
        ip=ips[place],
        agent=pick(audit.AGENTS, who % len(audit.AGENTS)),
    )


def library_syncs(world: World, day: int, rng: np.random.Generator) -> pa.Table:
    """Now and then somebody syncs a few shared folders to their laptop: hundreds of files in an hour, nothing wrong."""
    staff, tree = world.organisation.people, world.documents
    there, _ = at_work(world, day)
    chosen = there[rng.random(len(there)) < LIBRARY_SYNCS]
    tables = []
    for who, ip in zip(chosen.tolist(), world.client_ips(chosen, day), strict=True):
        folders = np.unique(tree.habits[who, rng.integers(0, tree.habits.shape[1], 5)])
        numbers = tree.all_of(folders)
        begin = world.workdays.office_times(rng, day, staff.shift[[who]])
        tables.append(
            audit.file(
                world,
                numbers,
                operation="FileSyncDownloadedFull",
                time=begin + np.cumsum(rng.integers(SECOND // 5, 12 * SECOND, len(numbers))),
                user=staff.user[who],
                ip=str(ip),
                agent=audit.SYNC_AGENT,
            )
        )
    return pa.concat_tables([audit.AUDIT.empty_table(), *tables])


def sign_ins(world: World, day: int, rng: np.random.Generator) -> pa.Table:
    """Sign-ins from office and home, sometimes from a trip, sometimes with a mistyped password."""
    staff = world.organisation.people
    there, _ = at_work(world, day)
    place = np.repeat(np.arange(len(there)), rng.poisson(SIGN_INS_A_DAY, len(there)))
    who, count = there[place], len(place)
    ip = world.client_ips(there, day)[place].astype("U15")
    trip = rng.random(count) < 0.008
    ip[trip] = [f"198.19.{200 + a}.{b}" for a, b in rng.integers(0, 50, (int(trip.sum()), 2)) + [0, 1]]
    return audit.sign_in(
        world,
        failed=rng.random(count) < 0.05,
        time=world.workdays.office_times(rng, day, staff.shift[who] - 10),
        user=pick(list(staff.user), who),
        ip=ip,
        agent=pick(audit.AGENTS, who % len(audit.AGENTS)),
    )


def shares(world: World, day: int, rng: np.random.Generator) -> pa.Table:
    """Files shared with colleagues, and a few guests invited by name."""
    staff, tree = world.organisation.people, world.documents
    there, _ = at_work(world, day)
    chosen = there[rng.random(len(there)) < 0.05]
    colleagues = staff.where()[rng.integers(0, len(staff.where()), len(chosen))]
    hosts = world.network.sites.host
    guest = rng.random(len(chosen)) < 0.06
    target = [
        f"contact_{hosts[world.network.sites.favourites[w, 3]]}#EXT#" if g else staff.user[c]
        for w, c, g in zip(chosen, colleagues, guest, strict=True)
    ]
    folder = tree.habits[chosen, rng.integers(0, 8, len(chosen))]
    return audit.share(
        world,
        tree.sample(rng, folder),
        operation="SharingSet",
        target=target,
        guest=guest,
        time=world.workdays.office_times(rng, day, staff.shift[chosen]),
        user=pick(list(staff.user), chosen),
        ip=world.client_ips(chosen, day),
        agent=audit.AGENTS[0],
    )
