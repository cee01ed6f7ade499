"""HTML: what a reader sees, tables as tables, with places that are right however long the page is."""

from __future__ import annotations

import pytest

from tests.content.seeing import labelled, parts, seen
from tidegate.content.document import BLOCK, Metadata, Table, Text


def test_text_tables_and_what_the_head_says() -> None:
    page = (
        "<!doctype html><html><head><meta name=author content=Ana><script>var a = 1</script><style>p {}</style></head>"
        "<body><p>Tides</p><table><tr><th>lat<th>lon</tr><tr><td>46.5</td><td>13.8</td></tr></table></body></html>"
    )
    found = parts(page.replace("<th>lat<th>lon", "<th>lat</th><th>lon</th>").encode())
    text = "".join(part.text for part in found if isinstance(part, Text))
    assert "Tides" in text
    assert not {"var a", "p {"} & {line.strip() for line in text.splitlines()}  # scripts and styles are not read
    (table,) = (part for part in found if isinstance(part, Table))
    assert (table.header, [list(row) for row in table.rows]) == (("lat", "lon"), [["46.5", "13.8"]])
    assert [part.values for part in found if isinstance(part, Metadata)] == [{"author": "Ana"}]


@pytest.mark.parametrize(
    "odd",
    [
        "<table><tr><td>a<table></table></td></tr></table>",  # a table of nothing within a cell, as layouts have
        "<table><td>a</td></table></td></tr>",
        "<![foo[ bar]]>",
        "<![CDATA[ x ]]>",
        "<![if !mso]><![endif]><!-- <!>",
        "<!ELEMENT a><?xml ?></p></p>",
    ],
)
def test_what_is_odd_hides_nothing(odd: str) -> None:
    found = seen(f'<html><body>{odd}<p>password = "tr0ub4dor&amp;3"</p></body></html>')
    assert ("password_assignment" in labelled(found), found.error) == (True, None)


def test_places_are_those_in_the_whole_text() -> None:
    page = "<html><body>" + "<p>sand and silt\n" * (4 * BLOCK // 16) + "</body></html>"
    blocks = [part for part in parts(page.encode()) if isinstance(part, Text)]
    text = "".join(block.text for block in blocks)
    assert len(blocks) > 1
    for block in blocks:
        assert text[block.offset :].startswith(block.text)
        assert block.line == text.count("\n", 0, block.offset) + 1
