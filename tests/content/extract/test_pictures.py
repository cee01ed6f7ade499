"""A scanned page that is a picture file by itself is read as one in a PDF is; photos and maps are let be."""

from __future__ import annotations

import io
import shutil
import struct
import time
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.content.seeing import eyes, labelled, parts, seen
from tidegate.content.document import Opaque, Text
from tidegate.content.extract._pictures import Page, pages
from tidegate.content.extract._scans import Scans
from tidegate.content.look import look
from tidegate.content.source import Budget, Scanning, from_bytes

LINES = ("SECRET//NOFORN", "Minutes of the third meeting", "IBAN GB82 WEST 1234 5698 7654 32")
A4 = (1654, 2339)  # at 200 dpi
UNREAD = "1 of 1 pages are pictures not read: damaged, too many, large or slow"

with_tesseract = pytest.mark.skipif(
    shutil.which("tesseract") is None, reason="tesseract, which reads scanned pages, is not installed"
)


def tiff(
    *sizes: tuple[int, int], extra: tuple[int, ...] = (), dpi: int = 200, bits: int = 1, again: bool = False
) -> bytes:
    """Headers of a TIFF of pages so large, without any pixels; `again` has the last lead back to the first."""
    data = b"II*\0" + struct.pack("<I", 16) + struct.pack("<II", dpi, 1)
    for number, (width, height) in enumerate(sizes, 1):
        entries = [(256, 4, width), (257, 4, height), (258, 3, bits), (282, 5, 8), *((tag, 4, 1) for tag in extra)]
        last = number == len(sizes)
        following = (16 if again else 0) if last else len(data) + 2 + 12 * len(entries) + 4
        data += struct.pack("<H", len(entries))
        data += b"".join(struct.pack("<HHII", tag, kind, 1, value) for tag, kind, value in sorted(entries))
        data += struct.pack("<I", following)
    return data


def jpeg(size: tuple[int, int] = A4, *, dpi: int = 200, before: bytes = b"") -> bytes:
    """Headers of a JPEG so large, without any pixels."""
    jfif = b"\xff\xe0" + struct.pack(">H5sHBHHH", 16, b"JFIF\0", 0x102, 1, dpi, dpi, 0)
    frame = b"\xff\xc0" + struct.pack(">HBHHB", 11, 8, size[1], size[0], 1) + b"\1\x11\0"
    return b"\xff\xd8" + jfif + before + frame + b"\xff\xd9"


def exif(*tags: int) -> bytes:
    """A segment of EXIF with these tags, each of them "Maker"."""
    entries = b"".join(struct.pack("<HHII", tag, 2, 6, 10 + 12 * len(tags) + 4) for tag in tags)
    body = b"II*\0" + struct.pack("<IH", 8, len(tags)) + entries + b"\0\0\0\0" + b"Maker\0"
    return b"\xff\xe1" + struct.pack(">H", len(body) + 8) + b"Exif\0\0" + body


def printed(format_: str, *texts: str, mode: str = "L", before: int = 0, **options: Any) -> bytes:
    """A picture of printed lines, after so many pages with a word each."""
    image = pytest.importorskip("PIL.Image", reason="Pillow, which makes pictures of text, is not installed")
    draw = pytest.importorskip("PIL.ImageDraw")
    font = pytest.importorskip("PIL.ImageFont").load_default(size=48)

    def page(lines: tuple[str, ...]) -> Any:
        sheet = image.new("L", A4, "white")
        for number, line in enumerate(lines):
            draw.Draw(sheet).text((120, 200 + 110 * number), line, fill="black", font=font)
        return sheet.convert(mode)

    first, *more = [*(page(("Cover",)) for _ in range(before)), page(texts or LINES)]
    data = io.BytesIO()
    first.save(data, format_, **options, **({"save_all": True, "append_images": more} if more else {}))
    return data.getvalue()


def said(content: bytes) -> list[str]:
    """What is told of a picture that is not read."""
    return [part.reason for part in parts(content) if isinstance(part, Opaque)]


