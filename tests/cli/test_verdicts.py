"""`cases verdict` and `cases exceptions`: a decision is kept, told, and ends."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from tests.cases.examples import a_case
from tests.cli.conftest import Pipeline, tidegate
from tidegate.cases.model import Case

WHY = ("--because", "a yearly delivery")


@pytest.fixture
def lake(pipeline: Pipeline, logs: Path, tmp_path: Path) -> Path:
    tidegate("investigate", logs, "--lake", tmp_path / "lake")
    return tmp_path / "lake"


def exceptions(lake: Path) -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads(tidegate("cases", "exceptions", "--lake", lake, "--format", "json").out)
    return found


def test_a_benign_case_is_closed_and_its_like_is_hidden_aloud(pipeline: Pipeline, lake: Path) -> None:
    outcome = tidegate("cases", "verdict", "c1", "benign", *WHY, "--by", "dpo", "--for", "30d", "--lake", lake)
    assert outcome.status == 0
    assert "c1: case closed as benign, and that put on record" in outcome.err
    assert "bulk_volume of person-aaaaaaaa and device-bbbbbbbb to example.net until" in outcome.err
    assert "c1" not in tidegate("cases", "--lake", lake).out
    assert "c1" in tidegate("cases", "list", "--status", "closed", "--lake", lake).out
    another = a_case("c3")
    another = replace(another, findings=tuple(replace(f, uid=f"{f.uid}-3") for f in another.findings))
    pipeline.report = replace(pipeline.report, cases=(another,))
    outcome = tidegate("detect", "--lake", lake, "--fail-on-case")
    assert outcome.status == 0
    assert "hid 1 case" in outcome.err
    assert "dpo says why: a yearly delivery" in outcome.err
    assert "Nothing stood out but what exceptions hide" in outcome.out
    (exception,) = exceptions(lake)
    assert (exception["state"], exception["hid"], exception["reviewer"]) == ("valid", ["c3"], "dpo")
    told = json.loads(tidegate("detect", "--lake", lake, "--format", "json").out)["excused"]
    assert [hidden["cases"] for hidden in told] == [["c3"]]


def test_an_ended_exception_hides_nothing(pipeline: Pipeline, lake: Path) -> None:
    tidegate("cases", "verdict", "c1", "benign", *WHY, "--lake", lake)
    pipeline.report = replace(pipeline.report, cases=(grown(),))
    assert "c1" not in tidegate("detect", "--lake", lake).out
    assert tidegate("cases", "exceptions", "end", "exc", "--because", "it is over", "--lake", lake).status == 0
    assert exceptions(lake)[0]["state"] == "ended"
    assert "Opened again." in tidegate("detect", "--lake", lake).out
    assert "c1" in tidegate("cases", "--lake", lake).out


def grown() -> Case:
    case = a_case("c1")
    return replace(case, findings=(*case.findings, replace(case.findings[0], uid="f9")))


def test_a_confirmed_case_stays_closed_and_a_verdict_can_be_taken_back(lake: Path) -> None:
    tidegate("cases", "verdict", "c1", "confirmed", *WHY, "--lake", lake)
    assert exceptions(lake) == []
    assert "c1" not in tidegate("detect", "--lake", lake).out
    shown = tidegate("cases", "show", "c1", "--lake", lake)
    assert "judged it confirmed: a yearly delivery" in shown.err
    tidegate("cases", "verdict", "c1", "open", "--because", "of another case", "--lake", lake)
    assert "c1" in tidegate("detect", "--lake", lake).out


def test_every_decision_is_on_record(lake: Path) -> None:
    tidegate("cases", "verdict", "c1", "benign", *WHY, "--by", "dpo", "--lake", lake)
    tidegate("cases", "exceptions", "end", "exc", "--because", "it is over", "--lake", lake)
    closed, ended = json.loads(tidegate("audit", "--lake", lake, "--format", "json").out)
    assert closed["action"].startswith("case closed as benign, reviewed by dpo, excused until 20")
    assert (closed["reason"], closed["cases"]) == ("a yearly delivery", ["c1"])
    assert ended["reason"] == "it is over"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("c1", "benign"), "--because"),
        (("c1", "benign", "--because", " "), "needs its reason"),
        (("c1", "harmless", *WHY), "harmless"),
        (("c1", "benign", *WHY, "--for", "2y"), "no time of at most a year"),
        (("c1", "benign", *WHY, "--for", "soon"), "no time of at most a year"),
        (("c9", "benign", *WHY), "no case begins with 'c9'"),
    ],
)
def test_a_decision_needs_all_its_parts(lake: Path, arguments: tuple[str, ...], said: str) -> None:
    outcome = tidegate("cases", "verdict", *arguments, "--lake", lake)
    assert outcome.status in (2, 3)
    assert said in outcome.err


def test_options_may_stand_before_the_word(lake: Path) -> None:
    assert "Who ordered it?" in tidegate("cases", "--lake", lake, "show", "c1").out
    assert tidegate("cases", "--lake", lake, "exceptions").status == 0


def test_the_shell_offers_uids(lake: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("_TIDEGATE_COMPLETE", "complete_bash")
    monkeypatch.setenv("COMP_WORDS", f"tidegate cases show --lake {lake} c")
    monkeypatch.setenv("COMP_CWORD", "5")
    assert tidegate().out.split() == ["c1", "c2"]
