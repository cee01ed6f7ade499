"""Quiet lives for detectors to watch: hourly sendings, file accesses and mail of made-up people, seeded."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import numpy as np

START = datetime(2026, 1, 5)  # a Monday
PEOPLE = [f"p{i}" for i in range(40)]
WEEKS = 8


def working_days() -> Iterator[datetime]:
    for day in range(7 * WEEKS):
        if day % 7 < 5:
            yield START + timedelta(days=day)


def sent(actor: str, time: datetime, size: int, to: str = "cloud.example", **more: Any) -> dict[str, Any]:
    """One hour of sending."""
    row = {"actor": actor, "last_time": time, "bytes": size, "destination": to, "kind": "unknown", "channel": "network"}
    return row | {"files": 0, "events": 1, "device": f"dev-{actor}"} | more


@cache
def sending(seed: int = 0) -> list[dict[str, Any]]:
    """Everybody sends 1 to 100 MB a working day, in three hours, to a few clouds and a long tail of sites."""
    rng = np.random.default_rng(seed)
    scale = {p: rng.uniform(14, 17.5) for p in PEOPLE}
    return [
        sent(p, day + timedelta(hours=int(hour)), int(np.exp(scale[p] + rng.normal(0, 0.7)) / 3) + 1, to)
        for day in working_days()
        for p in PEOPLE
        for hour, to in zip(
            (9, 13, 16), (f"cloud{rng.integers(3)}.example", f"s{rng.zipf(1.5)}.example", "a.example"), strict=True
        )
    ]


@cache
def accesses(seed: int = 0) -> list[dict[str, Any]]:
    """Everybody opens 3 to 15 files a working day in their own two folders, now and then a few in another."""
    rng = np.random.default_rng(seed)
    rows = []
    for day in working_days():
        for number, p in enumerate(PEOPLE):
            folders = [f"/sites/team{number % 8}", f"/sites/project{number % 5}"]
            if rng.random() < 0.05:
                folders.append(f"/sites/other{rng.integers(30)}")
            rows += [
                opened(p, day + timedelta(hours=9, minutes=int(n)), f"{rng.choice(folders)}/f{rng.integers(400)}.docx")
                for n in range(rng.integers(3, 15))
            ]
    return rows


def opened(actor: str, time: datetime, path: str, **more: Any) -> dict[str, Any]:
    return {"actor": actor, "time": time, "activity": "Download", "file_path": path, "file_size": 50_000} | more
