from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidegate.reading.blocks import Mark
from tidegate.reading.layout import Layout
from tidegate.reading.read import Part, Reader, parts, table
from tidegate.reading.recognise import Head

SHEET = Head(Layout("csv", ("a", "b"), separator=","))


def lines(data: bytes, head: Head, done: Mark | None = None) -> list[tuple[int, str]]:
    found = parts(iter([data]), head, done=done or Mark())
    return [
        pair for part in found for pair in zip(part.block.numbers.tolist(), part.block.texts().to_pylist(), strict=True)
    ]


def test_headers_are_no_records() -> None:
    data = b"#TYPE x\na,b\n1,2\na,b\n3,4\n"  # two files put together
    assert lines(data, SHEET) == [(3, "1,2"), (5, "3,4")]


def test_reading_on() -> None:
    data = b"a,b\n1,2\n3,4\n"
    assert lines(data, SHEET, Mark(2, 8)) == [(3, "3,4")]
    assert lines(data, SHEET, Mark(3, 12)) == []
    header = b"#fields\ta\tb\n#path\tx\n"
    zeek = Head(Layout("zeek", ("a", "b")))
    found = list(parts(iter([header + b"1\t2\n3\t4\n"]), zeek, done=Mark(3, len(header) + 4)))
    assert [part.block.texts().to_pylist() for part in found] == [["3\t4"]]
    # What the header said is known, though it was read before.
    assert found[0].layout == Layout("zeek", ("a", "b"), (("_path", "x"),))


def test_fields_may_change_where_logs_were_put_one_after_another() -> None:
    data = b'#Fields: a b\n1 "\n2 x\n#Fields: b a\n3 4\n'
    found = list(parts(iter([data]), Head(Layout("csv", ("a", "b"), separator=" ", directives=True)), done=Mark()))
    # Between spaces a quotation mark is a character like any other: it does not join lines.
    assert [part.block.texts().to_pylist() for part in found] == [['1 "', "2 x"], ["3 4"]]
    assert [part.layout.fields for part in found if part.layout] == [("a", "b"), ("b", "a")]


def test_table_says_where_its_records_come_from() -> None:
    (part,) = parts(iter([b"one\n\ntwo\n"]), Head(Layout("lines")), done=Mark())
    made = table("file", 1_500_000_000, part.block, {})
    assert made.column("source_file").to_pylist() == ["file", "file"]
    assert made.column("source_line").to_pylist() == [1, 3]
    assert str(made.column("source_modified")[0]) == "1970-01-01 00:00:01.500000"


GROWING = [
    (Head(Layout("lines")), b"one\n\ntwo\r\nthree\n"),
    (Head(Layout("csv", ("a", "b"), separator=",")), b'a,b\n1,"x\ny"\n2,z\n3,"""\n"\n'),
    (Head(Layout("zeek", ("a", "b"))), b"#separator \\x09\n#fields\ta\tb\n1\t2\n#fields\tb\ta\n3\t4\n"),
    (Head(Layout("lines", groups=r"id=(?P<id>\d+)")), b"id=1 a\nid=1 b\nid=2 c\nid=3 d\nid=3 e\n"),
    (Head(Layout("json"), depth=0), b'{"a": 1}\n{\n "a": {"b": 2}\n}\n{"a": "}"}\n'),
    (Head(Layout("json"), depth=0), b'{"a": 1}\nsome text\n{"a": 2}\n5\n'),
]


@pytest.mark.parametrize(("head", "data"), GROWING, ids=["lines", "csv", "zeek", "groups", "json", "text"])
@given(cuts=st.lists(st.integers(0, 70), max_size=6))
def test_a_stream_read_as_it_grows_holds_what_it_holds_at_once(head: Head, data: bytes, cuts: list[int]) -> None:
    def records(found: Iterable[Part]) -> list[tuple[object, ...]]:
        return [
            (part.layout and part.layout.fields, int(number), text)
            for part in found
            for number, text in zip(part.block.numbers, part.block.texts().to_pylist(), strict=True)
        ]

    reader, grown = Reader(head), list[tuple[object, ...]]()
    for until in sorted(min(cut, len(data)) for cut in cuts):
        more = data[reader.reached.offset : until]
        grown += records(reader.parts(iter([more]), hold=True))
        assert data[: reader.reached.offset].endswith(reader.reached.tail)
    grown += records(reader.parts(iter([data[reader.reached.offset :]])))
    assert grown == records(parts(iter([data]), head, done=Mark()))
    assert reader.reached.offset == len(data)


def test_what_is_not_finished_is_held_back() -> None:
    reader = Reader(Head(Layout("lines")))
    assert [part.block.texts().to_pylist() for part in reader.parts(iter([b"one\ntw"]), hold=True)] == [["one"]]
    assert reader.reached.held
    assert [part.block.texts().to_pylist() for part in reader.parts(iter([b"two\n"]), hold=True)] == [["two"]]
    assert not reader.reached.held
    document = Reader(Head(Layout("json"), depth=1))
    found = list(document.parts(iter([b'[{"a": 1}, {"a": 2']), hold=True))
    assert [(part.block.texts().to_pylist(), part.block.bad) for part in found] == [(['{"a": 1}'], ())]
    assert document.reached.held
    assert not document.resumes  # what closes the array comes before the next record is known
