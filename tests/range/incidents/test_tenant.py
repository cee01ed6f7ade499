"""Shared with whom: the account number is all that tells them apart."""

from __future__ import annotations

import json

import pytest

from tests.range.incidents.scenes import rng
from tidegate.range import cloud
from tidegate.range.incidents import tenant
from tidegate.range.tables import numbers
from tidegate.range.world import Cast, World

CALLS = {
    "snapshot": "ModifySnapshotAttribute",
    "image": "ModifyImageAttribute",
    "bucket": "PutBucketPolicy",
    "database": "ModifyDBSnapshotAttribute",
}


@pytest.mark.parametrize("kind", tenant.KINDS)
def test_each_kind_of_thing_is_copied_and_opened_to_the_outsider(stage: World, kind: str) -> None:
    scene = tenant.incident(stage, Cast(world=stage), rng(), kinds=(kind,))
    shares = [row for row in scene.calls.to_pylist() if row["event"] == CALLS[kind]]
    assert len(shares) == 6
    assert scene.destinations[0] in cloud.OUTSIDERS
    assert all(scene.destinations[0] in row["request"] and row["files"] == 1 and row["sent"] for row in shares)
    assert all(json.loads(row["identity"])["arn"].endswith(scene.actors[0]) for row in shares)
    assert scene.calls.num_rows == 12  # each was copied, or looked through, before


def test_twins_share_with_accounts_that_the_organisation_lists(stage: World) -> None:
    own, vendor = tenant.twins(stage, Cast(world=stage), rng())
    assert own.context.destinations[0][:2] == (cloud.SECOND_ACCOUNT, "own")
    assert vendor.context.destinations[0][:2] == (cloud.VENDOR_ACCOUNT, "partner")
    assert own.calls.num_rows == 2 * 12  # twelve weeks
    assert numbers(own.calls, "files").sum() == 0
