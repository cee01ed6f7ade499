"""How findings become cases: what joins, when a case is raised, and that evidence never multiplies."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from tests.cases.examples import a_case
from tidegate import registry
from tidegate.cases.budget import stories
from tidegate.cases.build import build, news, rest, weighed
from tidegate.cases.found import Found
from tidegate.cases.model import Case, Left

START = datetime(2026, 3, 2, 9)


def found(detector: str = "bulk_volume", day: float = 0, per_week: float = 0.001, **more: Any) -> Found:
    time = START + timedelta(days=day)
    facts = {
        "amount": 5e9,
        "usual": 1e7,
        "peer_usual": 2e7,
        "hours": "",
        "days": 1,
        "level": "subject",
        "did": "opened 5000000000 files",
    }
    facts["why"] = "ten is usual"
    plain = Found(
        detector=registry.detectors()[detector],
        time=time,
        first_time=time,
        last_time=time,
        actor="ann",
        device="laptop-7",
        destination="client.example",
        per_week=per_week,
        bytes_out=5_000_000_000,
        files=0,
        evidence=(f"uid-{detector}-{day}-{per_week}",),
        facts={**facts, "leaving": ""},
    )
    return replace(plain, **more)


def built(*findings: Found, budget: float = 0.6, common: tuple[str, ...] = (), weeks: float = 1) -> list[Case]:
    """Cases where so many weeks were watched before: within two, nothing is judged by rank."""
    start = START - timedelta(weeks=weeks)
    return list(build(findings, weight=6, cases_per_week=budget, start=start, common=common))


def cases(*findings: Found, budget: float = 0.6, common: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """The actors of each case."""
    return [case.actors for case in built(*findings, budget=budget, common=common)]


def test_a_finding_within_the_budget_is_a_case_and_one_beyond_it_is_not() -> None:
    assert cases(found(per_week=0.099)) == [("ann",)]  # of six detectors: 0.594 a week
    assert cases(found(per_week=0.11)) == []


def test_a_case_is_raised_at_the_first_moment_that_the_budget_allows() -> None:
    (case,) = built(found(day=0, per_week=0.5), found(day=1, per_week=0.01), found(day=2, per_week=1e-6))
    assert case.raised_time == START + timedelta(days=1)
    assert case.first_time == START + timedelta(days=1)  # what is common names no beginning
    assert case.false_alarms_per_week == 6e-6


def test_six_correlated_oddities_of_one_upload_are_one_oddity() -> None:
    (alone,) = built(found())
    kinds = ("bulk_volume", "leaver_haul")
    (joined,) = built(*(found(kind, day=n / 100) for n in range(3) for kind in kinds))
    assert joined.false_alarms_per_week == alone.false_alarms_per_week
    assert joined.score == alone.score


def test_findings_join_by_a_shared_person_device_or_destination() -> None:
    bob: dict[str, Any] = {"actor": "bob", "device": "laptop-8"}
    assert cases(found(), found(day=1, **bob)) == [("ann", "bob")]  # the same destination
    assert cases(found(), found(day=1, **bob, destination="other.example")) == [("ann",), ("bob",)]
    # The near miss: a destination that half the house uses ties nobody together.
    assert len(cases(found(), found(day=1, **bob), common=("client.example",))) == 2


def test_a_file_server_ties_nobody_together_but_what_only_it_did() -> None:
    on: dict[str, Any] = {"device": "files-1", "destination": None}
    people = [found(actor="ann", **on), found(day=1, actor="bob", **on)]
    assert len(cases(*people)) == 1
    assert len(cases(*people, common=("files-1",))) == 2
    assert len(cases(found(actor=None, **on), found(day=1, actor=None, **on), common=("files-1",))) == 1


def test_findings_months_apart_are_two_stories() -> None:
    assert len(cases(found(), found(day=60))) == 2
    assert len(cases(found(), found(day=10))) == 1


def test_a_case_keeps_its_uid_as_it_grows() -> None:
    first, later = found(), found(day=3, per_week=1e-6)
    assert [c.uid for c in built(first)] == [c.uid for c in built(first, later)]


def test_a_case_stays_what_it_was_raised_as_and_says_the_rarest_of_that() -> None:
    # Half a terabyte in a month is also twenty sendings to one place: that does not make it a drip.
    more = found(day=2, per_week=0.002, destination="second.example")
    (case,) = built(found(per_week=0.01), more, found("leaver_haul", day=9, per_week=1e-6))
    assert (case.pattern, case.raised_time) == ("bulk_commission", START)
    assert "second.example" in case.summary
    assert case.false_alarms_per_week < 1e-4


def test_what_only_repeats_is_not_told_again_and_what_gets_rarer_is() -> None:
    assert len(news([found(day=d) for d in range(5)])) == 1
    assert len(news([found(), found(day=1, per_week=0.00005)])) == 2
    assert len(news([found(), found(day=30)])) == 2  # after a month of silence it is news again


def test_a_sentence_has_its_numbers_and_no_name_is_in_a_uid() -> None:
    sentence = found().sentence
    assert "ann sent 5 GB more to client.example" in sentence
    assert "10 MB" in sentence
    assert found().uid == replace(found(), actor="somebody else").uid


def left(*findings: Found, budget: float = 0.6) -> list[Case]:
    return list(rest(stories(findings, weight=6, start=START - timedelta(weeks=1)), budget))


def test_what_made_no_case_is_the_rest_the_rarest_first() -> None:
    bob: dict[str, Any] = {"actor": "bob", "device": "pc-bob", "destination": "other.example"}
    common, rarer, rare = found(per_week=0.9), found(day=1, per_week=0.5, **bob), found(day=60, per_week=1e-4)
    listed = left(common, rarer, rare)
    assert [(story.actors, len(story.findings)) for story in listed] == [(("bob",), 1), (("ann",), 1)]
    assert [story.uid for story in listed] == [f"rest-{one.uid[:12]}" for one in (rarer, common)]
    assert listed[0].raised_time == rarer.time
    assert listed[0].summary == rarer.sentence


def test_every_finding_is_in_a_case_or_in_the_rest() -> None:
    findings = [found(per_week=5.0), found("leaver_haul", day=1, per_week=0.25), found(day=2, per_week=1e-4)]
    (case,), (beside,) = built(*findings), left(*findings)
    assert {f.uid for f in (*case.findings, *beside.findings)} == {f.uid for f in findings}
    assert [f.uid for f in beside.findings] == [findings[0].uid]
    assert case.uid in beside.notes[0]
    # The near miss: what a case tells in full leaves nothing.
    assert left(found(), found(day=1, per_week=0.1)) == []


def test_what_is_known_to_have_left_ranks_cases_alike_and_never_raises_one() -> None:
    rare, other = a_case("c1", score=60.0), a_case("c2", score=61.0)
    core = (Left(data_class="geographic", grade="core", files=3), Left(data_class="mail", grade="public", files=1))
    first, second = weighed((other, rare), {"c1": core})
    assert (first.uid, first.score, first.left) == ("c1", 79.7, core)
    assert first.notes == ("Known to have left: core geographic data (3 files), public mail data (1 file).",)
    assert second == other
    assert (first.raised_time, first.false_alarms_per_week) == (rare.raised_time, rare.false_alarms_per_week)


def test_what_is_public_weighs_nothing_and_rarity_comes_first() -> None:
    public = (Left(data_class="geographic", grade="public", files=9),)
    assert weighed((a_case(score=60.0),), {"c1": public})[0].score == 60.0
    core = (Left(data_class="geographic", grade="core", files=9),)
    ranked = weighed((a_case("c1", score=60.0), a_case("c2", score=84.0)), {"c1": core})
    assert [case.uid for case in ranked] == ["c2", "c1"]  # a hundred times rarer
