"""Recordings: what receivers write beside samples is read, and samples are known by the description beside them."""

from __future__ import annotations

import json
import struct
from pathlib import Path

from tests.content.seeing import format_id, parts
from tidegate.content.document import Metadata
from tidegate.content.formats import format_of
from tidegate.content.source import Source, from_file
from tidegate.registry import extractors


def wav(rate: int, auxi: bytes = b"") -> bytes:
    body = b"fmt " + struct.pack("<I2H2I2H", 16, 1, 2, rate, rate * 4, 4, 16)
    body += b"auxi" + struct.pack("<I", len(auxi)) + auxi if auxi else b""
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WAVE" + body + b"data" + struct.pack("<I", 8) + bytes(8)


def said(content: bytes) -> Metadata:
    return next(part for part in parts(content) if isinstance(part, Metadata))


def test_frequency_and_time_are_read_from_a_receivers_chunk() -> None:
    auxi = struct.pack("<16H", *[2026, 3, 0, 1, 10, 30, 0, 0] * 2) + struct.pack("<I", 925_200_000) + bytes(36)
    values = said(wav(96_000, auxi)).values
    assert (values["frequency"], values["since"], values["sample_rate"]) == (925_200_000, "2026-03-01T10:30", 96_000)
    assert "frequency" not in said(wav(44_100)).values


def beside(folder: Path, description: object) -> Source:
    data, meta = folder / "a.sigmf-data", folder / "a.sigmf-meta"
    data.write_bytes(bytes(range(256)) * 8)
    meta.write_text(json.dumps(description))
    source = from_file(data)
    return Source(source.name, source.opener, data, source.size, lambda: (meta,))


def test_samples_are_known_by_the_description_beside_them(tmp_path: Path) -> None:
    described = beside(tmp_path, {"global": {"core:datatype": "ci16_le", "core:sample_rate": 2_000_000}})
    assert format_of(described, extractors())[0] == "sigmf-data"
    (found,) = (part for part in parts(described) if isinstance(part, Metadata))
    assert (found.values["sample_rate"], found.values["datatype"]) == (2_000_000, "ci16_le")


def test_bytes_beside_something_else_are_not(tmp_path: Path) -> None:
    assert format_of(beside(tmp_path, {"global": {"colour": "red"}}), extractors())[0] != "sigmf-data"
    for odd in (["core:datatype"], {"global": ["core:datatype"], "core:datatype": 1}):
        assert format_of(beside(tmp_path, odd), extractors())[0] != "sigmf-data"
    assert format_id(bytes(range(256)) * 8) != "sigmf-data"
