"""A nature-reserve agency: its offices, teams, people and accounts, and the devices that stand there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tidegate.range import names
from tidegate.range.tables import Bools, Floats, Ints

TEAMS = (
    ("Rangers", 0.26, "ranger"),
    ("Ecology", 0.20, "ecologist"),
    ("GIS", 0.10, "GIS analyst"),
    ("Laboratory", 0.08, "laboratory scientist"),
    ("Administration", 0.14, "clerk"),
    ("IT", 0.08, "systems engineer"),
    ("Management", 0.06, "head of unit"),
    ("Press", 0.08, "press officer"),
)
"""Team, its share of the staff, the role most of it has."""

SERVERS = ("SRV-PROXY01", "SRV-DNS01", "SRV-MX01", "SRV-FILE01", "SRV-GIS01", "SRV-LAB01", "SRV-WEB01", "SRV-MON01")
_SERVER_HOSTS = (8, 2, 25, 30, 31, 32, 33, 34)  # last octet of each in 10.10.250.0/24

ALWAYS = 10**6  # days: an end that never comes
BEFORE = -(10**6)


@dataclass(frozen=True, kw_only=True)
class People:
    """All accounts; arrays and tuples have one entry each. start and end are days of the period, both included."""

    user: tuple[str, ...]
    name: tuple[str, ...]
    role: tuple[str, ...]
    team: tuple[str, ...]
    kind: tuple[str, ...]
    office: Ints
    start: Ints
    end: Ints
    shift: Floats  # minutes
    pattern: Bools  # people × weekdays
    home_share: Floats  # share of days worked from home
    web: Floats  # factors on the usual number of …
    mail: Floats
    files: Floats
    uploads: Floats
    home_ip: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.user)

    def where(self, *, kind: str = "staff", team: str | None = None) -> Ints:
        """Indices of the people of a kind, and of a team if given."""
        return np.array(
            [i for i in range(len(self)) if self.kind[i] == kind and team in (None, self.team[i])], dtype=np.int64
        )


@dataclass(frozen=True, kw_only=True)
class Devices:
    """Everything with a network card. owner: index of a person, -1 for nobody; ip: empty where it has a lease."""

    name: tuple[str, ...]
    mac: tuple[str, ...]
    kind: tuple[str, ...]
    office: Ints
    owner: Ints
    first: Ints
    last: Ints
    ip: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.name)

    def where(self, kind: str) -> Ints:
        return np.array([i for i in range(len(self)) if self.kind[i] == kind], dtype=np.int64)


@dataclass(frozen=True, kw_only=True)
class Organisation:
    """Who and what there is. laptops: people × days, the device a person uses, -1 for none."""

    name: str
    domain: str
    vendor: str  # mail domain of the firm that maintains the sensors
    offices: tuple[str, ...]
    people: People
    devices: Devices
    laptops: Ints


def organisation(rng: np.random.Generator, *, people: int, days: int) -> Organisation:
    """Draw an agency with so many staff; vendor's people, service and admin accounts come on top."""
    stem, vendor, *places = names.words(rng, 10)
    offices = tuple(place.title() for place in places[: min(8, 2 + people // 80)])
    domain, vendor = f"{stem}-reserves.example", f"{vendor}-sensors.example"
    staff = _people(rng, people=people, days=days, domain=domain, vendor=vendor, offices=len(offices))
    devices, laptops = _devices(rng, staff, days=days, offices=len(offices))
    return Organisation(
        name=f"{stem.title()} Reserves",
        domain=domain,
        vendor=vendor,
        offices=offices,
        people=staff,
        devices=devices,
        laptops=laptops,
    )


def _people(rng: np.random.Generator, *, people: int, days: int, domain: str, vendor: str, offices: int) -> People:
    teams = _teams(people)
    vendors, admins = max(2, people // 60), max(1, teams.count("IT") // 3)
    service = ("svc-backup", "svc-sensors", "svc-scan")
    total = people + vendors + admins + len(service)
    given, family = names.words(rng, 400, syllables=(1, 2)), names.words(rng, 900, syllables=(2, 3))
    pairs = rng.choice(400 * 900, size=people + vendors, replace=False)
    full = [(given[p // 900], family[p % 900]) for p in pairs]
    roles = {team: role for team, _, role in TEAMS}
    boss = next(i for i, team in enumerate(teams) if team == "IT")
    users = [f"{g}.{f}@{domain if i < people else vendor}" for i, (g, f) in enumerate(full)]
    users += [f"adm-{full[boss + i][1]}@{domain}" for i in range(admins)] + [f"{s}@{domain}" for s in service]
    heavy = rng.lognormal(0, 0.55, (5, total))
    start, end = _tenure(rng, people, total, days)
    weekly = np.tile(np.arange(7) < 5, (total, 1))
    part_time = rng.random(total) < 0.15
    weekly[part_time, rng.integers(0, 5, total)[part_time]] = False
    weekly[people + vendors :] = False  # accounts nobody sits at
    rangers = np.array([*(t == "Rangers" for t in teams), *(False for _ in range(total - people))])
    weekly[rangers & (rng.random(total) < 0.3), 5] = True  # some rangers work Saturdays
    return People(
        user=tuple(users),
        name=tuple([f"{g.title()} {f.title()}" for g, f in full] + [""] * (admins + len(service))),
        role=tuple([roles[t] for t in teams] + ["sensor maintenance"] * vendors + ["administrator"] * admins)
        + ("service",) * len(service),
        team=tuple([*teams, *["Vendor"] * vendors, *["IT"] * (admins + len(service))]),
        kind=("staff",) * people + ("third_party",) * vendors + ("admin",) * admins + ("service",) * len(service),
        office=np.where(np.arange(total) < people, _spread(rng, total, offices), 0),
        start=start,
        end=end,
        shift=rng.normal(0, 45, total).clip(-100, 150),
        pattern=weekly,
        home_share=np.where(rangers, 0.03, rng.beta(1.2, 3.5, total)),
        web=heavy[0] * np.where(rangers, 0.5, 1.0),
        mail=heavy[1] * np.where(rangers, 0.6, 1.0),
        files=heavy[2] * np.where(rangers, 0.5, 1.0),
        uploads=heavy[3] * heavy[4] ** 1.5,
        home_ip=tuple(
            f"198.19.{i % 256}.{1 + i // 256 + 10 * int(d)}" for i, d in enumerate(rng.integers(0, 24, total))
        ),
    )


def _teams(people: int) -> list[str]:
    """The team of each of so many people: the shares, but at least one person in every team."""
    counts = {team: max(1, round(share * people)) for team, share, _ in TEAMS}
    counts["Rangers"] += people - sum(counts.values())
    return [team for team, count in counts.items() for _ in range(count)]


def _spread(rng: np.random.Generator, count: int, offices: int) -> Ints:
    """An office for each: about half at headquarters (office 0)."""
    weights = np.array([0.45, *[0.55 / (offices - 1)] * (offices - 1)])
    return rng.choice(offices, size=count, p=weights).astype(np.int64)


def _tenure(rng: np.random.Generator, people: int, total: int, days: int) -> tuple[Ints, Ints]:
    """First and last day of each account: a tenth of the staff comes and a tenth goes in a year, at least four go.

    The leavers whom scenes can choose from go in the last third, with a month or more of past before it.
    """
    start, end = np.full(total, BEFORE), np.full(total, ALWAYS)
    moves = rng.permutation(people)
    joiners = max(1, round(people * 0.1 * days / 365))
    leavers = max(4, round(people * 0.1 * days / 365))
    start[moves[:joiners]] = rng.integers(1, max(2, days - 10), joiners)
    going = moves[joiners : joiners + leavers]
    end[going] = rng.integers(days // 5, days, leavers)
    end[going[:4]] = rng.integers(round(days * 0.72), round(days * 0.96), 4)
    return start.astype(np.int64), end.astype(np.int64)


def _devices(rng: np.random.Generator, people: People, *, days: int, offices: int) -> tuple[Devices, Ints]:
    rows: list[tuple[str, str, str, int, int, int, int, str]] = []
    prefixes = {kind: rng.bytes(3).hex() for kind in ("laptop", "server", "station", "phone")}

    def add(
        name: str, kind: str, office: int, *, owner: int = -1, first: int = BEFORE, last: int = ALWAYS, ip: str = ""
    ) -> int:
        serial = prefixes[kind] + rng.bytes(3).hex()
        mac = ":".join(
            f"{int(serial[:2], 16) & 0xFC | (2 if kind == 'phone' else 0):02x}{serial[2:]}"[i : i + 2]
            for i in range(0, 12, 2)
        )
        rows.append((name, mac, kind, office, owner, first, last, ip))
        return len(rows) - 1

    for name, host in zip(SERVERS, _SERVER_HOSTS, strict=True):
        add(name, "server", 0, ip=f"10.10.250.{host}")
    laptops = np.full((len(people), days), -1, dtype=np.int64)
    staff = people.where()
    for i in staff:
        laptops[i] = add(
            f"LT-{1000 + i:04d}", "laptop", int(people.office[i]), owner=int(i), first=int(people.start[i])
        )
    stays = staff[people.end[staff] == ALWAYS]
    for n, i in enumerate(rng.choice(stays, size=max(2, round(len(staff) * 0.1 * days / 365)), replace=False)):
        day = int(rng.integers(days // 3, days - 5))
        laptops[i, day:] = add(f"LT-{8000 + n:04d}", "laptop", int(people.office[i]), owner=int(i), first=day)
    for n in range(max(4, len(staff) // 10)):
        office = int(rng.integers(offices))
        add(f"WX-{n + 1:03d}", "station", office, ip=f"10.{10 + office}.240.{10 + n % 200}")
    for n in range(len(staff) // 2):
        add(f"phone-{rng.bytes(2).hex()}{n:x}", "phone", int(rng.integers(offices)))
    name, mac, kind, office_, owner, first, last, ip = zip(*rows, strict=True)
    return Devices(
        name=name,
        mac=mac,
        kind=kind,
        office=np.array(office_),
        owner=np.array(owner),
        first=np.array(first),
        last=np.array(last),
        ip=ip,
    ), laptops
