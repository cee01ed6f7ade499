"""Every incident keeps to the scale of its case, leaves a quiet past, and obeys its knobs."""

from __future__ import annotations

import json
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pytest

from tests.range.conftest import INCIDENTS
from tidegate.range.incidents import bulk_commission, leaver_haul, mail_leak, open_share, patterns
from tidegate.range.scene import Scene
from tidegate.range.tables import DAY, numbers
from tidegate.range.world import Cast, World


def rng(seed: int = 1) -> np.random.Generator:
    return np.random.default_rng(seed)


def first_time(scene: Scene) -> int:
    tables = (scene.sessions, scene.mails, scene.audits, scene.register)
    return min(int(numbers(table, "time").min()) for table in tables if table.num_rows)


def test_patterns_are_found_by_their_files() -> None:
    assert tuple(patterns()) == INCIDENTS


@pytest.mark.parametrize("pattern", INCIDENTS)
@pytest.mark.parametrize("seed", range(4))
def test_incidents_follow_a_quiet_half_and_twins_are_told_apart(stage: World, pattern: str, seed: int) -> None:
    roles, unit = Cast(world=stage), patterns()[pattern]
    incident = unit.incident(stage, roles, rng(seed))
    twins = unit.twins(stage, roles, rng(seed))
    assert (incident.pattern, incident.incident) == (pattern, True)
    begin = first_time(incident) - stage.workdays.midnight(0)
    assert begin >= stage.days * DAY * (0.42 if pattern == "leaver_haul" else 0.5)  # a month before leaving
    assert len(twins) >= 2
    for twin in twins:
        assert (twin.pattern, twin.incident) == (pattern, False)
        assert twin.actors
        assert first_time(twin) > 0


