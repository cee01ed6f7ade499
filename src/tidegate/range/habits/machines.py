"""What runs without people: weather stations, updates, anti-virus, clocks, guests' phones, servers."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from tidegate.range.tables import DAY, SECOND, SESSION, Ints, pick, rows
from tidegate.range.world import World, at_work

STATION_MINUTES = 30  # between two reports of a weather station
_UPDATE = ["/d/msdownload/update/software/secu/kb50.cab", "/release/current/latest.msi", "/defs/daily.cvd"]


def stations(world: World, day: int, rng: np.random.Generator) -> pa.Table:
    """Weather stations report at a steady beat to the platform of the firm that maintains them."""
    devices = world.organisation.devices.where("station")
    beats = 24 * 60 // STATION_MINUTES
    who = np.repeat(devices, beats)
    offset = np.tile(np.arange(beats), len(devices)) * STATION_MINUTES * 60 * SECOND
    phase = (who * 7919 % (STATION_MINUTES * 60)) * SECOND
    count = len(who)
    host, ip = world.service("stations")
    return rows(
        SESSION,
        count,
        time=world.workdays.midnight(day) + (offset + phase) % DAY + rng.integers(0, 2 * SECOND, count),
        device=who,
        host=host,
        ip=ip,
        seconds=rng.lognormal(0, 0.3, count),
        sent=rng.normal(5_200, 350, count).clip(3_000, 9_000),
        received=rng.normal(1_400, 90, count).clip(900, 2_500),
        method="POST",
        path="/v1/observations",
    )


def updates(world: World, day: int, rng: np.random.Generator) -> pa.Table:
    """Software updates by HTTP, and anti-virus look-ups by TLS: laptops that are on, and servers at night."""
    there, remote = at_work(world, day)
    laptops = world.organisation.laptops[there[~remote], day]
    servers = world.organisation.devices.where("server")
    patch_day = world.workdays.date(day).weekday() == 2  # Wednesdays bring the large ones
    who = np.concatenate([np.repeat(laptops, rng.poisson(0.8, len(laptops))), np.repeat(servers, 2)])
    count = len(who)
    host, ip = world.service("updates")
    large = rng.random(count) < (0.5 if patch_day else 0.05)
    http = rows(
        SESSION,
        count,
        time=_machine_times(world, day, rng, count),
        device=who,
        host=host,
        ip=ip,
        port=80,
        service="http",
        seconds=rng.lognormal(2, 1, count),
        sent=rng.lognormal(np.log(900), 0.3, count),
        received=np.where(large, rng.lognormal(np.log(9e7), 0.8, count), rng.lognormal(np.log(4e4), 1, count)),
        path=pick(_UPDATE, rng.integers(0, len(_UPDATE), count)),
        mime="application/vnd.ms-cab-compressed",
    )
    who = np.repeat(laptops, rng.poisson(3, len(laptops)))
    host, ip = world.service("antivirus")
    look_ups = rows(
        SESSION,
        len(who),
        time=_machine_times(world, day, rng, len(who)),
        device=who,
        host=host,
        ip=ip,
        seconds=rng.lognormal(-1, 0.5, len(who)),
        sent=rng.lognormal(np.log(2_600), 0.3, len(who)),
        received=rng.lognormal(np.log(1_500), 0.3, len(who)),
        method="POST",
        path="/lookup",
    )
    return pa.concat_tables([http, look_ups])


def clocks(world: World, day: int, rng: np.random.Generator) -> pa.Table:
    """NTP: servers every half hour, stations every two hours."""
    devices = world.organisation.devices
    who = np.concatenate([np.repeat(devices.where("server"), 48), np.repeat(devices.where("station"), 12)])
    count = len(who)
    return rows(
        SESSION,
        count,
        time=world.workdays.all_day_times(rng, day, count),
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
    phones = phones_present(world, day)
    sites = world.network.sites
    who = np.repeat(phones, rng.poisson(11, len(phones)))
    count = len(who)
    site = np.exp(rng.random(count) * np.log(150)).astype(np.int64) - 1
    photos = rng.random(count) < 0.03
    host, ip = world.service("drive2")
    return rows(
        SESSION,
        count,
        time=world.workdays.office_times(rng, day, rng.normal(0, 60, count)),
        device=who,
        host=np.where(photos, host, np.array(sites.host)[site]),
        ip=np.where(photos, ip, np.array(sites.ip)[site]),
        seconds=rng.lognormal(1, 1.4, count),
        sent=np.where(photos, rng.lognormal(np.log(4e6), 1, count), rng.lognormal(np.log(1_700), 0.8, count)),
        received=rng.lognormal(np.log(30_000), 1.8, count),
    )


def phones_present(world: World, day: int) -> Ints:
    """Phones on the guests' Wi-Fi on a day: half of them on a working day, few on others."""
    phones = world.organisation.devices.where("phone")
    open_ = world.workdays.weekday[day] < 5 and not world.workdays.holiday[day]
    share = 0.5 if open_ else 0.05
    there: Ints = phones[world.random("phones", day).random(len(phones)) < share]
    return there


def _machine_times(world: World, day: int, rng: np.random.Generator, count: int) -> Ints:
    return world.workdays.office_times(rng, day, rng.normal(-20, 70, count))
