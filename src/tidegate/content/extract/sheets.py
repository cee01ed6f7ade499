"""Spreadsheets: xlsx, xlsm, xlsb, xls, ods. Formulas are not computed, macros not run; what was last shown is read."""

from __future__ import annotations

import re
import zipfile
from functools import partial
from typing import Any

from tidegate.content.document import Child, Metadata, Opaque, Parts, Text, blocks, tables
from tidegate.content.extract import _delimited, _zip, office
from tidegate.content.extract._xml import events
from tidegate.content.source import Source
from tidegate.content.units import extractor

_STREAMS = {"EncryptedPackage": "encrypted-office", "Workbook": "xls"}
_MOST = 256 << 20  # bytes of a workbook: all of a sheet lies in memory
_LEAD = 8  # rows above a header that titles take
_SHEET = re.compile(r"xl/(?:worksheets|chartsheets)/[\w.]{1,60}\.xml")
_PRINTED = {"oddHeader", "evenHeader", "firstHeader", "oddFooter", "evenFooter", "firstFooter"}


def _kind(source: Source) -> str | None:
    if source.head.startswith(b"PK"):
        names = _zip.names(source)
        if "xl/workbook.xml" in names or "xl/workbook.bin" in names:
            return "xlsx" if "xl/workbook.xml" in names else "xlsb"
        return "ods" if b"opendocument.spreadsheet" in source.head[:200] else None
    streams = compound_directory(source)
    return next((kind for name, kind in _STREAMS.items() if name.encode("utf-16-le") in streams), None)


def compound_directory(source: Source) -> bytes:
    """Names (UTF-16) of the first streams of a compound file: sixteen sectors from where its header says."""
    sector = int.from_bytes(source.head[48:52], "little")
    size = 1 << min(int.from_bytes(source.head[30:32], "little"), 16)
    with source.open() as data:
        data.seek((sector + 1) * size)
        return data.read(16 * size)


@extractor(
    formats=("xlsx", "xlsb", "ods", "xls", "encrypted-office"),
    rank=11,
    magic=((0, b"PK\x03\x04"), (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")),
    sniff=_kind,
)
def sheets(source: Source) -> Parts:
    """Rows of each sheet, their text, what is printed above and below, properties, what is embedded."""
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    if _kind(source) == "encrypted-office":
        yield Opaque("encrypted")
        return
    if _kind(source) == "xls":
        yield from _printed_xls(source)
    else:
        with _zip.opened(source) as archive:
            yield from office.properties(archive)
            yield from _printed(archive)
            for name in archive.namelist():
                if name.startswith(("xl/embeddings/", "xl/media/")):
                    yield Child(name, partial(archive.open, name), archive.getinfo(name).file_size)
    source.bound(_MOST)
    try:
        with source.open() as data:
            book = CalamineWorkbook.from_filelike(data)
    except PasswordError:
        yield Opaque("encrypted")
        return
    for name in book.sheet_names:
        try:
            rows = [[_cell(v) for v in row] for row in book.get_sheet_by_name(name).to_python()]
        except CalamineError:
            yield Opaque("sheet cannot be read", name)
            continue
        start = next((n for n, row in enumerate(rows[:_LEAD]) if _delimited.is_header(row) and any(row[1:])), 0)
        header, body = _delimited.headed(iter(rows[start:]))
        first = start + 2
        yield from tables(header, body, where=name, first=first)
        text = "\n".join("\t".join(filter(None, row)) for row in rows)
        yield from blocks(iter([text]), where=name)


def _printed(archive: zipfile.ZipFile) -> Parts:
    """Headers and footers of printed pages, without the codes of their layout."""
    for name in archive.namelist():
        if _SHEET.fullmatch(name):
            with _zip.part(archive, name) as data:
                for event in events(data):
                    if event.kind == "end" and event.name in _PRINTED and event.text:
                        yield _page(event.text, name, header="Header" in event.name)


def _page(text: str, where: str, *, header: bool) -> Text:
    plain = re.sub(r'&(?:"[^"]{0,60}"|[A-Z]|\d{1,3})', " ", text[:2000])
    return Text(plain.encode(), where.rpartition("/")[2], role="header" if header else "footer")


def _printed_xls(source: Source) -> Parts:
    """The same of an xls: records 0x14 and 0x15 of its workbook stream ([MS-XLS] 2.4.136, 2.4.124)."""
    import olefile

    with source.open() as raw, bounded(olefile.OleFileIO(raw)) as file:
        stream = next((name for name in ("Workbook", "Book") if file.exists(name)), None)
        if stream is None:
            return
        yield from summary(file)
        data = file.openstream(stream).read()
    place = 0
    while place + 4 <= len(data):
        kind, length = (int.from_bytes(data[place + at : place + at + 2], "little") for at in (0, 2))
        body = data[place + 4 : place + 4 + length]
        if kind in {0x14, 0x15} and len(body) > 3:
            wide = body[2] & 1
            text = body[3:].decode("utf-16-le" if wide else "cp1252", "replace")
            yield _page(text, "page", header=kind == 0x14)
        place += 4 + length


def bounded(file: Any) -> Any:
    """A file of olefile's that takes no list of properties of a type it does not know.

    It would step over nothing once for each of them, and their number may be lied about: four thousand million.
    """
    known = file._parse_property_basic

    def basic(*given: Any) -> tuple[Any, int]:
        value, size = known(*given)
        if not size:
            raise ValueError("a property of an unknown type")
        return value, size

    file._parse_property_basic = basic
    return file


def summary(file: Any) -> Parts:
    """Properties of a compound file."""
    meta = file.get_metadata()
    values = {}
    for name in ("title", "subject", "author", "keywords", "comments", "company", "category", "manager"):
        value = getattr(meta, name, None)
        if value:
            values[name] = value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
    if values:
        yield Metadata("properties", values)


def _cell(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)
