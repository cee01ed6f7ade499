"""What the lists say of accounts and windows."""

from __future__ import annotations

from datetime import date

import ibis
import pytest

from tests.tables import engine
from tidegate.detectors._listed import accounts, not_staff, unannounced, unapproved

MAY = date(2026, 5, 1)
JUNE = date(2026, 6, 1)


def named(table: ibis.Table) -> set[str]:
    return set(engine().to_pyarrow(table.select("actor"))["actor"].to_pylist())


def test_what_is_permitted_or_goes_to_a_listed_place_is_approved() -> None:
    rows = {
        "actor": ["anna", "ben", "cy", "dora"],
        "kind": ["unknown", "approved", "own", "personal"],
        "permitted": [False, False, False, True],
    }
    assert named(unapproved(ibis.memtable(rows))) == {"anna"}


def test_services_and_third_parties_are_not_staff() -> None:
    kinds = {"backup": "service", "vendor": "third_party", "anna": "staff", "ben": None}
    people = ibis.memtable(
        {"user": list(kinds), "kind": list(kinds.values())}, schema={"user": "string", "kind": "string"}
    )
    assert named(not_staff(people)) == {"backup", "vendor"}
    assert named(accounts(people, "service")) == {"backup"}


@pytest.mark.parametrize(
    ("start", "end", "announced"),
    [
        (MAY, JUNE, True),
        (MAY, None, True),
        (None, MAY, True),  # the last day is one of them
        (None, None, True),
        (JUNE, None, False),
        (None, date(2026, 4, 30), False),
    ],
)
def test_a_window_holds_from_its_first_to_its_last_day(start: date | None, end: date | None, announced: bool) -> None:
    rows = ibis.memtable({"actor": ["anna", "ben"], "day": [MAY, MAY]})
    columns = {"holder": "string", "start": "date", "end": "date"}
    windows = ibis.memtable({"holder": ["anna"], "start": [start], "end": [end]}, schema=columns)
    left = named(unannounced(rows, windows, rows.actor == windows.holder))
    assert left == {"ben"} | (set() if announced else {"anna"})
