"""Hundreds of files are put on a medium that was never seen before, on one day or a few.

Part of the reported hauls: files taken home on a stick.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tidegate.range import audit, endpoint
from tidegate.range.habits.desks import carries, put_on
from tidegate.range.incidents._when import HOUR, MINUTE, at_desk, evening
from tidegate.range.scene import Scene
from tidegate.range.stealth import ORDINARY, Stealth
from tidegate.range.tables import AUDIT, EVENT, SECOND, Ints, joined
from tidegate.range.world import Cast, World


def incident(
    world: World,
    roles: Cast,
    rng: np.random.Generator,
    *,
    stealth: Stealth = ORDINARY,
    files: int = 900,
    days: int = 2,  # on which they are copied
) -> Scene:
    """Files of other teams are downloaded after hours and copied within the hour."""
    people, tree = world.organisation.people, world.documents
    fits = carries if stealth.popular else lambda i: people.team[i] != "Rangers"
    who = roles.pick(rng, lambda i: bool(fits(i)) and world.stays(i), stealth.spread)
    total = max(30, round(files * stealth.smaller * rng.uniform(0.85, 1.15)))
    audits, events, used, sticks = [], [], [], []
    for person, share in zip(who, np.array_split(np.arange(total), len(who)), strict=True):
        # Whoever takes care uses the stick that is known to be theirs.
        stick = endpoint.own_stick(world, person) if stealth.popular else endpoint.medium(rng)
        sticks.append(endpoint.serial(stick))
        numbers = tree.strange(rng, person, len(share))
        chosen = at_desk(world, rng, person, round(days * stealth.slower), round(3 * days * stealth.slower))
        used += [(person, day) for day in chosen.tolist()]
        for day, part in zip(chosen.tolist(), np.array_split(numbers, len(chosen)), strict=True):
            begin = world.workdays.office_times(rng, day, np.array([evening(stealth)]))
            audits.append(_downloaded(world, rng, person, day, part, begin))
            events.append(put_on(world, rng, person, day, part, medium=stick, begin=begin + HOUR, files=1))
    return Scene(
        pattern="removable",
        name="haul to a stick",
        incident=True,
        actors=tuple(people.user[person] for person in who),
        devices=tuple(sorted({name for person, day in used for name in _laptop(world, person, day)})),
        destinations=tuple(sticks),
        note=f"{total} files on {len(used)} days",
        audits=joined(AUDIT, audits),
        events=joined(EVENT, events),
    )


def twins(world: World, roles: Cast, rng: np.random.Generator) -> list[Scene]:
    """A ranger's camera card and stick every week, and a backup of a whole disk to the person's own."""
    return [_ranger(world, roles, rng), _whole_disk(world, roles, rng)]


def _ranger(world: World, roles: Cast, rng: np.random.Generator, *, pictures: int = 120) -> Scene:
    """Each week the camera's card comes in, its pictures go to the laptop, and some with the maps to the stick."""
    people, tree = world.organisation.people, world.documents
    (person,) = roles.pick(rng, lambda i: people.team[i] == "Rangers" and world.stays(i))
    there, card = world.in_office(person), endpoint.medium(world.random("card", person))
    parts, days = [], [day for day in there.tolist() if day % 7 == there[0] % 7]
    for day in days:
        begin = world.workdays.office_times(rng, day, np.zeros(1))
        device, count = world.organisation.laptops[person, [day]], int(rng.poisson(pictures))
        taken = rng.integers(0, 10_000, count).astype(str)
        folder = rf"C:\Users\{people.user[person].partition('@')[0]}\Pictures\IMG_"
        parts += [
            endpoint.plugged(world, medium=card, device=device, time=begin),
            endpoint.created(
                world,
                person=person,
                image=endpoint.EXPLORER,
                path=pc.binary_join_element_wise(folder, pa.array(taken), ".JPG", ""),
                device=np.repeat(device, count),
                time=begin + SECOND + np.sort(rng.integers(0, 10 * MINUTE, count)),
            ),
        ]
        maps = tree.sample(rng, tree.habits_on(day)[person, rng.integers(0, 8, max(5, count // 4))])
        stick = endpoint.own_stick(world, person)
        parts.append(put_on(world, rng, person, day, maps, medium=stick, begin=begin + 20 * MINUTE))
    return _twin(world, "ranger's camera card and stick", person, np.array(days), parts)


def _whole_disk(world: World, roles: Cast, rng: np.random.Generator) -> Scene:
    """Every four weeks everything somebody works on goes to a disk of their own, as it always has."""
    people, tree = world.organisation.people, world.documents
    (person,) = roles.pick(rng, lambda i: people.team[i] in ("IT", "GIS", "Ecology") and world.stays(i))
    there, disk = world.in_office(person), endpoint.medium(world.random("disk", person), disk=True)
    days = sorted({int(there[np.searchsorted(there, day)]) for day in range(2, int(there[-1]), 28)})
    parts = []
    for day in days:
        mine = tree.files_in(np.unique(np.concatenate([tree.habits_on(day)[person], np.arange(*tree.home[person])])))
        begin = world.workdays.office_times(rng, day, np.zeros(1))
        parts.append(put_on(world, rng, person, day, mine, medium=disk, begin=begin))
    return _twin(world, "full backup to an own disk", person, np.array(days), parts)


def _downloaded(world: World, rng: np.random.Generator, person: int, day: int, numbers: Ints, begin: Ints) -> pa.Table:
    """Files fetched within three quarters of an hour."""
    return audit.file(
        world,
        numbers,
        operation="FileDownloaded",
        time=begin + np.sort(rng.integers(0, 45 * MINUTE, len(numbers))),
        user=world.organisation.people.user[person],
        ip=str(world.client_ip(np.array([person]), day)[0]),
        agent=audit.AGENTS[person % 2],
    )


def _laptop(world: World, person: int, day: int) -> tuple[str, ...]:
    return world.organisation.laptop_names([person], np.array([day]))


def _twin(world: World, name: str, person: int, days: Ints, parts: list[pa.Table]) -> Scene:
    return Scene(
        pattern="removable",
        name=name,
        incident=False,
        actors=(world.organisation.people.user[person],),
        devices=world.organisation.laptop_names([person], days),
        events=joined(EVENT, parts),
    )
