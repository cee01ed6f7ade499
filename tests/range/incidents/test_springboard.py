"""One account, everybody's mailbox: and those who may."""

from __future__ import annotations

import json
from typing import Any

from tests.range.incidents.scenes import rng
from tidegate.range.incidents import springboard
from tidegate.range.incidents._when import in_hours
from tidegate.range.stealth import LEVELS
from tidegate.range.tables import DAY, numbers
from tidegate.range.world import Cast, World


def body(row: dict[str, Any]) -> dict[str, Any]:
    members: dict[str, Any] = json.loads("{" + row["body"][1:] + "}")
    return members


def test_a_sign_in_from_a_new_network_comes_first_then_consent_then_every_mailbox(stage: World) -> None:
    scene = springboard.incident(stage, Cast(world=stage), rng())
    rows = scene.audits.to_pylist()
    staff = {stage.organisation.people.user[n] for n in stage.organisation.people.where()}
    by = {name: [row for row in rows if row["operation"] == name] for name in {row["operation"] for row in rows}}
    (signed, *_), (consent,) = by["UserLoggedIn"], by["Consent to application."]
    read = {body(row)["MailboxOwnerUPN"] for row in by["MailItemsAccessed"]}
    assert read == staff
    assert signed["time"] < consent["time"] < min(row["time"] for row in by["MailItemsAccessed"])
    assert {row["ip"].partition(":")[0] for row in rows} == {scene.destinations[0]}
    assert 0.15 * len(staff) < len(by["Add-MailboxPermission"]) < 0.65 * len(staff)
    assert {"New-MailboxExportRequest", "New-ManagementRoleAssignment"} <= by.keys()
    assert all(body(row)["LogonType"] == 2 for row in by["MailItemsAccessed"])
    mails = sum(len(body(row)["Folders"][0]["FolderItems"]) for row in by["MailItemsAccessed"])
    assert numbers(scene.audits, "files").sum() == mails


def test_the_patient_open_some_a_day_while_people_work(stage: World) -> None:
    scene = springboard.incident(stage, Cast(world=stage), rng(), stealth=LEVELS["patient"])
    reads = [row for row in scene.audits.to_pylist() if row["operation"] == "MailItemsAccessed"]
    boxes = {(row["time"] // DAY, body(row)["MailboxOwnerUPN"]) for row in reads}
    assert len(boxes) / len({day for day, _ in boxes}) < 6
    assert in_hours(stage, numbers(scene.audits, "time")).mean() > 0.9


def test_a_migration_opens_as_many_with_a_ticket_and_the_journal_always_does(stage: World) -> None:
    migration, journal, desk = springboard.twins(stage, Cast(world=stage), rng())
    ((ticket, holder, _, kind, *_),) = migration.context.permits
    assert ticket.startswith("CHG-")
    assert (holder, kind) == (migration.actors[0], "mail")
    operations = migration.audits["operation"].to_pylist()
    assert operations.count("Add-MailboxPermission") == operations.count("Remove-MailboxPermission") == 40
    owners = {body(row)["MailboxOwnerUPN"] for row in journal.audits.to_pylist()}
    assert len(owners) == 40
    assert journal.times()[0] < stage.workdays.midnight(1)
    assert set(desk.audits["operation"].to_pylist()) == {"Reset user password."}
