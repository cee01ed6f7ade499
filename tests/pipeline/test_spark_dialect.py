from __future__ import annotations

import ibis
import pytest

pytest.importorskip("pyspark")

from tidegate.pipeline.spark_dialect import Compiler, java


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        (r"^a+$", r"^a+\z"),  # before the last line break it is no end
        (r"(?m)^a+$", r"(?m)^a+$"),  # but that of a line
        (r"(?i)ä", r"(?iu)ä"),  # capitals of all letters
        (r"(?i:ä)(?:b)", r"(?iu:ä)(?:b)"),  # in a group too
        (r"\s\S", r"[\t\n\f\r ][^\t\n\f\r ]"),  # no vertical tab
        (r"[\s\w]", r"[\t\n\f\r \w]"),
        (r"[[&&]", r"[\[\&\&]"),  # no class in a class, no intersection
        (r"[]a][^]a]", r"[\]a][^\]a]"),  # the first bracket is a sign
        (r"[\[\]]\[", r"[\[\]]\["),
        (r"(?P<name>a)(?:b)(c)", r"(a)(?:b)(c)"),
        (r"\\s\$", r"\\s\$"),  # a backslash, an s, a dollar
    ],
)
def test_regular_expressions_become_those_of_java(pattern: str, expected: str) -> None:
    assert java(pattern) == "(?d)" + expected


def test_words_end_where_ascii_does() -> None:
    assert java(r"\bx") == r"(?d)(?:(?<=\w)(?!\w)|(?<!\w)(?=\w))x"


@pytest.mark.parametrize(("type_", "spark"), [("timestamp(6)", "TIMESTAMP_NTZ"), ("timestamp('UTC', 6)", "TIMESTAMP")])
def test_no_moment_has_the_time_zone_that_was_asked_for(type_: str, spark: str) -> None:
    one = ibis.table({"a": "int64"}, name="t").select(a=ibis.null(type_))
    assert f"CAST(NULL AS {spark}) AS" in Compiler().to_sqlglot(one).sql("spark")


def test_what_is_taken_from_the_largest_row_is_known_there() -> None:
    # As on DuckDB: of rows that do not say it, nothing is taken.
    table = ibis.table({"a": "string", "b": "int64"}, name="t")
    sql = Compiler().to_sqlglot(table.agg(most=table.a.argmax(table.b), least=table.a.argmin(table.b))).sql("spark")
    assert sql.upper().count("IS NOT NULL") + sql.upper().count("IS NULL") == 2
    assert sql.upper().count("FILTER(WHERE") == 2
