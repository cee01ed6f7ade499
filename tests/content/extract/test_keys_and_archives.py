"""Key stores are known by their first bytes; cpio archives and binary property lists give what is in them."""

from __future__ import annotations

import plistlib
import struct

import pytest

from tests.content.seeing import classes, format_id, names, parts, seen
from tidegate.content.document import Text


@pytest.mark.parametrize(
    ("head", "known"),
    [
        (b"\xfe\xed\xfe\xed\x00\x00\x00\x02", "jks"),
        (b"\x30\x82\x02\x5e\x02\x01\x00\x02\x81\x81\x00", "pkcs1"),
        (b"\x30\x82\x04\xbd\x02\x01\x00\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01", "pkcs8"),
        (b"\x30\x77\x02\x01\x01\x04\x20", "sec1"),
    ],
)
def test_keys_are_known_by_their_first_bytes(head: bytes, known: str) -> None:
    content = head + bytes(range(200, 255)) + bytes(100)
    assert format_id(content) == known
    assert "secret" in classes(content)


def test_a_certificate_is_no_key() -> None:
    content = b"\x30\x82\x03\xbe\x30\x82\x02\xa6\xa0\x03\x02\x01\x02\x02\x09" + bytes(range(200, 255))
    assert format_id(content) not in {"pkcs1", "pkcs8", "pkcs12", "sec1"}


def _new(name: bytes, content: bytes) -> bytes:
    fields = [1, 0o100644, 0, 0, 1, 0, len(content), 0, 0, 0, 0, len(name) + 1, 0]
    head = b"070701" + b"".join(b"%08x" % field for field in fields) + name + b"\0"
    head += bytes(-len(head) % 4)
    return head + content + bytes(-len(content) % 4)


def _binary(name: bytes, content: bytes) -> bytes:
    size = len(name) + 1
    head = struct.pack(
        "<13H", 0o070707, 0, 1, 0o100644, 0, 0, 1, 0, 0, 0, size, len(content) >> 16, len(content) & 0xFFFF
    )
    return head + name + b"\0" + bytes(size % 2) + content + bytes(len(content) % 2)


@pytest.mark.parametrize("member", [_new, _binary])
def test_members_of_cpio_archives_are_looked_into(member: object) -> None:
    write = member
    content = write(b"a/b.txt", b'password = "tr0ub4dor&3"\n') + write(b"c", b"x") + write(b"TRAILER!!!", b"")  # type: ignore[operator]
    assert names(parts(content)) == ["a/b.txt", "c"]
    assert "secret" in classes(content)


def test_a_cpio_archive_that_is_cut_off_gives_what_came_before() -> None:
    found = seen((_new(b"a", b'password = "tr0ub4dor&3"\n') + _new(b"b", b"x" * 500))[:200] + b"zzzzzz")
    assert found.tallies


def test_a_member_that_is_cut_off_is_looked_into_and_told_of() -> None:
    found = seen(_new(b"a", b'password = "tr0ub4dor&3"\n' * 40)[:-300])
    assert found.error == "cut off"
    assert found.tallies["password_assignment"].count > 10


@pytest.mark.parametrize("lying", [b"-0000001", b"ffffffff", b"        "])
@pytest.mark.parametrize("at", [54, 94])  # the size of the content, the length of the name
def test_sizes_that_lie_are_damage(lying: bytes, at: int) -> None:
    content = _new(b"a", b"x" * 20)
    assert seen(content[:at] + lying + content[at + 8 :] + bytes(99)).error


def test_a_binary_property_list_gives_keys_with_their_values() -> None:
    content = plistlib.dumps({"host": "x", "list": [{"password": "tr0ub4dor&3"}]}, fmt=plistlib.FMT_BINARY)
    text = "".join(part.text for part in parts(content) if isinstance(part, Text))
    assert 'password = "tr0ub4dor&3"' in text
    assert "secret" in classes(content)
