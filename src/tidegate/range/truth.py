"""The truth: what is hidden in the logs, every malicious record in time order, the twins and other innocent changes.

Of a record, `bytes` is what left the organisation by it and `files` the files (of mail: the mails; of the
register: the parcels) taken or sent by it; several logs may show the same act, and only one of their records carries
its numbers, so that the sums are right.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np

from tidegate import clock
from tidegate.range.happenings import Happening, planned
from tidegate.range.logs.rendering import Written
from tidegate.range.scene import Scene
from tidegate.range.stealth import Stealth
from tidegate.range.tables import SECOND, numbers
from tidegate.range.world import World

_SENDINGS = ("zeek_smtp", "transfer_register")  # logs with a record for each mail or parcel
_WITH_BYTES = ("zeek_conn", "squid", "microsoft365", "windows", "cloudtrail")  # Zeek's others repeat conn's


@dataclass(frozen=True, kw_only=True)
class Record:
    """A line of a log that belongs to scene number `mark`. line: 1-based; record: its own id."""

    mark: int
    time: int
    source: str
    file: str
    line: int | None
    record: str | None
    bytes: int
    files: int


def records(log: Written, scenes: Sequence[Scene]) -> list[Record]:
    """The records of incidents in a log's file."""
    guilty = [mark for mark, scene in enumerate(scenes) if scene.incident]
    places = np.flatnonzero(np.isin(numbers(log.rows, "mark"), guilty))
    first = 1 + log.head.count(b"\n")
    return [
        Record(
            mark=row["mark"],
            time=row["time"],
            source=log.source,
            file=log.file,
            line=int(place) + first if log.numbered else None,
            record=row.get(log.record),
            bytes=row["sent"] if log.source in _WITH_BYTES else 0,
            files=row.get("files", int(log.source in _SENDINGS)),
        )
        for place, row in zip(places, log.rows.take(places).to_pylist(), strict=True)
    ]


def document(
    world: World, scenes: Sequence[Scene], found: Iterable[Record], dirt: list[dict[str, Any]], stealth: Stealth
) -> bytes:
    """truth.json."""
    by_scene: dict[int, list[Record]] = {mark: [] for mark in range(len(scenes))}
    for record in found:
        by_scene[record.mark].append(record)
    for part in by_scene.values():
        part.sort(key=lambda r: (r.time, r.file))
    about = [(scene, _about(scene, by_scene[mark]), by_scene[mark]) for mark, scene in enumerate(scenes)]
    whole = {
        "seed": world.seed,
        "people": len(world.organisation.people.where()),
        "days": world.days,
        "start": world.workdays.start.isoformat(),
        "thin": world.thin,
        "stealth": asdict(stealth),
        "incidents": [facts | _amounts(part) for scene, facts, part in about if scene.incident],
        "twins": [facts for scene, facts, _ in about if not scene.incident],
        "happenings": [_happening(world, happening) for happening in planned(world)],
        "dirt": dirt,
    }
    return (json.dumps(whole, indent=1) + "\n").encode()


def _about(scene: Scene, part: list[Record]) -> dict[str, Any]:
    """Of twins, when what they did was; what the sensor asked because of it depends on what else there was."""
    first, last = (part[0].time, part[-1].time) if scene.incident and part else scene.times()
    return {
        "name": scene.name,
        "pattern": scene.pattern,
        "actors": list(scene.actors),
        "devices": list(scene.devices),
        "destinations": list(scene.destinations),
        "first_time": _iso(first),
        "last_time": _iso(last),
        "note": scene.note,
    }


def _happening(world: World, happening: Happening) -> dict[str, Any]:
    return {
        "kind": happening.kind,
        "first_day": world.workdays.date(happening.first).isoformat(),
        "last_day": world.workdays.date(happening.last).isoformat(),
        "actors": list(happening.actors),
        "destinations": list(happening.destinations),
        "note": happening.note,
    }


def _amounts(part: list[Record]) -> dict[str, Any]:
    return {
        "bytes": sum(record.bytes for record in part),
        "files": sum(record.files for record in part),
        "records": [{k: v for k, v in vars(r).items() if k != "mark"} | {"time": _iso(r.time)} for r in part],
    }


def _iso(time: int) -> str:
    return clock.iso(datetime.fromtimestamp(time / SECOND, UTC).replace(tzinfo=None))
