"""Devices that nobody registered stand at a few sites and send at a steady rate to one outside cloud.

Reported: weather stations, infrared cameras and GPS survey gear installed by a "research partner"; several small
sites, long-running.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from tidegate.range import names
from tidegate.range.incidents._when import HOUR, MINUTE, beats, first_day, kept, lasting
from tidegate.range.network import domain
from tidegate.range.scene import Additions, Scene
from tidegate.range.stealth import ORDINARY, Stealth
from tidegate.range.tables import DAY, SESSION, Floats, Ints, joined, rows
from tidegate.range.world import Cast, World

TWIN_DAYS = 30  # most that a twin is played


def incident(
    world: World,
    _roles: Cast,
    rng: np.random.Generator,
    *,
    stealth: Stealth = ORDINARY,
    sites: int = 2,  # where a device stands: several small ones, as reported
    days: int = 60,  # of what goes on for years: what matters is the first day
    every: int = 10,  # minutes between two reports
    report: float = 24_000,  # bytes: readings, a picture, a track
) -> Scene:
    """The devices come within a few days of one another and send for good."""
    org, length = world.organisation, lasting(world, days, stealth)
    devices = org.of_kind("instrument")[: sites * stealth.spread]
    host, ip = f"{rng.choice(['gw', 'iot', 'up'])}.{names.words(rng, 1)[0]}-cloud.example", "198.51.100.214"
    if stealth.popular:  # a cloud that many people use for their own pictures
        host, ip = world.service("photos")
    first = world.workdays.midnight(first_day(world, rng, length))
    tables = []
    for n, device in enumerate(devices.tolist()):
        begin = first + int(rng.integers(9 * HOUR, 16 * HOUR)) + min(2 * n, length - 1) * DAY
        time = kept(
            world, beats(rng, begin, first + length * DAY, round(every * MINUTE * stealth.slower), 0.02), stealth
        )
        sent = rng.normal(report, report / 12, len(time)).clip(report / 2) * stealth.smaller
        tables.append(_reports(rng, device, time, sent, host=host, ip=ip))
    return Scene(
        pattern="unknown_instrument",
        name="instruments that nobody registered",
        incident=True,
        actors=(),
        devices=tuple(org.devices[n].name for n in devices),
        destinations=(domain(host),),
        note=f"{len(devices)} devices, every {every * stealth.slower:.0f} minutes to {host} for {length} days",
        sessions=joined(SESSION, tables),
    )


def twins(world: World, _roles: Cast, rng: np.random.Generator) -> list[Scene]:
    """The reserve's own new station, entered in the register; a visitor's phone; a new printer."""
    return [_station(world, rng), _visitor(world, rng), _printer(world, rng)]


def _station(world: World, rng: np.random.Generator) -> Scene:
    """As new, as steady and as often as the incident's, but registered when it was set up."""
    (host, ip), device = world.service("stations"), int(world.organisation.of_kind("logger")[0])
    first, begin, end = _period(world, rng)
    time = beats(rng, begin + 10 * HOUR, end, 10 * MINUTE, 0.02)
    table = _reports(rng, device, time, rng.normal(9_000, 700, len(time)), host=host, ip=ip)
    row = _entered(world, device, "station", first, host)
    return _twin(world, "own new station", device, domain(host), table, Additions(devices=(row,)))


def _visitor(world: World, rng: np.random.Generator) -> Scene:
    """On a few days a phone sends all its pictures to a cloud, over the guests' Wi-Fi."""
    (host, ip), device = world.service("photos"), int(world.organisation.of_kind("phone")[-1])
    _, begin, _ = _period(world, rng)
    time = np.sort(begin + rng.integers(0, 5, 160) * DAY + rng.integers(9 * HOUR, 17 * HOUR, 160))
    table = _reports(rng, device, time, rng.lognormal(np.log(4e6), 0.5, 160), host=host, ip=ip)
    return _twin(world, "visitor's phone", device, domain(host), table, Additions())


def _printer(world: World, rng: np.random.Generator) -> Scene:
    """It tells its maker how much toner is left, and was entered in the register a week late."""
    device, host = int(world.organisation.of_kind("printer")[0]), f"telemetry.{names.words(rng, 1)[0]}-print.example"
    first, begin, end = _period(world, rng)
    time = beats(rng, begin + 11 * HOUR, end, 30 * MINUTE, 0.02)
    table = _reports(rng, device, time, rng.normal(2_400, 200, len(time)), host=host, ip="198.51.100.215")
    entered = Additions(
        devices=(_entered(world, device, "printer", min(first + 7, world.days - 1), host),),
        destinations=((f"*.{domain(host)}", "approved", "", "maker of the printers"),),
    )
    return _twin(world, "new printer", device, domain(host), table, entered)


def _reports(rng: np.random.Generator, device: int, time: Ints, sent: Floats, *, host: str, ip: str) -> pa.Table:
    """Sessions that send far more than they receive."""
    count = len(time)
    columns: dict[str, Any] = {"method": "POST", "path": "/v1/report", "mime": "application/json"}
    return rows(
        SESSION,
        count,
        time=time,
        device=device,
        host=host,
        ip=ip,
        seconds=rng.lognormal(0, 0.3, count),
        sent=sent,
        received=rng.normal(900, 60, count),
        **columns,
    )


def _period(world: World, rng: np.random.Generator) -> tuple[int, int, int]:
    """First day, its midnight, and the end of a twin's part of the period."""
    length = min(TWIN_DAYS, world.days // 3)
    first = int(rng.integers(world.days // 4, world.days - length))
    begin = world.workdays.midnight(first)
    return first, begin, begin + length * DAY


def _entered(world: World, device: int, kind: str, day: int, host: str) -> tuple[str, ...]:
    """A row of devices.csv."""
    owned = world.organisation.devices[device]
    site = world.organisation.offices[owned.office]
    return owned.name, owned.mac, "", kind, site, "", world.workdays.date(day).isoformat(), host


def _twin(world: World, name: str, device: int, destination: str, table: pa.Table, context: Additions) -> Scene:
    return Scene(
        pattern="unknown_instrument",
        name=name,
        incident=False,
        actors=(),
        devices=(world.organisation.devices[device].name,),
        destinations=(destination,),
        sessions=table,
        context=context,
    )
