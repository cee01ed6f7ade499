"""Recordings of radio signals: SigMF, and WAV as receivers write it."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator

from tidegate.content.document import Metadata, Table
from tidegate.content.units import Found, recogniser

_AUDIO = 192_000  # samples a second that sound cards reach; more are of radio
_DATATYPE = re.compile(r"[rc][fiu]\d{1,2}(?:_[lb]e)?")


def _wav(*, rate: int, channels: int = 2, auxi: bytes = b"") -> bytes:
    body = b"fmt " + struct.pack("<I2H2I2H", 16, 1, channels, rate, rate * 4, 4, 16)
    body += (b"auxi" + struct.pack("<I", len(auxi)) + auxi if auxi else b"") + b"data" + struct.pack("<I", 8) + bytes(8)
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WAVE" + body


@recogniser(
    data_class="radio",
    source="SigMF specification 1.2 (sigmf.org); RIFF `auxi` chunk of SpectraVue, HDSDR and SDR#",
    sees=(Metadata, Table),
    hits=(
        (
            '{"global": {"core:datatype": "ci16_le", "core:sample_rate": 2000000}, "captures":'
            ' [{"core:frequency": 925000000}], "annotations": []}'
        ),
        _wav(rate=2_400_000),
        _wav(
            rate=96_000,
            auxi=struct.pack("<16H", *[2026, 3, 0, 1, 10, 0, 0, 0] * 2) + struct.pack("<I", 925_000_000) + bytes(36),
        ),
    ),
    misses=(
        _wav(rate=44_100),  # music
        _wav(rate=96_000),  # better music
        '{"properties": {"global": {"properties": {"core:datatype": {"type": "string"}}}}}',  # the format's own schema
    ),
)
def recordings(part: Metadata | Table) -> Iterator[Found]:
    """By a receiver's chunk or a rate beyond sound; by the type of samples that SigMF demands."""
    if isinstance(part, Table):
        if part.where == "$.global" and "core:datatype" in part.header:
            kinds = [cell for cell in part.column(part.header.index("core:datatype")) if _DATATYPE.fullmatch(cell)]
            if kinds:
                yield Found(
                    where="core:datatype", confidence=0.95, facts={"format": ("SigMF",), "samples": tuple(kinds)[:5]}
                )
        return
    if part.about != "recording":
        return
    said = part.values
    if said.get("receiver") or (part.number("sample_rate") > _AUDIO and said.get("channels") == 2):
        facts = {key: (str(said[key]),) for key in ("format", "sample_rate", "frequency", "datatype") if said.get(key)}
        yield Found(where="header", confidence=0.9, facts=facts)
