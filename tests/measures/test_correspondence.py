"""Who writes to whom outside, and whether anybody writes back."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from tests.tables import Row, engine, table
from tidegate.measures.correspondence import correspondence

NOON = datetime(2026, 3, 2, 12)


def rolled(*mails: Row) -> list[dict[str, Any]]:
    full = [{"time": NOON + timedelta(minutes=n), "source_line": n, **mail} for n, mail in enumerate(mails)]
    found = engine().to_pyarrow(correspondence(table("email_activity", full))).to_pylist()
    return sorted(found, key=lambda r: (r["mailbox"], r["other"]))


def test_a_pair_has_a_row_a_day_with_both_directions() -> None:
    sent = {"activity": "Send", "sender": "Ann@own.example", "recipients": ["Eve@out.example"], "bytes_out": 7}
    back = {"activity": "Receive", "sender": "eve@out.example", "recipients": ["ann@own.example"], "bytes_out": 900}
    (row,) = rolled(sent, {**sent, "attachments": ["x.zip"]}, back)
    assert (row["mailbox"], row["other"]) == ("ann@own.example", "eve@out.example")
    assert (row["sent"], row["received"], row["bytes"], row["attached"]) == (2, 1, 14, 1)


def test_mail_among_ourselves_and_mail_that_failed_are_none() -> None:
    own = {"activity": "Receive", "sender": "ann@own.example", "recipients": ["bob@own.example"]}
    failed = {"activity": "Send", "sender": "ann@own.example", "recipients": ["e@out.example"], "status": "Failure"}
    assert not rolled(own, failed)


def test_a_queue_that_names_sender_and_recipient_apart_is_one_pair() -> None:
    first = {"activity": "Trace", "message": "Q1", "sender": "ann@own.example"}
    again = {"activity": "Trace", "message": "Q1", "sender": "bob@own.example"}  # the id is given out anew
    to = {"activity": "Send", "message": "Q1", "recipients": ["e@out.example"]}
    assert [r["mailbox"] for r in rolled(first, to, again, to)] == ["ann@own.example", "bob@own.example"]
