"""People on the web from an office: browsing, the office suite, video calls, and some uploads."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from tidegate.range import sessions
from tidegate.range.tables import SESSION, Texts, pick, rows
from tidegate.range.world import World

SESSIONS_A_DAY = 42  # a usual person's, before factors for the person, the week and the day
CALLS_A_DAY = 0.5
UPLOADS_A_DAY = 0.7  # beyond what browsing sends; many people have a few a month, some many a day

_SUITE = {"sharepoint": 0.4, "onedrive": 0.2, "outlook": 0.3, "login": 0.1}
_UPLOAD_TO = {
    "drive": 0.3,
    "transfer": 0.08,
    "webmail": 0.12,
    "portal": 0.07,
    "sharepoint": 0.28,
    "": 0.15,
}  # "" any site

_PATHS = [
    *("/", "/index.html", "/api/v1/items", "/search?q=wetland", "/news/latest", "/static/app.js", "/img/banner.jpg"),
    *("/feed.xml", "/login", "/v2/events", "/article/4711", "/assets/main.css"),
]
_MIMES = ["text/html", "application/json", "image/jpeg", "application/javascript", "text/css", "image/png"]
_UPLOAD_PATHS = ["/upload", "/api/v1/files", "/api/upload/session", "/rest/put", "/attachments"]


def browsing(world: World, day: int, rng: np.random.Generator) -> pa.Table:
    """Sessions over a Zipf-distributed set of sites, a few of them new that day."""
    staff, sites, people = world.organisation.people, world.network.sites, world.at_work(day, office=True)
    who = np.repeat(people, rng.poisson(SESSIONS_A_DAY * staff.web[people] * world.workdays.effort[people, day]))
    count = len(who)
    any_site, how = sites.popular(rng, count), rng.random(count)
    favourite = sites.favourites[who, np.minimum(rng.geometric(0.2, count), 20) - 1]
    site = np.where((how < 0.45) | (sites.born[any_site] > day), favourite, any_site)
    if len(fresh := np.flatnonzero(sites.born == day)):
        site = np.where(how > 0.996, fresh[rng.integers(0, len(fresh), count)], site)
    at_suite = rng.random(count) < 0.22
    host, ip = _services(world, rng, _SUITE, count)
    received = rng.lognormal(np.log(25_000), 2.4, count)
    plain = ~at_suite & (rng.random(count) < 0.06)
    return rows(
        SESSION,
        count,
        time=world.workdays.office_times(rng, day, staff.shift[who]),
        device=world.organisation.laptops[who, day],
        host=np.where(at_suite, host, sites.host[site]),
        ip=np.where(at_suite, ip, sites.ip[site]),
        port=np.where(plain, 80, 443),
        service=np.where(plain, "http", "ssl"),
        seconds=rng.lognormal(1.5, 1.6, count),
        sent=rng.lognormal(np.log(1_900), 1.0, count) + received * 0.012,
        received=received.clip(300, 4e9),
        method=np.where(rng.random(count) < 0.12, "POST", "GET"),
        path=pick(_PATHS, rng.integers(0, len(_PATHS), count)),
        mime=pick(_MIMES, rng.integers(0, len(_MIMES), count)),
    )


def uploads(world: World, day: int, rng: np.random.Generator) -> pa.Table:
    """Files sent out: heavy-tailed in number and in size, more in a project's week; some to places never seen."""
    staff, sites, people = world.organisation.people, world.network.sites, world.at_work(day, office=True)
    habit = (staff.uploads[people] * world.workdays.burst[people, day]).clip(0, 12)
    who = np.repeat(people, rng.poisson(UPLOADS_A_DAY * habit))
    count = len(who)
    host, ip = _services(world, rng, _UPLOAD_TO, count)
    known, other = sites.favourites[who, rng.integers(0, 20, count)], sites.popular(rng, count)
    site = np.where((rng.random(count) < 0.6) | (sites.born[other] > day), known, other)
    size = 600_000 * staff.uploads[who] ** 0.3 * (1 + rng.pareto(0.85, count))
    return sessions.uploads(
        rng,
        time=world.workdays.office_times(rng, day, staff.shift[who]),
        device=world.organisation.laptops[who, day],
        host=np.where(host == "", sites.host[site], host),
        ip=np.where(host == "", sites.ip[site], ip),
        sent=np.minimum(size, np.where(host == world.service("webmail")[0], 3e7, 2e10)),
        path=_UPLOAD_PATHS[day % len(_UPLOAD_PATHS)],
    )


def calls(world: World, day: int, rng: np.random.Generator) -> pa.Table:
    """Video calls: long, large and symmetric, straight to an address."""
    staff, people = world.organisation.people, world.at_work(day, office=True)
    who = np.repeat(people, rng.poisson(CALLS_A_DAY * staff.web[people].clip(0.2, 2)))
    count = len(who)
    minutes = rng.lognormal(np.log(28), 0.7, count).clip(2, 240)
    rate = rng.lognormal(np.log(7e6), 0.4, count)  # bytes a minute each way
    network = world.service("meetings")[1].rpartition(".")[0]
    return rows(
        SESSION,
        count,
        time=world.workdays.office_times(rng, day, staff.shift[who]),
        device=world.organisation.laptops[who, day],
        ip=pick([f"{network}.{n}" for n in range(64, 80)], rng.integers(0, 16, count)),
        port=3478,
        proto="udp",
        service="",
        seconds=minutes * 60,
        sent=minutes * rate * rng.lognormal(-0.2, 0.3, count),
        received=minutes * rate,
    )


def _services(world: World, rng: np.random.Generator, shares: dict[str, float], count: int) -> list[Texts]:
    """Hosts and addresses of services by their shares; empty for the service without a name."""
    known = np.array([world.service(name) if name else ("", "") for name in shares])
    return list(known[rng.choice(len(shares), count, p=list(shares.values()))].T)
