"""Small lots to one outside recipient, again and again for years, each of them nothing: never a permit.

Reported: about 2,000 sendings of specimens and seed samples of thousands of wild species over nine years.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from tidegate.range import audit, names
from tidegate.range.habits.mail import SUBJECTS
from tidegate.range.network import domain
from tidegate.range.scene import Additions, Scene
from tidegate.range.stealth import ORDINARY, Stealth
from tidegate.range.tables import AUDIT, MAIL, REGISTER, SECOND, Bools, Ints, joined, pick, rows
from tidegate.range.world import Cast, World

MINUTE = 60 * SECOND
LOTS = ["pressed specimens", "seed samples", "seed samples, dry", "leaf tissue", "water samples", "herbarium sheets"]


def incident(
    world: World,
    roles: Cast,
    rng: np.random.Generator,
    *,
    stealth: Stealth = ORDINARY,
    a_week: float = 2_000 / (9 * 52),  # the pace reported; in a shorter period as much less is sent
    quiet: int = 150,  # days before the first one, or half of a short period
    by_mail: float = 0.3,  # share that are pictures and tables in a mail; the others are parcels in the register
) -> Scene:
    """One collector sends to one address until the end; the careful ask colleagues, and write to several addresses.

    It always lasts as long as the period: `slower` changes nothing.
    """
    people, calendar = world.organisation.people, world.workdays
    teams = ("Laboratory", "Ecology")
    accounts = np.array(roles.pick(rng, lambda i: people.team[i] in teams and world.stays(i), stealth.spread))
    place = domain(world.service("webmail")[0]) if stealth.popular else f"{names.words(rng, 1)[0]}-gardens.example"
    boxes = [f"{box}@{place}" for box in ("collection", "seeds", "curator")[: stealth.spread]]
    start = min(world.days // 2, quiet)
    count = max(3, round((world.days - start) / 7 * a_week * stealth.smaller * rng.uniform(0.9, 1.1)))
    who = accounts[rng.integers(0, len(accounts), count)]
    days = [int(rng.choice(there[there >= start])) for there in (np.flatnonzero(calendar.present[i]) for i in who)]
    time = _at(world, rng, who, days, late=0.0 if stealth.inside_hours else 90.0)
    to, mailed = pick(boxes, rng.integers(0, len(boxes), count)), rng.random(count) < by_mail
    mails, audits = _mailed(world, rng, who[mailed], time[mailed], to.filter(pa.array(mailed)), SUBJECTS)
    return Scene(
        pattern="drip",
        name="small lots to one recipient abroad",
        incident=True,
        actors=tuple(people.user[i] for i in accounts),
        destinations=(place,),
        note=f"{count} sendings in {world.days - start} days, {np.sum(mailed)} of them by mail"
        + (", scaled to the period" if world.days < 9 * 365 else ""),
        mails=mails,
        audits=audits,
        register=_entered(world, rng, who, time, to, ~mailed, permits=None),
    )


def twins(world: World, roles: Cast, rng: np.random.Generator) -> list[Scene]:
    """A licensed exchange with a partner herbarium, a newsletter, a weekly report to the same funder."""
    return [_exchange(world, roles, rng), _newsletter(world, roles, rng), _report(world, roles, rng)]


def _exchange(world: World, roles: Cast, rng: np.random.Generator, *, a_week: float = 3.0) -> Scene:
    """As many parcels to one place, each under the year's permit."""
    people, calendar = world.organisation.people, world.workdays
    (person,) = roles.pick(rng, lambda i: people.team[i] in ("Laboratory", "Ecology") and world.stays(i))
    place = f"{names.words(rng, 1)[0]}-herbarium.example"
    there = np.flatnonzero(calendar.present[person])
    days = np.sort(rng.choice(there, max(3, round(world.days / 7 * a_week)))).tolist()
    years = [calendar.date(day).year for day in days]
    permits = {year: f"EX-{year}-031" for year in range(years[0], years[-1] + 1)}
    who, to = np.full(len(days), person), pa.array([f"exchange@{place}"] * len(days))
    time, every = _at(world, rng, who, days), np.ones(len(days), dtype=bool)
    granted = tuple(
        (
            permit,
            people.user[person],
            place,
            "biological",
            "sensitive",
            "2000",
            "",
            f"{year}-01-01",
            f"{year}-12-31",
            "",
        )
        for year, permit in permits.items()
    )
    return Scene(
        pattern="drip",
        name="licensed exchange with a partner herbarium",
        incident=False,
        actors=(people.user[person],),
        destinations=(place,),
        register=_entered(world, rng, who, time, to, every, permits=[permits[year] for year in years]),
        context=Additions(destinations=((place, "partner", "", "herbarium, exchange of duplicates"),), permits=granted),
    )


