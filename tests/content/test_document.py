"""Blocks and tables come in pieces that know where they stand."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import TypeVar

import pytest

from tidegate.content.document import Positions, blocks, tables, utf8_blocks

T = TypeVar("T")


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


def test_what_stands_before_the_damage_comes_first() -> None:
    def torn(piece: T) -> Iterator[T]:
        yield piece
        raise ValueError("torn")

    for found in (blocks(torn("a line\n")), tables(["a"], torn(["1"]))):
        assert next(found)
        with pytest.raises(ValueError, match="torn"):
            next(found)


def test_rows_are_as_long_as_the_header() -> None:
    found = list(tables(["a", "b"], iter([["1"], ["1", "2", "3"], ["x", "y"]]), size=2))
    assert [list(row) for table in found for row in table.rows] == [["1", ""], ["1", "2"], ["x", "y"]]
    assert [table.first for table in found] == [1, 3]
    assert found[0].column(1) == ["", "2"]


def test_a_header_without_rows_is_a_table_too() -> None:
    assert [table.rows for table in tables(["a"], iter([]))] == [[]]


def test_more_points_than_are_listed() -> None:
    assert (Positions([1.0], [2.0]).total, Positions([1.0], [2.0], count=9).total) == (1, 9)


@pytest.mark.parametrize("size", [1, 2, 3, 5, 7, 64])
@pytest.mark.parametrize(
    "text", ["", "eins\nzwei\n\ndrei", "\ufeff物种\n四川省卧龙 x 🦊\n" * 3, "🦊" * 9, "é" * 20 + "\n\n"]
)
def test_bytes_are_cut_as_their_text_is(text: str, size: int) -> None:
    found = list(utf8_blocks(io.BytesIO(text.encode()), size=max(size, 4)))
    plain = text.removeprefix("\ufeff")
    assert "".join(block.text for block in found) == plain
    for block in found:
        assert plain[block.offset :].startswith(block.text)
        assert block.line == plain.count("\n", 0, block.offset) + 1


def test_bytes_that_are_no_utf8_are_replaced() -> None:
    assert [block.data for block in utf8_blocks(io.BytesIO(b"a\xff b\n"))] == ["a\ufffd b\n".encode()]
