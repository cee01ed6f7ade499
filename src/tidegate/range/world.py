"""Everything that is fixed before the first day: the organisation, its calendar, its network, its files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from tidegate.range import documents, network, organisation, workdays
from tidegate.range.tables import Bools, Ints


@dataclass(frozen=True, kw_only=True)
class World:
    """The stage: what background and scenes are played on."""

    seed: int
    days: int
    organisation: organisation.Organisation
    workdays: workdays.Workdays
    network: network.Network
    documents: documents.Documents

    def random(self, *key: str | int) -> np.random.Generator:
        """A generator of its own for each purpose: adding one purpose leaves the others' draws as they were."""
        words = [k if isinstance(k, int) else int.from_bytes(k.encode(), "big") for k in key]
        return np.random.default_rng([self.seed, *words])

    def service(self, name: str) -> tuple[str, str]:
        """Host name and address of a service the agency, or many of its people, use."""
        return self.network.services[name]

    def client_ips(self, people: Ints, day: int) -> np.ndarray[tuple[int], np.dtype[np.str_]]:
        """The public address each of these people appears under on a day: their office's, or their home's."""
        staff, calendar = self.organisation.people, self.workdays
        office = np.array([self.network.office_ip(o) for o in range(len(self.organisation.offices))])
        home = np.array(staff.home_ip)
        away = calendar.remote[people, day] | ~calendar.present[people, day]
        return np.where(away, home[people], office[staff.office[people]])


@dataclass
class Cast:
    """Who plays in which scene; nobody plays twice."""

    world: World
    taken: set[int] = field(default_factory=set)

    def pick(self, rng: np.random.Generator, fits: Callable[[int], bool], count: int = 1) -> list[int]:
        """So many staff members that fit, fewer demands on them when there are not enough."""
        staff = self.world.organisation.people.where()
        free = [int(i) for i in rng.permutation(staff) if int(i) not in self.taken]
        chosen = ([i for i in free if fits(i)] + [i for i in free if not fits(i)])[:count]
        self.taken.update(chosen)
        return chosen


def world(*, people: int, days: int, seed: int, start: date, utc_offset: int) -> World:
    """Draw the stage from a seed."""
    rng = np.random.default_rng([seed, 0])
    org = organisation.organisation(rng, people=people, days=days)
    staff = org.people
    stem = org.domain.partition("-")[0]
    return World(
        seed=seed,
        days=days,
        organisation=org,
        workdays=workdays.workdays(
            rng,
            start=start,
            days=days,
            utc_offset=utc_offset,
            first=staff.start,
            last=staff.end,
            pattern=staff.pattern,
            remote=staff.home_share,
        ),
        network=network.network(
            rng,
            org.devices,
            people=len(staff),
            days=days,
            offices=len(org.offices),
            stem=stem,
            vendor=org.vendor,
        ),
        documents=documents.documents(rng, org, stem=stem, projects=rng.integers(0, 4 + people // 12, (len(staff), 2))),
    )


def at_work(world: World, day: int) -> tuple[Ints, Bools]:
    """Staff who work on a day, and which of them do so from home."""
    staff = world.organisation.people.where()
    there = staff[world.workdays.present[staff, day]]
    return there, world.workdays.remote[there, day]
