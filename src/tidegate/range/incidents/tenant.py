"""Snapshots, images, a bucket or a database are shared with an outside account of the same cloud.

Nothing crosses the organisation's border: the provider copies, and only the account's own log tells.
"""

from __future__ import annotations

import json

import numpy as np
import pyarrow as pa

from tidegate.range import cloud, ids
from tidegate.range.habits.clouds import staff
from tidegate.range.incidents._when import MINUTE, days_of, evening, first_day, lasting
from tidegate.range.scene import Additions, Scene
from tidegate.range.stealth import ORDINARY, Stealth
from tidegate.range.tables import CALL, joined
from tidegate.range.world import Cast, World

KINDS = ("snapshot", "image", "bucket", "database")


def incident(
    world: World,
    roles: Cast,
    rng: np.random.Generator,
    *,
    stealth: Stealth = ORDINARY,
    kinds: tuple[str, ...] = KINDS,  # of which some are drawn
    shared: int = 6,  # things
    days: int = 2,
) -> Scene:
    """An engineer (or several) makes copies and shares them with an account that nobody here knows."""
    people, length = world.organisation.people, lasting(world, days, stealth)
    first, account = first_day(world, rng, length), str(rng.choice(cloud.OUTSIDERS))
    able = rng.permutation(staff(world)[1:]).tolist()  # the first one plays the twins
    who = sorted(able, key=lambda n: roles.taken[n])[: stealth.spread]
    roles.taken.update(who)
    count = max(1, round(shared * stealth.smaller))
    parts = []
    for n, day in enumerate(days_of(world, rng, first, length, count, stealth).tolist()):
        person, kind = who[n % len(who)], str(rng.choice(kinds))
        time = int(world.workdays.office_times(rng, day, np.array([evening(stealth)]))[0])
        ip = str(world.client_ip(np.array([person]), day)[0]) if stealth.inside_hours else people.home_ip[person]
        identity, agent = cloud.person(world, person), cloud.COMMAND_LINE
        parts.append(_copied(rng, kind, time, identity=identity, ip=ip, agent=agent))
        size, at = int(rng.lognormal(np.log(6e10), 0.8)), time + 25 * MINUTE
        opened = _shared(world, rng, kind, account, at, identity=identity, ip=ip, agent=agent, sent=size, files=1)
        parts.append(opened)
    return Scene(
        pattern="tenant",
        name="shared with an outside account",
        incident=True,
        actors=tuple(people.user[person] for person in who),
        destinations=(account,),
        note=f"{count} things in {length} days",
        calls=joined(CALL, parts),
    )


def twins(world: World, roles: Cast, rng: np.random.Generator) -> list[Scene]:
    """Images for the organisation's own second account every week, and a bucket and images for the vendor's."""
    person = staff(world)[0]
    roles.taken[person] += 1
    return [
        _routine(world, rng, "images for the own second account", cloud.SECOND_ACCOUNT, "own", person, every=7),
        _routine(
            world, rng, "a vendor's account, listed as partner", cloud.VENDOR_ACCOUNT, "partner", person, every=30
        ),
    ]


def _routine(
    world: World, rng: np.random.Generator, name: str, account: str, kind: str, person: int, *, every: int
) -> Scene:
    """Week by week by a program, or month by month by an engineer."""
    parts = []
    for day in range(2, world.days, every):
        time = world.workdays.midnight(day) + int(rng.integers(8, 11)) * 60 * MINUTE
        if kind == "own":
            identity, ip, agent, things = cloud.machine("Deploy"), "10.0.12.8", cloud.PROGRAM, ["image", "image"]
        else:
            identity, ip = cloud.person(world, person), str(world.client_ip(np.array([person]), day)[0])
            agent, things = cloud.CONSOLE, ["bucket" if day == 2 else "snapshot"]
        for n, thing in enumerate(things):
            at = time + n * MINUTE
            parts.append(_shared(world, rng, thing, account, at, identity=identity, ip=ip, agent=agent))
    return Scene(
        pattern="tenant",
        name=name,
        incident=False,
        actors=(world.organisation.people.user[person],) if kind != "own" else ("Deploy",),
        destinations=(account,),
        calls=joined(CALL, parts),
        context=Additions(destinations=((account, kind, "home", name),)),
    )


def _copied(rng: np.random.Generator, kind: str, time: int, *, identity: str, ip: str, agent: str) -> pa.Table:
    """What is shared is copied before; a bucket is looked through instead."""
    event, source = {
        "snapshot": ("CreateSnapshot", "ec2"),
        "image": ("CreateImage", "ec2"),
        "bucket": ("ListObjects", "s3"),
        "database": ("CreateDBSnapshot", "rds"),
    }[kind]
    request = pa.array([json.dumps({"description": ids.hexadecimal(rng, 1, 6)[0].as_py()})])
    return cloud.call(event, source, 1, request=request, time=np.array([time]), identity=identity, ip=ip, agent=agent)


def _shared(
    world: World,
    rng: np.random.Generator,
    kind: str,
    account: str,
    time: int,
    *,
    identity: str,
    ip: str,
    agent: str,
    sent: int = 0,
    files: int = 0,
) -> pa.Table:
    """The one call that opens it."""
    made = ids.hexadecimal(rng, 1, 16)[0].as_py()
    stem = world.organisation.stem
    named = {
        "snapshot": f"snap-0{made}",
        "image": f"ami-0{made}",
        "bucket": f"{stem}-{rng.choice(['survey', 'raw', 'maps'])}",
        "database": f"{stem}-{made[:6]}",
    }[kind]
    return cloud.shared(
        kind, named, account, time=np.array([time]), identity=identity, ip=ip, agent=agent, sent=sent, files=files
    )
