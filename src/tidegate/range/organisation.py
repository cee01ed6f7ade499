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
"""Team, its share of the staff, the role in it."""

SERVERS = {"PROXY": 8, "DNS": 2, "MX": 25, "FILE": 30, "GIS": 31, "LAB": 32, "WEB": 33, "MON": 34}
"""Servers and their hosts in 10.10.250.0/24; each is called SRV-…01."""

SERVICE_ACCOUNTS = ("svc-backup", "svc-sensors", "svc-scan", "svc-migrate")

UNLISTED = {"instrument": ("esp-", 6), "logger": ("WX-9", 1), "printer": ("PRN-", 1)}
"""Devices that are in no register unless a scene enters them and send nothing unless one lets them: name, how many."""

ALWAYS = 10**6  # a day that never comes: no last day of work is set
BEFORE = -(10**6)  # a day long before the period


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
    shift: Floats  # minutes somebody starts later than most
    week: Bools  # people × weekdays: works that day
    home_share: Floats  # share of days worked from home
    web: Floats  # factors on the usual number of sessions, mails, files, uploads
    mail: Floats
    files: Floats
    uploads: Floats
    home_ip: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.user)

    def where(self, *, kind: str = "staff", team: str | None = None) -> Ints:
        """Indices of the people of a kind, and of a team if given."""
        fits = [self.kind[i] == kind and team in (None, self.team[i]) for i in range(len(self))]
        return np.flatnonzero(np.array(fits))


@dataclass(frozen=True, kw_only=True)
class Device:
    """Something with a network card. owner: index of a person, -1 for nobody; ip: empty where it has a lease."""

    name: str
    mac: str
    kind: str
    office: int
    owner: int
    first: int
    ip: str


@dataclass(frozen=True, kw_only=True)
class Organisation:
    """Who and what there is. laptops: people × days, the index of the device a person uses, -1 for none."""

    stem: str
    vendor: str  # mail domain of the firm that maintains the sensors
    offices: tuple[str, ...]
    people: People
    devices: tuple[Device, ...]
    laptops: Ints

    @property
    def domain(self) -> str:
        return f"{self.stem}-reserves.example"

    def of_kind(self, kind: str) -> Ints:
        """Indices of the devices of a kind."""
        return np.flatnonzero(np.array([device.kind == kind for device in self.devices]))

    def server(self, name: str) -> int:
        """Index of a server."""
        return list(SERVERS).index(name)

    def laptop_names(self, people: list[int], days: Ints) -> tuple[str, ...]:
        """The laptops these people use on these days."""
        return tuple(sorted({self.devices[d].name for d in self.laptops[people][:, days].ravel()}))


