"""Pages that are pictures are read by tesseract where it is installed, and told of where it is not."""

from __future__ import annotations

import shutil
import zlib

import pypdfium2
import pytest

from tests.content.seeing import parts, seen
from tidegate.content.document import Opaque, Text

LINES = ("SECRET//NOFORN", "Minutes of the third meeting", "IBAN GB82 WEST 1234 5698 7654 32")


def pdf(*objects: bytes) -> bytes:
    """A PDF of these objects, the first of which is its catalogue."""
    data, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    return (
        data + head + table + b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, len(data))
    )


def page(content: bytes, resources: bytes, *more: bytes) -> bytes:
    """A PDF of one page."""
    return pdf(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<<%s>>>>" % resources,
        b"<</Length %d>>stream\n%s\nendstream" % (len(content), content),
        *more,
    )


def scan() -> bytes:
    """A PDF whose one page is a picture of printed lines, as a scanner makes it."""
    shown = b" ".join(b"(%s) Tj 0 -40 Td" % line.encode() for line in LINES)
    printed = page(
        b"BT /F 20 Tf 60 760 Td %s ET" % shown, b"/Font<</F 5 0 R>>",
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    )  # fmt: skip
    bitmap = pypdfium2.PdfDocument(printed)[0].render(scale=200 / 72, grayscale=True)
    rows = bytes(bitmap.buffer)
    pixels = zlib.compress(b"".join(rows[y * bitmap.stride :][: bitmap.width] for y in range(bitmap.height)))
    picture = (
        b"<</Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/DeviceGray/BitsPerComponent 8"
        b"/Filter/FlateDecode/Length %d>>stream\n%s\nendstream"
    ) % (bitmap.width, bitmap.height, len(pixels), pixels)
    return page(b"595 0 0 842 0 0 cm /I Do", b"/XObject<</I 5 0 R>>", picture)


@pytest.mark.skipif(shutil.which("tesseract") is None, reason="tesseract, which reads scanned pages, is not installed")
def test_a_scanned_page_is_read() -> None:
    found = seen(scan())
    assert found.error is None
    assert {"marked_line", "iban"} <= {tally.recogniser for tally in found.tallies.values() if tally.enough}
    assert {item.where.partition(":")[0] for item in found.tallies["iban"].evidence} == {"page 1"}


def test_without_tesseract_a_scanned_page_is_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    found = parts(scan())
    assert not [part for part in found if isinstance(part, Text)]
    assert [part.reason for part in found if isinstance(part, Opaque)] == [
        "1 of 1 pages are pictures, read where tesseract is installed"
    ]
