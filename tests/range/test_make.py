"""What a run writes as a whole, and what it refuses."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest

from tests.range.conftest import INCIDENTS, Folder
from tidegate.errors import InputError
from tidegate.range.day import written
from tidegate.range.make import LAST, START, Made, MakeProgress, cast, first_day, make
from tidegate.range.stealth import LEVELS
from tidegate.range.world import world


def contents(path: Path) -> dict[str, bytes]:
    return {str(p.relative_to(path)): p.read_bytes() for p in path.rglob("*") if p.is_file()}


def test_what_is_made_is_counted(folder: Folder) -> None:
    files = contents(folder.path)
    assert folder.made == Made(
        folder=folder.path, records=folder.made.records, bytes=sum(map(len, files.values())), files=len(files)
    )
    spoilt = {d["file"] for d in folder.truth["dirt"]}
    logs = [name for name in files if name.endswith(".gz") and name not in spoilt]
    assert sum(len(folder.lines(name)) for name in logs) < folder.made.records


def test_same_seed_same_bytes_and_only_incidents_asked_for(folder: Folder, tmp_path: Path) -> None:
    steps: list[MakeProgress] = []
    make(tmp_path / "again", people=20, days=28, seed=2, incidents=INCIDENTS, progress=steps.append)
    assert contents(tmp_path / "again") == contents(folder.path)
    assert [step.days_done for step in steps] == list(range(1, 29))
    # Near miss: without incidents the quiet past is the same, the twins are there, and nothing else is.
    make(tmp_path / "quiet", people=20, days=28, seed=2)
    quiet = Folder(tmp_path / "quiet", folder.made)
    past = "zeek/2026-01-08/conn.log.gz"
    assert quiet.lines(past) == folder.lines(past)
    assert quiet.truth["incidents"] == []
    assert quiet.truth["twins"] == folder.truth["twins"]


@pytest.mark.parametrize("people", [50, 600])
def test_any_size_is_drawn_twice_alike(people: int) -> None:
    def lines() -> list[bytes]:
        stage = world(people=people, days=28, seed=4, start=START, utc_offset=60, thin=True)
        scenes = cast(stage, wanted=INCIDENTS, twins=True, stealth=LEVELS["patient"])
        with duckdb.connect() as db:
            return [log.content() for log in written(db, stage, scenes, 17)]

    assert lines() == lines()


def test_thin_and_stealthy_runs_say_so_in_their_truth(tmp_path: Path) -> None:
    made = make(tmp_path, people=20, days=28, seed=3, incidents=INCIDENTS, thin=True, stealth="careful")
    truth = Folder(tmp_path, made).truth
    assert truth["thin"]
    assert truth["stealth"] == asdict(LEVELS["careful"])
    assert {incident["pattern"] for incident in truth["incidents"]} == set(INCIDENTS)
    assert all(incident["records"] for incident in truth["incidents"])


def test_a_long_period_begins_as_much_earlier() -> None:
    assert first_day(90) == first_day(280) == START
    for days in (400, 3_287):
        assert timedelta(0) <= LAST - (first_day(days) + timedelta(days)) < timedelta(weeks=1)
        assert first_day(days).weekday() == START.weekday()  # a Monday


def test_another_seed_is_another_organisation(folder: Folder, tmp_path: Path) -> None:
    make(tmp_path, people=20, days=28, seed=3, twins=False, dirty=False)
    other = Folder(tmp_path, folder.made)
    assert other.truth["twins"] == other.truth["dirt"] == []
    assert other.lines("context/people.csv") != folder.lines("context/people.csv")


def test_scenes_need_somebody_to_play_in_them() -> None:
    scenes = cast(world(people=300, days=84, seed=5, start=START, utc_offset=0), wanted=INCIDENTS, twins=True)
    assert [scene.pattern for scene in scenes if scene.incident] == list(INCIDENTS)
    thieves, innocent = (
        {actor for scene in scenes if scene.incident == guilty for actor in scene.actors} for guilty in (True, False)
    )
    shared = {actor for actor in thieves & innocent if not actor.startswith(("svc-", "adm-"))}
    assert not shared  # nobody is a thief in one scene and innocent in another


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"people": 19}, "people must be 20 to 5000, not 19"),
        ({"days": 27}, "days must be 28 to 3300"),
        ({"days": 3_301}, "days must be 28 to 3300, not 3301"),
        ({"stealth": "invisible"}, "no level of stealth is called 'invisible'; there are ordinary, careful, patient"),
        ({"incidents": ["bulk_comission"]}, "no incident is called 'bulk_comission'; there are bulk_commission,"),
    ],
)
def test_wrong_numbers_and_names_are_refused(tmp_path: Path, wrong: dict[str, object], says: str) -> None:
    with pytest.raises(InputError, match=says):
        make(tmp_path / "new", **wrong)  # type: ignore[arg-type]  # wrong on purpose
    assert not (tmp_path / "new").exists()


def test_nothing_of_a_stranger_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "zeek").mkdir()
    (tmp_path / "zeek" / "conn.log").write_text("mine")
    for overwrite in (False, True):  # even then: no truth.json says that an earlier run wrote it
        with pytest.raises(InputError, match=str(tmp_path)):
            make(tmp_path, overwrite=overwrite)
    with pytest.raises(InputError, match="is a file"):
        make(tmp_path / "zeek" / "conn.log")
    assert (tmp_path / "zeek" / "conn.log").read_text() == "mine"


def test_an_earlier_run_is_replaced_when_asked(tmp_path: Path) -> None:
    make(tmp_path, people=20, days=28, seed=1)
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(InputError, match="--overwrite"):
        make(tmp_path, people=20, days=28, seed=1)
    before = contents(tmp_path)
    make(tmp_path, people=20, days=28, seed=1, overwrite=True)
    assert contents(tmp_path) == before  # nothing twice, nothing of the stranger's gone