def organisation(rng: np.random.Generator, *, people: int, days: int) -> Organisation:
    """Draw an agency with so many staff; the vendor's people, admin and service accounts come on top."""
    stem, vendor, *places = names.words(rng, 10)
    offices = min(8, 2 + people // 80)
    vendor = f"{vendor}-sensors.example"
    accounts = _people(rng, count=people, days=days, domain=f"{stem}-reserves.example", vendor=vendor, offices=offices)
    devices, laptops = _devices(rng, accounts, days=days, offices=offices)
    return Organisation(
        stem=stem,
        vendor=vendor,
        offices=tuple(place.title() for place in places[:offices]),
        people=accounts,
        devices=devices,
        laptops=laptops,
    )


def _people(rng: np.random.Generator, *, count: int, days: int, domain: str, vendor: str, offices: int) -> People:
    teams = _teams(count)
    vendors, admins = max(4, count // 60), max(1, teams.count("IT") // 3)
    named, total = count + vendors, count + vendors + admins + len(SERVICE_ACCOUNTS)
    given, family = names.words(rng, 400, syllables=(1, 2)), names.words(rng, 900)
    full = [(given[n // 900], family[n % 900]) for n in rng.choice(400 * 900, size=named, replace=False)]
    users = [f"{g}.{f}@{domain if i < count else vendor}" for i, (g, f) in enumerate(full)]
    users += [f"adm-{full[teams.index('IT') + i][1]}@{domain}" for i in range(admins)]
    users += [f"{account}@{domain}" for account in SERVICE_ACCOUNTS]
    roles = {team: role for team, _, role in TEAMS}
    ranger = np.array([*(team == "Rangers" for team in teams), *[False] * (total - count)])
    start, end = _tenure(rng, count, total, days)
    factor = rng.lognormal(0, 0.55, (4, total))
    home = rng.integers(0, 24, total)
    return People(
        user=tuple(users),
        name=tuple([f"{g.title()} {f.title()}" for g, f in full] + [""] * (total - named)),
        role=tuple(roles[team] for team in teams)
        + ("sensor maintenance",) * vendors
        + ("administrator",) * admins
        + ("service",) * len(SERVICE_ACCOUNTS),
        team=(*teams, *["Vendor"] * vendors, *["IT"] * (total - named)),
        kind=("staff",) * count
        + ("third_party",) * vendors
        + ("admin",) * admins
        + ("service",) * len(SERVICE_ACCOUNTS),
        office=_office(rng, total, offices) * (np.arange(total) < count),
        start=start,
        end=end,
        shift=rng.normal(0, 45, total).clip(-100, 150),
        week=_week(rng, total, named, ranger),
        home_share=np.where(ranger, 0.03, rng.beta(1.2, 3.5, total)) * (np.arange(total) < count),
        web=factor[0] * np.where(ranger, 0.5, 1.0),
        mail=factor[1] * np.where(ranger, 0.6, 1.0),
        files=factor[2] * np.where(ranger, 0.5, 1.0),
        uploads=factor[3] ** 2.2,  # few people send most
        home_ip=tuple(f"198.19.{i % 256}.{1 + i // 256 + 10 * h}" for i, h in enumerate(home.tolist())),
    )


def _replacements(rng: np.random.Generator, staying: Ints, staff: int, days: int) -> list[tuple[int, int]]:
    """When whose laptop is replaced: a tenth of them a year, in the later two thirds; in long periods some twice."""
    count = max(2, round(staff * 0.1 * days / 365))
    who = np.concatenate([rng.permutation(staying) for _ in range(1 + count // len(staying))])[:count]
    return sorted(zip(rng.integers(days // 3, days - 4, count).tolist(), who.tolist(), strict=True))


def _teams(count: int) -> list[str]:
    """The team of each of so many people: by shares, but at least one person in every team."""
    sizes = {team: max(1, round(share * count)) for team, share, _ in TEAMS}
    sizes["Rangers"] += count - sum(sizes.values())
    return [team for team, size in sizes.items() for _ in range(size)]


def _office(rng: np.random.Generator, count: int, offices: int) -> Ints:
    """An office for each: nearly half at headquarters (office 0)."""
    shares = [0.45, *[0.55 / (offices - 1)] * (offices - 1)]
    return rng.choice(offices, size=count, p=shares).astype(np.int64)


def _week(rng: np.random.Generator, total: int, named: int, ranger: Bools) -> Bools:
    """Monday to Friday; part-timers a day less, some rangers Saturday too; nobody sits at the other accounts."""
    week = np.tile(np.arange(7) < 5, (total, 1))
    part_time = rng.random(total) < 0.15
    week[part_time, rng.integers(0, 5, total)[part_time]] = False
    week[ranger & (rng.random(total) < 0.3), 5] = True
    week[named:] = False
    return week


def _tenure(rng: np.random.Generator, count: int, total: int, days: int) -> tuple[Ints, Ints]:
    """First and last day of each account: a tenth of the staff comes and a tenth goes in a year, at least four go.

    In a long period no more than a sixth comes and a sixth goes: most are there all the time. Four go in the last
    third, each with weeks of past before it: scenes choose among them.
    """
    start, end = np.full(total, BEFORE), np.full(total, ALWAYS)
    movers = rng.permutation(count)
    moving = min(count / 6, count * 0.1 * days / 365)
    joiners, leavers = max(1, round(moving)), max(4, round(moving))
    start[movers[:joiners]] = rng.integers(1, days - 5, joiners)
    going = movers[joiners : joiners + leavers]
    end[going] = rng.integers(days // 5, days, leavers)
    end[going[:4]] = rng.integers(round(days * 0.72), round(days * 0.96), 4)
    return start, end


def _devices(rng: np.random.Generator, people: People, *, days: int, offices: int) -> tuple[tuple[Device, ...], Ints]:
    """Servers first, then laptops (some replaced in the period), weather stations, guests' phones, unlisted ones."""
    makers = {kind: rng.bytes(3).hex() for kind in ("server", "laptop", "station", "phone")}
    found: list[Device] = []

    def add(
        name: str, kind: str, office: int, *, owner: int = -1, first: int = BEFORE, ip: str = "", digits: str = ""
    ) -> int:
        digits = makers[kind] + (digits or rng.bytes(3).hex())
        local = 2 if kind == "phone" else 0  # phones make up addresses: the bit for "locally administered"
        octets = [f"{int(digits[:2], 16) & 0xFC | local:02x}", *(digits[i : i + 2] for i in range(2, 12, 2))]
        device = Device(name=name, mac=":".join(octets), kind=kind, office=office, owner=owner, first=first, ip=ip)
        found.append(device)
        return len(found) - 1

    for name, host in SERVERS.items():
        add(f"SRV-{name}01", "server", 0, ip=f"10.10.250.{host}")
    laptops = np.full((len(people), days), -1, dtype=np.int32)
    staff = people.where()
    for i in staff.tolist():
        laptops[i] = add(f"LT-{1000 + i}", "laptop", int(people.office[i]), owner=i, first=int(people.start[i]))
    staying = staff[people.end[staff] == ALWAYS]
    for n, (day, i) in enumerate(_replacements(rng, staying, len(staff), days)):
        laptops[i, day:] = add(f"LT-{8000 + n}", "laptop", int(people.office[i]), owner=i, first=day)
    for n in range(max(4, len(staff) // 10)):
        office = int(rng.integers(offices))
        add(f"WX-{n + 1:03d}", "station", office, ip=f"10.{10 + office}.{240 + n // 200}.{10 + n % 200}")
    for n in range(len(staff) // 2):
        add(f"phone-{rng.bytes(2).hex()}{n:x}", "phone", int(rng.integers(offices)))
    (own,) = rng.spawn(1)
    makers |= {kind: own.bytes(3).hex() for kind in UNLISTED} | {"logger": makers["station"]}
    for kind, (stem, count) in UNLISTED.items():
        for n in range(count):
            add(f"{stem}{own.bytes(3).hex()}", kind, (1 + n) % offices, digits=own.bytes(3).hex())
    return tuple(found), laptops
