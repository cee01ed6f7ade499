"""A strange sign-in, a rule, then copies; the twins forward to where it was agreed."""

from __future__ import annotations

import json

import pytest

from tests.range.incidents.scenes import rng
from tidegate.range.incidents import mail_leak
from tidegate.range.stealth import LEVELS
from tidegate.range.tables import DAY, numbers
from tidegate.range.world import Cast, World


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


def test_the_patient_copy_some_mails_of_several_boxes_to_a_common_provider(stage: World) -> None:
    loud, quiet = (
        mail_leak.incident(stage, Cast(world=stage), rng(), ways=("inbox_rule",), stealth=LEVELS[level])
        for level in ("ordinary", "patient")
    )
    rules = [
        [row["body"] for row in scene.audits.to_pylist() if row["operation"] == "New-InboxRule"]
        for scene in (loud, quiet)
    ]
    assert [len(bodies) for bodies in rules] == [1, 3]
    assert ["ContainsWords" in bodies[0] for bodies in rules] == [False, True]
    assert [stage.service("webmail")[0].endswith(scene.destinations[0]) for scene in (loud, quiet)] == [False, True]
    signed_in = [row for row in quiet.audits.to_pylist() if row["operation"] == "UserLoggedIn"]
    assert all(9 <= row["time"] % DAY // (DAY // 24) <= 15 for row in signed_in)
