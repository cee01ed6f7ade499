from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidegate.errors import InputError
from tidegate.reading.blocks import Block, Mark, blocks
from tidegate.reading.lines import LineCutter


def records(found: Iterator[Block]) -> tuple[list[tuple[int, str]], list[tuple[int, str]], Mark]:
    """Numbers and texts of the records, lines and reasons of the bad ones, and the last mark."""
    good: list[tuple[int, str]] = []
    bad: list[tuple[int, str]] = []
    mark = Mark()
    for block in found:
        good += zip(block.numbers.tolist(), block.texts().to_pylist(), strict=True)
        bad += [(one.line, one.reason) for one in block.bad]
        mark = block.mark
    return good, bad, mark


@given(
    lines=st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\n\r"), max_size=20), max_size=30),
    piece=st.integers(1, 50),
    size=st.integers(100, 300),
)
def test_every_way_to_cut_a_stream_gives_the_same_lines(lines: list[str], piece: int, size: int) -> None:
    data = "\n".join(lines).encode()
    pieces = (data[i : i + piece] for i in range(0, len(data), piece))
    good, bad, mark = records(blocks(pieces, LineCutter(), size=size))
    assert good == [(i, line) for i, line in enumerate(lines, 1) if line]
    assert bad == []
    assert mark.bytes == len(data)


def test_views_of_short_and_long_records() -> None:
    lines = ["x" * i for i in range(1, 30)]
    (block,) = blocks(iter(["\n".join(lines).encode()]), LineCutter())
    block.texts().validate(full=True)
    assert block.texts().to_pylist() == lines


def test_a_block_ends_where_the_stream_was_read_before() -> None:
    data = b"one\ntwo\nthree\nfour"
    first = records(blocks(iter([data[:14]]), LineCutter()))[2]
    marks = [block.mark for block in blocks(iter([data]), LineCutter(), done=first.bytes)]
    assert marks[0] == first
    assert marks[-1].lines == 4


def test_the_mark_before_a_line_that_may_go_on() -> None:
    (block,) = blocks(iter([b"one\ntw"]), LineCutter())
    (whole,) = blocks(iter([b"one\n"]), LineCutter())
    assert block.before == whole.mark
    assert (block.mark.lines, block.mark.bytes) == (2, 6)
    (block,) = blocks(iter([b'one\n"t\nw"']), LineCutter(quoted=True))
    assert (block.before, block.mark.lines) == (whole.mark, 3)


def test_what_is_refused() -> None:
    data = b"good\n" + b"x" * 60 + b"\nb\xe4d\ng\xc3\xb6\xc3\xb6d\n" + b"y" * 300 + b"\nlast\n"
    good, bad, _ = records(blocks(iter([data]), LineCutter(), size=100, limit=50))
    assert good == [(1, "good"), (4, "gööd"), (6, "last")]
    assert bad == [(2, "longer than 16 MiB"), (3, "not UTF-8 text"), (5, "longer than 16 MiB")]


def test_damage_is_told_after_the_last_block() -> None:
    def pieces() -> Iterator[bytes]:
        yield b"one\n"
        raise InputError("it broke")

    found = blocks(pieces(), LineCutter())
    assert next(found).texts().to_pylist() == ["one"]
    with pytest.raises(InputError, match="it broke") as error:
        next(found)
    assert error.value.line == 2
