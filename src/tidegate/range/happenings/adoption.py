"""A new cloud service that nearly everybody starts to use within a week, and goes on using."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from tidegate.range import names, sessions
from tidegate.range.happenings import Happening, occasions
from tidegate.range.network import domain
from tidegate.range.organisation import ALWAYS
from tidegate.range.scene import Additions
from tidegate.range.tables import SESSION, Ints
from tidegate.range.world import World

A_YEAR = 1.5
ENTERED = 0.6  # share that somebody enters among the destinations
IMPORT = 12  # times the usual size of what people send on their first day


@dataclass(frozen=True)
class _Service:
    first: int
    host: str
    ip: str
    since: Ints  # the day from which each person uses it
    a_day: float  # uploads of a person
    size: float  # bytes of a usual one
    entered: bool


def planned(world: World) -> list[Happening]:
    return [
        Happening(
            kind="adoption",
            first=service.first,
            last=world.days - 1,
            destinations=(domain(service.host),),
            note=f"{np.sum(service.since < ALWAYS)} people start to use {service.host} within a week",
            context=Additions(destinations=((f"*.{domain(service.host)}", "approved", "", "new for everybody"),))
            if service.entered
            else Additions(),
        )
        for service in _services(world)
    ]


def new_services(world: World, day: int, rng: np.random.Generator) -> pa.Table:
    """Uploads to the services that were new once."""
    there, parts = world.at_work(day, office=True), [SESSION.empty_table()]
    for service in (s for s in _services(world) if s.first <= day):
        users = there[service.since[there] <= day]
        who = np.repeat(users, rng.poisson(service.a_day, len(users)))
        size = service.size * rng.lognormal(0, 1.4, len(who)) * np.where(service.since[who] == day, IMPORT, 1)
        parts.append(
            sessions.uploads(
                rng,
                time=world.workdays.office_times(rng, day, world.organisation.people.shift[who]),
                device=world.organisation.laptops[who, day],
                host=service.host,
                ip=service.ip,
                sent=size.clip(2_000, 5e9),
                path="/api/v2/items",
            )
        )
    return pa.concat_tables(parts)


def _services(world: World) -> Iterator[_Service]:
    rng, count = world.random("adoption"), len(world.organisation.people)
    for n, day in enumerate(occasions(rng, world.days, a_year=A_YEAR)):
        uses = rng.random(count) < rng.uniform(0.5, 0.95)
        yield _Service(
            first=day,
            host=f"app.{names.words(rng, 1)[0]}-works.example",
            ip=f"198.51.100.{100 + n % 50}",
            since=np.where(uses, day + np.minimum(rng.geometric(0.35, count) - 1, 6), ALWAYS),
            a_day=float(rng.uniform(0.3, 2)),
            size=float(rng.lognormal(np.log(4e5), 0.8)),
            entered=bool(rng.random() < ENTERED),
        )
