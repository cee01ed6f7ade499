"""Collect, pack, send, clean up: many reads, then archives, then one large upload, then the traces, within days."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from tidegate.range import audit, endpoint, names, sessions
from tidegate.range.habits.desks import packed
from tidegate.range.incidents._when import HOUR, MINUTE, at_desk, evening
from tidegate.range.network import domain
from tidegate.range.scene import Scene
from tidegate.range.stealth import ORDINARY, Stealth
from tidegate.range.tables import AUDIT, EVENT, SECOND, SESSION, Ints, joined, numbers
from tidegate.range.world import Cast, World

CLEANER = r"C:\Windows\System32\wevtutil.exe"
ENCRYPTED = "a -t7z -mhe=on -p -v200m"  # names too, in volumes


def incident(
    world: World,
    roles: Cast,
    rng: np.random.Generator,
    *,
    stealth: Stealth = ORDINARY,
    files: int = 600,
    days: int = 3,  # of gathering, before the day on which it goes out
) -> Scene:
    """Several accounts may gather; one packs, sends and cleans up on a later day in the office."""
    org, tree = world.organisation, world.documents
    who = roles.pick(
        rng, lambda i: org.people.team[i] in ("GIS", "Ecology", "Laboratory") and world.stays(i), stealth.spread
    )
    total, leader = max(40, round(files * stealth.smaller)), who[0]
    count = round(days * stealth.slower)
    *gathering, last = at_desk(world, rng, leader, count + 1, 2 * count + 2).tolist()
    gathering = gathering or [last]
    haul = tree.strange(rng, leader, total)
    late = np.array([evening(stealth)])
    reads = []
    for n, part in enumerate(np.array_split(haul, len(gathering) * len(who))):
        day, person = gathering[n % len(gathering)], who[n // len(gathering)]
        begin = world.workdays.office_times(rng, day, late)
        reads.append(_read(world, rng, person, day, part, begin, files=1))
    done = max(int(numbers(part, "time").max()) for part in reads)
    packing = max(int(world.workdays.office_times(rng, last, late)[0]), done)
    host, ip = f"drop.{names.words(rng, 1)[0]}-share.example", "198.51.100.224"
    if stealth.popular:
        host, ip = world.service("drive")
    size = float(tree.file_size[haul].sum()) * 0.8
    volumes = [f"tmp-{n:03d}.7z" for n in range(1, 2 + min(5, int(size // 2e8)))]
    return Scene(
        pattern="staged",
        name="gathered, packed, sent, cleaned up",
        incident=True,
        actors=tuple(org.people.user[person] for person in who),
        devices=org.laptop_names(who, np.array([*gathering, last])),
        destinations=(domain(host),),
        note=f"{total} files over {len(gathering)} days, {size / 1e6:.0f} MB to {host}",
        audits=joined(AUDIT, reads),
        events=joined(
            EVENT,
            [
                _packed(world, leader, last, packing + 10 * MINUTE, volumes, ENCRYPTED),
                _removed(world, leader, last, packing + 100 * MINUTE, volumes),
                _traces(world, leader, last, packing + 105 * MINUTE),
            ],
        ),
        sessions=_sent(world, rng, leader, last, packing + 40 * MINUTE, size, host, ip),
    )


def twins(world: World, roles: Cast, rng: np.random.Generator) -> list[Scene]:
    """A release build every other week, and an archive every quarter: to approved places, in the open."""
    return [
        _routine(world, roles, rng, name="release build", team="GIS", every=14, files=120, service="portal", tidy=True),
        _routine(
            world, roles, rng, name="quarterly archive", team="Administration", every=90, files=700, service="archive"
        ),
    ]


def _routine(
    world: World,
    roles: Cast,
    rng: np.random.Generator,
    *,
    name: str,
    team: str,
    every: int,
    files: int,
    service: str,
    tidy: bool = False,
) -> Scene:
    """Files of own folders are read, packed and sent within a day. tidy: the packed file is deleted after."""
    org, tree, (host, ip) = world.organisation, world.documents, world.service(service)
    (person,) = roles.pick(rng, lambda i: org.people.team[i] == team and world.stays(i))
    there = world.in_office(person)
    starts = range(5, int(there[-1]), min(every, max(14, world.days // 3)))
    days = [int(there[np.searchsorted(there, start)]) for start in starts]
    reads, events, sent = [], [], []
    for n, day in enumerate(days):
        own = tree.files_in(np.unique(tree.habits_on(day)[person]))
        numbers = np.resize(own, min(files, 2 * len(own)))
        begin = int(world.workdays.office_times(rng, day, np.array([-90.0]))[0])
        reads.append(_read(world, rng, person, day, numbers, np.array([begin])))
        archive = [f"{name.replace(' ', '-')}-{n + 1}.zip"]
        events.append(_packed(world, person, day, begin + 2 * HOUR, archive, "a -tzip"))
        if tidy:
            events.append(_removed(world, person, day, begin + 4 * HOUR, archive))
        size = float(tree.file_size[numbers].sum()) * 0.8
        sent.append(_sent(world, rng, person, day, begin + 3 * HOUR, size, host, ip))
    return Scene(
        pattern="staged",
        name=name,
        incident=False,
        actors=(org.people.user[person],),
        devices=org.laptop_names([person], np.array(days)),
        destinations=(domain(host),),
        audits=joined(AUDIT, reads),
        events=joined(EVENT, events),
        sessions=joined(SESSION, sent),
    )


def _read(
    world: World, rng: np.random.Generator, person: int, day: int, numbers: Ints, begin: Ints, *, files: int = 0
) -> pa.Table:
    """Files opened and downloaded, one after the other."""
    return audit.file(
        world,
        numbers,
        operation=["FileAccessed" if n else "FileDownloaded" for n in rng.integers(0, 3, len(numbers))],
        time=begin + np.cumsum(rng.integers(SECOND, 12 * SECOND, len(numbers))),
        user=world.organisation.people.user[person],
        ip=str(world.client_ip(np.array([person]), day)[0]),
        agent=audit.AGENTS[person % 2],
        files=files,
    )


def _packed(world: World, person: int, day: int, begin: int, archives: list[str], options: str) -> pa.Table:
    time = begin + np.arange(len(archives)) * 3 * MINUTE
    return packed(world, np.full(len(archives), person), day, time, archives, options)


def _sent(
    world: World, rng: np.random.Generator, person: int, day: int, begin: int, size: float, host: str, ip: str
) -> pa.Table:
    device = int(world.organisation.laptops[person, day])
    return sessions.uploads(rng, time=np.array([begin]), device=device, host=host, ip=ip, sent=np.array([size]))


def _removed(world: World, person: int, day: int, begin: int, archives: list[str]) -> pa.Table:
    """The archives are deleted."""
    short = world.organisation.people.user[person].partition("@")[0]
    count = len(archives)
    return endpoint.deleted(
        world,
        person=person,
        image=endpoint.EXPLORER,
        path=pa.array([rf"C:\Users\{short}\Documents\{name}" for name in archives]),
        device=np.repeat(world.organisation.laptops[person, [day]], count),
        time=begin + np.arange(count) * SECOND,
    )


def _traces(world: World, person: int, day: int, begin: int) -> pa.Table:
    """The logs are emptied, of which the emptied log itself tells."""
    device, command, time = world.organisation.laptops[person, [day]], f"{CLEANER} cl Security", np.array([begin])
    return pa.concat_tables(
        [
            endpoint.launched(world, person=person, image=CLEANER, command=command, device=device, time=time),
            endpoint.cleared(world, person=person, device=device, time=time + SECOND),
        ]
    )
