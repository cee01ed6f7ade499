"""Addresses: leases that change now and then, the outside world's sites, and the services the agency uses."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from tidegate.range import names
from tidegate.range.organisation import BEFORE, Devices
from tidegate.range.tables import Bools, Ints, Texts

LEASE_DAYS = 25  # days on average until a laptop gets another address: long leases, changed by holidays and restarts

# Address blocks nobody owns (RFC 5737, RFC 2544): named services, ordinary sites, homes.
_SERVICES = "198.51.100"
_MEETINGS = "192.0.2"
OFFICES = "203.0.113"  # the agency's own public addresses, one an office


@dataclass(frozen=True, kw_only=True)
class Sites:
    """The outside web. index is popularity: site 0 is visited most (Zipf); born: day from which it exists."""

    host: tuple[str, ...]
    ip: tuple[str, ...]
    born: Ints
    favourites: Ints  # people × 20

    def __len__(self) -> int:
        return len(self.host)


@dataclass(frozen=True, kw_only=True)
class Network:
    """Leases are devices × days; a lease is empty text where a device has no address that day."""

    leases: Texts
    renumbered: Bools
    sites: Sites
    services: Mapping[str, tuple[str, str]]  # host name and address by what it is for
    taken: frozenset[str]

    def office_ip(self, office: int) -> str:
        """The public address behind which an office's people appear outside."""
        return f"{OFFICES}.{2 + office}"


SERVICES = (
    ("sharepoint", "{stem}.sharepoint.example"),
    ("onedrive", "{stem}-my.sharepoint.example"),
    ("outlook", "outlook.office.example"),
    ("login", "login.office.example"),
    ("drive", "drive.{0}.example"),
    ("drive2", "files.{1}.example"),
    ("webmail", "mail.{2}.example"),
    ("updates", "download.{3}.example"),
    ("antivirus", "cloud.{4}.example"),
    ("stations", "ingest.{vendor}"),
    ("backup", "vault.{5}.example"),
    ("newbackup", "eu1.{6}.example"),
    ("university", "data.{7}-university.example"),
    ("video", "upload.{8}.example"),
    ("portal", "reporting.{9}-authority.example"),
    ("transfer", "send.{10}.example"),
    ("portal2", "data.{11}-portal.example"),
    ("time", "ntp.{12}.example"),
)


def network(
    rng: np.random.Generator, devices: Devices, *, people: int, days: int, offices: int, stem: str, vendor: str
) -> Network:
    """Draw leases, sites and services."""
    stems = names.words(rng, len(SERVICES))
    hosts = {
        key: (pattern.format(*stems, stem=stem, vendor=vendor), f"{_SERVICES}.{10 + 4 * i}")
        for i, (key, pattern) in enumerate(SERVICES)
    }
    hosts["meeting"] = ("", f"{_MEETINGS}.64")
    leases, renumbered = _leases(rng, devices, days=days, offices=offices)
    sites = _sites(rng, people=people, days=days, taken=stems)
    return Network(
        leases=leases, renumbered=renumbered, sites=sites, services=hosts, taken=frozenset(stems) | {stem, vendor}
    )


def _sites(rng: np.random.Generator, *, people: int, days: int, taken: list[str]) -> Sites:
    known = 1200 + 4 * people
    new = days * (4 + people // 25)
    stems = [s for s in names.words(rng, known + new + len(taken)) if s not in set(taken)][: known + new]
    prefix = ("www.", "www.", "", "app.", "cdn.", "static.", "api.", "media.")
    born = np.full(known + new, BEFORE, dtype=np.int64)
    # Popular sites are old ones; what is new is found all along the tail.
    late = rng.choice(np.arange(150, known + new), size=new, replace=False)
    born[late] = rng.integers(0, days, new)
    old = np.flatnonzero(born == BEFORE)
    ranks = np.exp(rng.random((people, 20)) * np.log(len(old))).astype(np.int64) - 1
    return Sites(
        host=tuple(f"{prefix[int(p)]}{s}.example" for s, p in zip(stems, rng.integers(0, 8, known + new), strict=True)),
        ip=tuple(f"198.18.{int(n) // 250}.{1 + int(n) % 250}" for n in rng.integers(0, 60_000, known + new)),
        born=born,
        favourites=old[ranks],
    )


def _leases(rng: np.random.Generator, devices: Devices, *, days: int, offices: int) -> tuple[Texts, Bools]:
    """Each device's address on each day, and on which days it was given another one.

    Addresses are handed out first in, first out, from pools not much larger than needed: a given-up one comes back.
    """
    count = len(devices)
    fixed = np.array([bool(ip) for ip in devices.ip])
    changes = (rng.random((count, days)) < 1 / LEASE_DAYS) & ~fixed[:, None]
    leases = np.full((count, days), "", dtype="U15")
    leases[fixed] = np.array([ip for ip in devices.ip if ip], dtype="U15")[:, None]
    pools: dict[tuple[int, str], deque[str]] = {}
    for office in range(offices):
        for kind, third in (("laptop", 1), ("phone", 192)):  # the staff network and the guests' Wi-Fi
            size = round(1.6 * sum(k == kind for k in devices.kind)) + 20
            pools[office, kind] = deque(f"10.{10 + office}.{third + n // 240}.{10 + n % 240}" for n in range(size))
    for device in np.flatnonzero(~fixed):
        first = max(0, int(devices.first[device]))
        changes[device, :first] = False
        if first < days:
            changes[device, first] = True
    held: dict[int, str] = {}
    for day, device in np.argwhere(changes.T).tolist():
        pool = pools[int(devices.office[device]), devices.kind[device]]
        leases[device, day:] = pool.popleft()
        if device in held:
            pool.append(held[device])
        held[device] = str(leases[device, day])
    return leases, changes
