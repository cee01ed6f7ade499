"""Stated against observed rates of a past that is known."""

from __future__ import annotations

from datetime import timedelta

from tests.cases.test_budget import quiet, someone
from tests.cases.test_build import START
from tidegate.cases.budget import Spoken, stories
from tidegate.cases.reliability import reliability

END = START + timedelta(weeks=52)


def test_on_quiet_data_the_budgets_hold() -> None:
    found = reliability(stories(quiet(3, 52), weight=6, start=START), start=START, end=END)
    assert all(rate.holds for rate in found.rates)
    assert [rate.stated for rate in found.rates] == [0.1, 0.3, 1.0, 3.0, 10.0]
    assert found.rates[-1].observed > 3


def test_a_past_that_gets_odder_and_odder_does_not_hold() -> None:
    growing = [someone(f"p{n}", 3 * n, 0.1 / (n + 1)) for n in range(120)]
    found = reliability(stories(growing, weight=6, start=START), start=START, end=END)
    assert not all(rate.holds for rate in found.rates)


def test_confirmed_cases_are_no_false_alarms() -> None:
    told = stories([someone("thief", 100, 1e-4)], weight=6, start=START)
    (finding,) = (one.found for story in told for one in story.findings)
    assert reliability(told, start=START, end=END).rates[0].cases == 1
    found = reliability(told, start=START, end=END, spoken=Spoken(confirmed=frozenset({finding.uid})))
    assert (found.rates[0].cases, found.confirmed) == (0, 1)


def test_a_detector_that_says_rare_weekly_shows_in_its_own_row() -> None:
    nervous = [someone(f"p{n}", 7 * n, 0.01) for n in range(52)]
    found = reliability(stories(nervous, weight=6, start=START), start=START, end=END)
    ((name, rate),) = found.detectors
    assert (name, rate.cases, rate.holds) == ("bulk_volume", 52, False)


def test_what_chance_allows_is_the_poisson_interval() -> None:
    found = reliability((), start=START, end=START + timedelta(weeks=10))
    assert (found.rates[2].low, found.rates[2].high) == (0.4, 1.7)  # 10 expected: 4 to 17


def test_what_exceptions_hide_is_no_alarm() -> None:
    told = stories([someone("bob", 100, 1e-4)], weight=6, start=START)
    spoken = Spoken(excused=frozenset(one.found.uid for story in told for one in story.findings))
    assert not any(rate.cases for rate in reliability(told, start=START, end=END, spoken=spoken).rates)