def _newsletter(world: World, roles: Cast, rng: np.random.Generator, *, readers: int = 40) -> Scene:
    """The press office writes to the same readers every week."""
    people, sites = world.organisation.people, world.network.sites
    (person,) = roles.pick(rng, lambda i: people.team[i] == "Press" and world.stays(i))
    places = np.unique(sites.popular(rng, readers * 3, among=300))[:readers]
    weeks = _weekly(world, person)
    time = np.concatenate([world.workdays.office_times(rng, d, np.zeros(1)) + np.arange(len(places)) for d in weeks])
    to = pa.array([f"news@{host}" for host in sites.domain[places]] * len(weeks))
    mails, audits = _mailed(world, rng, np.full(len(time), person), time, to, ["News from the reserves"])
    return Scene(
        pattern="drip",
        name="newsletter",
        incident=False,
        actors=(people.user[person],),
        mails=mails,
        audits=audits,
    )


def _report(world: World, roles: Cast, rng: np.random.Generator) -> Scene:
    """A project's head reports to its funder every week."""
    people = world.organisation.people
    (person,) = roles.pick(rng, lambda i: people.team[i] in ("Management", "GIS") and world.stays(i))
    place, weeks = f"{names.words(rng, 1)[0]}-fund.example", _weekly(world, person)
    who, to = np.full(len(weeks), person), pa.array([f"reports@{place}"] * len(weeks))
    mails, audits = _mailed(world, rng, who, _at(world, rng, who, weeks), to, ["Weekly report"])
    return Scene(
        pattern="drip",
        name="weekly report to a funder",
        incident=False,
        actors=(people.user[person],),
        destinations=(place,),
        mails=mails,
        audits=audits,
        context=Additions(destinations=((place, "partner", "home", "funder"),)),
    )


def _at(world: World, rng: np.random.Generator, who: Ints, days: list[int], *, late: float = 0.0) -> Ints:
    """A time at work for each of these people on each of these days, so many minutes later than usual."""
    shift, times = world.organisation.people.shift, world.workdays.office_times
    return np.array([times(rng, day, shift[[i]] + late)[0] for day, i in zip(days, who.tolist(), strict=True)])


def _weekly(world: World, person: int) -> list[int]:
    """The first day of each week on which somebody works."""
    there = np.flatnonzero(world.workdays.present[person])
    week = (there + world.workdays.start.weekday()) // 7
    first: list[int] = there[np.unique(week, return_index=True)[1]].tolist()
    return first


def _mailed(
    world: World, rng: np.random.Generator, who: Ints, time: Ints, to: pa.Array, subjects: list[str]
) -> tuple[pa.Table, pa.Table]:
    """Mails with attachments as they cross the border, and as the mailbox records them."""
    people, size = world.organisation.people, rng.lognormal(np.log(9e5), 0.8, len(who))
    users = pick(pa.array(people.user), who)
    ip = [world.network.office_ip(office) for office in people.office[who].tolist()]
    small = size.clip(4e4, 1.5e7).astype(np.int64)
    subject = pick(subjects, rng.integers(0, len(subjects), len(who)))
    crossing = rows(
        MAIL, len(who), time=time, sender=users, recipient=to, subject=subject, size=small, peer="198.51.100.222"
    )
    sent = audit.send(world, rng, user=users, size=small, client="Client=MSExchangeRPC", time=time, ip=ip)
    return joined(MAIL, [crossing]), joined(AUDIT, [sent])


def _entered(
    world: World,
    rng: np.random.Generator,
    who: Ints,
    time: Ints,
    to: pa.Array,
    which: Bools,
    *,
    permits: list[str] | None,
) -> pa.Table:
    """Parcels in the register, to the minute."""
    count = int(which.sum())
    table = rows(
        REGISTER,
        count,
        time=time[which] // MINUTE * MINUTE,
        sender=pick(pa.array(world.organisation.people.user), who[which]),
        recipient=to.filter(pa.array(which)),
        country="EX",
        description=pick(LOTS, rng.integers(0, len(LOTS), count)),
        permit=permits,
        items=rng.integers(1, 7, count),
        bytes=0,
    )
    return joined(REGISTER, [table])
