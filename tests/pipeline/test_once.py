from __future__ import annotations

import duckdb
import pytest
import sqlglot

from tidegate.pipeline.once import once

ROWS = "(VALUES (' a ', 'b'), ('', NULL), (NULL, 'c')) AS t(x, y)"


def moved(sql: str) -> str:
    """The query rewritten, after seeing that it says the same."""
    made = once(sqlglot.parse_one(sql, dialect="duckdb")).sql("duckdb")
    assert duckdb.sql(made).fetchall() == duckdb.sql(sql).fetchall()
    return made


@pytest.mark.parametrize(
    ("what", "times"),
    [
        ("NULLIF(TRIM(x), '')", 1),
        ("LOWER(NULLIF(TRIM(x), '')) AS a, NULLIF(TRIM(x), '') || y", 1),
        ("CASE TRIM(x) WHEN 'a' THEN 1 WHEN 'b' THEN 2 END", 1),
        ("TRIM(x) AS a, CASE WHEN y = 'b' THEN TRIM(x) END", 1),  # it is there for every row anyway
        ("CASE WHEN y = 'b' THEN TRIM(x) || 'z' ELSE TRIM(x) END", 2),  # either is computed only where it is wanted
        ("COALESCE(y, TRIM(x)), COALESCE(y, TRIM(x) || 'z')", 2),  # only where y is null
        ("TRIM(x) IS NOT NULL AS a, y IS NOT NULL AS b, TRIM(x) AS c", 1),  # NOT NULL is no value
        ("LIST_TRANSFORM([x], one -> NULLIF(TRIM(one), ''))", 1),  # what a lambda is given is no column
    ],
)
def test_what_is_needed_twice_is_computed_once(what: str, times: int) -> None:
    made = moved(f"SELECT {what} FROM {ROWS}")
    assert made.count("TRIM(") == times


def test_layers_of_layers() -> None:
    layers = "x"
    for _ in range(6):
        layers = f"NULLIF(TRIM({layers}), '')"
    made = moved(f"SELECT {layers} AS a FROM {ROWS}")
    assert made.count("TRIM(") == 6
    assert made.count("_once") == 2 * 6  # each a column that is made once and named once: it would be 2⁶ of them


def test_queries_that_make_rows_of_rows_are_left_as_they_are() -> None:
    for sql in (f"SELECT *, NULLIF(TRIM(x), '') AS a FROM {ROWS}", f"SELECT UNNEST([NULLIF(TRIM(x), '')]) FROM {ROWS}"):
        assert "_once" not in moved(sql)


def test_a_query_within_a_query() -> None:
    # The outer one is rewritten too: what it moves below itself has been rewritten before.
    inner = f"SELECT NULLIF(TRIM(x), '') AS a, y FROM {ROWS}"
    made = moved(f"SELECT NULLIF(UPPER(a), '') AS b FROM ({inner}) AS t")
    assert (made.count("TRIM("), made.count("UPPER(")) == (1, 1)
