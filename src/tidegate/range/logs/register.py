"""The transfer register: parcels and data deliveries that somebody entered by hand, one CSV for the whole period."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import UTC, datetime

import numpy as np
import pyarrow as pa

from tidegate.range.logs.rendering import Written
from tidegate.range.scene import Scene
from tidegate.range.tables import REGISTER, SECOND, joined, marked, rows
from tidegate.range.world import World

HEADER = ("time", "sender", "recipient", "country", "description", "permit", "items", "bytes")
HEAD = (",".join(HEADER) + "\n").encode()
_WHAT = (
    *("water samples", "pressed specimens", "camera-trap pictures", "vegetation map"),
    *("GPS tracks", "annual report", "soil samples", "herbarium loan"),
)


def register(world: World, scenes: Sequence[Scene]) -> Written:
    """Every entry of the period, in the order of time."""
    table = joined(REGISTER, [_entries(world), *(marked(s.register, mark) for mark, s in enumerate(scenes))])
    lines = pa.chunked_array([pa.array([_line(row) for row in table.to_pylist()], pa.string())])
    return Written(file="register/transfers.csv", source="transfer_register", rows=table, lines=lines, head=HEAD)


def _entries(world: World) -> pa.Table:
    """A few a week: the laboratory's and the ecologists' dispatches to institutes they work with."""
    rng = world.random("register")
    staff = world.organisation.people
    senders = np.concatenate([staff.where(team="Laboratory"), staff.where(team="Ecology")])
    count = int(rng.poisson(world.days / 7 * (2 + len(senders) / 15)))
    day = np.sort(rng.integers(0, world.days, count))
    day = day[(world.workdays.weekday[day] < 5) & ~world.workdays.holiday[day]]
    who = senders[rng.integers(0, len(senders), len(day))]
    time = [int(world.workdays.office_times(rng, int(d), staff.shift[[w]])[0]) for d, w in zip(day, who, strict=True)]
    site = np.minimum(rng.geometric(0.06, len(day)), 60)
    digital = rng.random(len(day)) < 0.4
    return rows(
        REGISTER,
        len(day),
        time=np.array(time, dtype=np.int64) // (60 * SECOND) * (60 * SECOND),
        sender=[staff.user[w] for w in who],
        recipient=[f"office@{name}" for name in world.network.sites.domain[site]],
        country=[f"{'ABCDEFGH'[s % 8]}X" for s in site],  # user-assigned codes of ISO 3166: no real country
        description=[_WHAT[i] for i in rng.integers(0, len(_WHAT), len(day))],
        permit=[f"P-{2000 + s}" if s % 3 else None for s in site],
        items=rng.integers(1, 40, len(day)),
        bytes=np.where(digital, rng.lognormal(17, 1.5, len(day)), 0),
    )


def _line(row: dict[str, object]) -> str:
    out = io.StringIO()
    time = datetime.fromtimestamp(int(str(row["time"])) / SECOND, UTC)
    cells = [f"{time:%Y-%m-%dT%H:%M:%SZ}", *("" if row[name] in (None, 0) else row[name] for name in HEADER[1:])]
    csv.writer(out, lineterminator="\n").writerow(cells)
    return out.getvalue()
