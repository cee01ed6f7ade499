"""Mail across the border, and what Microsoft 365 records of mailboxes: sending and reading."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from tidegate.range import audit
from tidegate.range.tables import MAIL, SECOND, Ints, pick, rows
from tidegate.range.world import World, at_work

RECEIVED_A_DAY = 9  # from outside, by a usual person on a working day
SENT_A_DAY = 6
OUTSIDE = 0.33  # share of what is sent that goes outside
READS_A_DAY = 5  # records of a mailbox being read, each for a few mails


def border(world: World, day: int, rng: np.random.Generator) -> pa.Table:
    """Mail from and to the outside, as the mail gateway exchanges it."""
    staff = world.organisation.people
    there, _ = at_work(world, day)
    everyone = staff.where()
    everyone = everyone[(staff.start[everyone] <= day) & (staff.end[everyone] >= day)]
    weekend = world.workdays.weekday[day] >= 5
    rate = RECEIVED_A_DAY * (0.25 if weekend else 1) * staff.mail[everyone]
    inbound, outbound = np.repeat(everyone, rng.poisson(rate)), _senders(world, day, rng, there, OUTSIDE)
    return pa.concat_tables(
        [
            _mails(world, day, rng, inbound, inbound=True, spread=np.full(len(inbound), 30.0)),
            _mails(world, day, rng, outbound, inbound=False, spread=staff.shift[outbound]),
        ]
    )


def boxes(world: World, day: int, rng: np.random.Generator) -> pa.Table:
    """Send and MailItemsAccessed records of a day."""
    staff = world.organisation.people
    there, _ = at_work(world, day)
    senders = _senders(world, day, rng, there, 1.0)
    readers = np.repeat(there, rng.poisson(READS_A_DAY * staff.mail[there] * world.workdays.effort[there, day]))
    syncs = np.repeat(there, rng.poisson(1.6, len(there)))
    ips = dict(zip(there.tolist(), world.client_ips(there, day), strict=True))

    def common(who: Ints) -> dict[str, object]:
        return {
            "time": world.workdays.office_times(rng, day, staff.shift[who]),
            "user": pick(list(staff.user), who),
            "ip": [ips[int(i)] for i in who],
        }

    return pa.concat_tables(
        [
            audit.send(world, rng, **common(senders)),
            audit.read(world, rng, **common(readers)),
            audit.sync(world, rng, **common(syncs)),
        ]
    )


def _senders(world: World, day: int, rng: np.random.Generator, there: Ints, share: float) -> Ints:
    busy = world.organisation.people.mail[there] * world.workdays.effort[there, day]
    return np.repeat(there, rng.poisson(SENT_A_DAY * share * busy))


def _mails(
    world: World,
    day: int,
    rng: np.random.Generator,
    who: Ints,
    *,
    inbound: bool,
    spread: np.ndarray[tuple[int], np.dtype[np.float64]],
) -> pa.Table:
    sites, count = world.network.sites, len(who)
    # Correspondents are the person's own circle (their favourite sites' domains), sometimes anybody.
    circle = sites.favourites[who, rng.integers(0, 20, count)]
    anybody = np.exp(rng.random(count) * np.log(len(sites))).astype(np.int64) - 1
    site = np.where((rng.random(count) < 0.75) | (sites.born[anybody] > day), circle, anybody)
    domain = [".".join(sites.host[s].split(".")[-2:]) for s in site]
    box = pick(_BOXES, (site * 31 + rng.integers(0, 4, count)) % len(_BOXES)).to_pylist()
    outside = pa.array([f"{b}@{d}" for b, d in zip(box, domain, strict=True)], pa.string())
    inside = pick(list(world.organisation.people.user), who)
    return rows(
        MAIL,
        count,
        time=world.workdays.office_times(rng, day, spread) + rng.integers(0, SECOND, count),
        sender=outside if inbound else inside,
        recipient=inside if inbound else outside,
        subject=pick(SUBJECTS, rng.integers(0, len(SUBJECTS), count)),
        size=rng.lognormal(np.log(28_000), 1.5, count).clip(1_500, 3e7),
        inbound=inbound,
        peer=pick([f"198.18.240.{n}" for n in range(250)], site % 250),
    )


_BOXES = ["info", "office", "m.tolan", "contact", "research", "k.varo", "events", "noreply", "library", "d.sila", "press",
          "accounts", "r.nemo", "projects", "s.grea"]  # fmt: skip
SUBJECTS = ["Re: survey dates", "Minutes", "Invoice", "Re: Re: trail closure", "Draft for comments", "Field trip",
            "Question about the data", "Newsletter", "Call tomorrow", "Fwd: programme", "Order confirmation"]  # fmt: skip
