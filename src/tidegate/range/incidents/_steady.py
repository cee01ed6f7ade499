"""Machines that beat and ask as steadily as a hidden channel does, and may: the twins of `covert_channel`."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from tidegate.range.habits.lookups import hashes
from tidegate.range.incidents._when import HOUR, MINUTE, beats
from tidegate.range.network import domain
from tidegate.range.scene import Additions, Scene
from tidegate.range.tables import DAY, LOOKUP, SECOND, SESSION, Ints, joined, rows
from tidegate.range.world import World

TWIN_DAYS = 14  # most that a twin lasts: long enough for a habit, short enough for logs of months


def machines(world: World, rng: np.random.Generator) -> list[Scene]:
    """All of them, in the same weeks."""
    org, length = world.organisation, min(TWIN_DAYS, world.days // 3)
    day = int(rng.integers(world.days // 4, world.days - length))
    begin = world.workdays.midnight(day)
    end = begin + length * DAY
    servers = org.of_kind("server")
    return [
        _scanner(world, rng, begin, end),
        _steady(
            world, rng, "monitoring agents", servers[:4], "metrics", begin, end, 10 * MINUTE, sent=7_500, received=700
        ),
        _steady(
            world, rng, "update checks", servers[3:5], "updates", begin, end, 15 * MINUTE, sent=600, received=9_000
        ),
        _clock(world, rng, org.server("FILE"), begin, end),
        _nightly(world, rng, org.server("GIS"), begin, end),
    ]


def _scanner(world: World, rng: np.random.Generator, begin: int, end: int) -> Scene:
    """The mail gateway tries out a scanner that asks for every attachment's hash by DNS."""
    gateway = world.organisation.server("MX")
    time = np.sort(rng.integers(begin, end, (end - begin) // DAY * 600))
    asked = hashes(world, rng, np.full(len(time), gateway), time)
    maker = domain(world.service("antivirus")[0])
    row = (f"*.{maker}", "approved", "", "anti-virus, look-ups by DNS too")
    return _twin("reputation look-ups of a mail scanner", world, [gateway], maker, lookups=asked, destinations=(row,))


def _steady(
    world: World,
    rng: np.random.Generator,
    name: str,
    devices: Ints,
    service: str,
    begin: int,
    end: int,
    every: int,
    *,
    sent: float,
    received: float,
) -> Scene:
    """Agents on servers that report, or ask, at a beat."""
    host, ip = world.service(service)
    tables = []
    for device in devices.tolist():
        time = beats(rng, begin + device * 7 * SECOND, end, every, 0.01)
        table = rows(
            SESSION,
            len(time),
            time=time,
            device=device,
            host=host,
            ip=ip,
            seconds=rng.lognormal(-1, 0.3, len(time)),
            sent=rng.normal(sent, sent / 20, len(time)),
            received=rng.normal(received, received / 20, len(time)),
            method="POST",
        )
        tables.append(table)
    row = (f"*.{domain(host)}", "approved", "", name)
    return _twin(name, world, devices.tolist(), domain(host), sessions=joined(SESSION, tables), destinations=(row,))


def _clock(world: World, rng: np.random.Generator, device: int, begin: int, end: int) -> Scene:
    """A server that was set to ask for the time every other minute."""
    host, ip = world.service("time")
    time = beats(rng, begin, end, 128 * SECOND, 0.02)
    asked = rows(
        SESSION,
        len(time),
        time=time,
        device=device,
        ip=ip,
        port=123,
        proto="udp",
        service="ntp",
        seconds=rng.lognormal(-3.5, 0.4, len(time)),
        sent=48,
        received=48,
    )
    row = (domain(host), "approved", "", "time")
    return _twin("a clock that is asked often", world, [device], domain(host), sessions=asked, destinations=(row,))


def _nightly(world: World, rng: np.random.Generator, device: int, begin: int, end: int) -> Scene:
    """Station data goes to the partner university by SFTP each night, as agreed."""
    host, ip = world.service("university")
    time = np.arange(begin + 3 * HOUR, end, DAY) + rng.integers(0, 20 * MINUTE, (end - begin) // DAY)
    sent = rng.lognormal(np.log(4e7), 0.3, len(time))
    columns = {"service": "ssh", "port": 22, "seconds": sent / 4e6, "sent": sent, "received": sent * 0.01}
    moved = rows(SESSION, len(time), time=time, device=device, host=host, ip=ip, **columns)
    row = (ip, "partner", "home", "SFTP server of the university")  # no handshake names it
    return _twin("nightly delivery by SFTP", world, [device], domain(host), sessions=moved, destinations=(row,))


def _twin(
    name: str,
    world: World,
    devices: list[int],
    destination: str,
    *,
    lookups: pa.Table | None = None,
    sessions: pa.Table | None = None,
    destinations: tuple[tuple[str, ...], ...] = (),
) -> Scene:
    return Scene(
        pattern="covert_channel",
        name=name,
        incident=False,
        actors=(),
        devices=tuple(world.organisation.devices[n].name for n in devices),
        destinations=(destination,),
        lookups=joined(LOOKUP, [lookups] if lookups else []),
        sessions=joined(SESSION, [sessions] if sessions else []),
        context=Additions(destinations=destinations),
    )
