"""The main job on a small organisation with its incidents and twins: found, not raised, nobody named, nothing ahead."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tidegate import clock
from tidegate.cases.model import Report
from tidegate.config import Config
from tidegate.context.load import load
from tidegate.lake.store import Lake
from tidegate.pipeline.investigate import investigate
from tidegate.range.make import make
from tidegate.report.document import document

pytestmark = pytest.mark.xdist_group("investigate")  # one stage for all, whatever the number of processes
INCIDENTS = ("bulk_commission", "mail_leak", "leaver_haul")


@dataclass(frozen=True)
class Stage:
    """The logs, the lake they were read into by the first run, that run's report, and the next one's, with names."""

    logs: Path
    lake: Lake
    truth: dict[str, Any]
    first: Report
    again: Report

    def until(self, stop: datetime) -> Report:
        return investigate([], lake=self.lake, context=load(self.logs / "context"), config=Config(), until=stop)


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    folder = tmp_path_factory.mktemp("investigate")
    logs = folder / "logs"
    make(logs, people=60, days=70, seed=501, incidents=INCIDENTS, thin=True)
    lake, context = Lake(folder / "lake"), load(logs / "context")
    first = investigate([logs], lake=lake, context=context, config=Config())
    again = investigate([logs], lake=lake, context=context, config=Config(), names="clear")
    yield Stage(logs, lake, json.loads((logs / "truth.json").read_text()), first, again)
    lake.engine.close()


def test_every_incident_is_a_case_that_names_its_subject(stage: Stage) -> None:
    for incident in stage.truth["incidents"]:
        subjects = {n.lower() for n in (*incident["actors"], *incident["devices"])}
        about = [c for c in stage.again.cases if subjects & {n.lower() for n in (*c.actors, *c.devices)}]
        # A commission that was gathered in new places and then sent is told as a haul where that is seen first.
        told = {incident["pattern"], *(("leaver_haul",) if incident["pattern"] == "bulk_commission" else ())}
        assert told & {c.pattern for c in about}, incident["note"]


def test_no_more_of_the_innocent_are_cases_than_the_budget_allows(stage: Stage) -> None:
    guilty = {n.lower() for i in stage.truth["incidents"] for n in (*i["actors"], *i["devices"])}
    look = stage.again
    false = [c for c in look.cases if guilty.isdisjoint(n.lower() for n in (*c.actors, *c.devices))]
    assert look.first_event
    assert look.last_event
    assert len(false) <= Config().budget.cases_per_week * (look.last_event - look.first_event).days / 7


def test_the_same_run_again_adds_nothing_and_says_the_same(stage: Stage) -> None:
    assert stage.again.ingested.events == 0
    assert [c.uid for c in stage.again.cases] == [c.uid for c in stage.first.cases]


def test_nobody_is_named_unless_asked_for(stage: Stage) -> None:
    told = json.dumps(document(stage.first))
    people = {line.split(",")[0] for line in (stage.logs / "context" / "people.csv").read_text().splitlines()[1:]}
    assert people
    assert not [p for p in people if p in told or p.partition("@")[0] in told]


def test_what_is_raised_rests_on_nothing_later(stage: Stage) -> None:
    """Replay: with the clock stopped, the cases raised by then are there, at the same moment, and no others."""
    assert stage.first.last_event is not None
    for back in (12, 20):  # days: one case is raised after the first stop, three or more after the second
        stop = datetime.combine(stage.first.last_event.date(), datetime.min.time()) - timedelta(days=back)
        then = stage.until(stop)
        assert all(case.raised_time < stop for case in then.cases)
        by_then = {c.uid: c.raised_time for c in stage.first.cases if c.raised_time < stop}
        assert {c.uid: c.raised_time for c in then.cases} == by_then


def test_evidence_can_be_opened(stage: Stage) -> None:
    for case in stage.first.cases:
        assert case.events
        for event in case.events[:5]:
            assert Path(event.source_file).exists()
            assert event.source_line > 0


def test_the_document_is_the_contract(stage: Stage) -> None:
    told = document(stage.first)
    assert list(told) == ["ingested", "findings", "cases"]
    case = told["cases"][0]  # type: ignore[index]
    assert clock.parse(case["raised_time"]) >= clock.parse(case["first_time"])
    assert case["bytes_out"] >= 0