def test_bulk_commission_has_the_scale_of_its_case(stage: World) -> None:
    scene = bulk_commission.incident(stage, Cast(world=stage), rng())
    sent, received = numbers(scene.sessions, "sent"), numbers(scene.sessions, "received")
    days = (numbers(scene.sessions, "time") - stage.workdays.midnight(0)) // DAY
    assert 300e9 < sent.sum() < 600e9
    assert sent.sum() > 50 * received.sum()
    assert len(scene.actors) in (2, 3)
    hours = np.bincount(numbers(scene.sessions, "time") // (DAY // 24) % 24, minlength=24)
    assert hours.min() > hours.max() / 3  # around the clock
    assert set(days.tolist()) == set(range(days.min(), days.min() + 28))  # a third of the period, no day without


def test_bulk_commission_starts_with_trials(stage: World) -> None:
    scene = bulk_commission.incident(stage, Cast(world=stage), rng())
    day = (numbers(scene.sessions, "time") - first_time(scene)) // DAY
    sent = numbers(scene.sessions, "sent")
    assert sent[day < 1].sum() < sent[day == 10].sum() / 10


def test_bulk_commission_can_be_stealthier(stage: World) -> None:
    loud = bulk_commission.incident(stage, Cast(world=stage), rng())
    quiet = bulk_commission.incident(stage, Cast(world=stage), rng(), total=20e9, chunk=5e6)
    assert numbers(quiet.sessions, "sent").sum() < numbers(loud.sessions, "sent").sum() / 10
    assert quiet.actors == loud.actors


def test_the_backup_is_regular_and_changes_its_provider_once(stage: World) -> None:
    backup, delivery, film = bulk_commission.twins(stage, Cast(world=stage), rng())
    hosts = backup.sessions["host"].to_pylist()
    assert sum(a != b for a, b in pairwise(hosts)) == 1
    assert set(hosts) == {stage.service("backup")[0], stage.service("new_backup")[0]}
    assert len(hosts) == 12 * stage.days
    # The delivery is as large as the incident on its days; the permit and the register are what tells them apart.
    assert numbers(delivery.sessions, "sent").sum() == pytest.approx(
        numbers(delivery.register, "bytes").sum(), rel=0.01
    )
    assert delivery.register["permit"].to_pylist() == [delivery.context.permits[0][0]] * delivery.register.num_rows
    assert film.context.destinations[0][1] == "approved"


def test_leaver_takes_the_files_of_the_case_from_strange_folders(stage: World) -> None:
    people, tree = stage.organisation.people, stage.documents
    scene = leaver_haul.incident(stage, Cast(world=stage), rng())
    person = people.user.index(scene.actors[0])
    assert 4_600 < scene.audits.num_rows < 5_800
    habits = set(tree.folder_path.take(pa.array(tree.habits[person])).to_pylist())
    assert not habits & set(scene.audits["folder"].to_pylist())
    assert len(set(scene.audits["folder"].to_pylist())) > 30
    day = (numbers(scene.audits, "time") - stage.workdays.midnight(0)) // DAY
    assert day.max() <= people.end[person] + 1
    middle = (day.min() + day.max()) / 2
    assert np.sum(day > middle) > 1.5 * np.sum(day <= middle)  # rising
    assert numbers(scene.sessions, "sent").sum() < tree.file_size[np.arange(len(tree.file_size))].sum()


def test_handover_stays_in_own_folders(stage: World) -> None:
    people, tree = stage.organisation.people, stage.documents
    handover, laptop, backup = leaver_haul.twins(stage, Cast(world=stage), rng())
    person = people.user.index(handover.actors[0])
    own = set(tree.folder_path.take(pa.array(tree.folders_of(person))).to_pylist())
    assert set(handover.audits["folder"].to_pylist()) <= own
    assert handover.sessions.num_rows == laptop.sessions.num_rows == 0
    assert set(laptop.audits["operation"].to_pylist()) == {"FileSyncDownloadedFull"}
    assert backup.actors[0].startswith("svc-backup@")


@pytest.mark.parametrize(
    ("way", "operation", "parameter"),
    [
        ("inbox_rule", "New-InboxRule", "ForwardTo"),
        ("mailbox", "Set-Mailbox", "ForwardingSmtpAddress"),
        ("transport_rule", "New-TransportRule", "BlindCopyTo"),
    ],
)
def test_mail_leak_signs_in_sets_the_rule_and_only_then_copies(
    stage: World, way: str, operation: str, parameter: str
) -> None:
    scene = mail_leak.incident(stage, Cast(world=stage), rng(), ways=(way,))
    rows = scene.audits.to_pylist()
    (rule,) = (row for row in rows if row["operation"] == operation)
    (sign_in,) = (row for row in rows if row["operation"] == "UserLoggedIn")
    given = {p["Name"]: p["Value"] for p in json.loads("{" + rule["body"][1:] + "}")["Parameters"]}
    assert given[parameter].removeprefix("smtp:").endswith(scene.destinations[0])
    assert sign_in["time"] < rule["time"] < numbers(scene.mails, "time").min()
    assert rule["ip"].startswith(sign_in["ip"] + ":")
    assert (scene.actors[0] == sign_in["user"]) == (way != "transport_rule")
    assert set(scene.mails["recipient"].to_pylist()) == {given[parameter].removeprefix("smtp:")}


def test_mail_twins_forward_to_where_the_organisation_agreed(stage: World) -> None:
    second, team, desk = mail_leak.twins(stage, Cast(world=stage), rng())
    assert second.context.destinations[0][:2] == (second.destinations[0], "partner")
    assert second.mails.num_rows > 20  # as many copies as a leak
    assert team.mails.num_rows == desk.mails.num_rows == 0  # mail inside never crosses the border
    assert team.destinations == desk.destinations == (stage.organisation.domain,)


def test_links_are_used_only_after_they_were_made(stage: World) -> None:
    scene = open_share.incident(stage, Cast(world=stage), rng(), files=20, wait=3)
    rows = scene.audits.to_pylist()
    made = [row["time"] for row in rows if row["operation"] == "AnonymousLinkCreated"]
    used = [row for row in rows if row["operation"] == "AnonymousLinkUsed"]
    assert len(made) == len(used) == 20
    assert max(made) < min(row["time"] for row in used)
    assert {row["user"] for row in used} == {"anonymous"}
