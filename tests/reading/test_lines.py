from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tidegate.reading.blocks import Mark, Reached, blocks
from tidegate.reading.lines import LineCutter

Found = list[tuple[int, str]]


def cut(cutter: LineCutter, text: str, *, end: bool = True, full: bool = False) -> tuple[Found, int]:
    """Numbers and texts of the records, and how much was used."""
    data = np.frombuffer(text.encode(), np.uint8)
    found = cutter.cut(data, end=end, full=full)
    bounds = zip(found.numbers, found.starts, found.ends, strict=True)
    return [(int(number), text[start:end]) for number, start, end in bounds], found.used


def test_a_record_ends_with_its_line() -> None:
    cutter = LineCutter()
    assert cut(cutter, "a\r\n\nb\nc", end=False) == ([(1, "a"), (3, "b")], 6)
    assert cut(cutter, "c\r\nd") == ([(4, "c"), (5, "d")], 4)


def test_a_quoted_record_goes_on_over_line_breaks() -> None:
    text = 'a,"1\n2"\nb,"x ""y""\n"\nc,3\n'
    assert cut(LineCutter(quoted=True), text) == ([(1, 'a,"1\n2"'), (3, 'b,"x ""y""\n"'), (5, "c,3")], len(text))
    # Without quotation marks that mean something, every line stands for itself.
    assert len(cut(LineCutter(), text)[0]) == 5


def test_a_quotation_mark_that_nothing_closes_takes_no_other_line_with_it() -> None:
    text = 'a,1\nb,"2\nc,3\nd,4\n'
    assert cut(LineCutter(quoted=True), text)[0] == [(1, "a,1"), (2, 'b,"2'), (3, "c,3"), (4, "d,4")]
    # … but while more may come, it may yet be closed.
    assert cut(LineCutter(quoted=True), text, end=False) == ([(1, "a,1")], 4)


def test_stray_quotation_marks_far_from_each_other_take_no_line_with_them() -> None:
    rows = [f"{i},{i}" for i in range(50)]
    rows[3], rows[40], rows[45] = '3,19" rack', '40,19" rack', '45,"two\nlines"'
    text = "\n".join(rows) + "\n"
    found, used = cut(LineCutter(quoted=True, span=30), text)
    assert [record for _, record in found] == rows
    assert (found[-1][0], used) == (51, len(text))
    # Near each other they make one record, whose lines the sheet takes apart: a record may look like that.
    assert cut(LineCutter(quoted=True, span=60), text)[0][40] == (41, "\n".join([*rows[40:45], '45,"two']))


def test_a_stray_quotation_mark_leaves_little_to_be_looked_at_again() -> None:
    text = 'a,"1\n' + "b,2\n" * 100
    found, used = cut(LineCutter(quoted=True, span=50), text, end=False)
    assert (len(found), used) == (101, len(text))
    assert cut(LineCutter(quoted=True, span=500), text, end=False) == ([], 0)


@given(
    rows=st.lists(st.sampled_from(["a,1", "b", '"c', 'd"', '"e\ne",2', "", '"' + "x" * 30, "f" * 25]), max_size=40),
    piece=st.integers(1, 60),
    size=st.integers(100, 300),
    first=st.integers(0, 200),
)
def test_blocks_and_growth_change_nothing_about_quoted_records(
    rows: list[str], piece: int, size: int, first: int
) -> None:
    data = "\n".join([*rows, "end"]).encode()

    def read(*parts: bytes, size: int = 1 << 20) -> tuple[Found, Mark]:
        """In as many steps, the last of which is the end."""
        cutter, reached = LineCutter(quoted=True, span=50), Reached()
        found: Found = []
        for number in range(1, len(parts) + 1):
            rest = data[reached.offset : sum(map(len, parts[:number]))]
            pieces = (rest[i : i + piece] for i in range(0, len(rest), piece))
            for block in blocks(pieces, cutter, reached=reached, hold=number < len(parts), size=size):
                assert block.bad == ()
                found += zip(block.numbers.tolist(), block.texts().to_pylist(), strict=True)
                mark = block.mark
        return found, mark

    whole = read(data)
    assert read(data, size=size) == whole
    assert read(data[:first], data[first:], size=size) == whole
    lines = [number + i for number, record in whole[0] for i in range(record.count("\n") + 1)]
    assert {i for i, line in enumerate(data.decode().split("\n"), 1) if line} <= set(lines)
    assert len(lines) == len(set(lines))


def test_a_line_that_fills_the_buffer_is_dropped_as_it_comes() -> None:
    cutter = LineCutter()
    data = np.frombuffer(b"x" * 10, np.uint8)
    first = cutter.cut(data, end=False, full=True)
    assert [bad.line for bad in first.bad] == [1]
    assert cut(cutter, "xxxxx", end=False) == ([], 5)
    assert cut(cutter, "x\nb\n") == ([(2, "b")], 4)


def test_the_rest_of_a_line_that_was_used_before_it_ended() -> None:
    cutter = LineCutter()
    cut(cutter, "a\nb")
    rest = cutter.cut(np.frombuffer(b"eta\nc\n", np.uint8), end=True, full=False)
    assert [(bad.line, bad.record) for bad in rest.bad] == [(2, "eta\n")]
    assert rest.numbers.tolist() == [3]
    # Nothing but its line break is no loss.
    cutter = LineCutter()
    cut(cutter, "a\nb")
    assert cut(cutter, "\nc\n") == ([(3, "c")], 3)
    # Nor does a quotation mark in it begin anything.
    cutter = LineCutter(quoted=True)
    cut(cutter, "a\nb")
    assert cut(cutter, '"\nc\nd\n', end=False) == ([(3, "c"), (4, "d")], 6)
