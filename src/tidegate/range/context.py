"""The context folder, incomplete and partly stale as real ones are."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from tidegate.range.happenings import planned
from tidegate.range.network import domain
from tidegate.range.organisation import ALWAYS, BEFORE, UNLISTED
from tidegate.range.scene import Scene
from tidegate.range.world import World

MISSING_PEOPLE = 0.03  # share without an entry
MOVED = 0.8  # share of moves between teams that somebody entered
UNKNOWN_END = 0.5  # share of leavers whose last day nobody entered
MISSING_DEVICES = 0.04


def write(folder: Path, world: World, scenes: Sequence[Scene]) -> None:
    """people.csv, devices.csv, destinations.csv, permits.csv."""
    folder.mkdir(parents=True, exist_ok=True)
    rng = world.random("context")
    _csv(folder / "people.csv", ("user", "name", "role", "team", "kind", "start", "end"), _people(world, rng))
    _csv(
        folder / "devices.csv",
        ("device", "mac", "ip", "kind", "site", "owner", "registered", "destinations"),
        [*_devices(world, rng), *(row for scene in scenes for row in scene.context.devices)],
    )
    entered = [*(happening.context for happening in planned(world)), *(scene.context for scene in scenes)]
    _csv(
        folder / "destinations.csv",
        ("pattern", "kind", "jurisdiction", "note"),
        [*_destinations(world), *(row for added in entered for row in added.destinations)],
    )
    _csv(
        folder / "permits.csv",
        ("permit", "holder", "destination", "class", "grade", "max_items", "max_bytes", "start", "end", "note"),
        [*_permits(world, rng), *(row for added in entered for row in added.permits)],
    )


def _people(world: World, rng: np.random.Generator) -> Iterable[tuple[str, ...]]:
    staff = world.organisation.people
    known = rng.random(len(staff)) >= MISSING_PEOPLE
    entered = rng.random(len(staff)) >= UNKNOWN_END
    teams = list(staff.team)
    for era in world.documents.eras:
        for who in era.moved:
            teams[who] = era.team if rng.random() < MOVED else teams[who]
    for i in range(len(staff)):
        if known[i] or staff.kind[i] != "staff":
            end = _day(world, int(staff.end[i])) if entered[i] else ""
            start = _day(world, int(staff.start[i]))
            yield staff.user[i], staff.name[i], staff.role[i], teams[i], staff.kind[i], start, end
    for n in range(max(2, len(staff) // 40)):  # gone long ago, still listed
        yield f"former.{n + 1:02d}@{world.organisation.domain}", "", "ranger", "Rangers", "staff", "", ""


def _devices(world: World, rng: np.random.Generator) -> Iterable[tuple[str, ...]]:
    org = world.organisation
    known, before = rng.random(len(org.devices)) >= MISSING_DEVICES, world.workdays.start.year - 8
    for n, device in enumerate(org.devices):
        if device.kind in ("phone", *UNLISTED) or not (known[n] or device.kind == "server"):
            continue  # guests' phones are in no register
        owner = org.people.user[device.owner] if device.owner >= 0 else ""
        meant = world.service("stations")[0] if device.kind == "station" else ""
        since = _day(world, device.first) or f"{before + n % 7}-{1 + n % 12:02d}-{1 + n % 28:02d}"
        yield device.name, device.mac, device.ip, device.kind, org.offices[device.office], owner, since, meant


def _destinations(world: World) -> Iterable[tuple[str, ...]]:
    host = {name: world.service(name)[0] for name in world.network.services}
    stem = world.organisation.stem
    yield "10.0.0.0/8", "own", "home", "offices"
    yield "203.0.113.0/27", "own", "home", "public addresses of the offices"
    yield world.organisation.domain, "own", "home", "our own domain"
    yield f"{stem}.sharepoint.example", "own", "home", "office suite, our tenant"
    yield f"{stem}-my.sharepoint.example", "own", "home", "office suite, our tenant"
    yield "office.example", "approved", "home", "office suite: mail and sign-in"
    yield "192.0.2.64/28", "approved", "home", "video conferences"
    yield host["updates"], "approved", "", "software updates"
    yield host["antivirus"], "approved", "", "anti-virus"
    yield f"*.{domain(host['stations'])}", "approved", "home", "platform of the weather stations"
    yield world.organisation.vendor, "approved", "home", "maintains the sensors"
    yield f"*.{domain(host['backup'])}", "approved", "home", "off-site backup"
    yield f"*.{domain(host['university'])}", "partner", "home", "research partner"
    yield f"*.{domain(host['portal'])}", "approved", "home", "reports to the authority"
    yield f"*.{domain(host['archive'])}", "approved", "home", "national archive"
    yield host["drive"], "personal", "", "private cloud drive, tolerated"
    yield host["photos"], "personal", "", "photo cloud"
    yield domain(host["webmail"]), "personal", "", "private mail"
    yield "old-provider.example", "approved", "", "no longer in use"


def _permits(world: World, rng: np.random.Generator) -> Iterable[tuple[str, ...]]:
    """Standing permits for specimens and samples; some ran out, some are only in the register."""
    last = world.workdays.date(world.days - 1)
    for site in range(1, 61):
        if site % 3 and rng.random() < 0.8:
            to, until = str(world.network.sites.domain[site]), last.year + int(rng.integers(-1, 2))
            yield f"P-{2000 + site}", "", to, "biological", "internal", "500", "", "", f"{until}-12-31", ""


def _day(world: World, day: int) -> str:
    """A date, or nothing for a day that never was or comes."""
    return "" if day in (ALWAYS, BEFORE) else world.workdays.date(day).isoformat()


def _csv(path: Path, header: Sequence[str], lines: Iterable[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(header)
        out.writerows(lines)
