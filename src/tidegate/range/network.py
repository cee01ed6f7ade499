"""Addresses: leases that change now and then, the outside world's sites, and the services the agency uses."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from tidegate.range import names
from tidegate.range.organisation import BEFORE, Organisation
from tidegate.range.tables import Bools, Ints, Texts

NEW_SITES = 50_000  # most that come up in the period, so that a long one of many people fits in memory
LEASE_DAYS = 25  # on average until a laptop gets another address: holidays, restarts, moves

# Blocks kept for documentation and tests, nobody's in the world (RFC 5737, RFC 2544): 203.0.113 the agency's own public
# addresses, 192.0.2 meetings and places people travel to, 198.51.100 services, 198.18 sites, 198.19 homes.
_MEETINGS = "192.0.2"
_SERVICES = "198.51.100"
_OFFICES = "203.0.113"

SERVICES = {
    "sharepoint": "{stem}.sharepoint.example",
    "onedrive": "{stem}-my.sharepoint.example",
    "outlook": "outlook.office.example",
    "login": "login.office.example",
    "drive": "drive.{0}.example",
    "photos": "files.{1}.example",
    "webmail": "mail.{2}.example",
    "updates": "download.{3}.example",
    "antivirus": "cloud.{4}.example",
    "stations": "ingest.{vendor}",
    "backup": "vault.{5}.example",
    "new_backup": "eu1.{6}.example",
    "university": "data.{7}-university.example",
    "video": "upload.{8}.example",
    "portal": "reporting.{9}-authority.example",
    "transfer": "send.{10}.example",
    "time": "ntp.{11}.example",
    "content": "edge.{12}.example",
    "metrics": "intake.{13}.example",
    "archive": "ingest.{14}-archive.example",
}
STEMS = 17  # made-up names for them, some to spare


@dataclass(frozen=True, kw_only=True)
class Sites:
    """The outside web. Its order is popularity: site 0 is visited most. born: day from which a site exists."""

    host: Texts
    domain: Texts
    ip: Texts
    born: Ints
    favourites: Ints  # people × 20

    def popular(self, rng: np.random.Generator, count: int, *, among: int | None = None) -> Ints:
        """Sites by Zipf's law, of all or of the most popular ones."""
        sites: Ints = np.exp(rng.random(count) * np.log(among or len(self.host))).astype(np.int64) - 1
        return sites


@dataclass(frozen=True, kw_only=True)
class Network:
    """leased: devices × days, which of the addresses (the first is none); renumbered: got another one that day."""

    addresses: Texts
    leased: Ints
    renumbered: Bools
    sites: Sites
    services: Mapping[str, tuple[str, str]]  # host name and address by what it is for

    def leases(self, day: int) -> Texts:
        """Each device's address on a day, or empty text."""
        on_day: Texts = self.addresses[self.leased[:, day]]
        return on_day

    def office_ip(self, office: int) -> str:
        """The public address behind which an office's people appear outside."""
        return f"{_OFFICES}.{2 + office}"


def domain(host: str) -> str:
    """The registered domain of a host of the range."""
    return ".".join(host.split(".")[-2:])


def network(rng: np.random.Generator, organisation: Organisation, *, days: int) -> Network:
    """Draw leases, sites and services."""
    stems = names.words(rng, STEMS)
    services = {
        key: (pattern.format(*stems, stem=organisation.stem, vendor=organisation.vendor), f"{_SERVICES}.{10 + 4 * n}")
        for n, (key, pattern) in enumerate(SERVICES.items())
    }
    services["meetings"] = ("", f"{_MEETINGS}.64")  # conferences go to bare addresses of 192.0.2.64/28
    addresses, leased, renumbered = _leases(rng, organisation, days=days)
    sites = _sites(rng, people=len(organisation.people), days=days, taken={*stems, organisation.stem})
    return Network(addresses=addresses, leased=leased, renumbered=renumbered, sites=sites, services=services)


def _sites(rng: np.random.Generator, *, people: int, days: int, taken: set[str]) -> Sites:
    known, new = 1200 + 4 * people, min(days * (4 + people // 25), max(days, NEW_SITES))
    stems = [stem for stem in names.words(rng, known + new + len(taken)) if stem not in taken][: known + new]
    prefixes = ("www.", "www.", "", "app.", "cdn.", "static.", "api.", "media.")
    born = np.full(known + new, BEFORE)
    born[rng.choice(np.arange(150, known + new), size=new, replace=False)] = rng.integers(0, days, new)
    old = np.flatnonzero(born == BEFORE)
    rank = np.exp(rng.random((people, 20)) * np.log(len(old))).astype(np.int64) - 1
    prefix, place = rng.integers(0, 8, known + new), rng.integers(0, 40_000, known + new)
    return Sites(
        host=np.array([f"{prefixes[p]}{stem}.example" for stem, p in zip(stems, prefix.tolist(), strict=True)]),
        domain=np.array([f"{stem}.example" for stem in stems]),
        ip=np.array([f"198.18.{n // 200}.{1 + n % 200}" for n in place.tolist()]),
        born=born,
        favourites=old[rank],
    )


def _leases(rng: np.random.Generator, organisation: Organisation, *, days: int) -> tuple[Texts, Ints, Bools]:
    """All addresses, which of them each device has on each day, and on which days it was given another one.

    Addresses are handed out first in, first out, from pools not much larger than needed: a given-up one comes back.
    """
    devices = organisation.devices
    fixed = np.array([bool(device.ip) for device in devices])
    changes = (rng.random((len(devices), days), dtype=np.float32) < 1 / LEASE_DAYS) & ~fixed[:, None]
    addresses = ["", *(device.ip for device in devices if device.ip)]
    leased = np.zeros((len(devices), days), dtype=np.int32)
    leased[fixed] = np.arange(1, len(addresses))[:, None]
    pools = {}
    for office in range(len(organisation.offices)):
        for kind, third in (("laptop", 1), ("phone", 160)):  # the staff network and the guests' Wi-Fi
            size = round(1.6 * sum(d.kind == kind and d.office == office for d in devices)) + 20
            pools[office, kind] = deque(range(len(addresses), len(addresses) + size))
            addresses += [f"10.{10 + office}.{third + n // 240}.{10 + n % 240}" for n in range(size)]
    for n in np.flatnonzero(~fixed).tolist():
        first = max(0, devices[n].first)
        changes[n, :first] = False
        changes[n, first : first + 1] = True
    held: dict[int, int] = {}
    for day, n in np.argwhere(changes.T).tolist():
        pool = pools[devices[n].office, "phone" if devices[n].kind == "phone" else "laptop"]
        address = pool.popleft()
        leased[n, day:] = address
        if n in held:
            pool.append(held[n])
        held[n] = address
    return np.array(addresses), leased, changes
