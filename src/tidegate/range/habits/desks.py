"""What Windows records of people at their laptops: signing on, programs, archives made, and files put on a stick."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tidegate.range import endpoint
from tidegate.range.documents import named
from tidegate.range.tables import EVENT, SECOND, Ints, pick
from tidegate.range.world import World

PROGRAMS_A_DAY = 3
ARCHIVES = 0.02  # a person-day: a few files packed to be sent
STICK_OWNERS = 10  # one person in so many carries files on a stick now and then, always the same one
STICK_DAYS = 0.06  # share of those people's working days
PACKER = r"C:\Program Files\7-Zip\7zG.exe"
_PROGRAMS = (
    r"C:\Program Files\Microsoft Office\root\Office16\WINWORD.EXE",
    r"C:\Program Files\Microsoft Office\root\Office16\EXCEL.EXE",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
    r"C:\Program Files\Mozilla Firefox\firefox.exe",
    r"C:\Program Files\QGIS 3.34\bin\qgis-bin.exe",
)


def sign_ons(world: World, day: int, rng: np.random.Generator) -> pa.Table:
    """Everybody signs on at their laptop, at the office or at home."""
    there = world.at_work(day)
    time = world.workdays.office_times(rng, day, world.organisation.people.shift[there] - 20)
    return endpoint.signed_on(world, person=there, device=world.organisation.laptops[there, day], time=time)


def programs(world: World, day: int, rng: np.random.Generator) -> pa.Table:
    """Office programs and browsers."""
    there = world.at_work(day)
    who = np.repeat(there, rng.poisson(PROGRAMS_A_DAY, len(there)))
    image = pick(list(_PROGRAMS), rng.integers(0, len(_PROGRAMS), len(who)))
    return endpoint.launched(
        world,
        person=who,
        image=image,
        command=pc.binary_join_element_wise('"', image, '"', ""),
        device=world.organisation.laptops[who, day],
        time=world.workdays.office_times(rng, day, world.organisation.people.shift[who]),
    )


def archives(world: World, day: int, rng: np.random.Generator) -> pa.Table:
    """Somebody packs a few files of their own."""
    there = world.at_work(day)
    who = there[rng.random(len(there)) < ARCHIVES]
    time = world.workdays.office_times(rng, day, world.organisation.people.shift[who])
    return packed(world, who, day, time, [f"material-{n:04x}.zip" for n in rng.integers(0, 1 << 16, len(who))])


def packed(world: World, person: Ints, day: int, time: Ints, archive: list[str], options: str = "a -tzip") -> pa.Table:
    """The packer is started and makes an archive among the person's documents."""
    short = [world.organisation.people.user[n].partition("@")[0] for n in person.tolist()]
    named = zip(short, archive, strict=True)
    path = pa.array([rf"C:\Users\{user}\Documents\{name}" for user, name in named], pa.string())
    fixed = {"person": person, "image": PACKER, "device": world.organisation.laptops[person, day]}
    command = pc.binary_join_element_wise(f'"{PACKER}" {options} -- "', path, '"', "")
    return pa.concat_tables(
        [
            endpoint.launched(world, command=command, time=time, **fixed),
            endpoint.created(world, path=path, time=time + SECOND, **fixed),
        ]
    )


def carries(person: Any) -> Any:
    """Whether somebody has a stick at work."""
    return person % STICK_OWNERS == 3


def sticks(world: World, day: int, rng: np.random.Generator) -> pa.Table:
    """A tenth of the people now and then put some files of their own folders on their stick."""
    tree, there = world.documents, world.at_work(day)
    who = there[carries(there) & (rng.random(len(there)) < STICK_DAYS)]
    tables = []
    for person in who.tolist():
        folder = tree.habits_on(day)[person, rng.integers(0, 8, int(rng.geometric(0.12)))]
        begin = world.workdays.office_times(rng, day, np.zeros(1))
        stick = endpoint.own_stick(world, person)
        tables.append(put_on(world, rng, person, day, tree.sample(rng, folder), medium=stick, begin=begin))
    return pa.concat_tables([EVENT.empty_table(), *tables])


def put_on(
    world: World,
    rng: np.random.Generator,
    person: int,
    day: int,
    number: Ints,
    *,
    medium: str,
    begin: Ints,
    files: int = 0,
) -> pa.Table:
    """A medium is plugged in and files (by number) are copied to it one after the other. files: as the truth counts."""
    device, count = world.organisation.laptops[person, [day]], len(number)
    place = named(world.documents, number)
    return pa.concat_tables(
        [
            endpoint.plugged(world, medium=medium, device=device, time=begin),
            endpoint.copied(
                world,
                person=person,
                path=place["file"],
                device=np.repeat(device, count),
                time=begin + np.cumsum(rng.integers(SECOND // 2, 4 * SECOND, count)),
                size=place["size"],
                files=files,
            ),
        ]
    )
