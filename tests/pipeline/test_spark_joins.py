"""What an asof join becomes; that it joins the same rows, the comparison of detectors between engines shows."""

from __future__ import annotations

import ibis
import pytest
from ibis.common.exceptions import UnsupportedOperationError

pytest.importorskip("pyspark")

from tidegate.pipeline.spark_joins import JoinCompiler

ASKED = ibis.table({"who": "string", "at": "timestamp"}, name="asked")
KNOWN = ibis.table({"who": "string", "since": "timestamp", "what": "string"}, name="known")


def compiled(on: ibis.Value) -> str:
    ibis.pyspark  # noqa: B018  declares the options that its compiler asks for
    joined = ASKED.asof_join(KNOWN, on=on, predicates="who")
    return str(JoinCompiler().to_sqlglot(joined).sql("spark"))


def test_of_the_same_moment_what_is_known_comes_first_and_where_it_must_be_earlier_last() -> None:
    window = "PARTITION BY `_key0` ORDER BY `_at`, `_side` ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW"
    for on, side in ((ASKED.at >= KNOWN.since, 1), (ASKED.at > KNOWN.since, 0)):
        sql = compiled(on)
        assert window in sql
        assert f"WHERE `_side` = {side}" in sql


def test_what_comes_next_is_refused() -> None:
    with pytest.raises(UnsupportedOperationError, match="later"):
        compiled(ASKED.at <= KNOWN.since)
