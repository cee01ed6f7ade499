"""cpio archives, old and new: in packages of programs and in backups of Unix."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from functools import partial
from typing import IO

from tidegate.content.document import Child, Opaque, Parts
from tidegate.content.source import Source
from tidegate.content.units import extractor
from tidegate.errors import InputError

_MAGIC = (b"070701", b"070702", b"070707", b"\xc7\x71")  # new, new with checksum, old portable, old binary
_MOST = 256 << 20  # bytes of a member
_LONGEST = 1 << 16  # bytes of a name


@extractor(formats=("cpio",), rank=20, sniff=lambda s: "cpio" if s.head.startswith(_MAGIC) else None)
def cpio_archive(source: Source) -> Parts:
    """Its members."""
    with source.open() as data:
        for name, size in _members(data):
            if name == "TRAILER!!!":
                return
            if size > _MOST:
                yield Opaque(f"larger than the {_MOST >> 20:,} MB that are read of a member", name)
                return
            content = data.read(size)
            yield Child(name, partial(io.BytesIO, content), size, size)
            if len(content) < size:
                raise InputError("cut off", file=name)


def _members(data: IO[bytes]) -> Iterator[tuple[str, int]]:
    """Names and sizes; the stream then stands at the content, and is taken past its padding."""
    while (magic := data.read(6)) and len(magic) == 6:
        if magic.startswith(_MAGIC[:2]):
            fields = data.read(104)
            size, length, even = int(fields[48:56], 16), int(fields[88:96], 16), 4
        elif magic == b"070707":
            fields = data.read(70)
            length, size, even = int(fields[53:59], 8), int(fields[59:70], 8), 1
        elif magic.startswith(b"\xc7\x71"):
            fields = magic + data.read(20)
            numbers = struct.unpack("<13H", fields)
            length, size, even = numbers[10], numbers[11] << 16 | numbers[12], 2
        else:
            raise ValueError("a member without a header")
        if size < 0 or not 0 < length <= _LONGEST:
            raise ValueError("a member without a size or a name")
        name = data.read(length).rstrip(b"\0").decode("utf-8", "replace")
        data.seek(-data.tell() % even, 1)
        end = data.tell() + size
        yield name, size
        data.seek(end + -end % even)
