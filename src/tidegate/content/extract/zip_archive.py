"""Zip archives."""

from __future__ import annotations

from functools import partial

from tidegate.content.document import Child, Opaque, Parts
from tidegate.content.extract import _zip
from tidegate.content.source import Source
from tidegate.content.units import extractor


def _kind(source: Source) -> str | None:
    files = [name.lower() for name in _zip.names(source) if not name.endswith("/")]
    return "kmz" if "doc.kml" in files or (files and all(n.endswith((".kml", ".png")) for n in files)) else "zip"


@extractor(formats=("zip", "kmz"), rank=20, magic=((0, b"PK\x03\x04"), (0, b"PK\x05\x06")), sniff=_kind)
def zip_archive(source: Source) -> Parts:
    """Its members; encrypted ones are told of."""
    with _zip.opened(source) as archive:
        for member in archive.infolist():
            if member.is_dir():
                continue
            name = _zip.name_of(member)
            if member.flag_bits & _zip.ENCRYPTED:
                yield Opaque("encrypted", name)
            else:
                yield Child(name, partial(archive.open, member), member.file_size, member.compress_size)
