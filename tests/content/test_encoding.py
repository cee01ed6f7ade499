"""Encodings told from first bytes, and what is no text."""

from __future__ import annotations

import pytest

from tidegate.content.encoding import encoding_of

CHINESE = "站点名称,经度,纬度\n湿地观测站,121.5,31.2\n"


@pytest.mark.parametrize(
    ("head", "encoding"),
    [
        (b"", None),
        (b"plain, and no more\n", "utf-8"),
        (CHINESE.encode(), "utf-8"),
        (CHINESE.encode("gbk"), "gb18030"),
        ("Größe und Höhe der Brücke\n".encode("cp1252"), "cp1252"),  # few bytes beyond ASCII: no Chinese
        (CHINESE.encode("utf-16"), "utf-16"),  # with its mark
        ("lat,lon\n1.0,2.0\n".encode("utf-16-le"), "utf-16-le"),  # without
        ("lat,lon\n1.0,2.0\n".encode("utf-16-be"), "utf-16-be"),
        (bytes(range(256)) * 4, None),
        (b"\x7fELF\x02\x01\x01\0\0\0\0", None),
    ],
)
def test_told_by_its_first_bytes(head: bytes, encoding: str | None) -> None:
    assert encoding_of(head, whole=True) == encoding


def test_a_character_cut_off_at_the_end_is_no_mistake() -> None:
    whole = ("x" * 100 + CHINESE).encode()
    for end in range(len(whole) - 6, len(whole)):
        assert encoding_of(whole[:end], whole=False) == "utf-8"
