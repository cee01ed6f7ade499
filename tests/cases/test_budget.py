"""What findings cost: detectors that cry often are believed less, and on quiet data the budget is what is raised."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest

from tests.cases.test_build import START, found
from tidegate.cases.budget import Ledger, Spoken, stories
from tidegate.cases.found import Found

SECOND = 3.0  # times as often as the oddest comes what one other surpassed: one case and a half to half a one


def someone(name: str, day: float, per_week: float, detector: str = "bulk_volume") -> Found:
    return found(detector, day=day, per_week=per_week, actor=name, device=f"pc-{name}", destination=None)


def quiet(seed: int, weeks: int, *, stories_a_week: float = 20, overstated: float = 30) -> list[Found]:
    """Innocent stories, whose stated rates are too high by a factor, as a union bound leaves them."""
    rng = np.random.default_rng(seed)
    days = np.sort(rng.uniform(0, 7 * weeks, rng.poisson(stories_a_week * weeks)))
    rates = rng.uniform(0, stories_a_week, len(days)) * overstated
    return [someone(f"p{n}", float(day), float(rate)) for n, (day, rate) in enumerate(zip(days, rates, strict=True))]


@pytest.mark.parametrize("budget", [0.3, 1, 3, 10])
def test_on_quiet_data_what_is_raised_is_the_budget_within_a_factor_of_two(budget: float) -> None:
    weeks = 52
    raised = [
        sum(any(r.rate <= budget for r in story.findings) for story in stories(life, weight=6, start=START))
        for life in (quiet(seed, weeks) for seed in range(8))
    ]
    assert budget / 2 <= float(np.mean(raised)) / weeks <= budget * 2


def test_a_detector_that_calls_rare_what_comes_weekly_is_not_believed() -> None:
    ledger = Ledger(weight=6, start=START)
    noise = [ledger.add(someone(f"p{week}", 7 * week, 1e-4)) for week in range(30)]
    assert noise[-1].rate > 0.9
    # The near miss: another detector's rare word still counts.
    assert ledger.add(someone("thief", 211, 1e-4, "mail_forwarding")).rate < 0.1


def test_the_same_story_again_is_not_held_against_itself() -> None:
    ledger = Ledger(weight=6, start=START - timedelta(weeks=10))
    rates = [ledger.add(someone("ann", day, 1e-3)).rate for day in range(10)]
    assert max(rates) <= 6.1e-3


def test_nothing_before_the_first_weeks_is_judged_by_rank() -> None:
    early, late = (Ledger(weight=6, start=START).add(someone("ann", day, 1.0)).rate for day in (10, 100))
    assert early == 6.0
    assert late < 0.1


def test_stories_that_turn_out_to_be_one_count_once() -> None:
    ledger = Ledger(weight=6, start=START - timedelta(weeks=10))
    ledger.add(someone("ann", 0, 1e-3))
    ledger.add(someone("bob", 1, 2e-3))
    ledger.add(found(day=2, actor="ann", device="pc-bob", destination=None, per_week=1e-2))
    assert len(ledger.stories) == 1
    assert [r.found.time for r in ledger.stories[0].findings] == [START + timedelta(days=d) for d in range(3)]
    other = ledger.add(someone("cyd", 3, 0.3))
    assert other.rate == pytest.approx(1.5 / (73 / 7))  # one story went before, not two


def after(days: float, *before: Found, **spoken: frozenset[str]) -> float:
    """The rate of a middling finding so many days on, after others."""
    ledger = Ledger(weight=6, start=START - timedelta(weeks=10), spoken=Spoken(**spoken))
    for one in before:
        ledger.add(one)
    return ledger.add(someone("ann", days, 0.2)).rate


def test_a_confirmed_story_takes_no_rank_from_others() -> None:
    thief = [someone("thief", day, 1e-6) for day in (1, 2)]
    first = after(21, someone("cyd", 0, 0.3))
    assert after(21, someone("cyd", 0, 0.3), *thief) == pytest.approx(SECOND * first)
    confirmed = frozenset({thief[1].uid})  # what went before it is the same story
    assert after(21, someone("cyd", 0, 0.3), *thief, confirmed=confirmed) == first
    # The near miss: somebody else's that nobody confirmed goes on counting.
    assert after(21, someone("bob", 3, 1e-6), *thief, confirmed=confirmed) == pytest.approx(SECOND * first)


def test_what_joins_a_confirmed_story_takes_no_rank_either() -> None:
    thief, other = someone("thief", 1, 1e-6), someone("eve", 1.5, 1e-6)
    link = found(day=2, actor="thief", device="pc-eve", destination=None, per_week=0.5)
    alone = after(21)
    assert after(21, thief, other, link, confirmed=frozenset({thief.uid})) == alone
    assert after(21, thief, other, confirmed=frozenset({thief.uid})) == pytest.approx(SECOND * alone)


def test_what_an_exception_hides_takes_no_rank_and_what_else_its_story_has_does() -> None:
    hidden, more = someone("bob", 1, 1e-6), someone("bob", 2, 1e-5, "mail_forwarding")
    excused = frozenset({hidden.uid})
    assert after(21, hidden) == pytest.approx(SECOND * after(21))
    assert after(21, hidden, excused=excused) == after(21)
    assert after(21, hidden, more, excused=excused) == pytest.approx(SECOND * after(21))
