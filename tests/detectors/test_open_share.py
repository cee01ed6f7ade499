from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from tests.detectors.lives import PEOPLE, START, accesses, opened
from tests.tables import run
from tidegate.detectors.open_share import open_share

DAY = START + timedelta(days=45, hours=3)
ENDPOINTS = [
    {"endpoint": "anyone", "destination": "anyone", "kind": "unknown"},
    {"endpoint": "999999999999", "destination": "999999999999", "kind": "unknown"},
    {"endpoint": "p2@own.example", "destination": "own.example", "kind": "own"},
]


def shared(actor: str, time: datetime, path: str, recipient: str = "anyone") -> dict[str, Any]:
    return opened(actor, time, path, activity="Share", recipient=recipient, operation="AnonymousLinkCreated")


def rare(below: float = 0.2, **rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [r for r in run(open_share, endpoints=ENDPOINTS, **rows) if r["per_week"] < below]


def test_the_first_link_for_anybody_in_weeks_is_found_at_the_share() -> None:
    (finding,) = rare(file_hosting=[*accesses(), shared("p3", DAY, "/core/plots.xlsx")])
    assert (finding["actor"], finding["destination"], finding["time"]) == ("p3", "anyone", DAY)


def test_sharing_with_a_colleague_is_not() -> None:
    assert not rare(file_hosting=[*accesses(), shared("p3", DAY, "/core/plots.xlsx", "p2@own.example")])


def test_sharing_that_was_refused_is_not() -> None:
    refused = shared("p3", DAY, "/core/plots.xlsx") | {"status": "Failure"}
    assert not rare(file_hosting=[*accesses(), refused])


def test_where_everybody_shares_another_link_is_no_news_but_a_hundred_are() -> None:
    habit = [
        shared(p, START + timedelta(days=day, hours=10), f"/press/{p}-{day}.pdf")
        for n, p in enumerate(PEOPLE)
        for day in range(n % 5, 55, 5)
    ]
    one = shared("p3", DAY, "/core/plots.xlsx")
    assert not [r for r in rare(file_hosting=[*accesses(), *habit, one]) if r["time"] > START + timedelta(days=20)]
    many = [shared("p3", DAY + timedelta(minutes=n), f"/core/{n}.xlsx") for n in range(100)]
    late = [r for r in rare(file_hosting=[*accesses(), *habit, *many]) if r["time"] > START + timedelta(days=20)]
    assert {r["actor"] for r in late} == {"p3"}


def bucket(recipient: str) -> dict[str, Any]:
    call = {"operation": "PutBucketPolicy", "recipient": recipient, "resource": "arn:aws:s3:::plots"}
    return {"actor": "p3", "time": DAY} | call


def test_a_bucket_opened_to_everybody_is_found_and_one_given_to_an_account_is_anothers_question() -> None:
    calls = [{"actor": p, "time": START, "operation": "DescribeInstances"} for p in PEOPLE]
    assert [r["destination"] for r in rare(api_activity=[*calls, bucket("999999999999;anyone")])] == ["anyone"]
    assert not rare(api_activity=[*calls, bucket("999999999999")])
