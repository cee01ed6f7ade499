"""EVTX files as Windows writes them, as far as a test needs it: every record spells out its XML, in binary form."""

from __future__ import annotations

import struct
from collections.abc import Iterable

CHUNK = 65536
FILE_HEADER = struct.pack("<8s3QI4H", b"ElfFile\0", 0, 0, 1, 128, 1, 3, 4096, 1).ljust(4096, b"\0")
_START = 512  # of the first record in a chunk
Element = tuple[str, dict[str, str], "str | list[Element]"]


def evtx(*chunks: bytes) -> bytes:
    """A file of these chunks."""
    return FILE_HEADER + b"".join(chunks)


def chunk(events: Iterable[tuple[int, Element]]) -> bytes:
    """A chunk of numbered events."""
    records, numbers = b"", []
    for number, xml in events:
        at = _START + len(records) + 24
        body = b"\x0f\x01\x01\x00" + _element(xml, at + 4) + b"\x00"
        size = 24 + len(body) + 4
        records += (
            struct.pack("<4sIQQ", b"**\0\0", size, number, 133_000_000_000_000_000) + body + struct.pack("<I", size)
        )
        numbers.append(number)
    free = _START + len(records)
    header = struct.pack("<8s4Q3I", b"ElfChnk\0", *(numbers[0], numbers[-1]) * 2, 128, free, free)
    return (header.ljust(_START, b"\0") + records).ljust(CHUNK, b"\0")


def event(number: int, channel: str = "Security", id_: int = 4624, **data: str) -> tuple[int, Element]:
    """An event with fields in its EventData."""
    system: list[Element] = [
        ("Provider", {"Name": "Microsoft-Windows-Security-Auditing"}, ""),
        ("EventID", {}, str(id_)),
        ("TimeCreated", {"SystemTime": f"2025-11-20T10:00:{number % 60:02}.000000Z"}, ""),
        ("EventRecordID", {}, str(number)),
        ("Channel", {}, channel),
        ("Computer", {}, "pc-07.reserve.example"),
    ]
    fields: list[Element] = [("Data", {"Name": name}, value) for name, value in data.items()]
    return number, ("Event", {}, [("System", {}, system), ("EventData", {}, fields)])


def _element(element: Element, at: int) -> bytes:
    """An element that begins at this place of its chunk."""
    name, attributes, content = element
    out = bytearray(struct.pack("<BI", 0x41 if attributes else 0x01, 0))
    out += _name(name, at + len(out))
    if attributes:
        size_at = len(out)
        out += bytes(4)
        for i, (key, value) in enumerate(attributes.items(), 1):
            out.append(0x06 if i == len(attributes) else 0x46)
            out += _name(key, at + len(out)) + _text(value)
        struct.pack_into("<I", out, size_at, len(out) - size_at - 4)
    out.append(0x02)
    if isinstance(content, str):
        out += _text(content) if content else b""
    else:
        for inner in content:
            out += _element(inner, at + len(out))
    out.append(0x04)
    struct.pack_into("<I", out, 1, len(out) - 5)
    return bytes(out)


def _name(name: str, at: int) -> bytes:
    """A name where it is first used: the place of what follows."""
    return struct.pack("<IIHH", at + 4, 0, 0, len(name)) + name.encode("utf-16-le") + b"\0\0"


def _text(value: str) -> bytes:
    return struct.pack("<BBH", 0x05, 0x01, len(value)) + value.encode("utf-16-le")
