"""Ordinary changes: every one in a whole year, each as large as it has to be, none of them a scene."""

from __future__ import annotations

import numpy as np
import pytest

from tests.range.conftest import Folder
from tidegate.range import happenings
from tidegate.range.happenings import adoption, migration, on_call, planned, telemetry
from tidegate.range.make import START
from tidegate.range.organisation import ALWAYS
from tidegate.range.tables import DAY, SECOND, numbers
from tidegate.range.world import World, world

KINDS = {"adoption", "migration", "on_call", "reorganisation", "telemetry"}


@pytest.fixture(scope="session")
def year() -> World:
    return world(people=40, days=365, seed=3, start=START, utc_offset=0)


@pytest.mark.parametrize("seed", range(4))
def test_a_whole_year_has_them_all(seed: int) -> None:
    stage = world(people=20, days=365, seed=seed, start=START, utc_offset=0)
    assert {happening.kind for happening in planned(stage)} == KINDS
    assert all(0 < happening.first <= happening.last < stage.days for happening in planned(stage))


def test_a_month_has_few_of_them() -> None:
    stages = [world(people=20, days=28, seed=seed, start=START, utc_offset=0) for seed in range(12)]
    assert 0 < sum(len(planned(stage)) for stage in stages) < 24  # a year of months, eleven or so on average


def test_occasions_come_at_their_rate() -> None:
    rng = np.random.default_rng(1)
    counts = [len(happenings.occasions(rng, 100, a_year=2.0)) for _ in range(400)]
    assert np.mean(counts) == pytest.approx(2.0 * 100 / 365, rel=0.25)
    assert min(len(happenings.occasions(rng, 365, a_year=0.1)) for _ in range(20)) == 1


def test_nearly_everybody_adopts_a_service_within_a_week(year: World) -> None:
    found = next(happening for happening in planned(year) if happening.kind == "adoption")
    first: dict[int, int] = {}
    for day in range(max(0, found.first - 3), min(year.days, found.first + 21)):
        for row in adoption.new_services(year, day, year.random("test", day)).to_pylist():
            if row["host"].endswith(found.destinations[0]):
                first.setdefault(row["device"], day)
    assert min(first.values()) >= found.first
    assert len(first) > len(year.organisation.people.where()) / 4


def test_telemetry_beats_and_sends_more_than_it_receives(year: World) -> None:
    found = next(happening for happening in planned(year) if happening.kind == "telemetry")
    day = next(d for d in range(found.first, year.days) if len(year.at_work(d, office=True)) > 5)
    table = telemetry.reports(year, day, year.random("test"))
    laptop = table["device"].to_pylist()[0]
    time = np.sort([row["time"] for row in table.to_pylist() if row["device"] == laptop])
    gaps = np.diff(time[: len(time) // 2]) / SECOND
    assert len(gaps) > 5
    assert numbers(table, "sent").sum() > 3 * numbers(table, "received").sum()
    assert telemetry.reports(year, found.first - 1, year.random("test")).num_rows == 0


def test_the_vendor_is_called_at_night_and_stays_in_its_folders(year: World) -> None:
    tree, users = year.documents, year.organisation.people.user
    for call in (happening for happening in planned(year) if happening.kind == "on_call"):
        table = on_call.night_work(year, call.first, year.random("test"))
        hours = (numbers(table, "time") - year.workdays.midnight(call.first)) // (DAY // 24)
        assert ((hours < 6) | (hours >= 19)).all()
        own = set(tree.folder_path.take(tree.habits[users.index(call.actors[0])]).to_pylist())
        assert {row["folder"] for row in table.to_pylist() if row["folder"]} <= own


def test_a_migration_touches_every_mailbox_under_its_ticket(year: World) -> None:
    change = next(h for h in planned(year) if h.kind == "migration" and h.note == "mailboxes")
    days = range(change.first, change.last + 1)
    rows = [row for d in days for row in migration.moved_mailboxes(year, d, year.random("test", d)).to_pylist()]
    touched = {row["object"] for row in rows if row["operation"] == "Add-MailboxPermission"}
    assert len(touched) == len(year.organisation.people.where())
    (permit,) = change.context.permits
    assert permit[1] == change.actors[0]
    assert permit[3] == "mail"
    # Near miss: nothing before the ticket's first or after its last day.
    for day in (change.first - 1, change.last + 1):
        assert migration.moved_mailboxes(year, day, year.random("test")).num_rows == 0


def test_a_file_migration_reads_whole_folders(year: World) -> None:
    change = next(h for h in planned(year) if h.kind == "migration" and h.note == "file shares")
    count = sum(
        migration.moved_files(year, d, year.random("test", d)).num_rows for d in range(change.first, change.last + 1)
    )
    assert count > 300


def test_whoever_is_reorganised_works_in_other_folders(year: World) -> None:
    era, tree = year.documents.eras[0], year.documents
    assert len(era.moved) >= 4
    for who in range(len(year.organisation.people)):
        same = set(tree.habits_on(era.first - 1)[who]) == set(tree.habits_on(era.first)[who])
        assert same == (who not in era.moved)


def test_the_truth_tells_of_them_and_the_calendar_of_the_rest(folder: Folder, year: World) -> None:
    assert all(set(h) >= {"kind", "first_day", "last_day", "note"} for h in folder.truth["happenings"])
    assert year.organisation.people.end.max() == ALWAYS
