"""The scoring functions: what they say, that they look only backwards, and that the stated rate is the observed one."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from ibis import _

from tests.tables import engine, stored
from tidegate.detectors._statistics import expectation, per_week, rarity, score

START = date(2026, 1, 5)


def quiet(seed: int, *, keys: int = 150, days: int = 140) -> dict[str, list[Any]]:
    """Heavy-tailed amounts of subjects of very different size and steadiness, who are not active every day."""
    rng = np.random.default_rng(seed)
    key, day = np.repeat(np.arange(keys), days), np.tile(np.arange(days), keys)
    size, spread = rng.normal(14, 1.5, keys), rng.uniform(0.4, 1.3, keys)
    amount = np.exp(size[key] + spread[key] * rng.standard_t(5, keys * days))
    active = rng.random(keys * days) < 0.7
    return {
        "key": [f"k{i}" for i in key[active]],
        "day": [START + timedelta(int(i)) for i in day[active]],
        "amount": [int(a) + 1 for a in np.minimum(amount[active], 1e15)],
    }


def rated(amounts: dict[str, list[Any]]) -> list[dict[str, Any]]:
    scored = expectation(stored(pa.table(amounts))).mutate(score=score(_.amount)).cache()
    rows: list[dict[str, Any]] = engine().to_pyarrow(per_week(scored, scored)).to_pylist()
    return rows


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_stated_rate_is_about_the_observed_one(seed: int) -> None:
    rows = rated(quiet(seed))
    watched = 14  # weeks 6 to 19
    for stated in (0.3, 1.0):
        seen = {(r["key"], (r["day"] - START).days // 7) for r in rows if r["per_week"] <= stated}
        observed = len([1 for _key, week in seen if week >= 6]) / watched
        assert observed <= 3 * stated, f"stated {stated}, observed {observed} a week"


def test_a_cold_start_does_not_shout() -> None:
    rows = rated(quiet(7, days=7))
    assert not [r for r in rows if r["per_week"] < 0.3]


def test_ten_times_all_that_was_seen_is_rare_and_twice_the_usual_is_not() -> None:
    rows = quiet(4)
    last = START + timedelta(139)
    steady = [a for k, a in zip(rows["key"], rows["amount"], strict=True) if k == "k0"]
    far, near = 10 * max(rows["amount"]), 2 * int(np.median(steady))
    for amount, expected in ((far, True), (near, False)):
        more = {"key": [*rows["key"], "k0"], "day": [*rows["day"], last], "amount": [*rows["amount"], amount]}
        once = {(k, d): a for k, d, a in zip(*more.values(), strict=True)}  # the day's own amount is replaced
        again = {
            "key": [k for k, _d in once],
            "day": [d for _k, d in once],
            "amount": list(once.values()),
        }
        rates = [r["per_week"] for r in rated(again) if r["key"] == "k0" and r["day"] == last]
        assert (bool(rates) and rates[0] < 0.05) is expected


def test_nothing_looks_ahead() -> None:
    rows = quiet(5, keys=40, days=60)
    cut = START + timedelta(45)
    known = [d < cut for d in rows["day"]]
    prefix = {name: [v for v, keep in zip(values, known, strict=True) if keep] for name, values in rows.items()}
    whole = {(r["key"], r["day"]): r["per_week"] for r in rated(rows) if r["day"] < cut}
    assert whole == {(r["key"], r["day"]): r["per_week"] for r in rated(prefix)}


def acts(firsts: list[tuple[str, int]], people: int = 50, days: int = 70) -> dict[str, float]:
    """Rate of each act (who, on which day), where `people` are seen from the first day on."""
    time = datetime(2026, 1, 5, 9)
    events = stored(
        pa.table(
            {
                "uid": [f"{who}{day}" for who, day in firsts],
                "key": [who for who, _day in firsts],
                "kind": ["forward"] * len(firsts),
                "destination": [f"{who}.example" for who, _day in firsts],
                "time": [time + timedelta(day) for _who, day in firsts],
            }
        )
    )
    everyone = stored(
        pa.table(
            {"key": [f"p{i}" for i in range(people)] * 2, "time": [time] * people + [time + timedelta(days)] * people}
        )
    )
    found = engine().to_pyarrow(rarity(events, everyone, per_person_week=0.0005)).to_pylist()
    return {row["uid"]: row["per_week"] for row in found}


def test_the_first_act_of_its_kind_is_rare_and_the_twentieth_is_not() -> None:
    rates = acts([(f"p{i}", 2 * i) for i in range(20)])
    assert rates["p00"] < 0.1
    assert rates["p1938"] > 0.5


def test_the_same_person_again_is_not_held_against_the_others() -> None:
    once = acts([("p1", 30), ("p2", 60)])
    often = acts([("p1", 30), ("p1", 31), ("p1", 32), ("p2", 60)])
    assert once["p260"] == often["p260"]  # one person's habit counts once
