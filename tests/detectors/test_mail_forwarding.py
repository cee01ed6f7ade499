from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.detectors.lives import PEOPLE, START
from tests.tables import run
from tidegate.detectors.mail_forwarding import mail_forwarding

DAY = START + timedelta(days=40, hours=3)
ENDPOINTS = [
    {"endpoint": "x@drop.example", "destination": "drop.example", "kind": "unknown"},
    {"endpoint": "p3@institute.example", "destination": "institute.example", "kind": "approved"},
    {"endpoint": "team@own.example", "destination": "own.example", "kind": "own"},
]
LIFE = [
    {"actor": p, "target": p, "activity": "Password Change", "time": START + timedelta(days=n)}
    for n, p in enumerate(PEOPLE)
]


def forward(recipient: str, **more: object) -> dict[str, Any]:
    rule = {"actor": "p3", "target": "p3", "activity": "Forward", "operation": "New-InboxRule", "time": DAY}
    return rule | {"recipient": recipient} | more


def found(*rules: dict[str, Any]) -> list[dict[str, Any]]:
    return run(mail_forwarding, account_change=[*LIFE, *rules], endpoints=ENDPOINTS)


def test_a_rule_that_sends_outside_is_found_at_the_rule() -> None:
    (finding,) = found(forward("x@drop.example"))
    assert (finding["time"], finding["actor"], finding["destination"]) == (DAY, "p3", "drop.example")
    assert finding["per_week"] < 0.1


def test_a_rule_to_several_addresses_is_judged_by_the_one_outside() -> None:
    (finding,) = found(forward("team@own.example; X@drop.example"))
    assert finding["destination"] == "drop.example"


def test_forwarding_inside_or_to_an_approved_mailbox_is_not() -> None:
    # The twins: a shared team address, and the person's second official mailbox at the institute.
    assert not found(forward("team@own.example"), forward("p3@institute.example"))


def test_a_rule_that_the_server_refused_is_not() -> None:
    assert not found(forward("x@drop.example", status="Failure"))


def test_where_everybody_forwards_one_more_is_no_news() -> None:
    rules = [forward("x@drop.example", actor=p, target=p, time=START + timedelta(days=n)) for n, p in enumerate(PEOPLE)]
    rates = [r["per_week"] for r in found(*rules)]
    assert min(rates[20:], default=1.0) > 0.3 > rates[0]


def test_who_set_the_rule_is_named_and_not_whose_mailbox_it_is() -> None:
    (finding,) = found(forward("x@drop.example", actor="admin"))
    assert (finding["actor"], finding["what"]) == ("admin", "another's mailbox")
