"""Cloud resources given to accounts outside."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.detectors.lives import PEOPLE, START
from tests.tables import run
from tidegate.detectors.cloud_tenant_transfer import cloud_tenant_transfer

DAY = START + timedelta(days=45, hours=3)
STRANGE, OURS = "999999999999", "111111111111"
ENDPOINTS = [
    {"endpoint": STRANGE, "destination": STRANGE, "kind": "unknown"},
    {"endpoint": "888888888888", "destination": "888888888888", "kind": "unknown"},
    {"endpoint": OURS, "destination": OURS, "kind": "own"},
    {"endpoint": "anyone", "destination": "anyone", "kind": "unknown"},
]
LIFE = [{"actor": p, "time": START, "operation": "DescribeInstances"} for p in PEOPLE]


def snapshot(account: str = STRANGE, **more: Any) -> dict[str, Any]:
    call = {"operation": "ModifySnapshotAttribute", "recipient": account, "resource": "snap-1", "account": OURS}
    return {"actor": "p3", "time": DAY} | call | more


def rare(*calls: dict[str, Any], **more: Any) -> list[dict[str, Any]]:
    made = run(cloud_tenant_transfer, api_activity=[*LIFE, *calls], endpoints=ENDPOINTS, **more)
    return [r for r in made if r["per_week"] < 0.05]


def test_a_snapshot_given_to_a_strange_account_is_found_at_the_call() -> None:
    (first,) = rare(snapshot(), snapshot(time=DAY + timedelta(hours=1), resource="snap-2"))
    assert (first["actor"], first["destination"], first["time"]) == ("p3", STRANGE, DAY)


def test_an_own_account_a_refused_call_and_a_public_link_are_not() -> None:
    assert not rare(snapshot(OURS))
    assert not rare(snapshot(status="Failure"))
    assert not rare(snapshot("anyone"))  # an open share, which has a detector of its own


def test_an_approval_for_the_account_answers() -> None:
    permit = {"permit": "P-1", "destination": STRANGE, "end": DAY.date()}
    assert not rare(snapshot(), permits=[permit])
    assert rare(snapshot(), permits=[permit | {"end": START.date()}])
    assert rare(snapshot(), permits=[permit | {"holder": "p9"}])


def test_where_images_are_handed_out_all_the_time_another_is_no_news() -> None:
    habit = [snapshot("888888888888", actor=p, time=START + timedelta(days=n)) for n, p in enumerate(PEOPLE)]
    assert not [r for r in rare(*habit, snapshot()) if r["time"] == DAY]


def test_nothing_looks_ahead() -> None:
    later = [snapshot(time=DAY + timedelta(days=n), actor=f"p{n}") for n in range(1, 5)]
    first = rare(snapshot())[0]["per_week"]
    assert rare(snapshot(), *later)[0]["per_week"] == first
