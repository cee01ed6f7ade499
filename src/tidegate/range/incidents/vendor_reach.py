"""The firm that maintains the sensors reaches out of its hours, its systems and its measure, and pulls data home.

Reported: third parties who develop and maintain information systems leak the ecological data in them.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from tidegate.range import audit, sessions
from tidegate.range.habits.accounts import VENDOR_IP
from tidegate.range.network import domain
from tidegate.range.scene import Additions, Scene
from tidegate.range.stealth import ORDINARY, Stealth
from tidegate.range.tables import AUDIT, SECOND, SESSION, Ints, joined
from tidegate.range.world import Cast, World

HOUR = 3_600 * SECOND
ELSEWHERE = "198.51.100.241"  # in the vendor's network, and never seen before


def incident(
    world: World,
    roles: Cast,  # noqa: ARG001  vendors are no staff
    rng: np.random.Generator,
    *,
    stealth: Stealth = ORDINARY,
    files: int = 3_000,
    volume: float = 40e9,  # bytes from the map server
    nights: int = 10,  # over which it is spread, about every other night
) -> Scene:
    """At night, files of folders that are none of the vendor's, and the map server's data to the vendor's network."""
    people, tree, calendar = world.organisation.people, world.documents, world.workdays
    accounts = rng.permutation(_accounts(world)[:-1])[: stealth.spread]
    times = min(round(nights * stealth.slower), max(4, world.days // 6))
    span = min(2 * times, world.days // 3)
    first = int(rng.integers(world.days // 2, world.days - span))
    possible = [d for d in range(first, first + span) if world.workdays.open(d) or not stealth.inside_hours]
    days = np.sort(rng.choice(possible, min(times, len(possible)), replace=False))
    count = round(files * stealth.smaller * rng.uniform(0.85, 1.15))
    shares = np.array_split(tree.strange(rng, int(accounts[0]), count), len(days))
    sent = volume * stealth.smaller * rng.dirichlet(np.full(len(days), 6.0))
    host, ip = world.service("drive") if stealth.popular else (f"sync.{world.organisation.vendor}", ELSEWHERE)
    audits, pulled = [], []
    for n, (day, mine) in enumerate(zip(days.tolist(), shares, strict=True)):
        begin = (
            _begin(world, rng, day) if stealth.inside_hours else calendar.midnight(day) + int(rng.integers(0, 4 * HOUR))
        )
        audits.append(_worked(world, rng, int(accounts[n % len(accounts)]), mine, begin, ip=ELSEWHERE))
        pulled.append(_pulled(world, rng, begin, float(sent[n]), host, ip))
    return Scene(
        pattern="vendor_reach",
        name="vendor pulls data home",
        incident=True,
        actors=tuple(people.user[i] for i in accounts),
        devices=("SRV-GIS01",),
        destinations=(domain(host),),
        note=f"{count} files and {sent.sum() / 1e9:.0f} GB on {len(days)} days",
        audits=joined(AUDIT, audits),
        sessions=joined(SESSION, pulled),
    )


def twins(world: World, roles: Cast, rng: np.random.Generator) -> list[Scene]:  # noqa: ARG001
    """The announced maintenance window, a test of the backup under permit, a busy week with new sensors."""
    return [_maintenance(world, rng), _restore_test(world, rng), _new_sensors(world, rng)]


def _maintenance(world: World, rng: np.random.Generator, *, every: int = 180) -> Scene:
    """Two nights' work on its own folders; logs and a dump of the database go to the vendor, as announced."""
    who, host = int(_accounts(world)[-1]), f"support.{world.organisation.vendor}"
    windows = [_window(world, rng, 2) for _ in range(max(1, world.days // every))]
    audits, pulled = [], []
    for day in sorted(day for days in windows for day in days):
        begin = world.workdays.midnight(day) + int(rng.integers(0, 3 * HOUR))
        audits.append(_worked(world, rng, who, _own(world, rng, who, 160), begin, ip=VENDOR_IP))
        pulled.append(_pulled(world, rng, begin, float(rng.uniform(2e9, 6e9)), host, VENDOR_IP))
    permits = tuple(
        _permit(world, "MW", who, days, "announced maintenance of the sensors' servers") for days in windows
    )
    return _twin(world, "announced maintenance window", who, audits, pulled, host=host, permits=permits)


def _restore_test(world: World, rng: np.random.Generator) -> Scene:
    """On a Saturday a sample of everything that was saved is fetched back and compared."""
    who = int(_accounts(world)[-1])
    saturdays = np.flatnonzero(world.workdays.weekday == 5)
    day = int(rng.choice(saturdays[len(saturdays) // 4 :]))
    sample = np.sort(world.documents.strange(rng, who, 500))
    begin = world.workdays.midnight(day) + 8 * HOUR
    audits = [_worked(world, rng, who, sample, begin, ip=VENDOR_IP)]
    permit = _permit(world, "BT", who, [day], "test of the backup: a sample is restored and compared")
    return _twin(world, "test of the backup", who, audits, [], permits=(permit,))


def _new_sensors(world: World, rng: np.random.Generator) -> Scene:
    """New stations are set up: some days of many times the usual work, at the usual hours, in the usual folders."""
    who, days = int(_accounts(world)[-1]), _window(world, rng, 5)
    audits = [
        _worked(world, rng, who, _own(world, rng, who, 40), _begin(world, rng, day), ip=VENDOR_IP)
        for day in days
        if world.workdays.open(day)
    ]
    return _twin(world, "new sensors set up", who, audits, [])


def _twin(
    world: World,
    name: str,
    who: int,
    audits: list[pa.Table],
    pulled: list[pa.Table],
    *,
    host: str = "",
    permits: tuple[tuple[str, ...], ...] = (),
) -> Scene:
    return Scene(
        pattern="vendor_reach",
        name=name,
        incident=False,
        actors=(world.organisation.people.user[who],),
        devices=("SRV-GIS01",) if pulled else (),
        destinations=(domain(host),) if host else (),
        audits=joined(AUDIT, audits),
        sessions=joined(SESSION, pulled),
        context=Additions(permits=permits),
    )


def _permit(world: World, kind: str, who: int, days: list[int], note: str) -> tuple[str, ...]:
    org, calendar = world.organisation, world.workdays
    validity = (calendar.date(days[0]).isoformat(), calendar.date(days[-1]).isoformat())
    number = f"{kind}-{calendar.date(days[0]):%Y-%m%d}"
    return (number, org.people.user[who], org.vendor, "", "", "", "", *validity, note)


def _accounts(world: World) -> Ints:
    """The vendor's people; the last of them is always innocent."""
    return world.organisation.people.where(kind="third_party")


def _window(world: World, rng: np.random.Generator, length: int) -> list[int]:
    """So many days in a row, the first of them no Saturday or Sunday."""
    first = [d for d in range(world.days // 4, world.days - length) if world.workdays.open(d)]
    begin = int(rng.choice(first))
    return list(range(begin, begin + length))


def _begin(world: World, rng: np.random.Generator, day: int) -> int:
    """In the morning."""
    return (
        world.workdays.midnight(day) + int(rng.integers(8 * HOUR, 13 * HOUR)) - world.workdays.utc_offset * 60 * SECOND
    )


def _own(world: World, rng: np.random.Generator, who: int, count: int) -> Ints:
    return world.documents.sample(rng, world.documents.habits[who, rng.integers(0, 5, count)])


def _worked(world: World, rng: np.random.Generator, who: int, numbers: Ints, begin: int, *, ip: str) -> pa.Table:
    """A sign-in, and files fetched within three hours."""
    same = {"user": world.organisation.people.user[who], "ip": ip, "agent": audit.AGENTS[1]}
    fetched = audit.file(
        world,
        numbers,
        operation="FileDownloaded",
        time=begin + np.sort(rng.integers(60 * SECOND, 3 * HOUR, len(numbers))),
        files=1,
        **same,
    )
    return joined(AUDIT, [audit.sign_in(failed=np.zeros(1, dtype=bool), time=np.array([begin]), **same), fetched])


def _pulled(world: World, rng: np.random.Generator, begin: int, volume: float, host: str, ip: str) -> pa.Table:
    """The map server sends."""
    count = max(3, round(volume / 2e8))
    return sessions.uploads(
        rng,
        time=begin + np.sort(rng.integers(0, 3 * HOUR, count)),
        device=world.organisation.server("GIS"),
        host=host,
        ip=ip,
        sent=volume * rng.dirichlet(np.full(count, 4.0)),
        rate=2e7,
    )
