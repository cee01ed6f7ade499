"""Small lots at the pace reported, never a permit; the exchange has one each year, the rest goes where all know."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from tests.range.incidents.scenes import rng
from tidegate.range.incidents import drip
from tidegate.range.make import LAST, START
from tidegate.range.stealth import LEVELS
from tidegate.range.tables import DAY, numbers
from tidegate.range.world import Cast, World, world


@pytest.fixture(scope="module")
def nine_years() -> World:
    return world(people=20, days=3_287, seed=1, start=START.replace(year=LAST.year - 9), utc_offset=0, thin=True)


def test_nine_years_hold_the_sendings_of_the_case(nine_years: World) -> None:
    scene = drip.incident(nine_years, Cast(world=nine_years), rng())
    assert 1_700 < scene.register.num_rows + scene.mails.num_rows < 2_200
    assert "scaled" not in scene.note
    assert scene.register["permit"].null_count == scene.register.num_rows
    assert max(numbers(scene.register, "items")) < 10
    gaps = np.diff(np.sort(np.concatenate([numbers(t, "time") for t in (scene.register, scene.mails)]))) / DAY
    assert gaps.max() < 60  # never a pause of months


def test_a_short_period_has_the_same_pace(stage: World, nine_years: World) -> None:
    few = drip.incident(stage, Cast(world=stage), rng())
    assert "scaled to the period" in few.note
    a_week = [
        (scene.register.num_rows + scene.mails.num_rows) / days * 7
        for scene, days in (
            (few, stage.days / 2),
            (drip.incident(nine_years, Cast(world=nine_years), rng()), nine_years.days - 150),
        )
    ]
    assert a_week[0] == pytest.approx(a_week[1], rel=0.3)


def test_the_patient_write_to_several_boxes_of_one_place(stage: World) -> None:
    scene = drip.incident(stage, Cast(world=stage), rng(), stealth=LEVELS["patient"])
    to = {*scene.register["recipient"].to_pylist(), *scene.mails["recipient"].to_pylist()}
    assert {address.partition("@")[2] for address in to} == set(scene.destinations)
    assert stage.service("webmail")[0].endswith(scene.destinations[0])  # where others write to, too


def test_every_mail_is_seen_at_the_border_and_in_the_mailbox(stage: World) -> None:
    for scene in (drip.incident(stage, Cast(world=stage), rng()), *drip.twins(stage, Cast(world=stage), rng())):
        assert Counter(scene.mails["time"].to_pylist()) == Counter(scene.audits["time"].to_pylist())


def test_twins_are_as_regular_and_known(nine_years: World) -> None:
    exchange, newsletter, report = drip.twins(nine_years, Cast(world=nine_years), rng())
    assert exchange.register.num_rows > 1_000
    granted = {permit[0] for permit in exchange.context.permits}
    assert set(exchange.register["permit"].to_pylist()) == granted
    assert len(granted) in (9, 10)  # one a year
    readers = Counter(newsletter.mails["recipient"].to_pylist())
    assert len(readers) > 20
    assert len(set(readers.values())) == 1  # everybody gets each
    assert 400 < report.mails.num_rows < 480
    assert report.context.destinations[0][:2] == (report.destinations[0], "partner")
