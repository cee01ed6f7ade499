"""Documents of Office made here: text by part, headers, properties; a part that is damaged costs itself."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

import pytest

from tests.content.seeing import format_id, names, parts, seen
from tidegate.content.document import BLOCK, Metadata, Table, Text

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
CORE = "<coreProperties><creator>Ana</creator><title>Tides</title></coreProperties>"
LABEL = '<labelList><label id="{1}" name="Confidential"/></labelList>'


def packed(members: Mapping[str, str], packing: int = zipfile.ZIP_STORED) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", packing) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return data.getvalue()


def paragraphs(*lines: str) -> str:
    return f"<w:document {W}>{''.join(f'<w:p><w:r><w:t>{line}</w:t></w:r></w:p>' for line in lines)}</w:document>"


def docx(more: Mapping[str, str], packing: int = zipfile.ZIP_STORED) -> bytes:
    return packed({"word/document.xml": paragraphs("Dear all,", "the tide is late"), **more}, packing)


def test_text_headers_properties_and_labels() -> None:
    found = parts(
        docx(
            {
                "word/header1.xml": paragraphs("NATO RESTRICTED"),
                "docProps/core.xml": CORE,
                "docMetadata/LabelInfo.xml": LABEL,
                "word/media/image1.png": "x",
            }
        )
    )
    text = {part.role: part.text for part in found if isinstance(part, Text)}
    assert text == {"body": "Dear all,\nthe tide is late\n", "header": "NATO RESTRICTED\n"}
    (said,) = (part.values for part in found if isinstance(part, Metadata))
    assert said == {"creator": "Ana", "title": "Tides", "label.id": "{1}", "label.name": "Confidential"}
    assert names(found) == ["word/media/image1.png"]


@pytest.mark.parametrize(
    ("body", "format_"),
    [
        ("word/document.xml", "docx"),
        ("ppt/presentation.xml", "pptx"),
        ("META-INF/container.xml", "epub"),
        ("a.xml", "zip"),
    ],
)
def test_a_document_is_known_by_its_members(body: str, format_: str) -> None:
    assert format_id(packed({body: "<a/>"})) == format_


def test_slides_come_in_their_order() -> None:
    slides = {f"ppt/slides/slide{n}.xml": paragraphs(f"page {n}") for n in (10, 2, 1)}
    found = parts(packed({"ppt/presentation.xml": "<a/>", **slides}))
    assert [part.where for part in found if isinstance(part, Text)] == ["slide 1", "slide 2", "slide 10"]


def test_a_part_that_is_damaged_costs_itself() -> None:
    torn = paragraphs('password = "tr0ub4dor&amp;3"')[:-12]
    found = seen(docx({"word/comments.xml": torn, "word/document2.xml": paragraphs('token = "8fk2Lx93hQz7"')}))
    assert (found.error or "").startswith("opaque: word/comments.xml: a part that cannot be read on (")
    assert {"password_assignment", "token_assignment"} <= found.tallies.keys()


def test_a_part_that_does_not_unpack_costs_itself() -> None:
    whole = docx({"word/comments.xml": paragraphs("".join(map(str, range(900))))}, zipfile.ZIP_DEFLATED)
    at = whole.index(b"word/comments.xml") + 30
    found = seen(whole[:at] + bytes(b ^ 0xFF for b in whole[at : at + 40]) + whole[at + 40 :])
    assert (found.error or "").startswith("opaque: word/comments.xml: a part that cannot be read on (")
    assert "the tide is late" in "".join(part.text for part in parts(whole) if isinstance(part, Text))


def sheet(rows: str) -> bytes:
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    space = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    package = "http://schemas.openxmlformats.org/package/2006"
    begin = f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" Type="{kind}/'
    return packed(
        {
            "_rels/.rels": f'{begin}officeDocument" Target="xl/workbook.xml"/></Relationships>',
            "xl/workbook.xml": f'<workbook {space} xmlns:r="{kind}"><sheets><sheet name="Plots" sheetId="1" r:id="r1"/>'
            "</sheets></workbook>",
            "xl/_rels/workbook.xml.rels": f'{begin}worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
            "xl/worksheets/sheet1.xml": f"<worksheet {space}><sheetData>{rows}</sheetData><headerFooter>"
            "<oddHeader>&amp;CFor Internal Use Only</oddHeader></headerFooter></worksheet>",
        }
    )


def row(number: int, *cells: str) -> str:
    inside = "".join(
        f'<c r="{"AB"[n]}{number}" t="inlineStr"><is><t>{cell}</t></is></c>' for n, cell in enumerate(cells)
    )
    return f'<row r="{number}">{inside}</row>'


def test_rows_of_a_sheet_below_its_title() -> None:
    found = parts(sheet(row(1, "Plots 2026") + row(2, "lat", "lon") + row(3, "46.5", "13.8")))
    (table,) = (part for part in found if isinstance(part, Table))
    assert (table.where, table.header, table.first) == ("Plots", ("lat", "lon"), 3)
    assert [list(cells) for cells in table.rows] == [["46.5", "13.8"]]
    text = {part.role: part.text for part in found if isinstance(part, Text)}
    assert text["body"] == "Plots 2026\nlat\tlon\n46.5\t13.8"
    assert text["header"].strip() == "For Internal Use Only"


def test_a_large_sheet_is_cut_between_its_rows() -> None:
    number = 2 * BLOCK // 60
    rows = "".join(row(n, f"plot {n:08} beside the old weir in the meadow", "sand") for n in range(1, number))
    blocks = [part for part in parts(sheet(rows)) if isinstance(part, Text) and part.role == "body"]
    assert len(blocks) > 1
    for block in blocks:
        assert block.text.startswith("plot ")
        assert block.text[5:13] == f"{block.line:08}"
