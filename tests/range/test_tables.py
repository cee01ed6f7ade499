"""Tables: defaults, order, and slices of time."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from tidegate.range.tables import MAIL, between, joined, marked, numbers, pick, rows


def mails(*times: int) -> pa.Table:
    return rows(MAIL, len(times), time=list(times), sender="a@x.example", size=np.array([1.9] * len(times)))


def test_rows_repeat_single_values_cut_fractions_and_leave_the_rest_null() -> None:
    table = mails(3, 4)
    assert table.schema == MAIL
    assert table["sender"].to_pylist() == ["a@x.example"] * 2
    assert table["size"].to_pylist() == [1, 1]
    assert table["subject"].to_pylist() == [None, None]
    assert table["mark"].to_pylist() == [-1, -1]


def test_rows_know_their_columns() -> None:
    with pytest.raises(TypeError, match="recipients"):
        rows(MAIL, 1, time=[1], recipients="b@x.example")


def test_joined_is_in_order_and_stable() -> None:
    table = joined(MAIL, [marked(mails(5, 2), 0), marked(mails(2, 1), 1)])
    assert list(zip(table["time"].to_pylist(), table["mark"].to_pylist(), strict=True)) == [
        (1, 1),
        (2, 0),
        (2, 1),
        (5, 0),
    ]


def test_between_takes_the_start_and_leaves_the_end() -> None:
    assert numbers(between(mails(1, 2, 3, 4), 2, 4), "time").tolist() == [2, 3]


def test_pick() -> None:
    assert pick(["a", "b"], np.array([1, 0, 1])).to_pylist() == ["b", "a", "b"]
