"""People on the web from the office: browsing, the office suite, cloud drives, video calls, and some uploads."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from tidegate.range.tables import SESSION, Ints, pick, rows
from tidegate.range.world import World, at_work

SESSIONS_A_DAY = 42  # a usual person's, before factors for the person, the week and the day
CALLS_A_DAY = 0.5
UPLOADS_A_DAY = 0.28  # beyond what browsing sends; most people have a few a month

_OFFICE = (("sharepoint", 0.4), ("onedrive", 0.2), ("outlook", 0.3), ("login", 0.1))
_UPLOAD_TO = (("drive", 0.3), ("transfer", 0.08), ("webmail", 0.12), ("portal", 0.07), ("sharepoint", 0.28), ("", 0.15))


def browsing(world: World, day: int, rng: np.random.Generator) -> pa.Table:
    """Sessions over a Zipf-distributed set of sites, a few of them newer than yesterday."""
    people, sites = _people(world, day), world.network.sites
    staff = world.organisation.people
    who = np.repeat(people, rng.poisson(SESSIONS_A_DAY * staff.web[people] * world.workdays.effort[people, day]))
    count = len(who)
    site = np.exp(rng.random(count) * np.log(len(sites))).astype(np.int64) - 1
    fresh = np.flatnonzero(sites.born == day)
    how = rng.random(count)
    favourite = sites.favourites[who, np.minimum(rng.geometric(0.2, count), 20) - 1]
    site = np.where((how < 0.45) | (sites.born[site] > day), favourite, site)
    if len(fresh):
        site = np.where(how > 0.996, fresh[rng.integers(0, len(fresh), count)], site)
    office = rng.random(count) < 0.22
    names = [world.service(n) for n, _ in _OFFICE]
    which = rng.choice(len(_OFFICE), count, p=[p for _, p in _OFFICE])
    host = np.where(office, np.array([h for h, _ in names])[which], np.array(sites.host)[site])
    ip = np.where(office, np.array([a for _, a in names])[which], np.array(sites.ip)[site])
    received = rng.lognormal(np.log(22_000), 1.9, count)
    sent = rng.lognormal(np.log(1_900), 1.0, count) + received * 0.012
    plain = ~office & (rng.random(count) < 0.06)
    return rows(
        SESSION,
        count,
        time=world.workdays.office_times(rng, day, staff.shift[who]),
        device=world.organisation.laptops[who, day],
        host=host,
        ip=ip,
        port=np.where(plain, 80, 443),
        service=np.where(plain, "http", "ssl"),
        seconds=rng.lognormal(1.5, 1.6, count),
        sent=sent,
        received=received.clip(300, 4e9),
        method=np.where(rng.random(count) < 0.12, "POST", "GET"),
        path=pick(_PATHS, rng.integers(0, len(_PATHS), count)),
        mime=pick(_MIMES, rng.integers(0, len(_MIMES), count)),
    )


def uploads(world: World, day: int, rng: np.random.Generator) -> pa.Table:
    """Files sent out: heavy-tailed in number and size, a person's own way of doing it, more in a project's busy week."""
    people, staff = _people(world, day), world.organisation.people
    burst = world.workdays.burst[people, day]
    who = np.repeat(people, rng.poisson(UPLOADS_A_DAY * (staff.uploads[people] * burst).clip(0, 12)))
    count = len(who)
    which = rng.choice(len(_UPLOAD_TO), count, p=[p for _, p in _UPLOAD_TO])
    site = world.network.sites.favourites[who, rng.integers(0, 20, count)]
    named = [world.service(n) if n else ("", "") for n, _ in _UPLOAD_TO]
    host = np.array([h for h, _ in named])[which]
    ip = np.array([a for _, a in named])[which]
    elsewhere = host == ""
    host = np.where(elsewhere, np.array(world.network.sites.host)[site], host)
    ip = np.where(elsewhere, np.array(world.network.sites.ip)[site], ip)
    sent = (150_000 * staff.uploads[who] ** 0.5 * (1 + rng.pareto(0.95, count))).clip(20_000, 6e9)
    return rows(
        SESSION,
        count,
        time=world.workdays.office_times(rng, day, staff.shift[who]),
        device=world.organisation.laptops[who, day],
        host=host,
        ip=ip,
        seconds=sent / rng.lognormal(np.log(3e6), 0.6, count) + 1,
        sent=sent,
        received=sent * 0.006 + rng.lognormal(8, 1, count),
        method=np.where(rng.random(count) < 0.5, "POST", "PUT"),
        path=pick(_UPLOAD_PATHS, rng.integers(0, len(_UPLOAD_PATHS), count)),
        mime="application/json",
    )


def calls(world: World, day: int, rng: np.random.Generator) -> pa.Table:
    """Video calls: long, large and symmetric, straight to an address."""
    people = _people(world, day)
    desk = world.organisation.people.web[people].clip(0.2, 2)
    who = np.repeat(people, rng.poisson(CALLS_A_DAY * desk))
    count = len(who)
    minutes = rng.lognormal(np.log(28), 0.7, count).clip(2, 240)
    rate = rng.lognormal(np.log(7e6), 0.4, count)  # bytes a minute each way
    base = world.service("meeting")[1].rpartition(".")[0]
    return rows(
        SESSION,
        count,
        time=world.workdays.office_times(rng, day, world.organisation.people.shift[who]),
        device=world.organisation.laptops[who, day],
        ip=pick([f"{base}.{n}" for n in range(64, 80)], rng.integers(0, 16, count)),
        port=3478,
        proto="udp",
        service="",
        seconds=minutes * 60,
        sent=minutes * rate * rng.lognormal(-0.2, 0.3, count),
        received=minutes * rate,
    )


def _people(world: World, day: int) -> Ints:
    """Staff in an office that day, with a laptop; who works from home is on no network of ours."""
    there, remote = at_work(world, day)
    return there[~remote]


_PATHS = ["/", "/index.html", "/api/v1/items", "/search?q=wetland", "/news/latest", "/static/app.js", "/img/banner.jpg",
          "/feed.xml", "/login", "/v2/events", "/article/4711", "/assets/main.css"]  # fmt: skip
_MIMES = ["text/html", "application/json", "image/jpeg", "application/javascript", "text/css", "image/png"]
_UPLOAD_PATHS = ["/upload", "/api/v1/files", "/api/upload/session", "/rest/put", "/attachments"]
