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
