from __future__ import annotations

import gzip
import io
import zipfile
from pathlib import Path

import pytest
import zstandard

from tidegate.errors import InputError
from tidegate.reading.files import find
from tidegate.reading.streams import members

TEXT = "".join(f"line {i} – größer\n" for i in range(20_000)).encode()


def read(path: Path) -> dict[str, tuple[bytes, str]]:
    """By the part of the name after `!`, what could be read, and what was wrong then."""
    found = {}
    for member in members(find([path])[0][0]):
        data, wrong = b"", ""
        try:
            with member.open() as opened:
                for piece in opened.pieces:
                    data += piece
                assert opened.position() == path.stat().st_size or member.inner is not None
        except InputError as error:
            wrong = error.message
        found[member.name.partition("!")[2]] = (data, wrong)
    return found


def written(tmp_path: Path, data: bytes) -> Path:
    (tmp_path / "file").write_bytes(data)
    return tmp_path / "file"


@pytest.mark.parametrize(
    "data",
    [
        TEXT,
        b"\xef\xbb\xbf" + TEXT,
        gzip.compress(TEXT),
        gzip.compress(TEXT) + bytes(512),  # padding, as tapes leave it
        gzip.compress(TEXT[:9]) + gzip.compress(TEXT[9:]),
        zstandard.compress(TEXT),
        zstandard.compress(TEXT[:9]) + zstandard.compress(TEXT[9:]),
        TEXT.decode().encode("utf-16"),
        b"\xfe\xff" + TEXT.decode().encode("utf-16-be"),
        TEXT.decode().encode("utf-16-le"),
        gzip.compress(TEXT.decode().encode("utf-16")),
    ],
)
def test_what_it_holds_comes_out_as_utf8(tmp_path: Path, data: bytes) -> None:
    assert read(written(tmp_path, data)) == {"": (TEXT, "")}


@pytest.mark.parametrize(
    ("data", "wrong"),
    [
        (gzip.compress(TEXT)[:-1], "gzip: the file ends early"),
        (gzip.compress(TEXT)[:-8] + b"12345678", "gzip: the checksum is wrong"),
        (gzip.compress(TEXT)[:-4] + b"1234", "gzip: the length is wrong"),
        (gzip.compress(TEXT) + b"and more", "gzip: something else follows the compressed data"),
    ],
)
def test_damage_at_the_end_costs_no_data(tmp_path: Path, data: bytes, wrong: str) -> None:
    assert read(written(tmp_path, data)) == {"": (TEXT, wrong)}


@pytest.mark.parametrize("compress", [gzip.compress, zstandard.compress])
@pytest.mark.parametrize("damage", ["cut", "overwritten"])
def test_damage_in_the_middle_costs_what_follows(tmp_path: Path, compress: object, damage: str) -> None:
    assert callable(compress)
    whole = compress(TEXT)
    half = len(whole) // 2
    data, wrong = read(written(tmp_path, whole[:half] + (b"" if damage == "cut" else b"\xff" * 50)))[""]
    assert len(data) > len(TEXT) // 4  # zstd packs blocks of 128 KB
    assert TEXT.startswith(data[: len(data) * 9 // 10])  # what was overwritten may unpack to something
    assert wrong


def test_members_of_an_archive_are_streams_of_their_own(tmp_path: Path) -> None:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("folder/", "")
        archive.writestr("plain", TEXT)
        archive.writestr("../../outside", b"only a name: nothing is unpacked", zipfile.ZIP_STORED)
        archive.writestr("inner.gz", gzip.compress(TEXT))
    assert read(written(tmp_path, data.getvalue())) == {
        "plain": (TEXT, ""),
        "../../outside": (b"only a name: nothing is unpacked", ""),
        "inner.gz": (TEXT, ""),
    }
    damaged = data.getvalue().replace(b"only a name", b"ONLY a name")
    assert "Bad CRC-32" in read(written(tmp_path, damaged))["../../outside"][1]


def test_an_archive_that_cannot_be_listed_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read(written(tmp_path, b"PK\x03\x04 and no more"))


def test_zeros_alone_do_not_make_it_utf16(tmp_path: Path) -> None:
    data = b"a\0\0\0b\0\0\0" * 100  # numbers of a binary format
    assert read(written(tmp_path, data)) == {"": (data, "")}
