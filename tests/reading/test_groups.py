from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.reading.test_blocks import records
from tidegate.reading.blocks import Block, Mark, blocks
from tidegate.reading.groups import GroupCutter
from tidegate.reading.layout import Layout
from tidegate.reading.read import Reader
from tidegate.reading.recognise import Head

PATTERN = r"^\w+ (?P<serial>\d+):"


def found(data: bytes, *, size: int = 1 << 16, piece: int = 1 << 16, done: int = 0) -> list[Block]:
    pieces = (data[i : i + piece] for i in range(0, len(data), piece))
    return list(blocks(pieces, GroupCutter(PATTERN), done=done, size=size))


def test_consecutive_lines_of_one_serial_are_one_record() -> None:
    data = b"a 1: x\nb 1: y\na 2: x\r\nb 2: y\r\n"
    assert records(iter(found(data)))[0] == [(1, "a 1: x\nb 1: y"), (3, "a 2: x\r\nb 2: y")]


def test_lines_may_go_on_with_the_one_that_begins_a_record() -> None:
    cutter = GroupCutter(r"^(?P<first>[^\s}])")
    data = b"# note\nlease a {\n  ends;\n}\nlease b {\n"
    expected = [(1, "# note"), (2, "lease a {\n  ends;\n}"), (5, "lease b {")]
    assert records(blocks(iter([data]), cutter))[0] == expected


def test_mixed_serials_make_separate_records_and_lose_nothing() -> None:
    assert records(iter(found(b"a 1:\na 2:\nb 1:\n")))[0] == [(1, "a 1:"), (2, "a 2:"), (3, "b 1:")]


def test_lines_without_a_serial_stand_for_themselves() -> None:
    # They are alike in having none, which does not make them one.
    assert records(iter(found(b"?\n?\na 1:\n?\n")))[0] == [(1, "?"), (2, "?"), (3, "a 1:"), (4, "?")]


@pytest.mark.parametrize("data", [b"a 1:\nb 2: x\nc 2: y\n", b"a 1:\nb 2: x\nc 2: y", b"a 1:\nb 2: x\n\nc 2: y\n\n"])
def test_the_last_record_may_go_on(data: bytes) -> None:
    (block,) = found(data)
    assert (block.before.lines, block.before.bytes) == (1, 5)
    assert block.mark.bytes == len(data)
    assert block.numbers.tolist() == [1, 2]


def test_the_mark_before_the_last_record_is_that_of_the_file_without_it() -> None:
    assert found(b"a 1:\nb 2:\nc 2:\n")[-1].before.digest == found(b"a 1:\n")[-1].mark.digest


def test_a_record_that_went_on_after_it_was_read() -> None:
    # What came later is a record of its own: read twice it would be doubled, left out it would be lost.
    first = found(b"a 1:\nb 1:\n")[-1].mark
    again = found(b"a 1:\nb 1:\nc 1:\nd 2:\n", done=first.bytes)
    assert again[0].mark == first
    assert records(iter(again[1:]))[0] == [(3, "c 1:"), (4, "d 2:")]


def test_a_record_that_is_not_text_is_refused_alone() -> None:
    good, bad, _ = records(iter(found(b"a 1: \xff\nb 1:\na 2:\n")))
    assert (good, bad) == ([(3, "a 2:")], [(1, "not UTF-8 text")])


@given(
    serials=st.lists(st.integers(1, 4), max_size=40),
    blank=st.sets(st.integers(0, 40)),
    piece=st.integers(1, 50),
    size=st.integers(200, 400),
)
def test_every_way_to_cut_a_stream_gives_the_same_records(
    serials: list[int], blank: set[int], piece: int, size: int
) -> None:
    lines = ["\n" * (i in blank) + f"a {serial}: {i}" for i, serial in enumerate(serials)]
    data = "".join(line + "\n" for line in lines).encode()
    whole = found(data)
    cut = found(data, size=size, piece=piece)
    assert _text(cut, lines=data.decode().splitlines()) == [line for line in data.decode().splitlines() if line]
    assert (
        sum(block.blank for block in cut)
        == sum(block.blank for block in whole)
        == sum(i in blank for i in range(len(serials)))
    )
    assert cut[-1].mark == whole[-1].mark or not serials
    longest = max((sum(1 for _ in run) for run in _runs(serials)), default=0)
    if longest * 12 < size // 2:  # a record never fills the buffer
        assert records(iter(cut))[0] == records(iter(whole))[0]


def _runs(serials: list[int]) -> list[list[int]]:
    return [part.tolist() for part in np.split(np.array(serials, int), np.flatnonzero(np.diff(serials)) + 1)]


def _text(cut: list[Block], lines: list[str]) -> list[str]:
    """The lines of all records, each at the place that its number says."""
    texts = [text.splitlines() for block in cut for text in block.texts().to_pylist()]
    numbers = [number for block in cut for number in block.numbers.tolist()]
    assert [lines[number - 1] for number in numbers] == [text[0] for text in texts]
    return [line for text in texts for line in text if line]


def test_an_empty_stream_has_no_record() -> None:
    assert records(iter(found(b"")))[2] == Mark(0, 0, found(b"")[0].mark.digest)


def test_a_growing_stream_keeps_its_last_record_back() -> None:
    reader = Reader(Head(Layout("lines", groups=PATTERN)))

    def more(text: bytes, *, hold: bool) -> list[tuple[int, str]]:
        return records(part.block for part in reader.parts(iter([text]), hold=hold))[0]

    assert more(b"a 1:\na 2:\nb", hold=True) == [(1, "a 1:")]
    assert more(b"a 2:\nb 2:\n", hold=True) == []  # once more what was not used, and its end
    assert more(b"a 2:\nb 2:\n", hold=False) == [(2, "a 2:\nb 2:")]
