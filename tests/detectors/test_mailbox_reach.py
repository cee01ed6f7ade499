from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from tests.detectors.lives import PEOPLE, START, working_days
from tests.tables import run
from tidegate.detectors.mailbox_reach import mailbox_reach

DAY = START + timedelta(days=45, hours=3)


def read(actor: str, mailbox: str, time: datetime) -> dict[str, Any]:
    return {"actor": actor, "mailbox": mailbox, "time": time, "activity": "Read", "items": 5}


def life() -> list[dict[str, Any]]:
    """Everybody reads their own mailbox; assistants read one or two others; now and then one is new to somebody."""
    days = list(enumerate(working_days()))
    own = [read(p, p, day + timedelta(hours=9)) for _n, day in days for p in PEOPLE]
    others = [read(f"p{n % 4}", f"p{10 + n % 2}", day + timedelta(hours=10)) for n, day in days]
    return own + others + [read(f"p{n % 40}", f"p{(n * 7) % 40}", day) for n, day in days if n % 4 == 0]


def rare(rows: list[dict[str, Any]], **more: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [r for r in run(mailbox_reach, email_activity=rows, **more) if r["per_week"] < 1 / 6]


def reach(actor: str, mailboxes: int) -> list[dict[str, Any]]:
    return [read(actor, f"victim{n}", DAY + timedelta(minutes=n)) for n in range(mailboxes)]


def test_one_account_in_many_strange_mailboxes_is_found_by_the_tenth() -> None:
    found = rare(life() + reach("admin", 300))
    assert found
    assert {r["actor"] for r in found} == {"admin"}
    assert found[0]["amount"] <= 10


def test_two_new_mailboxes_are_not_reach() -> None:
    # Somebody stands in for a colleague: new to them, and ordinary.
    assert not rare(life() + reach("p5", 2))


def test_granting_oneself_access_counts_before_anything_is_read() -> None:
    grants = [
        {"actor": "admin", "target": f"v{n}", "recipient": "admin", "activity": "Delegate", "time": DAY}
        for n in range(30)
    ]
    assert {r["actor"] for r in rare(life(), account_change=grants)} == {"admin"}


def test_a_journaling_service_that_always_read_them_all_is_not() -> None:
    journal = [read("journal", f"victim{n}", day) for day in working_days() for n in range(100)]
    assert not [r for r in rare(life() + journal) if r["time"] > START + timedelta(days=1)]


def test_a_migration_with_a_permit_for_mail_is_not_and_one_whose_permit_expired_is() -> None:
    def permits(end: int) -> list[dict[str, Any]]:
        return [
            {"permit": "C-17", "holder": "admin", "data_class": "mail", "start": START, "end": DAY.replace(day=end)}
        ]

    assert not rare(life() + reach("admin", 300), permits=permits(28))
    assert rare(life() + reach("admin", 300), permits=permits(1))


def signed(actor: str, address: str, time: datetime) -> dict[str, Any]:
    return {"actor": actor, "src_ip": address, "time": time, "activity": "Logon", "status": "Success"}


def networks() -> list[dict[str, Any]]:
    """Everybody signs in from the office every day; now and then one travels, and reads what a colleague asked for."""
    return [signed(p, "198.51.100.7", day) for day in working_days() for p in PEOPLE] + [
        signed(f"p{n}", f"203.0.{n}.9", START + timedelta(days=15 + n, hours=8)) for n in range(30)
    ]


def test_a_sign_in_from_a_strange_network_makes_a_few_mailboxes_enough() -> None:
    theft = [*networks(), signed("p7", "192.0.2.66", DAY - timedelta(hours=1))]
    found = rare(life() + reach("p7", 12), authentication=theft)
    first = next(r for r in found if "network" in r["did"])
    assert first["amount"] <= 10
    # The near miss: the same account from its own network, as many; and a traveller who reads what they always read.
    assert not [r for r in rare(life() + reach("p7", 12), authentication=networks()) if "network" in r["did"]]
    assert not rare(life(), authentication=theft)


def test_a_consent_that_lets_an_application_in_is_found_and_a_password_reset_is_not() -> None:
    calls = [{"actor": p, "operation": "Update group", "time": START + timedelta(days=n)} for n, p in enumerate(PEOPLE)]
    consent = {"actor": "p7", "operation": "Consent to application", "time": DAY}
    assert [r["actor"] for r in rare(life(), api_activity=[*calls, consent])] == ["p7"]
    refused = consent | {"status": "Failure"}
    reset = {"actor": "desk", "target": "p9", "activity": "Password Reset", "operation": "Reset user password."}
    resets = [reset | {"time": DAY + timedelta(minutes=n), "target": f"p{n}"} for n in range(30)]
    assert not rare(life(), api_activity=[*calls, refused], account_change=resets)


def test_nothing_looks_ahead() -> None:
    rows, cut = life() + reach("admin", 300), DAY + timedelta(minutes=30)
    known = [(r["time"], r["per_week"]) for r in rare(rows) if r["time"] < cut]
    assert known == [(r["time"], r["per_week"]) for r in rare([r for r in rows if r["time"] < cut])]
