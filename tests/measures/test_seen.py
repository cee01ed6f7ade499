"""The daily roll-up of who acted in which log."""

from __future__ import annotations

from datetime import datetime, timedelta

from tests.tables import engine, table
from tidegate.measures.schema import MEASURES
from tidegate.measures.seen import seen

NOON = datetime(2026, 3, 2, 12)


def test_a_row_a_day_person_and_log() -> None:
    later, tomorrow = NOON + timedelta(hours=1), NOON + timedelta(days=1)
    mail = [
        {"uid": "b", "time": later, "actor": "ann"},
        {"uid": "a", "time": NOON, "actor": "ann"},
        {"uid": "c", "time": tomorrow, "actor": "ann"},
        {"uid": "d", "time": NOON, "actor": None},  # nobody is no person to be compared with
    ]
    signins = [{"uid": "e", "time": later, "actor": "ann"}, {"uid": "f", "time": later, "actor": "bob"}]
    made = seen(mail=table("email_activity", mail), signins=table("authentication", signins))
    assert set(made.columns) == set(MEASURES["measure_seen"].names)
    rows = engine().to_pyarrow(made.order_by("log", "first_time", "actor")).to_pylist()
    assert [
        (r["log"], r["actor"], r["day"].day, r["events"], r["first_time"], r["last_time"], r["uid"]) for r in rows
    ] == [
        ("mail", "ann", 2, 2, NOON, later, "a"),
        ("mail", "ann", 3, 1, tomorrow, tomorrow, "c"),
        ("signins", "ann", 2, 1, later, later, "e"),
        ("signins", "bob", 2, 1, later, later, "f"),
    ]
