"""Mail across the border, and what Microsoft 365 records of mailboxes: sending and reading."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tidegate.range import audit
from tidegate.range.tables import MAIL, Bools, Ints, pick, rows
from tidegate.range.world import World

RECEIVED_A_DAY = 9  # from outside, by a usual person on a working day
SENT_A_DAY = 6
OUTSIDE = 0.33  # share of what is sent that goes outside
READS_A_DAY = 5  # records of a mailbox being read, each for a few mails
SYNCS_A_DAY = 1.2  # records of a phone fetching mail, on every day and at any hour

SUBJECTS = [
    *("Re: survey dates", "Minutes", "Invoice", "Re: Re: trail closure", "Draft for comments", "Field trip"),
    *("Question about the data", "Newsletter", "Call tomorrow", "Fwd: programme", "Order confirmation"),
]
_BOXES = [
    *("info", "office", "m.tolan", "contact", "research", "k.varo", "events", "noreply", "library", "d.sila", "press"),
    *("accounts", "r.nemo", "projects", "s.grea"),
]


@dataclass(frozen=True)
class _Sent:
    """What people send on a day; the border and the mailboxes both see it."""

    who: Ints
    time: Ints
    size: Ints
    outside: Bools


def border(world: World, day: int, rng: np.random.Generator) -> pa.Table:
    """Mail from and to the outside, as the mail gateway exchanges it."""
    staff = world.organisation.people
    boxes = _boxes(world, day)
    rate = RECEIVED_A_DAY * staff.mail[boxes] * (1 if world.workdays.open(day) else 0.25)
    to = np.repeat(boxes, rng.poisson(rate))
    time = world.workdays.office_times(rng, day, np.full(len(to), 20.0))
    sent = _sent(world, day)
    out = sent.outside
    return pa.concat_tables(
        [
            _crossing(world, day, rng, to, time, sizes(rng, len(to)), inbound=True),
            _crossing(world, day, rng, sent.who[out], sent.time[out], sent.size[out], inbound=False),
        ]
    )


def sending(world: World, day: int, rng: np.random.Generator) -> pa.Table:
    """Send records of a day."""
    sent, users = _sent(world, day), pa.array(world.organisation.people.user)
    ip, client = world.client_ip(sent.who, day), "Client=MSExchangeRPC"
    return audit.send(world, rng, user=pick(users, sent.who), size=sent.size, client=client, time=sent.time, ip=ip)


def reading(world: World, day: int, rng: np.random.Generator) -> pa.Table:
    """MailItemsAccessed records of a day."""
    staff, there = world.organisation.people, world.at_work(day)
    users = pa.array(staff.user)
    read = np.repeat(there, rng.poisson(READS_A_DAY * staff.mail[there] * world.workdays.effort[there, day]))
    phone = np.repeat(_boxes(world, day), rng.poisson(SYNCS_A_DAY, len(_boxes(world, day))))
    opening = world.workdays.office_times(rng, day, staff.shift[read])
    syncing = world.workdays.any_times(rng, day, len(phone))
    homes = np.array(staff.home_ip)[phone]
    return pa.concat_tables(
        [
            audit.read(world, rng, user=pick(users, read), time=opening, ip=world.client_ip(read, day)),
            audit.sync(world, rng, user=pick(users, phone), time=syncing, client=audit.PHONE, ip=homes),
        ]
    )


def sizes(rng: np.random.Generator, count: int) -> Ints:
    """Bytes of so many mails: most are text, some carry a lot."""
    return rng.lognormal(np.log(28_000), 1.5, count).clip(1_500, 3e7).astype(np.int64)


def _boxes(world: World, day: int) -> Ints:
    """Staff who have a mailbox on a day."""
    people = world.organisation.people
    staff = people.where()
    return staff[(people.start[staff] <= day) & (people.end[staff] >= day)]


def _sent(world: World, day: int) -> _Sent:
    rng, staff, there = world.random("sent", day), world.organisation.people, world.at_work(day)
    who = np.repeat(there, rng.poisson(SENT_A_DAY * staff.mail[there] * world.workdays.effort[there, day]))
    return _Sent(
        who=who,
        time=world.workdays.office_times(rng, day, staff.shift[who]),
        size=sizes(rng, len(who)),
        outside=rng.random(len(who)) < OUTSIDE,
    )


def _crossing(
    world: World, day: int, rng: np.random.Generator, who: Ints, time: Ints, size: Ints, *, inbound: bool
) -> pa.Table:
    """Mails of people with their correspondents: mostly their own circle, sometimes anybody."""
    sites, count = world.network.sites, len(who)
    circle, anybody = sites.favourites[who, rng.integers(0, 20, count)], sites.popular(rng, count)
    site = np.where((rng.random(count) < 0.75) | (sites.born[anybody] > day), circle, anybody)
    box = (site * 31 + rng.integers(0, 4, count)) % len(_BOXES)
    outside = pc.binary_join_element_wise(pick(_BOXES, box), pa.array(sites.domain[site]), "@")
    inside = pick(pa.array(world.organisation.people.user), who)
    return rows(
        MAIL,
        count,
        time=time,
        sender=outside if inbound else inside,
        recipient=inside if inbound else outside,
        subject=pick(SUBJECTS, rng.integers(0, len(SUBJECTS), count)),
        size=size,
        inbound=inbound,
        peer=pick([f"198.18.240.{n}" for n in range(250)], site % 250),
    )
