from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

import ibis
import pyarrow as pa
import pytest

from tests.diary import DIARY, diary_question, diary_visit
from tidegate.errors import UnitError
from tidegate.lake.engine import Engine
from tidegate.pipeline.mapping import Plan, plan
from tidegate.reading.layout import Layout
from tidegate.units import LINEAGE, Source, source

NOW = datetime(2025, 6, 1)
ZEEK = Layout("zeek", ("when", "who", "sent", "asked"), (("_path", "visit"),))


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    engine = Engine(tmp_path_factory.mktemp("spill"))
    yield engine
    engine.close()


def claimed(engine: Engine, made: Plan, *records: str, **columns: list[str]) -> list[int | None]:
    """The source of each record."""
    register(engine, *records, **columns)
    found = dict(engine.con.execute(made.lenient).fetchall())
    return [found.get(row) for row in range(len(records))]


def run(engine: Engine, made: Plan, *records: str, place: int = 0, **columns: list[str]) -> list[dict[str, Any]]:
    """What one of the sources is given."""
    register(engine, *records, **columns)
    raw = made.events(place).partition(", raw AS ")[0] + " SELECT * FROM whole"
    rows: list[dict[str, Any]] = (
        engine.con.execute(f"WITH mine AS (FROM block) FROM ({raw})").to_arrow_table().to_pylist()
    )
    return [{name: value for name, value in row.items() if name not in (*LINEAGE, "_row")} for row in rows]


def register(engine: Engine, *records: str, **columns: list[str]) -> None:
    lines = list(range(1, len(records) + 1))
    times = pa.array([NOW] * len(records), pa.timestamp("us"))
    block = {"record": records, "source_file": ["f"] * len(records), "source_line": lines, "source_modified": times}
    row = pa.array(range(len(records)), pa.int32())
    engine.con.register("block", pa.table(block | columns | {"_row": row}))


def made(engine: Engine, layout: Layout, *sources: Source, wrapped: bool = False) -> Plan:
    return plan(engine, DIARY, sources, layout, wrapped=wrapped, now=NOW)


def test_json_records_and_the_source_of_each(engine: Engine) -> None:
    both = made(engine, Layout("json"), diary_visit, diary_question)
    records = ('{"who": "ann", "sent": "x"}', '{"kind": "question", "asked": ["a"]}', '{"kind": "z"}', "{")
    assert claimed(engine, both, *records) == [0, 1, None, None]
    rows = [run(engine, both, record, place=place)[0] for place, record in enumerate(records[:2])]
    assert [{name: value for name, value in row.items() if value is not None} for row in rows] == [
        {"who": "ann"},
        {"kind": "question", "asked": ["a"]},
    ]
    assert both.explodes == (False, True)
    # Where one source takes all there is, nothing needs to be found out first.
    assert made(engine, Layout("json"), replace(diary_visit, where=None)).claims is None


def test_zeek_values(engine: Engine) -> None:
    both = made(engine, ZEEK, diary_visit, diary_question)
    records = (
        r"2025	a\x09b\xc3\xa4 100% \\x	12	a,b",
        "-\t(empty)\t-\t-",
        "too\tfew",
        r"x	broken \xff	4294967296.0	(empty)",
    )
    found = [(row["when"], row["who"], row["sent"]) for row in run(engine, both, *records)]
    assert found == [
        ("2025", "a\tbä 100% \\x", 12),
        (None, "", None),
        ("x", r"broken \xff", 4294967296),  # no UTF-8: it stays as it was written
    ]
    assert [row["asked"] for row in run(engine, both, *records, place=1)] == [["a", "b"], None, []]
    assert claimed(engine, both, *records) == [0, 0, None, 0]  # the header says of what kind


def test_sheet_values(engine: Engine) -> None:
    layout = Layout("csv", ("when", "x", "who", "who", "sent"))
    one = made(engine, layout, diary_visit)
    assert one.wanted == (0, 2, 4)  # of two columns with one name, the first
    rows = run(engine, one, "r", "r", c0=["1", "-"], c2=["a", ""], c4=["5", "x"])
    assert [(row["when"], row["who"], row["sent"]) for row in rows] == [("1", "a", 5), (None, None, None)]


def test_records_in_a_column(engine: Engine) -> None:
    inner = '{"who": "ann"}'
    sheet = made(engine, Layout("csv", ("id", "wrapped")), diary_visit, wrapped=True)
    assert [row["who"] for row in run(engine, sheet, "outer", c1=[inner])] == ["ann"]
    outer = made(engine, Layout("json"), diary_visit, wrapped=True)
    records = ('{"wrapped": "{\\"who\\": \\"ann\\"}"}', '{"wrapped": {"who": "bob"}}', '{"who": "cleo"}', "{")
    assert claimed(engine, outer, *records) == [0, 0, 0, None]
    assert [row["who"] for row in run(engine, outer, *records[:3])] == ["ann", "bob", "cleo"]


def test_what_cannot_be_cast_is_null(engine: Engine) -> None:
    @source(log=DIARY, produces="network_activity", columns={"n": "float64", "s": "string", "o": "json"})
    def diary_cast(raw: ibis.Table) -> ibis.Table:
        return raw.select(*LINEAGE, time=raw.s.cast("timestamp(6)"), bytes_out=raw.n.cast("int64"))

    one = made(engine, Layout("json"), diary_cast)
    register(engine, '{"n": 1e300, "s": "never"}', '{"n": 2.0, "s": "2025-03-01"}')
    events = f"WITH mine AS (FROM block) FROM ({one.events(0)})"
    rows = engine.con.execute(f"SELECT time, bytes_out FROM ({events}) ORDER BY source_line").fetchall()
    assert rows == [(None, None), (datetime(2025, 3, 1), 2)]


def test_sources_of_a_log_must_agree_on_a_columns_type(engine: Engine) -> None:
    other = replace(diary_question, columns={**diary_question.columns, "when": ibis.dtype("float64")})
    with pytest.raises(UnitError, match="diary declares 'when' as string elsewhere, here as float64"):
        made(engine, Layout("json"), diary_visit, other)
    # Another way to write the same type is none.
    same = replace(diary_question, columns={**diary_question.columns, "when": ibis.dtype("varchar")})
    made(engine, Layout("json"), diary_visit, same)
