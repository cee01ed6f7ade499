"""Quiet networks for detectors to watch: hourly look-ups and connections of made-up devices, seeded."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import numpy as np

from tests.detectors.lives import PEOPLE, START, WEEKS, working_days

LAPTOPS = [f"dev-{p}" for p in PEOPLE]
Row = dict[str, Any]


def asked(device: str, time: datetime, domain: str, label_bytes: int, **more: Any) -> Row:
    """One hour of look-ups."""
    row = {"device": device, "last_time": time, "destination": domain, "label_bytes": label_bytes, "actor": None}
    return row | {"names": 1 + label_bytes // 40, "queries": 1 + label_bytes // 40, "long": 0, "failed": 0} | more


def looking_up(seed: int = 0) -> list[Row]:
    """Everybody looks up a few sites, a content network and the anti-virus, whose names hold hashes; mail more."""
    rng = np.random.default_rng(seed)
    rows = []
    for day in working_days():
        for device in LAPTOPS:
            for hour in (9, 14):
                time = day + timedelta(hours=hour, minutes=int(rng.integers(60)))
                sites = {f"s{n}.example" for n in rng.zipf(1.4, 3)}
                rows += [asked(device, time, site, int(rng.integers(3, 30))) for site in sorted(sites)]
                rows.append(asked(device, time, "cdn.example", int(rng.integers(20, 300))))
                rows.append(asked(device, time, "av.example", int(rng.lognormal(6, 0.7)), long=3))
        rows += [
            asked("mail", day + timedelta(hours=h), "blocklist.example", int(rng.lognormal(8, 0.3))) for h in range(24)
        ]
    return rows


def called(device: str, time: datetime, to: str, sent: int, got: int, **more: Any) -> Row:
    """One hour of connections."""
    actor = device.removeprefix("dev-") if device.startswith("dev-") else None
    row = {"device": device, "actor": actor, "last_time": time, "destination": to, "bytes": sent, "bytes_in": got}
    return row | {"kind": "unknown", "channel": "network", "via": "ssl", "events": 5, "beats": 0, "files": 0} | more


def calling(seed: int = 0) -> list[Row]:
    """Laptops browse, upload, meet, update and ping; stations report; a server mirrors by FTP; clocks tick."""
    rng = np.random.default_rng(seed)
    rows = []
    for n in range(7 * WEEKS):
        day = START + timedelta(days=n)
        for hour in range(24):
            end = day + timedelta(hours=hour, minutes=59)
            rows += [called(f"station{k}", end, "vendor.example", 10_400, 2_800, beats=2) for k in range(3)]
            rows += [called(f"server{k}", end, "ntp.example", 96, 96, via="ntp", beats=2) for k in range(4)]
            rows.append(called("server0", end, "monitor.example", 90_000, 60_000, events=60, beats=58))
        if n % 7 > 4:
            continue
        rows.append(called("server1", day + timedelta(hours=3), "partner.example", 10**8, 10**5, via="ftp"))
        for device in LAPTOPS:
            for hour in (9, 14):
                end = day + timedelta(hours=hour, minutes=59)
                chance = int(rng.random() < 0.05)
                site = f"s{rng.zipf(1.4)}.example"
                rows.append(called(device, end, site, int(rng.lognormal(9, 1.5)), 10**6, beats=chance))
                rows.append(called(device, end, "cloud.example", int(rng.lognormal(14, 1.2)), 10**5))
                rows.append(called(device, end, "updates.example", 900, 40_000, beats=int(rng.integers(3))))
                rows.append(called(device, end, "av.example", 2_600, 1_500, beats=int(rng.integers(2))))
                rows.append(called(device, end, "s1.example", 480, 400, via="icmp"))
                if rng.random() < 0.3:
                    rows.append(called(device, end, "meet.example", int(rng.lognormal(17, 1)), 10**7, via="udp/3478"))
    return rows


def told(findings: list[Row], before: datetime) -> list[tuple[Any, ...]]:
    """What findings made before a moment say, to compare: rates to six figures, as sums depend on their order."""
    made = [f for f in findings if f["time"] < before]
    return sorted((f["time"], f["device"], f["destination"], f["days"], f"{f['per_week']:.6g}") for f in made)
