"""Old documents of Office whose structure is damaged are read for their text all the same, and the damage said."""

from __future__ import annotations

import struct

import olefile
import pytest

from tests.content.seeing import format_id, seen
from tidegate.content.extract.sheets import bounded

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
SECRET = 'password = "tr0ub4dor&3"\r'


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16-le"])
@pytest.mark.parametrize("before", [bytes(700), b"\1\2" * 350])
def test_text_is_found_without_its_structure(encoding: str, before: bytes) -> None:
    found = seen(MAGIC + before + SECRET.encode(encoding) + before)
    assert found.format == "ole"
    assert found.error == "damaged: its text is read without its structure"
    assert "password_assignment" in found.tallies


def test_a_stream_of_a_name_tells_the_format() -> None:
    named = MAGIC + bytes(40) + b"\0\0\0\0" + bytes(460) + "WordDocument".encode("utf-16-le") + bytes(600)
    assert format_id(named) == "ole"  # the size of its sectors is not said, so its names are elsewhere
    sized = bytearray(named)
    sized[30:32] = (9).to_bytes(2, "little")
    assert format_id(bytes(sized)) == "doc"


def test_a_list_of_properties_that_lies_about_its_length_is_not_gone_through() -> None:
    file = bounded(olefile.OleFileIO())
    with pytest.raises(ValueError, match="a property of an unknown type"):
        file._parse_property(struct.pack("<I", 0xFFFFFFFF) + bytes(40), 0, 2, 0x1000 | 5, False, [])
    assert file._parse_property(struct.pack("<3I", 2, 7, 8), 0, 2, 0x1000 | 3, False, []) == [7, 8]
