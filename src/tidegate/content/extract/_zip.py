"""Members of a zip: their names as they were meant, and what they hold, within bounds."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from tidegate.content.source import Source
from tidegate.errors import InputError

DAMAGED = (zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, NotImplementedError, RuntimeError, OSError, EOFError,
           ValueError)  # fmt: skip
"""What reading an archive or a member of it may raise."""

ENCRYPTED = 0x1
_UTF8 = 0x800  # flag: the name is UTF-8, otherwise of whatever machine packed it
_MOST = 256 << 20  # bytes of one part of a document; a book's text is one


def names(source: Source) -> frozenset[str]:
    """Names of all members; empty where it is no zip that can be read."""
    try:
        with source.open() as data, zipfile.ZipFile(data) as archive:
            return frozenset(archive.namelist())
    except DAMAGED:
        return frozenset()


def name_of(member: zipfile.ZipInfo) -> str:
    """A member's name; one that is neither UTF-8 nor ASCII is taken as GB 18030 where it can be."""
    if member.flag_bits & _UTF8 or member.filename.isascii():
        return member.filename
    try:
        return member.filename.encode("cp437").decode("gb18030")
    except UnicodeError:
        return member.filename


@contextmanager
def opened(source: Source) -> Iterator[zipfile.ZipFile]:
    """The archive."""
    with source.open() as data, zipfile.ZipFile(data) as archive:
        yield archive


def part(archive: zipfile.ZipFile, name: str) -> IO[bytes]:
    """A member of a document. Raises InputError where it is too large to be a part of one, or encrypted."""
    member = archive.getinfo(name)
    if member.file_size > _MOST:
        raise InputError(f"a part of {member.file_size >> 20:,} MB", file=name)
    if member.flag_bits & ENCRYPTED:
        raise InputError("encrypted", file=name)
    return archive.open(member)
