"""Recordings of signals: WAV with the chunks of receivers, and samples whose SigMF description lies beside them."""

from __future__ import annotations

import json
import struct
from pathlib import Path

from tidegate.content.document import Metadata, Parts, Value
from tidegate.content.source import Source
from tidegate.content.units import extractor
from tidegate.errors import InputError

_DESCRIPTION = 1 << 20  # bytes of a SigMF description read; annotations of a long recording may take more
_CHUNKS = 64  # chunks looked at


@extractor(
    formats=("wav",),
    rank=10,
    magic=((0, b"RIFF"), (0, b"RF64")),
    sniff=lambda s: "wav" if s.head[8:12] == b"WAVE" else None,
)
def wave(source: Source) -> Parts:
    """Its sample rate and channels, its length, and what a receiver wrote beside the samples."""
    values: dict[str, Value] = {"format": "wav"}
    with source.open() as data:
        data.seek(12)
        for _ in range(_CHUNKS):
            head = data.read(8)
            if len(head) < 8:
                break
            name, size = struct.unpack("<4sI", head)
            if name == b"fmt ":
                values |= _format(data.read(min(size, 64)), source)
                data.seek(max(0, size - 64), 1)
            elif name in {b"auxi", b"rcvr"}:
                values |= _receiver(data.read(min(size, 256)))
                data.seek(max(0, size - 256), 1)
            else:
                data.seek(size + size % 2, 1)
    yield Metadata("recording", values)


def _format(chunk: bytes, source: Source) -> dict[str, Value]:
    if len(chunk) < 16:
        raise InputError("cut off within its header", file=source.name)
    _, channels, rate, bytes_a_second = struct.unpack_from("<2H2I", chunk)
    return {"channels": channels, "sample_rate": rate, "seconds": round(source.size / max(1, bytes_a_second))}


def _receiver(chunk: bytes) -> dict[str, Value]:
    """What SpectraVue, HDSDR and SDR# write: two times of sixteen bytes, then the frequency in the middle."""
    if len(chunk) < 36:
        return {"receiver": True}
    year, month, _, day, hour, minute = struct.unpack_from("<6H", chunk)
    since = f"{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}"
    frequency = struct.unpack_from("<I", chunk, 32)[0]
    return {"receiver": True, "frequency": frequency} | ({"since": since} if 1990 <= year <= 2100 else {})


def _described(source: Source) -> dict[str, Value] | None:
    """The SigMF description beside samples, if there is one."""
    if source.encoding is not None or not source.size:
        return None
    return next((found for path in source.siblings() if (found := _description(path))), None)


def _description(path: Path) -> dict[str, Value] | None:
    with path.open("rb") as file:
        start = file.read(_DESCRIPTION)
    if b'"core:datatype"' not in start or not start.lstrip().startswith(b"{"):
        return None
    try:
        said = json.loads(start)["global"]
        return {key.removeprefix("core:"): value for key, value in said.items() if isinstance(value, str | int | float)}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


@extractor(formats=("sigmf-data",), rank=70, sniff=lambda s: "sigmf-data" if _described(s) else None)
def samples(source: Source) -> Parts:
    """What the description beside the samples says of them."""
    yield Metadata("recording", {"format": "sigmf-data", "receiver": True, **(_described(source) or {})})
