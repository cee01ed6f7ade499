"""Browsing, uploads and calls: heavy tails, and nobody at home on the agency's network."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from tidegate.range.habits import web
from tidegate.range.tables import numbers
from tidegate.range.world import World

DAYS = range(40)


def drawn(stage: World, habit: object) -> pa.Table:
    return pa.concat_tables([habit(stage, day, stage.random("test", day)) for day in DAYS])  # type: ignore[operator]


@pytest.mark.parametrize("habit", [web.browsing, web.uploads, web.calls])
def test_only_laptops_of_people_in_an_office(stage: World, habit: object) -> None:
    for day in DAYS:
        used = set(numbers(habit(stage, day, stage.random("test", day)), "device").tolist())  # type: ignore[operator]
        there = stage.organisation.laptops[stage.at_work(day, office=True), day]
        assert used <= set(there.tolist())


def test_browsing_receives_and_meets_new_sites(stage: World) -> None:
    sessions = drawn(stage, web.browsing)
    assert numbers(sessions, "received").sum() > 5 * numbers(sessions, "sent").sum()
    sites = stage.network.sites
    born = dict(zip(sites.host.tolist(), sites.born.tolist(), strict=True))
    new = [host for host in sessions["host"].to_pylist() if born.get(host, -1) >= 0]
    assert 50 < len(new) < len(sessions) / 5
    # Nobody visits what is not there yet.
    for day in DAYS:
        hosts = web.browsing(stage, day, stage.random("test", day))["host"].to_pylist()
        assert max(born.get(host, -1) for host in hosts or [""]) <= day


def test_uploads_are_heavy_tailed(stage: World) -> None:
    sent = np.sort(numbers(drawn(stage, web.uploads), "sent"))
    assert sent[-len(sent) // 50 :].sum() > sent.sum() / 3  # two in a hundred carry more than a third
    assert sent[-1] > 100 * np.median(sent)


def test_calls_are_symmetric_and_nameless(stage: World) -> None:
    sessions = drawn(stage, web.calls)
    ratio = np.log(numbers(sessions, "sent") / numbers(sessions, "received"))
    assert abs(np.median(ratio)) < 0.5
    assert sessions["host"].null_count == len(sessions)
