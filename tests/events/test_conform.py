from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date, datetime

import ibis
import pyarrow as pa
import pytest

from tests.diary import diary_visit
from tidegate.errors import UnitError
from tidegate.events.conform import conform
from tidegate.events.schema import CLASSES

TIME = datetime(2025, 3, 1, 23, 59)


def given(**columns: object) -> ibis.Table:
    row = {"record": "text", "source_file": "f", "source_line": 1, "time": TIME} | columns
    return ibis.memtable(pa.Table.from_pylist([row]))


def test_columns_are_completed_ordered_and_typed() -> None:
    events = conform(given(bytes_out=5.0, actor="ann"), diary_visit)
    assert events.schema() == CLASSES["network_activity"].schema
    (row,) = events.to_pyarrow().to_pylist()
    assert {name: value for name, value in row.items() if value is not None} == {
        "uid": hashlib.md5(b"text").hexdigest(),
        "time": TIME,
        "actor": "ann",
        "product": "Diary",
        "source_file": "f",
        "source_line": 1,
        "bytes_out": 5,
        "day": date(2025, 3, 1),
    }


@pytest.mark.parametrize(("uid", "kept"), [("u1", True), ("", False), (None, False)])
def test_uid_is_the_products_own_or_made_of_the_record(uid: str | None, kept: bool) -> None:
    events = conform(given().mutate(uid=ibis.literal(uid, "string")), diary_visit)
    assert (events.uid.to_pyarrow().to_pylist() == [uid]) == kept
    assert events.uid.notnull().to_pyarrow().to_pylist() == [True]


def test_a_source_that_returns_something_else_is_told_so() -> None:
    with pytest.raises(UnitError, match="diary_visit: returns no source_line, time"):
        conform(given().drop("time", "source_line"), diary_visit)
    with pytest.raises(UnitError, match="network_activity has no column bytes_sent"):
        conform(given(bytes_sent=1), diary_visit)
    # A column of the class it produces is none of another class.
    with pytest.raises(UnitError, match="dns_activity has no column bytes_out"):
        conform(given(bytes_out=1), replace(diary_visit, produces="dns_activity"))
