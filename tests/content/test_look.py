"""Files within files, damaged, encrypted and malicious ones: each costs itself at most, within bounds."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import struct
import tarfile
import time
import zipfile
import zlib
from collections.abc import Callable

import pytest
import zstandard

from tests.content.seeing import eyes, labelled, names, parts, seen
from tidegate.content.look import Eyes, Seen, look
from tidegate.content.source import Budget, Limits, Source, from_bytes
from tidegate.content.units import Extractor

POINTS = b'<gpx version="1.1"><wpt lat="46.51512" lon="13.86013"/><wpt lat="46.6" lon="13.9"/></gpx>'


def zipped(**members: bytes) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return data.getvalue()


def tarred(content: bytes) -> bytes:
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w") as archive:
        member = tarfile.TarInfo("inner.bin")
        member.size = len(content)
        archive.addfile(member, io.BytesIO(content))
        link = tarfile.TarInfo("link")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    return data.getvalue()


def bounded(content: bytes, **limits: int) -> Seen:
    source = from_bytes(content)
    return look(source, eyes(["positions"]), budget=Budget(Limits(**limits), source.size))


@pytest.mark.parametrize(
    "content",
    [
        zipped(a=POINTS),
        zipped(a=zipped(b=POINTS)),
        gzip.compress(tarred(POINTS)),
        tarred(zipped(a=gzip.compress(POINTS))),
    ],
    ids=["zip", "zip in zip", "tar.gz", "gz in zip in tar"],
)
def test_points_are_found_however_deep(content: bytes) -> None:
    found = seen(content, "positions")
    assert labelled(found) == {"positions"}
    assert found.error is None
    assert found.tallies["positions"].count == 2


def test_evidence_names_the_member() -> None:
    found = seen(zipped(a=zipped(b=b"x\nseen at 46\xc2\xb030'54\"N, 13\xc2\xb051'36\"E")), "degrees_in_text")
    (evidence,) = found.tallies["degrees_in_text"].evidence
    assert (evidence.where, evidence.start) == ("a!b!line 2", 10)


def test_a_damaged_member_costs_itself() -> None:
    broken = bytearray(zipped(a=POINTS * 30, b=POINTS))
    broken[40] ^= 0xFF  # within what `a` was packed to
    found = seen(bytes(broken), "positions")
    assert labelled(found) == {"positions"}
    assert found.error is not None
    assert found.error.startswith("a: damaged or unreadable")


def test_what_stands_before_the_damage_is_kept() -> None:
    found = seen(POINTS[:-6] + b"<wpt", "positions")
    assert labelled(found) == {"positions"}
    assert "damaged" in (found.error or "")


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress, zstandard.compress, tarred])
def test_a_member_that_is_cut_off_is_read_up_to_there(pack: Callable[[bytes], bytes]) -> None:
    lines = b"".join(b'password = "tr0ub4dor&%d%d"\n' % (n, n * n) for n in range(200_000))
    packed = pack(lines)
    found = seen(packed[: len(packed) * 2 // 3], "password_assignment")
    assert "damaged or unreadable" in (found.error or "")
    assert found.tallies["password_assignment"].count > 1_000


def test_frames_of_zstd_follow_each_other() -> None:
    found = seen(zstandard.compress(POINTS[:30]) + zstandard.compress(POINTS[30:]), "positions")
    assert (found.tallies["positions"].count, found.error) == (2, None)


def test_a_table_that_ends_in_damage_gives_the_rows_before_it() -> None:
    rows = "".join(f"46.5{n},13.8{n}\n" for n in range(10, 40))
    found = seen(f'lat,lon\n{rows}1,"{"x" * 200_000}"\n', "coordinate_columns")
    assert "field larger than field limit" in (found.error or "")
    assert found.tallies["coordinate_columns"].count == 30


def test_lines_that_are_no_json_cost_themselves() -> None:
    lines = "".join(f'{{"lat": 46.5{n}, "lon": 13.8{n}}}\n' for n in range(10, 40))
    found = seen(lines + '{"lat": 46.\n' + lines + "{", "coordinate_columns")
    assert (found.error or "").startswith("line 31 is no JSON: ")
    assert (found.error or "").endswith(", and so are 1 more")
    assert found.tallies["coordinate_columns"].count == 60


def test_numbers_too_large_for_a_place_are_none() -> None:
    points = (
        '[{"type": "Point", "coordinates": [13.5, 46.5]}, {"type": "Point", "coordinates": [1' + "0" * 400 + ", 46.5]}]"
    )
    found = seen(f'{{"type": "GeometryCollection", "geometries": {points}}}', "positions")
    assert (found.tallies["positions"].count, found.error) == (1, None)


def test_names_of_members_are_those_they_were_given() -> None:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("XXXX.txt", "x")
        archive.writestr("über.txt", "x")
    chinese = data.getvalue().replace(b"XXXX", "样地".encode("gb18030"))
    assert names(parts(chinese)) == ["样地.txt", "über.txt"]


def test_members_of_7z() -> None:
    py7zr = pytest.importorskip("py7zr")
    data = io.BytesIO()
    with py7zr.SevenZipFile(data, "w") as archive:
        archive.writestr(POINTS.decode(), "a.txt")
        archive.writestr("nothing", "b.txt")
    found = seen(data.getvalue(), "positions")
    assert (found.tallies["positions"].count, found.error) == (2, None)
    assert names(parts(data.getvalue())) == ["a.txt", "b.txt"]
    assert "damaged" in (seen(data.getvalue()[:-9]).error or "")


def test_encrypted_members_are_told_of() -> None:
    data = bytearray(zipped(a=POINTS))
    for at in (6, data.index(b"PK\x01\x02") + 8):  # the flag in both headers
        data[at] |= 1
    assert seen(bytes(data), "positions").error == "opaque: a: encrypted"


def test_a_zip_bomb_is_bounded() -> None:
    began = time.monotonic()
    found = bounded(zipped(bomb=bytes(200 << 20)), free=1 << 20)
    assert "unpacks to more than 300 times its size" in (found.error or "")
    assert time.monotonic() - began < 20


def test_so_is_one_that_says_it_is_small() -> None:
    data = bytearray(zipped(bomb=bytes(50 << 20)))
    for at in (22, data.index(b"PK\x01\x02") + 24):
        data[at : at + 4] = struct.pack("<I", 10)
    assert bounded(bytes(data), free=1 << 20).error  # damaged, or too much: never all of it


def test_files_within_files_have_an_end() -> None:
    content = POINTS
    for _ in range(10):
        content = gzip.compress(content)
    assert "more than 6 files deep" in (bounded(content).error or "")


def test_too_many_members_have_an_end() -> None:
    many = zipped(**{f"m{n}": b"x" for n in range(50)})
    assert "more than 20 members" in (bounded(many, members=20).error or "")


def test_a_billion_laughs_are_refused() -> None:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "lol"}">' for n in range(10))
    found = seen(f'<?xml version="1.0"?><!DOCTYPE gpx [{laughs}]><gpx>&l9;</gpx>', "positions")
    assert found.error == "declares entities, which are not resolved"


def test_so_are_entities_from_outside() -> None:
    found = seen('<?xml version="1.0"?><!DOCTYPE gpx [<!ENTITY x SYSTEM "file:///etc/passwd">]><gpx>&x;</gpx>')
    assert found.error == "declares entities, which are not resolved"


def test_elements_within_elements_have_an_end() -> None:
    assert "elements within elements" in (seen("<gpx>" + "<a>" * 10_000).error or "")


def test_brackets_within_brackets_have_an_end() -> None:
    found = seen('{"type": ' + "[" * 200_000)
    assert found.format == "json"
    assert (found.error or "").startswith("no JSON throughout")


def test_a_picture_that_says_it_is_huge_is_not_unfolded() -> None:
    header = struct.pack(">IIBBBBB", 1 << 30, 1 << 30, 8, 2, 0, 0, 0)
    chunk = struct.pack(">I", 13) + b"IHDR" + header + struct.pack(">I", zlib.crc32(b"IHDR" + header))
    began = time.monotonic()
    assert seen(b"\x89PNG\r\n\x1a\n" + chunk).format == "png"
    assert time.monotonic() - began < 2


def test_a_pdf_of_very_many_objects_ends() -> None:
    objects = b"".join(b"%d 0 obj\n<</Type /Page /Parent 2 0 R>>\nendobj\n" % n for n in range(3, 50_000))
    kids = b" ".join(b"%d 0 R" % n for n in range(3, 50_000))
    pdf = b"%PDF-1.4\n1 0 obj\n<</Type /Catalog /Pages 2 0 R>>\nendobj\n2 0 obj\n<</Type /Pages /Count 49997 /Kids ["
    began = time.monotonic()
    found = seen(pdf + kids + b"]>>\nendobj\n" + objects + b"trailer\n<</Root 1 0 R>>\n%%EOF\n", "positions")
    assert found.format == "pdf"
    assert time.monotonic() - began < 60


@pytest.mark.parametrize("content", [b"LASF", b"LASF" + bytes(100)], ids=len)
def test_a_header_without_its_rest_costs_itself(content: bytes) -> None:
    assert seen(content).error == "cut off within its header"


def test_a_format_that_cannot_be_told_costs_itself() -> None:
    def failing(_: Source) -> str | None:
        raise IndexError("beyond its end")

    torn = Extractor(id="torn", formats=("torn",), rank=0, sniff=failing, extract=lambda _: iter(()))
    found = look(from_bytes(b"x"), Eyes({"torn": torn}, ()))
    assert (found.format, found.error) == ("data", "damaged or unreadable (IndexError: beyond its end)")


@pytest.mark.parametrize("place", ["²", "9" * 5_000])
def test_numbers_that_are_none_hide_nothing(place: str) -> None:
    found = seen(f'chr1\t{place}\t{place}\nchr1\t{place}\t{place}\npassword = "tr0ub4dor&3"\n')
    assert "password_assignment" in labelled(found)
    assert found.error is None


def test_nothing_is_known_of_nothing() -> None:
    found = seen(b"")
    assert (found.format, found.tallies, found.error) == ("empty", {}, None)
