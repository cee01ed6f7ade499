"""Encodings are told from bytes, and nobody unpacks without bounds."""

from __future__ import annotations

import codecs
import io
from pathlib import Path

import pytest

from tidegate.content.encoding import encoding_of
from tidegate.content.source import Budget, Limits, from_bytes, from_file, from_stream
from tidegate.errors import InputError

CHINESE = "编号,经度,纬度\n样地一,103.51512,33.86013\n样地二,103.6,33.9\n"


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (b"plain", "utf-8"),
        ("Größe".encode(), "utf-8"),
        (CHINESE.encode("gb18030"), "gb18030"),
        ("Größe in Metern".encode("cp1252"), "cp1252"),
        ("lat;lon\n46.5;13.8\n".encode("utf-16"), "utf-16"),
        ("lat;lon\n46.5;13.8\n".encode("utf-16-le"), "utf-16-le"),  # without a mark
        ("lat;lon\n46.5;13.8\n".encode("utf-16-be"), "utf-16-be"),
        (b"\xef\xbb\xbflat", "utf-8"),
        ("lat;lon".encode("utf-32"), "utf-32"),
        (codecs.BOM_UTF32_BE + "lat;lon".encode("utf-32-be"), "utf-32"),
        (bytes(range(256)) * 4, None),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", None),
        (b"", None),
    ],
)
def test_encodings(data: bytes, encoding: str | None) -> None:
    assert encoding_of(data, whole=True) == encoding


def test_a_character_cut_by_the_end_of_the_sample_is_no_matter() -> None:
    assert encoding_of("ä".encode() * 40_000, whole=False) == "utf-8"
    assert encoding_of(b"a" + "ä".encode() * 40_000, whole=False) == "utf-8"


def test_text_is_decoded_whatever_the_pieces() -> None:
    text = "物种\n" * 50_000
    for encoding in ("utf-8", "gb18030", "utf-16-le"):
        assert "".join(from_bytes(text.encode(encoding)).pieces()) == text


def test_rows_of_a_line_without_end_come_in_pieces() -> None:
    rows = list(from_bytes(b"a" * (3 << 20) + b"\nb").rows())
    assert max(map(len, rows)) < 2 << 20
    assert rows[-1] == "b"


def test_a_stream_is_kept_and_read_again() -> None:
    data, budget = b"0123456789" * 100_000, Budget()
    with from_stream(io.BytesIO(data), name="x", budget=budget) as source:
        assert (source.size, budget.unpacked) == (len(data), len(data))
        with source.open() as one, source.open() as other:
            assert (one.read(3), other.read(2), one.read(3), other.seek(-4, 2)) == (
                b"012",
                b"01",
                b"345",
                len(data) - 4,
            )
            assert other.read() == b"6789"


def test_budget() -> None:
    budget = Budget(Limits(depth=2, members=2, unpacked=1000, ratio=10, free=100), size=20)
    budget.spend("a", 190)  # less than ten times its size
    with pytest.raises(InputError, match="a: unpacks to more than 10 times its size"):
        budget.spend("a", 20)
    budget = Budget(Limits(depth=2, members=2, unpacked=1000, ratio=10, free=100), size=2000)
    with pytest.raises(InputError, match="unpacks to more than 0 MB"):
        budget.spend("a", 1001)
    budget.member("a", 1)
    with pytest.raises(InputError, match="more than 2 files deep"):
        budget.member("b", 3)
    with pytest.raises(InputError, match="more than 2 members"):
        budget.member("c", 1)


def test_files_of_one_stem_lie_beside_each_other(tmp_path: Path) -> None:
    for name in ("a.shp", "a.dbf", "b.dbf"):
        (tmp_path / name).write_bytes(b"x")
    assert [p.name for p in from_file(tmp_path / "a.shp").siblings()] == ["a.dbf"]
    assert from_file(tmp_path / "b.dbf").siblings() == ()


def test_a_file_that_may_not_be_read_lies_beside_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("a.shp", "a.dbf"):
        (tmp_path / name).write_bytes(b"x")
    monkeypatch.setattr("os.access", lambda *_: False)
    assert from_file(tmp_path / "a.shp").siblings() == ()


def test_more_than_wanted_is_not_read() -> None:
    with pytest.raises(InputError, match="larger than the 0 MB"):
        from_bytes(b"12345").read(4)
