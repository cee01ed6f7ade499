"""Blocks and tables come in pieces that know where they stand."""

from __future__ import annotations

from tidegate.content.document import Positions, blocks, tables


def test_blocks_end_at_lines_and_know_their_place() -> None:
    text = "".join(f"line {n} ä\n" for n in range(1000))
    found = list(blocks(iter([text[:333], text[333:]]), size=500))
    assert "".join(block.text for block in found) == text
    assert len(found) > 1
    for block in found:
        assert text[block.offset :].startswith(block.text)
        assert block.line == text.count("\n", 0, block.offset) + 1
        assert block.text.endswith("\n")


def test_a_line_longer_than_a_block_is_cut() -> None:
    found = list(blocks(iter(["a" * 600, "b" * 300]), size=500))
    assert [block.text for block in found] == ["a" * 500, "a" * 100 + "b" * 300]
    assert found[1].offset == 500


def test_rows_are_as_long_as_the_header() -> None:
    found = list(tables(["a", "b"], iter([["1"], ["1", "2", "3"], ["x", "y"]]), size=2))
    assert [list(row) for table in found for row in table.rows] == [["1", ""], ["1", "2"], ["x", "y"]]
    assert [table.first for table in found] == [1, 3]
    assert found[0].column(1) == ["", "2"]


def test_a_header_without_rows_is_a_table_too() -> None:
    assert [table.rows for table in tables(["a"], iter([]))] == [[]]


def test_more_points_than_are_listed() -> None:
    assert (Positions([1.0], [2.0]).total, Positions([1.0], [2.0], count=9).total) == (1, 9)
