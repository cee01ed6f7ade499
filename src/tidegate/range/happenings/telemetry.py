"""New software on all laptops that reports to its maker's cloud, again and again, and hears little back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from tidegate.range import names
from tidegate.range.happenings import Happening, occasions
from tidegate.range.network import domain
from tidegate.range.tables import SECOND, SESSION, rows
from tidegate.range.world import World

A_YEAR = 1.0
ON = 8 * 60  # minutes that a laptop is on


@dataclass(frozen=True)
class _Software:
    first: int
    host: str
    ip: str
    minutes: int  # between two reports
    size: float  # bytes of a report


def planned(world: World) -> list[Happening]:
    return [
        Happening(
            kind="telemetry",
            first=software.first,
            last=world.days - 1,
            destinations=(domain(software.host),),
            note=f"all laptops report to {software.host} every {software.minutes} minutes",
        )
        for software in _software(world)
    ]


def reports(world: World, day: int, rng: np.random.Generator) -> pa.Table:
    """Reports of the laptops in an office; in thin logs the software keeps one connection open all day."""
    laptops = world.organisation.laptops[world.at_work(day, office=True), day]
    parts = [SESSION.empty_table()]
    for software in _software(world):
        if day < software.first:
            continue
        beats = ON // software.minutes
        often, together = (1, beats) if world.thin else (beats, 1)
        who, count = np.repeat(laptops, often), len(laptops) * often
        begin = np.repeat(world.workdays.office_times(rng, day, np.full(len(laptops), -90.0)), often)
        beat = np.tile(np.arange(often), len(laptops)) * software.minutes * 60 * SECOND
        parts.append(
            rows(
                SESSION,
                count,
                time=begin + beat + rng.integers(0, 9 * SECOND, count),
                device=who,
                host=software.host,
                ip=software.ip,
                seconds=rng.lognormal(-1, 0.4, count) + (together - 1) * software.minutes * 60,
                sent=together * software.size * rng.normal(1, 0.1, count).clip(0.7, 1.3),
                received=together * rng.lognormal(np.log(500), 0.2, count),
                method="POST",
                path="/v1/events",
            )
        )
    return pa.concat_tables(parts)


def _software(world: World) -> Iterator[_Software]:
    rng = world.random("telemetry")
    for n, day in enumerate(occasions(rng, world.days, a_year=A_YEAR)):
        yield _Software(
            first=day,
            host=f"telemetry.{names.words(rng, 1)[0]}-soft.example",
            ip=f"198.51.100.{150 + n % 50}",
            minutes=int(rng.choice([5, 10, 15, 30])),
            size=float(rng.uniform(2_000, 9_000)),
        )
