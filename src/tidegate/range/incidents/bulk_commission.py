"""A commission from outside: a team's devices send half a terabyte in a month to a new place, around the clock.

Reported: 500 GB in one month, in near real time, from a few devices, far more sent than received.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from tidegate.range import names
from tidegate.range.organisation import ALWAYS
from tidegate.range.scene import Additions, Scene
from tidegate.range.tables import DAY, REGISTER, SECOND, SESSION, Floats, Ints, rows
from tidegate.range.world import Cast, World

HOUR = 3_600 * SECOND


def incident(
    world: World,
    roles: Cast,
    rng: np.random.Generator,
    *,
    total: float = 500e9,  # bytes in thirty days, as reported; shorter when the period is
    last_days: int = 30,
    chunk: float = 90e6,  # bytes a session on average: near real time, some sessions an hour from each device
    warm_up: int = 2,  # days of small trials before it starts in earnest
) -> Scene:
    """Two or three people of one team let their laptops send day and night."""
    length = min(last_days, max(5, world.days // 3))
    total *= length / last_days * rng.uniform(0.8, 1.2)
    start = int(rng.integers(world.days // 2, world.days - length + 1))
    team = str(rng.choice(["GIS", "Rangers", "IT", "Ecology"]))
    staff, org = world.organisation.people, world.organisation
    people = roles.pick(rng, lambda i: staff.team[i] == team and _stays(world, i), int(rng.integers(2, 4)))
    host, ip = f"{rng.choice(['in', 'rx', 'collect', 'feed'])}.{names.words(rng, 1)[0]}-insight.example", "198.51.100.203"
    days = np.arange(length)
    weight = np.where(days < warm_up, 0.02, rng.lognormal(0, 0.25, length))
    tables = []
    for person, share in zip(people, rng.dirichlet([4] * len(people)), strict=True):
        for day, amount in zip(days + start, total * share * weight / weight.sum(), strict=True):
            count = max(1, int(rng.poisson(amount / chunk)))
            sent = amount * rng.dirichlet(np.full(count, 3.0))
            time = np.sort(world.workdays.all_day_times(rng, int(day), count))
            tables.append(_upload(rng, time, int(org.laptops[person, day]), host, ip, sent))
    devices = sorted({int(org.laptops[p, d]) for p in people for d in days + start})
    return Scene(
        pattern="bulk_commission",
        name="commission from an outside client",
        incident=True,
        actors=tuple(staff.user[p] for p in people),
        devices=tuple(org.devices.name[d] for d in devices),
        destinations=(host,),
        note=f"{total / 1e9:.0f} GB in {length} days" + ("" if length == last_days else ", scaled to the period"),
        sessions=_in_order(tables),
    )


def twins(world: World, roles: Cast, rng: np.random.Generator) -> list[Scene]:
    """The nightly backup with its change of provider, a data delivery under permit, the press office's film."""
    return [_backup(world, rng), _delivery(world, roles, rng), _film(world, roles, rng)]


