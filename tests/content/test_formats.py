"""A format is told by content; names are not even known where it is told."""

from __future__ import annotations

import gzip
import io
import struct
import zipfile
from types import SimpleNamespace

import pytest

from tests.content.seeing import format_id


def archive(*names: str) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as file:
        for name in names:
            file.writestr(name, "<a/>")
    return data.getvalue()


@pytest.mark.parametrize(
    ("content", "format_"),
    [
        (b"", "empty"),
        (b"just some words\nand more of them\n", "text"),
        (bytes(range(256)), "data"),
        (b"<?xml version='1.0'?><gpx><wpt lat='1' lon='2'/></gpx>", "gpx"),
        ("<?xml version='1.0' encoding='utf-16'?><kml xmlns='x'/>".encode("utf-16"), "kml"),
        (b"<html><body>hello</body></html>", "html"),
        (b"<meta charset=utf-8><p>hello</p>", "html"),
        (b'{"a": 1}', "json"),
        (b'{"type": "Point", "coordinates": [1, 2]}', "geojson"),
        (b'{"a": 1}\n{"a": 2}\n', "jsonl"),
        (b"a,b\n1,2\n3,4\n", "csv"),
        (b"a\tb\n1\t2\n3\t4\n", "tsv"),
        (b">s1\nACGT\n", "fasta"),
        (b"@r1\nACGT\n+\nIIII\n", "fastq"),
        (b"$GPGGA,1,2*00\n$GPGLL,4,N,5,E,1,A*00\n", "nmea"),
        (b"!AIVDM,1,1,,A,B3KepP0B0@lnFSV9Cj,0*5B\n" * 2, "ais"),
        (b"%PDF-1.7\n", "pdf"),
        (b"{\\rtf1 hello}", "rtf"),
        (b"From: a@b.example\nTo: c@d.example\nSubject: x\n\nhello\n", "eml"),
        (b"From a@b.example Mon Jan 1\nFrom: a@b.example\nTo: c@d.example\nSubject: x\n\nhello\n", "mbox"),
        (b"!BDN\0\0\0\0SM\x17\0" + b"\0" * 99, "pst"),
        (b"!BDN\0\0\0\0SO\x24\0" + b"\0" * 99, "ost"),
        (b"ENVI\nsamples = 1\n", "envi-header"),
        (b"SQLite format 3\0" + b"\0" * 84, "sqlite"),
        (b"SQLite format 3\0" + b"\0" * 52 + b"GPKG" + b"\0" * 28, "geopackage"),
        (gzip.compress(b"a"), "gzip"),
        (archive("a.txt"), "zip"),
        (archive("doc.kml"), "kmz"),
        (archive("word/document.xml", "[Content_Types].xml"), "docx"),
        (archive("xl/workbook.xml"), "xlsx"),
        (struct.pack(">I", 9994) + b"\0" * 96, "shapefile"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF\0", "jpeg"),
    ],
)
def test_formats(content: bytes, format_: str) -> None:
    assert format_id(content) == format_


@pytest.mark.parametrize("names", [(".mobi", ".azw"), (".azw", ".mobi")])
def test_of_two_names_that_are_as_likely_it_is_always_the_same(
    names: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    found = [SimpleNamespace(extension=name, confidence=0.8) for name in names]
    other = SimpleNamespace(extension=".zzz", confidence=0.6)
    monkeypatch.setattr("puremagic.magic_string", lambda _: [*found, other])
    assert format_id(bytes(range(256))) == "mobi"


@pytest.mark.parametrize(
    "content",
    [
        b"> quoted mail\n> is no sequence\nat all\n",
        b"Dear all, please come, bring cups\nand spoons\n",  # commas do not make a table
        b"Note: this\nWarning: that\nis no mail\n",
        b"Page 1\f(c) somebody\n",
    ],
)
def test_prose_stays_text(content: bytes) -> None:
    assert format_id(content) == "text"
