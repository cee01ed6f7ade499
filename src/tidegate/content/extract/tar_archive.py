"""Tar archives (inside a compressed file where they are)."""

from __future__ import annotations

import tarfile
from functools import partial
from typing import IO

from tidegate.content.document import Child, Parts
from tidegate.content.source import Source
from tidegate.content.units import extractor
from tidegate.errors import InputError


@extractor(formats=("tar",), rank=10, magic=((257, b"ustar"),))
def tar_archive(source: Source) -> Parts:
    """Its regular files; links and devices are passed over."""
    with source.open() as data, tarfile.open(fileobj=data, mode="r:") as archive:
        for member in archive:
            if member.isreg():
                yield Child(member.name, partial(_opened, archive, member), member.size, member.size)


def _opened(archive: tarfile.TarFile, member: tarfile.TarInfo) -> IO[bytes]:
    stream = archive.extractfile(member)
    if stream is None:
        raise InputError("no regular file", file=member.name)
    return stream