def _backup(world: World, rng: np.random.Generator) -> Scene:
    """Every night; halfway through the provider changes, and the new one first gets everything."""
    device = world.organisation.devices.name.index("SRV-FILE01")
    nightly = 90e6 * len(world.organisation.people) * np.linspace(1, 1.15, world.days)
    change = int(rng.integers(world.days // 2 - 5, world.days // 2 + 10))
    tables = []
    for day in range(world.days):
        host, ip = world.service("backup" if day < change else "newbackup")
        amount = nightly[day] * rng.lognormal(0, 0.12) * (8 if change <= day < change + 3 else 1)
        begin = world.workdays.midnight(day) + int(rng.normal(1.2, 0.05) * HOUR)
        sent = np.full(12, amount / 12) * rng.lognormal(0, 0.05, 12)
        tables.append(_upload(rng, begin + np.arange(12) * 14 * 60 * SECOND, device, host, ip, sent))
    new = world.service("newbackup")[0]
    return Scene(
        pattern="bulk_commission",
        name="off-site backup with a change of provider",
        incident=False,
        actors=(f"svc-backup@{world.organisation.domain}",),
        devices=("SRV-FILE01",),
        destinations=(world.service("backup")[0], new),
        sessions=_in_order(tables),
        context=Additions(
            destinations=((new, "approved", "home", f"off-site backup from {world.workdays.date(change)}"),)
        ),
    )


def _delivery(world: World, roles: Cast, rng: np.random.Generator) -> Scene:
    """The laboratory delivers sequencing data to the partner university, permitted and entered in the register."""
    staff = world.organisation.people
    (person,) = roles.pick(rng, lambda i: staff.team[i] == "Laboratory" and _stays(world, i))
    device = world.organisation.devices.name.index("SRV-LAB01")
    host, ip = world.service("university")
    days = np.unique(rng.integers(3, world.days - 2, max(2, world.days // 25)))
    sizes: Floats = rng.uniform(25e9, 90e9, len(days))
    tables, times = [], []
    for day, size in zip(days.tolist(), sizes, strict=True):
        begin = world.workdays.midnight(day) + int(rng.uniform(8, 15) * HOUR)
        count = int(rng.integers(20, 60))
        tables.append(
            _upload(rng, begin + np.sort(rng.integers(0, 9 * HOUR, count)), device, host, ip, size * rng.dirichlet(np.full(count, 5.0)))
        )
        times.append(begin)
    permit = "DD-2026-014"
    until = world.workdays.date(world.days + 60)
    return Scene(
        pattern="bulk_commission",
        name="data delivery under permit",
        incident=False,
        actors=(staff.user[person],),
        devices=("SRV-LAB01",),
        destinations=(host,),
        sessions=_in_order(tables),
        register=rows(
            REGISTER,
            len(days),
            time=np.array(times),
            sender=staff.user[person],
            recipient=f"intake@{host.split('.', 1)[1]}",
            country="AX",
            description="raw reads, amphibian genomes",
            permit=permit,
            items=rng.integers(200, 900, len(days)),
            bytes=sizes,
        ),
        context=Additions(
            permits=((permit, staff.user[person], host.split(".", 1)[1], "genetic", "sensitive", "", str(round(200e9) * len(days)),
                      f"{world.workdays.date(-90)}", f"{until}", "sequencing data, project agreement"),)
        ),
    )  # fmt: skip


def _film(world: World, roles: Cast, rng: np.random.Generator) -> Scene:
    """A press officer uploads footage to the agency's production service over a few days."""
    staff = world.organisation.people
    (person,) = roles.pick(rng, lambda i: staff.team[i] == "Press" and _stays(world, i))
    host, ip = world.service("video")
    there = np.flatnonzero(world.workdays.present[person] & ~world.workdays.remote[person])
    there = there[there > world.days // 3]
    first = int(rng.integers(0, max(1, len(there) - 4)))
    tables = []
    for day in there[first : first + 4].tolist():
        count = int(rng.integers(15, 40))
        time = np.sort(world.workdays.office_times(rng, day, np.full(count, staff.shift[person])))
        sent = rng.lognormal(np.log(6e8), 0.7, count)
        tables.append(_upload(rng, time, int(world.organisation.laptops[person, day]), host, ip, sent))
    return Scene(
        pattern="bulk_commission",
        name="video production upload",
        incident=False,
        actors=(staff.user[person],),
        devices=tuple(sorted({world.organisation.devices.name[world.organisation.laptops[person, d]] for d in there[first : first + 4]})),
        destinations=(host,),
        sessions=_in_order(tables),
        context=Additions(destinations=((host, "approved", "home", "film production, press office"),)),
    )


def _upload(rng: np.random.Generator, time: Ints, device: int, host: str, ip: str, sent: Floats) -> pa.Table:
    """Sessions that send far more than they receive."""
    count = len(time)
    columns: dict[str, Any] = {"time": time, "device": device, "host": host, "ip": ip, "sent": sent}
    return rows(
        SESSION,
        count,
        **columns,
        seconds=sent / rng.lognormal(np.log(6e6), 0.3, count),
        received=sent * rng.uniform(0.002, 0.006, count),
        method="PUT",
        path="/v1/objects",
        mime="application/json",
    )


def _stays(world: World, person: int) -> bool:
    people = world.organisation.people
    return int(people.end[person]) == ALWAYS and int(people.start[person]) <= 0


def _in_order(tables: list[pa.Table]) -> pa.Table:
    return pa.concat_tables([SESSION.empty_table(), *tables]).sort_by([("time", "ascending")])
