"""A commission from outside: a team's devices send half a terabyte in a month to a new place, around the clock.

Reported: 500 GB in one month, in near real time, from a few devices, far more sent than received.
"""

from __future__ import annotations

import numpy as np

from tidegate.range import names, sessions
from tidegate.range.network import domain
from tidegate.range.scene import Additions, Scene
from tidegate.range.stealth import ORDINARY, Stealth
from tidegate.range.tables import REGISTER, SECOND, SESSION, Ints, joined, rows
from tidegate.range.world import Cast, World

MINUTE, HOUR = 60 * SECOND, 3_600 * SECOND


def incident(
    world: World,
    roles: Cast,
    rng: np.random.Generator,
    *,
    stealth: Stealth = ORDINARY,
    total: float = 500e9,  # bytes in `last_days`, as reported; fewer days, and as much less, in a short period
    last_days: int = 30,
    chunk: float = 90e6,  # bytes a session on average: some sessions an hour from each device
    trial_days: int = 2,  # with a fiftieth of the usual amount, before it starts in earnest
) -> Scene:
    """Two or three people of one team let their laptops send, day and night if they don't mind."""
    org = world.organisation
    planned = round(last_days * stealth.slower)
    length = min(planned, max(5, world.days // 3))
    amount = total * stealth.smaller * length / planned * rng.uniform(0.85, 1.15)
    start = int(rng.integers(world.days // 2, world.days - length + 1))
    team = str(rng.choice(["GIS", "Rangers", "IT", "Ecology"]))
    people = roles.pick(
        rng, lambda i: org.people.team[i] == team and world.stays(i), int(rng.integers(2, 4)) * stealth.spread
    )
    host, ip = (
        f"{rng.choice(['in', 'rx', 'collect', 'feed'])}.{names.words(rng, 1)[0]}-insight.example",
        "198.51.100.203",
    )
    host, ip = world.service("transfer") if stealth.popular else (host, ip)
    days = start + np.arange(length)
    weight = np.where(np.arange(length) < trial_days, 0.02, rng.lognormal(0, 0.25, length))
    tables = []
    for person, share in zip(people, rng.dirichlet(np.full(len(people), 4.0)), strict=True):
        at_desk = np.intersect1d(days, world.in_office(person)) if stealth.inside_hours else days
        mine = at_desk if len(at_desk) else days
        part = weight[mine - start] / weight[mine - start].sum()
        for day, volume in zip(mine.tolist(), amount * share * part, strict=True):
            count = max(1, int(rng.poisson(volume / (chunk * stealth.smaller))))
            tables.append(
                sessions.uploads(
                    rng,
                    time=_times(world, rng, person, day, count, inside_hours=stealth.inside_hours),
                    device=int(org.laptops[person, day]),
                    host=host,
                    ip=ip,
                    sent=volume * rng.dirichlet(np.full(count, 3.0)),
                )
            )
    return Scene(
        pattern="bulk_commission",
        name="commission from an outside client",
        incident=True,
        actors=tuple(org.people.user[person] for person in people),
        devices=org.laptop_names(people, days),
        destinations=(domain(host),),
        note=f"{amount / 1e9:.0f} GB to {host} in {length} days"
        + (", scaled to the period" if length < planned else ""),
        sessions=joined(SESSION, tables),
    )


def _times(world: World, rng: np.random.Generator, person: int, day: int, count: int, *, inside_hours: bool) -> Ints:
    if inside_hours:
        return world.workdays.office_times(rng, day, np.full(count, world.organisation.people.shift[person]))
    return world.workdays.any_times(rng, day, count)


def twins(world: World, roles: Cast, rng: np.random.Generator) -> list[Scene]:
    """The nightly backup with its change of provider, a data delivery under permit, the press office's film."""
    return [_backup(world, rng), _delivery(world, roles, rng), _film(world, roles, rng)]


def _backup(world: World, rng: np.random.Generator) -> Scene:
    """Every night; halfway through the provider changes, and the new one first gets everything."""
    org = world.organisation
    change = world.days // 2 + int(rng.integers(-5, 6))
    nightly = 90e6 * len(org.people) * np.linspace(1, 1.15, world.days) * rng.lognormal(0, 0.12, world.days)
    nightly[change : change + 3] *= 8
    tables = []
    for day, volume in enumerate(nightly):
        host, ip = world.service("backup" if day < change else "new_backup")
        begin = world.workdays.midnight(day) + int(rng.normal(72, 3)) * MINUTE
        tables.append(
            sessions.uploads(
                rng,
                time=begin + np.arange(12) * 14 * MINUTE + rng.integers(0, MINUTE, 12),
                device=org.server("FILE"),
                host=host,
                ip=ip,
                sent=volume / 12 * rng.lognormal(0, 0.05, 12),
                rate=4e7,
            )
        )
    new = world.service("new_backup")[0]
    since = world.workdays.date(change)
    return Scene(
        pattern="bulk_commission",
        name="off-site backup with a change of provider",
        incident=False,
        actors=(f"svc-backup@{org.domain}",),
        devices=("SRV-FILE01",),
        destinations=(domain(world.service("backup")[0]), domain(new)),
        sessions=joined(SESSION, tables),
        context=Additions(destinations=((f"*.{domain(new)}", "approved", "home", f"off-site backup from {since}"),)),
    )


def _delivery(world: World, roles: Cast, rng: np.random.Generator) -> Scene:
    """The laboratory delivers sequencing data to the partner university, permitted and entered in the register."""
    org, calendar = world.organisation, world.workdays
    (person,) = roles.pick(rng, lambda i: org.people.team[i] == "Laboratory" and world.stays(i))
    user, (host, ip) = org.people.user[person], world.service("university")
    days = np.sort(rng.choice(np.flatnonzero(calendar.present[person]), max(2, world.days // 25), replace=False))
    volumes = rng.uniform(25e9, 90e9, len(days))
    begins = np.array([calendar.midnight(day) for day in days.tolist()]) + rng.integers(8 * HOUR, 13 * HOUR, len(days))
    tables = []
    for begin, volume in zip(begins, volumes, strict=True):
        count = int(rng.integers(20, 60))
        tables.append(
            sessions.uploads(
                rng,
                time=begin + rng.integers(0, 9 * HOUR, count),
                device=org.server("LAB"),
                host=host,
                ip=ip,
                sent=volume * rng.dirichlet(np.full(count, 5.0)),
                rate=4e7,
            )
        )
    permit = f"DD-{calendar.start.year}-014"
    validity = (calendar.date(-90).isoformat(), calendar.date(world.days + 60).isoformat())
    return Scene(
        pattern="bulk_commission",
        name="data delivery under permit",
        incident=False,
        actors=(user,),
        devices=("SRV-LAB01",),
        destinations=(domain(host),),
        sessions=joined(SESSION, tables),
        register=rows(
            REGISTER,
            len(days),
            time=begins // MINUTE * MINUTE,
            sender=user,
            recipient=f"intake@{domain(host)}",
            country="AX",
            description="raw reads, amphibian genomes",
            permit=permit,
            items=rng.integers(200, 900, len(days)),
            bytes=volumes,
        ),
        context=Additions(
            permits=((permit, user, domain(host), "genetic", "sensitive", "", "1 TB", *validity, "project agreement"),)
        ),
    )


def _film(world: World, roles: Cast, rng: np.random.Generator) -> Scene:
    """A press officer uploads footage to the agency's production service over a few days."""
    org = world.organisation
    (person,) = roles.pick(rng, lambda i: org.people.team[i] == "Press" and world.stays(i))
    host, ip = world.service("video")
    there = world.in_office(person)
    first = int(rng.integers(len(there) // 3, len(there) - 3))
    days = there[first : first + 4]
    tables = []
    for day in days.tolist():
        count = int(rng.integers(15, 40))
        tables.append(
            sessions.uploads(
                rng,
                time=world.workdays.office_times(rng, day, np.full(count, org.people.shift[person])),
                device=int(org.laptops[person, day]),
                host=host,
                ip=ip,
                sent=rng.lognormal(np.log(6e8), 0.7, count),
            )
        )
    return Scene(
        pattern="bulk_commission",
        name="video production upload",
        incident=False,
        actors=(org.people.user[person],),
        devices=org.laptop_names([person], days),
        destinations=(domain(host),),
        sessions=joined(SESSION, tables),
        context=Additions(destinations=((host, "approved", "home", "film production, press office"),)),
    )
