"""What protocols in a packet capture say of where it was taken."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from collections.abc import Set as AbstractSet

from tidegate.content.document import Metadata
from tidegate.content.units import Fact, Found

POWER = frozenset(
    {"GOOSE", "GSE management", "sampled values", "IEC 60870-5-104", "DNP3", "C37.118", "IEC 61850 MMS", "DLMS/COSEM"}
)
"""Protocols that substations, control centres and meters speak, and next to nobody else."""

AIR = frozenset({"GSMTAP", "GSM Um"})
"""What was received from a mobile network's air interface."""


def found(part: Metadata, first: AbstractSet[str] = frozenset()) -> Iterator[Found]:
    """One capture, with its facts; protocols of `first` before the others."""
    named = sorted(part.words("protocols"), key=lambda name: name not in first)
    if packets := part.number("packets"):
        facts: dict[str, Fact] = {"protocols": tuple(named)[:20], "hosts": part.number("hosts")}
        facts |= {key: str(part.values[key]) for key in ("since", "until") if key in part.values}
        yield Found(count=packets, where=", ".join(named)[:120], confidence=0.95, facts=facts)


def pcap(*sent: bytes, link: int = 1) -> bytes:
    """A capture of frames, for examples."""
    head = struct.pack("<I2H4I", 0xA1B2C3D4, 2, 4, 0, 0, 65_535, link)
    return head + b"".join(struct.pack("<4I", 1_770_000_000, 0, len(f), len(f)) + f for f in sent)


def tcp(port: int, payload: bytes) -> bytes:
    """An Ethernet frame with a TCP segment to a port, for examples."""
    segment = struct.pack(">2H2I2B3H", 40_000, port, 1, 1, 0x50, 0x18, 512, 0, 0) + payload
    packet = struct.pack(">2B3H2BH4s4s", 0x45, 0, 20 + len(segment), 1, 0, 64, 6, 0, b"\x0a\0\0\1", b"\x0a\0\0\2")
    return bytes(12) + b"\x08\x00" + packet + segment
