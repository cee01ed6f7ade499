"""One file packed by itself: gzip, bzip2, xz, lzma, zstd."""

from __future__ import annotations

import bz2
import gzip
import lzma
from typing import IO, cast

from tidegate.content.document import Child, Parts
from tidegate.content.source import Source
from tidegate.content.units import extractor

_MAGIC = {
    "gzip": b"\x1f\x8b\x08",
    "bzip2": b"BZh",
    "xz": b"\xfd7zXZ\x00",
    "lzma": b"\x5d\x00\x00\x80\x00\xff\xff",
    "zstd": b"\x28\xb5\x2f\xfd",
}


def _which(source: Source) -> str | None:
    return next((name for name, magic in _MAGIC.items() if source.head.startswith(magic)), None)


@extractor(formats=tuple(_MAGIC), rank=10, magic=tuple((0, magic) for magic in _MAGIC.values()), sniff=_which)
def compressed(source: Source) -> Parts:
    """What is inside."""

    def unpacked() -> IO[bytes]:
        match _which(source):
            case "bzip2":
                return bz2.BZ2File(source.open())
            case "xz" | "lzma":
                return lzma.LZMAFile(source.open())
            case "zstd":
                import zstandard

                return zstandard.ZstdDecompressor(max_window_size=1 << 27).stream_reader(
                    source.open(), read_across_frames=True
                )
            case _:
                return cast("IO[bytes]", gzip.GzipFile(fileobj=source.open()))

    yield Child("", unpacked, packed=source.size)
