"""7z archives, where `py7zr` (the extra `7z`) is installed."""

from __future__ import annotations

import io
from functools import partial
from typing import IO

from tidegate.content.document import Child, Opaque, Parts
from tidegate.content.source import Source
from tidegate.content.units import extractor
from tidegate.errors import InputError

_MOST = 512 << 20  # bytes that all members unpack to: they lie in memory


@extractor(formats=("7z",), rank=10, magic=((0, b"7z\xbc\xaf\x27\x1c"),))
def seven_zip(source: Source) -> Parts:
    """Its members."""
    try:
        import py7zr
    except ImportError:
        yield Opaque("7z archives are read where tidegate[7z] is installed")
        return
    try:
        with source.open() as data, py7zr.SevenZipFile(data) as archive:
            if archive.needs_password():
                yield Opaque("encrypted")
                return
            sizes = {item.filename: item.uncompressed for item in archive.list() if item.is_file}
            if sum(sizes.values()) > _MOST:
                raise InputError(f"unpacks to more than {_MOST >> 20} MB")
            factory = py7zr.io.BytesIOFactory(_MOST)
            archive.extract(targets=list(sizes), factory=factory)
            for name, product in factory.products.items():
                yield Child(name, partial(_copy, product), sizes.get(name))
    except py7zr.PasswordRequired:
        yield Opaque("encrypted")


def _copy(product: object) -> IO[bytes]:
    product.seek(0)  # type: ignore[attr-defined]  # py7zr's own kind of file
    return io.BytesIO(product.read())  # type: ignore[attr-defined]
