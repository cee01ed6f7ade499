"""What is compiled once is compiled anew when what it depends on is another, and never answers for another."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.types as ir
import pytest
from ibis import _
from ibis.backends.duckdb import Backend

from tidegate.lake import compiled
from tidegate.lake.compiled import answer, query


@pytest.fixture
def con() -> Backend:
    return ibis.duckdb.connect()


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(compiled, "_known", {})
    monkeypatch.setattr(compiled, "_folder", lambda: tmp_path / "kept")
    monkeypatch.setattr(compiled, "OWN", __name__.split(".")[0])
    return tmp_path / "kept"


def above(numbers: ir.Table, *, least: int = 0) -> ir.Table:
    return numbers.filter(_.n >= least).agg(n=_.n.sum(), share=_.n.sum() / 2)


def stored(con: Backend, *values: int) -> ir.Table:
    return con.create_table(ibis.util.gen_name("numbers"), ibis.memtable({"n": list(values)}, schema={"n": "int64"}))


def total(con: Backend, table: ir.Table, **settings: Any) -> object:
    (row,) = answer(con, above, {"numbers": table}, name="above", **settings).to_pylist()
    return row["n"]


def test_the_same_question_of_other_tables_is_compiled_once(con: Backend, monkeypatch: pytest.MonkeyPatch) -> None:
    assert total(con, stored(con, 1, 2)) == 3
    monkeypatch.setattr(con, "compile", lambda *_args: pytest.fail("compiled again"))
    assert total(con, stored(con, 3, 4)) == 7


def test_other_settings_and_other_columns_are_other_questions(con: Backend) -> None:
    assert total(con, stored(con, 1, 2), least=2) == 2
    assert total(con, stored(con, 1, 2), least=1) == 3
    wide = con.create_table("wide", ibis.memtable({"n": [1.5, 2.5]}))
    assert total(con, wide) == 4.0


def test_what_is_computed_can_be_asked_too(con: Backend) -> None:
    assert total(con, stored(con, 1, 2).filter(_.n > 1).union(stored(con, 5))) == 7


def test_types_are_those_that_the_expression_has(con: Backend) -> None:
    found = answer(con, above, {"numbers": stored(con, 1)}, name="above")
    assert {name: str(found.schema.field(name).type) for name in found.column_names} == {
        "n": "int64",  # the engine's own sum of int64 would be a 128-bit number
        "share": "double",
    }


def test_what_is_computed_and_read_twice_is_written_once(con: Backend) -> None:
    wide = con.create_table("wide", ibis.memtable({f"c{number}": [1] for number in range(12)}))

    def twice(wide: ir.Table) -> ir.Table:
        less = wide.mutate(c0=(_.c0 + 1).sum().over(group_by="c1")).drop("c11")  # SELECT * EXCLUDE (…)
        return less.union(less.filter(_.c1 > 1))

    sql, _columns = query(con, twice, {"wide": wide}, name="twice")
    assert sql.count("+") == 1


def test_rows_of_a_table_are_read_twice_and_not_stored(con: Backend) -> None:
    def twice(numbers: ir.Table) -> ir.Table:
        high = numbers.filter(_.n > 7)  # each reader then takes only the columns that it needs
        return high.union(high.filter(_.n < 9))

    sql, _columns = query(con, twice, {"numbers": stored(con, 6, 8, 9)}, name="twice")
    assert sql.count("> 7") == 2


def test_another_process_reads_what_was_kept(con: Backend, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = query(con, above, {"numbers": stored(con, 1)}, name="above")[0]
    monkeypatch.setattr(compiled, "_known", {})
    (file,) = folder.iterdir()
    kept = json.loads(file.read_text())
    file.write_text(json.dumps({**kept, "sql": kept["sql"].replace("2", "4")}))
    again = query(con, above, {"numbers": stored(con, 1)}, name="above")[0]
    assert first.count("/ 2") == again.count("/ 4") == 1


def test_a_damaged_file_is_compiled_anew(con: Backend, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert total(con, stored(con, 1)) == 1
    for text in ("", "{}", "[1]"):
        monkeypatch.setattr(compiled, "_known", {})
        (file,) = folder.iterdir()
        file.write_text(text)
        assert total(con, stored(con, 2)) == 2


def test_without_a_place_to_write_it_works_all_the_same(con: Backend, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiled, "_folder", lambda: Path("/dev/null/nowhere"))
    assert total(con, stored(con, 1)) == 1


def test_code_of_others_is_kept_in_memory_only(con: Backend, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiled, "OWN", "elsewhere")
    assert total(con, stored(con, 1)) == 1
    assert not folder.exists()


def test_what_older_code_left_is_removed(con: Backend, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(compiled.CODES + 3):
        monkeypatch.setattr(compiled, "_known", {})
        monkeypatch.setattr(compiled, "_folder", lambda number=number: tmp_path / "sql" / str(number))
        assert total(con, stored(con, 1)) == 1
        os.utime(tmp_path / "sql" / str(number), (number, number))
    assert len(list((tmp_path / "sql").iterdir())) == compiled.CODES
    assert (tmp_path / "sql" / str(number)).exists()
