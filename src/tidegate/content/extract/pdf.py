"""PDF: text by page, what it says of itself; pages that are pictures are read by tesseract where it is installed."""

from __future__ import annotations

import math
from functools import partial
from typing import Any

from tidegate.content.document import Metadata, Opaque, Parts, Text
from tidegate.content.extract._scans import PIXELS, Scans
from tidegate.content.source import Source
from tidegate.content.units import extractor

_PAGES = 5_000
_FEW = 20  # characters: a page with fewer is a picture
_DPI = 200
_EDGE = 0.08  # of a page's height, above and below, in which headers and footers stand


@extractor(formats=("pdf",), rank=10, sniff=lambda s: "pdf" if b"%PDF-" in s.head[:1024] else None)
def pdf(source: Source) -> Parts:
    """Its pages. Nothing in it is run, no form filled, no link followed."""
    import pypdfium2

    with source.open() as data:
        try:
            document = pypdfium2.PdfDocument(data)
        except pypdfium2.PdfiumError as error:
            yield Opaque("encrypted" if "password" in str(error).lower() else f"no PDF that can be read: {error}")
            return
        values = {key: value[:500] for key, value in document.get_metadata_dict(skip_empty=True).items()}
        yield Metadata("properties", values)
        scans = Scans(source.scanning)
        for number in range(min(len(document), _PAGES)):
            where = f"page {number + 1}"
            try:
                yield from _page(document[number], where, scans)
            except pypdfium2.PdfiumError as error:
                yield Opaque(f"cannot be read ({error})", where)
        yield from scans.told(len(document))
        if len(document) > _PAGES:
            yield Opaque(f"{len(document) - _PAGES:,} pages after the first {_PAGES:,} are not read")


def _page(page: Any, where: str, scans: Scans) -> Parts:
    """Its text, or what is printed on it where it is a picture."""
    import pypdfium2.raw as raw

    text = page.get_textpage()
    whole = text.get_text_range()
    if len(whole.strip()) >= _FEW:
        yield Text(whole.replace("\r\n", "\n").encode("utf-8", "replace"), where)
        yield from _edges(page, text, where)
    elif (
        any(page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=3))
        and (read := scans.text(partial(_picture, page))) is not None
    ):
        yield Text(read, where)


def _edges(page: Any, text: Any, where: str) -> Parts:
    """What stands at the top and at the bottom of a page, where markings stand."""
    width, height = page.get_size()
    edge = height * _EDGE
    top = text.get_text_bounded(0, height - edge, width, height)
    bottom = text.get_text_bounded(0, 0, width, edge)
    if top.strip():
        yield Text(top.encode("utf-8", "replace"), where, role="header")
    if bottom.strip():
        yield Text(bottom.encode("utf-8", "replace"), where, role="footer")


def _picture(page: Any) -> bytes:
    """A page as a portable grey map; a large one is made coarser."""
    width, height = page.get_size()
    scale = min(_DPI / 72, math.sqrt(PIXELS / max(1.0, width * height)))
    bitmap = page.render(scale=scale, grayscale=True)
    rows = bytes(bitmap.buffer)
    grey = b"".join(rows[y * bitmap.stride : y * bitmap.stride + bitmap.width] for y in range(bitmap.height))
    return b"P5 %d %d 255\n" % (bitmap.width, bitmap.height) + grey
