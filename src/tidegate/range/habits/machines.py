"""What runs without people: weather stations, updates, anti-virus, clocks, guests' phones."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from tidegate.range.tables import DAY, SECOND, SESSION, Floats, Ints, pick, rows
from tidegate.range.world import World

STATION_MINUTES = 30  # between two reports of a weather station
_UPDATES = ["/d/msdownload/update/software/secu/kb50.cab", "/release/current/latest.msi", "/defs/daily.cvd"]


def stations(world: World, day: int, rng: np.random.Generator) -> pa.Table:
    """Weather stations report at a steady beat to the platform of the firm that maintains them."""
    who = np.repeat(world.organisation.of_kind("station"), 24 * 60 // STATION_MINUTES)
    count = len(who)
    beat = np.arange(count) % (24 * 60 // STATION_MINUTES) * STATION_MINUTES * 60 * SECOND
    phase = who * 7919 % (STATION_MINUTES * 60) * SECOND
    return _to(
        world,
        "stations",
        who,
        world.workdays.midnight(day) + (beat + phase + rng.integers(0, 2 * SECOND, count)) % DAY,
        sent=rng.normal(5_200, 350, count).clip(3_000, 9_000),
        received=rng.normal(1_400, 90, count).clip(900, 2_500),
        seconds=rng.lognormal(0, 0.3, count),
        method="POST",
        path="/v1/observations",
    )


def updates(world: World, day: int, rng: np.random.Generator) -> pa.Table:
    """Software updates by HTTP: laptops that are on, and servers; Wednesdays bring the large ones."""
    laptops, servers = _laptops(world, day), world.organisation.of_kind("server")
    who = np.concatenate([np.repeat(laptops, rng.poisson(0.8, len(laptops))), np.repeat(servers, 2)])
    count = len(who)
    large = rng.random(count) < (0.5 if world.workdays.weekday[day] == 2 else 0.05)
    return _to(
        world,
        "updates",
        who,
        _times(world, day, rng, count),
        port=80,
        service="http",
        sent=rng.lognormal(np.log(900), 0.3, count),
        received=np.where(large, rng.lognormal(np.log(9e7), 0.8, count), rng.lognormal(np.log(4e4), 1, count)),
        seconds=rng.lognormal(2, 1, count),
        path=pick(_UPDATES, rng.integers(0, len(_UPDATES), count)),
        mime="application/vnd.ms-cab-compressed",
    )


def antivirus(world: World, day: int, rng: np.random.Generator) -> pa.Table:
    """Small look-ups at the maker of the anti-virus, from laptops that are on."""
    laptops = _laptops(world, day)
    who = np.repeat(laptops, rng.poisson(3, len(laptops)))
    count = len(who)
    return _to(
        world,
        "antivirus",
        who,
        _times(world, day, rng, count),
        sent=rng.lognormal(np.log(2_600), 0.3, count),
        received=rng.lognormal(np.log(1_500), 0.3, count),
        seconds=rng.lognormal(-1, 0.5, count),
        method="POST",
        path="/lookup",
    )


def clocks(world: World, day: int, rng: np.random.Generator) -> pa.Table:
    """NTP: servers every half hour, stations every two hours."""
    org = world.organisation
    who = np.concatenate([np.repeat(org.of_kind("server"), 48), np.repeat(org.of_kind("station"), 12)])
    count = len(who)
    return rows(
        SESSION,
        count,
        time=world.workdays.any_times(rng, day, count),
        device=who,
        ip=world.service("time")[1],
        port=123,
        proto="udp",
        service="ntp",
        seconds=rng.lognormal(-3.5, 0.4, count),
        sent=48,
        received=48,
    )


def guests(world: World, day: int, rng: np.random.Generator) -> pa.Table:
    """Visitors' and staff's own phones on the guests' Wi-Fi: photos to a cloud, and everything else."""
    phones, sites = phones_present(world, day), world.network.sites
    who = np.repeat(phones, rng.poisson(11, len(phones)))
    count = len(who)
    site, photos = sites.popular(rng, count, among=150), rng.random(count) < 0.03
    host, ip = world.service("photos")
    return rows(
        SESSION,
        count,
        time=world.workdays.office_times(rng, day, rng.normal(0, 60, count)),
        device=who,
        host=np.where(photos, host, sites.host[site]),
        ip=np.where(photos, ip, sites.ip[site]),
        seconds=rng.lognormal(1, 1.4, count),
        sent=np.where(photos, rng.lognormal(np.log(4e6), 1, count), rng.lognormal(np.log(1_700), 0.8, count)),
        received=rng.lognormal(np.log(30_000), 1.8, count),
    )


def phones_present(world: World, day: int) -> Ints:
    """Phones on the guests' Wi-Fi on a day: half of them on a working day, few on others."""
    phones = world.organisation.of_kind("phone")
    present: Ints = phones[
        world.random("phones", day).random(len(phones)) < (0.5 if world.workdays.open(day) else 0.05)
    ]
    return present


def _to(world: World, name: str, who: Ints, time: Ints, *, sent: Floats, received: Floats, **columns: Any) -> pa.Table:
    host, ip = world.service(name)
    return rows(SESSION, len(who), time=time, device=who, host=host, ip=ip, sent=sent, received=received, **columns)


def _laptops(world: World, day: int) -> Ints:
    laptops: Ints = world.organisation.laptops[world.at_work(day, office=True), day]
    return laptops


def _times(world: World, day: int, rng: np.random.Generator, count: int) -> Ints:
    return world.workdays.office_times(rng, day, rng.normal(-20, 70, count))
