"""One file packed by itself: gzip, bzip2, xz, lzma, zstd."""

from __future__ import annotations

import bz2
import gzip
import io
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

_WINDOW = 1 << 27  # bytes that a zstd frame may have to be looked back for
_STEP = 1 << 9  # bytes of zstd unpacked at a time: four of them may stand for 128 KiB


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
                return cast("IO[bytes]", _Zstd(source.open()))
            case _:
                return cast("IO[bytes]", gzip.GzipFile(fileobj=source.open()))

    yield Child("", unpacked, packed=source.size)


class _Zstd(io.RawIOBase):
    """What frames hold, one after the other. Raises EOFError within one, where the library's own reader just ends."""

    def __init__(self, packed: IO[bytes]) -> None:
        import zstandard

        self.packed, self.rest, self.ready = packed, b"", b""
        self.begin = zstandard.ZstdDecompressor(max_window_size=_WINDOW).decompressobj
        self.frame: zstandard.ZstdDecompressionObj | None = None

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]  # any writable buffer
        while not self.ready:
            data = self.rest or self.packed.read(_STEP)
            if not data and self.frame is not None:
                raise EOFError("cut off")
            if not data:
                return 0
            frame = self.frame or self.begin()
            self.ready = frame.decompress(data)
            self.frame, self.rest = (None, frame.unused_data) if frame.eof else (frame, b"")
        taken, self.ready = self.ready[: len(buffer)], self.ready[len(buffer) :]
        buffer[: len(taken)] = taken
        return len(taken)
