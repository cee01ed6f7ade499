"""Documents, sheets, mail, databases and pictures are cut into what is in them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.content.seeing import names, parts
from tests.samples import sample
from tidegate.content.document import Metadata, Opaque, Part, Positions, Table, Text
from tidegate.content.source import from_file


def of(*path: str) -> list[Part]:
    return parts(from_file(sample("content", *path)))


def text(found: Iterable[Part], role: str = "body") -> str:
    return "\n".join(part.text for part in found if isinstance(part, Text) and part.role == role)


def values(found: Iterable[Part], about: str) -> dict[str, object]:
    return {
        key: value for p in found if isinstance(p, Metadata) and p.about == about for key, value in p.values.items()
    }


@pytest.mark.parametrize(
    ("path", "says"),
    [
        (("none", "format-corpus", "lorem-ipsum.docx"), "Lorem ipsum"),
        (("none", "markitdown", "test.epub"), "Chapter 1"),
        (("none", "apache-tika", "testRTF.rtf"), "indexation"),
        (("none", "unstructured", "duplicate-paragraphs.doc"), "This document contains duplicates"),
        (("none", "unstructured", "eng_spa_mult.odt"), "born free and equal"),
        (("none", "docling", "eml_simple.eml"), "a simple email body"),
    ],
)
def test_text_of_documents(path: tuple[str, ...], says: str) -> None:
    assert says.lower() in text(of(*path)).lower()


def test_old_documents_hold_no_chinese_by_chance() -> None:
    found = text(of("none", "unstructured", "duplicate-paragraphs.doc"))
    assert not any("\u4e00" <= character <= "\u9fff" for character in found)


@pytest.mark.parametrize("suffix", ["xls", "xlsx"])
def test_what_is_printed_above_and_below_a_sheet(suffix: str) -> None:
    found = of("marked-document", "apache-tika", f"testEXCEL_headers_footers.{suffix}")
    assert "For Internal Use Only" in text(found, "header")
    assert any(isinstance(part, Table) for part in found)


def test_pages_of_a_pdf() -> None:
    found = of("none", "apache-tika", "testAnnotations.pdf")
    assert {part.where for part in found if isinstance(part, Text)} == {"page 1"}


@pytest.mark.parametrize(
    "path",
    [
        ("unstructured", "password.pdf"),
        ("unstructured", "password_protected.xlsx"),
        ("apache-tika", "testODTEncrypted.odt"),
        ("apache-tika", "full_encrypted.7z"),
    ],
)
def test_what_is_encrypted_is_told_of(path: tuple[str, str]) -> None:
    pytest.importorskip("py7zr")
    assert [p.reason for p in of("none", *path) if isinstance(p, Opaque)] == ["encrypted"]


def test_a_message_with_an_attachment() -> None:
    found = parts(
        b"From: a@b.example\nTo: c@d.example\nSubject: Plots\nMIME-Version: 1.0\n"
        b'Content-Type: multipart/mixed; boundary="x"\n\n--x\nContent-Type: text/plain; charset=gb18030\n\n'
        + "样地".encode("gb18030")
        + b"\n--x\nContent-Type: application/octet-stream\nContent-Transfer-Encoding: base64\n"
        b'Content-Disposition: attachment; filename="a.csv"\n\nbGF0LGxvbgo=\n--x--\n'
    )
    assert values(found, "headers")["to"] == "c@d.example"
    assert text(found).strip() == "样地"
    assert text(found, "heading").strip() == "Plots"
    assert names(found) == ["a.csv"]


@pytest.mark.parametrize(
    ("subject", "shown"),
    [
        ("=?utf-8?b?W1RMUDpBTUJFUl0gaW5kaWNhdG9ycw==?=", "[TLP:AMBER] indicators"),
        ("=?gb18030?b?u/rD3KHvMTDE6g==?=", "机密★10年"),
        ("=?utf-8?q?Gr=C3=B6=C3=9Fe?=\n =?utf-8?q?_und_Gewicht?=", "Größe und Gewicht"),
        ("=?no-such?b?AAAA?= x", "=?no-such?b?AAAA?= x"),
        ("=?utf-8?b?A?= x", "=?utf-8?b?A?= x"),  # no base64
        ("why =? and ?= are odd", "why =? and ?= are odd"),
    ],
)
def test_a_subject_is_what_its_reader_sees(subject: str, shown: str) -> None:
    found = parts(f"From: a@b.example\nTo: c@d.example\nSubject: {subject}\n\nhello\n".encode())
    assert values(found, "headers")["subject"] == shown
    assert text(found, "heading") == shown + "\n"


def test_messages_of_a_mailbox() -> None:
    message = b"From x@y.example Mon Jan 1 2024\nFrom: a@b.example\nTo: c@d.example\nSubject: {}\n\nhello\n\n"
    found = parts(message * 3)
    assert values(found, "mailbox") == {"messages": 3}
    assert {part.where for part in found if isinstance(part, Text) and part.role == "body"} == {
        "message 1",
        "message 2",
        "message 3",
    }


def test_a_message_that_is_not_read_to_its_end_is_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tidegate.content.extract.mail._MOST", 1_000)
    message = b"From x@y.example Mon Jan 1 2024\nFrom: a@b.example\nTo: c@d.example\nSubject: {}\n\n"
    found = parts(message + b"hello\n" * 300 + b"\n" + message + b"hello\n")
    assert [(p.reason[:8], p.where) for p in found if isinstance(p, Opaque)] == [("goes on ", "message 1")]
    assert values(found, "mailbox") == {"messages": 2}


def test_a_message_of_outlook() -> None:
    found = of("none", "markitdown", "test_outlook_msg.msg")
    assert values(found, "headers")["subject"]
    assert text(found).strip()


def test_a_database_is_not_changed_by_being_read(tmp_path: Path) -> None:
    file = tmp_path / "a.db"
    with sqlite3.connect(file) as database:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute('CREATE TABLE "odd "" name" (id INTEGER, lat REAL, note TEXT, blob BLOB)')
        database.execute('INSERT INTO "odd "" name" VALUES (1, 46.5, NULL, x\'00ff\')')
    database.close()
    before = file.read_bytes()
    (table,) = [part for part in parts(from_file(file)) if isinstance(part, Table)]
    assert (table.where, table.header, [list(r) for r in table.rows]) == (
        'odd " name',
        ("id", "lat", "note", "blob"),
        [["1", "46.5", "", ""]],
    )
    assert file.read_bytes() == before
    assert list(tmp_path.iterdir()) == [file]


def test_features_of_a_geopackage() -> None:
    found = [part for part in of("geographic", "geopackage-js", "rte.gpkg") if isinstance(part, Positions)]
    assert sum(part.total for part in found) > 0
    assert all(part.datum == "WGS-84" for part in found)


def test_parquet_comes_in_blocks(tmp_path: Path) -> None:
    file = tmp_path / "a.parquet"
    pq.write_table(pa.table({"lat": [46.5 + n / 1e4 for n in range(5_000)], "n": range(5_000)}), file)
    found = [part for part in parts(from_file(file)) if isinstance(part, Table)]
    assert [part.first for part in found] == [1, 2001, 4001]
    assert found[0].rows[1] == ("46.5001", "1")


def test_a_photograph_and_where_it_was_taken() -> None:
    found = of("geographic", "exif-samples", "jpg_gps", "DSCN0010.jpg")
    (place,) = [part for part in found if isinstance(part, Positions)]
    assert (place.lat[0], place.lon[0]) == pytest.approx((43.46745, 11.88513), abs=1e-4)
    assert "NIKON" in str(values(found, "exif")["Image Make"])


def test_a_raster_and_what_it_covers() -> None:
    (place,) = [part for part in of("geographic", "rasterio", "RGBA.uint16.tif") if isinstance(part, Positions)]
    assert (place.crs, place.total) == ("EPSG:32612", 634 * 411)
    assert place.precision_m == pytest.approx(1.38, abs=0.01)
    assert (place.lat[0], place.lon[0]) == pytest.approx((37.0, -108.4), abs=1.0)


def test_a_point_cloud_by_its_header() -> None:
    found = of("geographic", "laspy", "simple.las")
    (place,) = [part for part in found if isinstance(part, Positions)]
    assert place.total == 1065


def test_a_table_of_dbase_beside_a_shapefile(tmp_path: Path) -> None:
    for name, suffix in (("naturalearth_cities.dbf", ".x1"), ("naturalearth_cities.shp", ".x2")):
        (tmp_path / f"a{suffix}").write_bytes(sample("content", "geographic", "geopandas", name).read_bytes())
    found = parts(from_file(tmp_path / "a.x1"))
    assert values(found, "georeference")
    (tmp_path / "a.x2").unlink()
    assert not values(parts(from_file(tmp_path / "a.x1")), "georeference")
    (table,) = [part for part in found if isinstance(part, Table)]
    assert table.header == ("name",)
    assert table.rows[0] == ["Vatican City"]


def test_tracks_of_gliders() -> None:
    log = b"AXXX001\nHFDTE010124\nB1101355206343N00006198WA0058700558\nB1101365206344N00006199WA0058700558\n"
    (place,) = [part for part in parts(log) if isinstance(part, Positions)]
    assert (place.lat[0], place.lon[0]) == pytest.approx((52.105717, -0.1033), abs=1e-4)


def test_a_film_tells_where_it_was_made() -> None:
    (place,) = [p for p in of("geographic", "apache-tika", "testMP4_udtaLocation.mp4") if isinstance(p, Positions)]
    assert abs(place.lat[0]) <= 90
