"""Headers of several lines: what loggers and gauges write above their tables."""

from __future__ import annotations

from tests.content.seeing import format_id, parts
from tidegate.content.document import Metadata, Table

TOA5 = (
    '"TOA5","Ridge","CR1000","12","CR1000.Std.32","CPU:r.CR1","4","Ten_min"\n'
    '"TIMESTAMP","AirTC_Avg"\n"TS","Deg C"\n"","Avg"\n'
    '"2026-03-01 10:00:00",4.2\n"2026-03-01 10:10:00",4.3\n'
)
RDB = "# U.S. Geological Survey\n# National Water Information System\nsite_no\tgage_ht\n15s\t8s\n0159\t11.9\n"


def test_units_and_kinds_of_processing_are_no_rows() -> None:
    (table,) = (part for part in parts(TOA5.encode()) if isinstance(part, Table))
    assert table.header == ("TIMESTAMP", "AirTC_Avg")
    assert [list(row) for row in table.rows] == [["2026-03-01 10:00:00", "4.2"], ["2026-03-01 10:10:00", "4.3"]]
    (about,) = (part for part in parts(TOA5.encode()) if isinstance(part, Metadata))
    assert (about.values["station"], about.values["logger"]) == ("Ridge", "CR1000")


def test_comments_of_a_gauge_are_told_and_its_widths_are_no_row() -> None:
    found = parts(RDB.encode())
    assert [list(row) for part in found if isinstance(part, Table) for row in part.rows] == [["0159", "11.9"]]
    (about,) = (part for part in found if isinstance(part, Metadata))
    assert about.values["comments"] == ("U.S. Geological Survey", "National Water Information System")


def test_other_tables_with_comments_are_plain_tables() -> None:
    assert format_id(b"# a\n# b\nname\tage\nAnna\t34\nBen\t35\n") == "tsv"
    assert format_id(b'"TOAD","a"\n"b","c"\n"d","e"\n') == "csv"