@with_tesseract
@pytest.mark.parametrize(
    ("format_", "options"),
    [
        ("PNG", {}),
        ("JPEG", {"mode": "RGB"}),
        ("TIFF", {"mode": "1", "compression": "group4", "dpi": (200, 200)}),  # as a fax
        ("TIFF", {"compression": "tiff_lzw"}),
    ],
)
def test_a_picture_of_a_page_is_read(format_: str, options: dict[str, Any]) -> None:
    found = seen(printed(format_, **options))
    assert found.error is None
    assert {"marked_line", "iban"} <= labelled(found)


@with_tesseract
def test_each_page_of_a_tiff_is_read_and_named() -> None:
    found = seen(printed("TIFF", before=2, compression="group4", mode="1"))
    assert {item.where.partition(":")[0] for item in found.tallies["iban"].evidence} == {"page 3"}


@with_tesseract
def test_a_photo_of_the_same_lines_is_let_be() -> None:
    image = pytest.importorskip("PIL.Image", reason="Pillow, which makes pictures of text, is not installed")
    camera = image.Exif()
    camera[0x010F] = "Maker"
    assert not [part for part in parts(printed("JPEG", mode="RGB", exif=camera)) if isinstance(part, Text)]


def test_without_tesseract_a_picture_of_a_page_is_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    assert said(tiff(A4, A4)) == ["2 of 2 pages are pictures, read where tesseract is installed"]
    assert said(jpeg()) == ["1 of 1 pages are pictures, read where tesseract is installed"]


@pytest.mark.parametrize(
    "content",
    [
        jpeg((4000, 3000), dpi=300, before=exif(0x010F)),  # a camera's
        jpeg((4000, 3000), dpi=72),  # a photo that has lost its EXIF: no paper is 55 inches long
        jpeg((1920, 1080), dpi=1),
        jpeg((300, 300)),  # an icon
        tiff(A4, extra=(0x830E, 0x8482)),  # a map that says where it lies
        tiff(A4, bits=16),  # heights, not print
        tiff(A4, extra=(254,)),  # a smaller copy of another page
    ],
)
def test_without_tesseract_a_photo_or_a_map_is_no_error(content: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    assert said(content) == []


def test_pages_too_large_too_many_or_endless_are_told_of_and_not_unpacked(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    program(tmp_path, "echo read\ncat > /dev/null", monkeypatch)
    assert said(tiff((60_000, 60_000))) == [UNREAD]
    assert said(tiff(A4, again=True)) == []
    assert said(tiff(*[A4] * 52)) == [UNREAD.replace("1 of 1", "2 of 52")]


def test_a_page_that_takes_too_long_is_given_up_and_so_are_those_after_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    program(tmp_path, "exec sleep 30", monkeypatch)
    scans, began = Scans(Scanning(0.3)), time.monotonic()
    assert [scans.text(lambda: b"picture"), scans.text(lambda: b"picture")] == [None, None]
    assert time.monotonic() - began < 10
    assert list(scans.told(2)) == [Opaque(UNREAD.replace("1 of 1", "2 of 2"))]


def test_the_time_for_scans_is_shared_by_all_that_is_in_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    program(tmp_path, "exec sleep 30", monkeypatch)
    data, began = io.BytesIO(), time.monotonic()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("a.tif", tiff(A4))
        archive.writestr("b.tif", tiff(A4))
        archive.writestr("c.txt", "IBAN GB82 WEST 1234 5698 7654 32")
    found = look(from_bytes(data.getvalue()), eyes(["iban"]), budget=Budget(scanning=Scanning(0.3)))
    assert time.monotonic() - began < 10
    assert found.opaque == [f"a.tif: {UNREAD}", f"b.tif: {UNREAD}"]
    assert labelled(found) == {"iban"}  # what else there is is not lost


def test_damaged_pictures_end_where_the_damage_is() -> None:
    whole = tiff(A4, A4)
    assert pages(io.BytesIO(whole)) == [Page(*A4, 1, 200.0, 0), Page(*A4, 1, 200.0, 1)]
    for picture in (whole, jpeg()):
        for cut in range(len(picture)):
            assert len(pages(io.BytesIO(picture[:cut]))) <= 2


def program(folder: Path, does: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have this stand in for tesseract."""
    file = folder / "tesseract"
    file.write_text(f"#!/bin/sh\n{does}\n")
    file.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
