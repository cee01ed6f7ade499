"""Frames of packet captures, read without a library: pcap in its four forms, and pcapng."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import IO

from tidegate.errors import InputError

PCAP = {
    b"\xd4\xc3\xb2\xa1": ("<", 1e-6),
    b"\xa1\xb2\xc3\xd4": (">", 1e-6),
    b"\x4d\x3c\xb2\xa1": ("<", 1e-9),
    b"\xa1\xb2\x3c\x4d": (">", 1e-9),
}
"""Byte order and seconds a tick, by the first bytes."""

PCAPNG = b"\x0a\x0d\x0d\x0a"
_ORDER = {b"\x4d\x3c\x2b\x1a": "<", b"\x1a\x2b\x3c\x4d": ">"}
_MOST = 1 << 24  # bytes of a frame or block; links carry 64 KiB at most, with offloading

Frame = tuple[int, float, bytes]
"""Type of link (tcpdump.org/linktypes.html), seconds since 1970, bytes."""


def frames(data: IO[bytes]) -> Iterator[Frame]:
    """Frames in order. Raises InputError where the file is cut off or damaged, after what came before."""
    magic = data.read(4)
    return _pcapng(data) if magic == PCAPNG else _pcap(data, *PCAP[magic])


def _pcap(data: IO[bytes], order: str, tick: float) -> Iterator[Frame]:
    head = data.read(20)
    if len(head) < 20:
        raise InputError("cut off within its header")
    link = struct.unpack_from(f"{order}I", head, 16)[0] & 0xFFFF
    while head := data.read(16):
        if len(head) < 16:
            raise InputError("cut off within a frame")
        seconds, ticks, length, _ = struct.unpack(f"{order}4I", head)
        frame = data.read(length) if length <= _MOST else b""
        if len(frame) < length:
            raise InputError("cut off or damaged within a frame")
        yield link, seconds + ticks * tick, frame


def _pcapng(data: IO[bytes]) -> Iterator[Frame]:
    order, links, first = "<", list[tuple[int, float]](), True
    while first or (kind := data.read(4)):
        kind, first = (PCAPNG, False) if first else (kind, False)
        size = data.read(4)
        if kind == PCAPNG:
            mark = data.read(4)
            order, links = _ORDER.get(mark, ""), []
            if not order:
                raise InputError("damaged within its header")
        if len(size) < 4 or len(kind) < 4:
            raise InputError("cut off within a block")
        length, read = struct.unpack(f"{order}I", size)[0], 12 if kind == PCAPNG else 8
        body = data.read(length - read) if read + 4 <= length <= _MOST else b""
        if len(body) < length - read or length < read + 4:
            raise InputError("cut off or damaged within a block")
        yield from _block(struct.unpack(f"{order}I", kind)[0], body, order, links)


def _tick(options: bytes, order: str) -> float:
    """Seconds that a link counts in: option 9 has a power of ten or of two; where it is missing they are millionths."""
    place = 0
    while place + 4 < len(options):
        code, length = struct.unpack_from(f"{order}2H", options, place)
        if code == 9:
            power = options[place + 4]
            return float(2.0 ** -(power & 0x7F) if power & 0x80 else 10.0**-power)
        place += 4 + length + -length % 4
    return 1e-6


def _block(kind: int, body: bytes, order: str, links: list[tuple[int, float]]) -> Iterator[Frame]:
    if kind == 1 and len(body) >= 8:  # a link
        links.append((struct.unpack_from(f"{order}H", body)[0], _tick(body[8:], order)))
    elif kind == 6 and len(body) >= 20:  # a frame with its time
        which, high, low, length = struct.unpack_from(f"{order}4I", body)
        if which < len(links):
            yield links[which][0], ((high << 32) + low) * links[which][1], body[20 : 20 + length]
    elif kind == 3 and links and len(body) >= 4:  # a frame without
        yield links[0][0], 0.0, body[4 : 4 + struct.unpack_from(f"{order}I", body)[0]]
