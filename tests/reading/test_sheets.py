from __future__ import annotations

import pytest

from tidegate.reading import sheets
from tidegate.reading.blocks import blocks
from tidegate.reading.layout import Layout
from tidegate.reading.lines import LineCutter

LAYOUT = Layout("csv", ("a", "b", "c"), separator=",")


def columns(text: str) -> tuple[dict[int, tuple[str, str]], list[tuple[int, str]]]:
    """By line, columns a and c; and lines and reasons of what does not parse."""
    (block,) = blocks(iter([text.encode()]), LineCutter(quoted=True))
    kept, found = sheets.columns(block, LAYOUT, (0, 2))
    values = zip(found["c0"].to_pylist(), found["c2"].to_pylist(), strict=True)
    assert len(kept.texts()) == len(kept.numbers)
    return dict(zip(kept.numbers.tolist(), values, strict=True)), [(bad.line, bad.reason) for bad in kept.bad]


@pytest.mark.parametrize(
    ("line", "mark", "fields"),
    [
        ("a,b,c", ",", ("a", "b", "c")),
        ('"a";"b, c";d', ";", ("a", "b, c", "d")),
        ("a\tb", "\t", ("a", "b")),
        ("a|b", "|", ("a", "b")),
        ("id, date , user", ",", ("id", "date", "user")),
    ],
)
def test_header(line: str, mark: str, fields: tuple[str, ...]) -> None:
    assert sheets.header(line) == Layout("csv", fields, separator=mark)


@pytest.mark.parametrize("line", ["one column", "", '"never closed,b', ",b"])
def test_what_is_no_header(line: str) -> None:
    assert sheets.header(line) is None


def test_quoted_columns_over_lines() -> None:
    assert columns('1,x,2\n"1\n""1""",x,"2, 2"\n3,,\n') == ({1: ("1", "2"), 2: ('1\n"1"', "2, 2"), 4: ("3", "")}, [])


def test_a_line_that_is_not_as_the_header_says_is_set_aside() -> None:
    assert columns("1,x,2\n1,2\n\n4,x,5\n1,2,3,4\n7,x,\n") == (
        {1: ("1", "2"), 4: ("4", "5"), 6: ("7", "")},
        [(2, "2 columns where the header names 3"), (5, "4 columns where the header names 3")],
    )


def test_a_stray_quotation_mark_costs_one_line() -> None:
    assert columns('1,x,2\n"3,x,4\n5,x,6\n7,"x",8\n') == (
        {1: ("1", "2"), 3: ("5", "6"), 4: ("7", "8")},
        [(2, "quotation marks that do not match")],
    )


def test_stray_quotation_marks_far_apart_cost_no_other_line() -> None:
    rows = [f"{i},some text or other,{i}" for i in range(100_000)]
    rows[10], rows[-10] = '10,"19 inch rack,10', '99990,19" rack,99990'
    kept, bad = columns("\n".join(rows))
    assert len(kept) == 99_999
    assert bad == [(11, "quotation marks that do not match")]


def test_an_empty_block() -> None:
    assert columns("\n") == ({}, [])


@pytest.mark.parametrize(
    ("line", "mark", "fields"),
    [
        ("#Fields: date-time,client-ip", ",", ("date-time", "client-ip")),
        ("#Fields: date time cs(User-Agent) ", " ", ("date", "time", "cs(User-Agent)")),
        ("#Fields:\ta\tb", "\t", ("a", "b")),
    ],
)
def test_fields_line(line: str, mark: str, fields: tuple[str, ...]) -> None:
    header = sheets.FieldsHeader()
    header.read("#Software: Fields")
    assert header.layout is None
    header.read(line)
    assert header.layout == Layout("csv", fields, separator=mark, directives=True)


@pytest.mark.parametrize(
    ("line", "mark"),
    [
        ("version account-id interface-id srcaddr dstaddr", " "),
        ("when who what why", None),  # too few names: any line of text has as many
        ("Dear all of you out there", None),  # a sentence
        ("a b c d e,f", ","),  # spaces within names
    ],
)
def test_a_header_that_only_spaces_part(line: str, mark: str | None) -> None:
    layout = sheets.header(line)
    assert (layout.separator if layout else None) == mark
