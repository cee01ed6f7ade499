from __future__ import annotations

import numpy as np

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
