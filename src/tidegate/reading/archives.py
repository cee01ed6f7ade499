"""Zip archives as they come from anybody: their members by name, and what is too much to unpack.

Nothing is ever written to disk: a name such as `../../etc/passwd` is a name and no more.
"""

from __future__ import annotations

import io
import lzma
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO

from tidegate.reading.files import File, shown

FREE = 1 << 30
"""Bytes that anything may unpack to: they are read in seconds."""
RATIO = 1000
"""How many times its own size something larger may unpack to. Logs reach 10 to 30. Records that differ in nothing but
their second reach 160 with gzip, whose most is 1,032 for one byte repeated, and where they are 1.5 KB each, just 1,000
with zstd -19."""
TOO_MUCH = f"unpacks to over {RATIO:,} times its size and {FREE >> 30} GiB, as no log does: a decompression bomb"
DAMAGED = (OSError, EOFError, ValueError, struct.error, zlib.error, lzma.LZMAError, zipfile.BadZipFile, RuntimeError)
"""What reading a damaged, encrypted or strangely compressed archive raises, besides the operating system."""
_LISTING = 64 << 20
"""Bytes of an archive's list of members: enough for half a million."""
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""What is unpacked in bounded memory; the others turn one piece into gigabytes, and hardly anybody uses them."""


def too_much(unpacked: int, packed: int) -> bool:
    """Whether so much cannot be a log's."""
    return unpacked > FREE and unpacked > RATIO * packed


@dataclass(frozen=True)
class Archive:
    """An open archive and its members, those that are no folders. Methods raise what is in `DAMAGED`."""

    raw: io.FileIO
    zip: zipfile.ZipFile
    members: tuple[zipfile.ZipInfo, ...]

    @property
    def closed(self) -> bool:
        """Whether it has to be opened anew."""
        return self.raw.closed

    def names(self) -> list[str]:
        """A name for each member that can be shown and no other has."""
        seen: Counter[str] = Counter()
        listed = []
        for name in (shown(info.filename) for info in self.members):
            seen[name] += 1
            listed.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
        return listed

    def size(self, place: int) -> int:
        """Bytes of a member as it is packed."""
        return self.members[place].compress_size

    def open(self, place: int) -> IO[bytes]:
        """A member's content."""
        info = self.members[place]
        if info.compress_type not in _METHODS:
            raise zipfile.BadZipFile(f"packed by method {info.compress_type}, not by deflate: unpack it first")
        return self.zip.open(info)


@contextmanager
def opened(file: File) -> Iterator[Archive]:
    """Open an archive. Raises what is in `DAMAGED`; BadZipFile for a bomb."""
    with file.open() as raw, zipfile.ZipFile(_Listed(raw.fileno(), closefd=False)) as archive:
        members = tuple(info for info in archive.infolist() if not info.filename.endswith("/"))
        if sum(info.compress_size for info in members) > file.size:
            raise zipfile.BadZipFile("its members overlap: a decompression bomb")
        if too_much(sum(info.file_size for info in members), file.size):
            raise zipfile.BadZipFile(TOO_MUCH)
        yield Archive(raw, archive, members)


class _Listed(io.FileIO):
    """The file of an archive, whose list of members is read in one piece."""

    def read(self, size: int | None = -1, /) -> bytes:
        if size is not None and size > _LISTING:
            raise zipfile.BadZipFile(f"its list of members is longer than {_LISTING >> 20} MiB")
        return super().read(size)
