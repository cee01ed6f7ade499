from __future__ import annotations

import pytest

from tidegate.reading.blocks import blocks
from tidegate.reading.layout import Layout
from tidegate.reading.lines import LineCutter
from tidegate.reading.zeek import ZeekHeader

HEADER = (
    "#separator{0}\\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\tconn\n#fields\tts\tuid\n"
)


def parts(text: str) -> list[tuple[Layout | None, list[str]]]:
    header = ZeekHeader()
    found = blocks(iter([text.encode()]), LineCutter())
    return [(layout, part.texts().to_pylist()) for block in found for layout, part in header.parts(block)]


@pytest.mark.parametrize("mark", [" ", "\t"])  # some tools write a tab after the word
def test_header(mark: str) -> None:
    ((layout, records),) = parts(HEADER.format(mark) + "#types\ttime\tstring\n1\ta\n2\tb\n#close\t2025\n")
    assert layout == Layout("zeek", fields=("ts", "uid"), constants=(("_path", "conn"),))
    assert records == ["1\ta", "2\tb"]


def test_logs_put_one_after_another() -> None:
    other = "#separator ;\n#set_separator;|\n#unset_field;none\n#path;dns\n#fields;ts;query\n"
    found = parts(HEADER.format(" ") + "1\ta\n" + HEADER.format(" ") + "2\tb\n" + other + "3;x\n")
    assert [records for _, records in found] == [["1\ta", "2\tb"], ["3;x"]]
    assert found[1][0] == Layout(
        "zeek", ("ts", "query"), (("_path", "dns"),), separator=";", set_separator="|", unset="none"
    )


def test_records_before_any_header() -> None:
    assert next(layout for layout, _ in parts("1\ta\n" + HEADER.format(" ") + "2\tb\n")) is None
