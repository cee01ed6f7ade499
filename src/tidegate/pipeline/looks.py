"""What detectors found when they last looked: who looks every day asks only about the days since then.

What was found of earlier days stays as it is when a day is added, so it is kept in the lake, with what it rests on: the
events of each day by number, the code, the settings, the context. If any of these has changed otherwise than by later
days, or events are gone, everything is looked at anew.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

import pyarrow as pa
import pyarrow.compute as pc

from tidegate.config import Config
from tidegate.context.load import Context
from tidegate.lake.compiled import code
from tidegate.lake.kept import Kept, first_news
from tidegate.lake.store import Lake
from tidegate.pipeline.measured import held

LOOK = "look.zip"


@dataclass(frozen=True, kw_only=True)
class Look:
    """What was found, by detector, when so many events of each day were there. key: all else that it rests on."""

    key: str
    days: Mapping[date, int]
    found: Mapping[str, pa.Table]


@dataclass(frozen=True, kw_only=True)
class Since:
    """From which day on to look, and what stands from before it, by detector."""

    day: date
    found: Mapping[str, pa.Table]


def resting_on(days: Mapping[date, int], context: Context, config: Config, own: Iterable[str]) -> Look:
    """A look in which nothing was found yet.

    days: the events of each day, as `held` before anything was looked at, or what came meanwhile would pass for seen.
    own: patterns of what is the organisation's, listed or guessed.
    """
    said = (context.people, context.devices, context.destinations, context.permits)
    settings = (config.own, config.budget, sorted((k, sorted(v.items())) for k, v in config.detectors.items()))
    key = hashlib.sha256(repr((code(), said, settings, sorted(own))).encode()).hexdigest()
    return Look(key=key, days=dict(days), found={})


def since(last: Look | None, now: Look, *, kept: Kept | None = None) -> Since | None:
    """What need not be asked again; None where everything is to be looked at anew. kept: what answers rest on."""
    if last is None or last.key != now.key:
        return None
    first = first_news(last.days, now.days)
    if first is None:  # events expired or were erased: who was found by them alone is not found any more
        return None
    if kept:
        if kept.since is None or first < kept.since:
            return None
        first = kept.since
    return Since(day=first, found={name: before(table, first) for name, table in last.found.items()})


def latest(lake: Lake) -> Look | None:
    """The look that was kept last, if it can be read."""
    stored = lake.storage.read(LOOK)
    if stored is None:
        return None
    try:
        with zipfile.ZipFile(io.BytesIO(stored)) as archive:
            about = json.loads(archive.read("about.json"))
            found = {name: pa.ipc.open_file(archive.read(name)).read_all() for name in about["found"]}
    except (zipfile.BadZipFile, KeyError, ValueError, pa.ArrowException):
        return None
    return Look(key=about["key"], days={date.fromisoformat(d): n for d, n in about["days"].items()}, found=found)


def keep(lake: Lake, look: Look) -> None:
    """Put a look in the place of the one before, unless events went meanwhile: who was erased is not to come back.

    Raises LakeError.
    """
    there = held(lake)
    if any(there[day] < events for day, events in look.days.items()):
        return
    about = {"key": look.key, "days": {str(day): n for day, n in look.days.items()}, "found": sorted(look.found)}
    stored = io.BytesIO()
    with zipfile.ZipFile(stored, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("about.json", json.dumps(about))
        for name, table in look.found.items():
            sink = pa.BufferOutputStream()
            with pa.ipc.new_file(sink, table.schema) as writer:
                writer.write_table(table)
            archive.writestr(name, sink.getvalue().to_pybytes())
    lake.storage.write(LOOK, stored.getvalue())


def forget(lake: Lake) -> None:
    """Remove what was kept: somebody in it may have been erased. Raises LakeError."""
    lake.storage.remove(LOOK)


def before(found: pa.Table, day: date) -> pa.Table:
    """Those of the findings that are of earlier days."""
    moment = pa.scalar(datetime(day.year, day.month, day.day), found.schema.field("time").type)  # noqa: DTZ001
    return found.filter(pc.less(found["time"], moment))
