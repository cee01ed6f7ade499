"""Everything that is fixed before the first day: the organisation, its calendar, its network, its files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from tidegate.range.documents import Documents, documents
from tidegate.range.happenings.reorganisation import reorganised
from tidegate.range.network import Network, network
from tidegate.range.organisation import ALWAYS, Organisation, organisation
from tidegate.range.tables import Ints, Texts
from tidegate.range.workdays import Workdays, workdays


@dataclass(frozen=True, kw_only=True)
class World:
    """The stage: what background and scenes are played on."""

    seed: int
    days: int
    thin: bool  # only what leaves, who signs in and who touches files
    organisation: Organisation
    workdays: Workdays
    network: Network
    documents: Documents

    def random(self, *key: str | int) -> np.random.Generator:
        """A generator of its own for each purpose: adding one purpose leaves the others' draws as they were."""
        words = [k if isinstance(k, int) else int.from_bytes(k.encode(), "big") for k in key]
        return np.random.default_rng([self.seed, *words])

    def service(self, name: str) -> tuple[str, str]:
        """Host name and address of a service that the agency, or many of its people, use."""
        return self.network.services[name]

    def at_work(self, day: int, *, office: bool = False) -> Ints:
        """Staff who work on a day; only those who are in an office, and so on the agency's network."""
        there = self.workdays.present[:, day] & ~(self.workdays.remote[:, day] & office)
        staff = self.organisation.people.where()
        return staff[there[staff]]

    def in_office(self, person: int) -> Ints:
        """The days somebody is in an office."""
        return np.flatnonzero(self.workdays.present[person] & ~self.workdays.remote[person])

    def stays(self, person: int) -> bool:
        """Free for any scene: there all the time, with one laptop lately, and on five days or more of two thirds."""
        people, laptops = self.organisation.people, self.organisation.laptops[person]
        same = laptops[max(0, self.days - 365)] == laptops[-1]
        always = people.end[person] == ALWAYS and people.start[person] < 0 and same
        return bool(always and np.sum(self.in_office(person) >= self.days // 3) >= 5)

    def client_ip(self, people: Ints, day: int) -> Texts:
        """The public address each of these people appears under on a day: their office's, or their home's."""
        staff, calendar = self.organisation.people, self.workdays
        office = np.array([self.network.office_ip(n) for n in range(len(self.organisation.offices))])
        away = calendar.remote[people, day] | ~calendar.present[people, day]
        return np.where(away, np.array(staff.home_ip)[people], office[staff.office[people]])


@dataclass
class Cast:
    """Who plays in which scene, and how often; nobody plays once more while there is somebody who plays less."""

    world: World
    taken: Counter[int] = field(default_factory=Counter)

    def pick(self, rng: np.random.Generator, fits: Callable[[int], bool], count: int = 1) -> list[int]:
        """So many members of staff that fit; where there are not enough, others who are there all the time."""
        staff = [int(i) for i in rng.permutation(self.world.organisation.people.where())]
        possible = [i for i in staff if fits(i) or self.world.stays(i)]
        chosen = sorted(possible, key=lambda i: (self.taken[i], not fits(i)))[:count]
        self.taken.update(chosen)
        return chosen


def world(*, people: int, days: int, seed: int, start: date, utc_offset: int, thin: bool = False) -> World:
    """Draw the stage from a seed."""
    rng = np.random.default_rng([seed, 0])
    org = organisation(rng, people=people, days=days)
    staff = org.people
    projects = rng.integers(0, 4 + people // 12, (len(staff), 2))
    tree = documents(rng, org, stem=org.stem, projects=projects)
    return World(
        seed=seed,
        days=days,
        thin=thin,
        organisation=org,
        workdays=workdays(rng, people=staff, start=start, days=days, utc_offset=utc_offset, projects=projects),
        network=network(rng, org, days=days),
        documents=reorganised(rng, org, tree, days=days),
    )
