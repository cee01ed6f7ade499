"""Packet captures of the control of power grids."""

from __future__ import annotations

from collections.abc import Iterator

from tidegate.content.document import Metadata
from tidegate.content.recognisers import _captures
from tidegate.content.recognisers._captures import POWER, pcap, tcp
from tidegate.content.units import Found, recogniser


@recogniser(
    data_class="infrastructure.energy",
    source="IEC 60870-5-104, IEEE 1815 (DNP3), IEC 61850-8-1 and 9-2, IEEE C37.118.2, IEC 62056 (DLMS/COSEM)",
    sees=(Metadata,),
    about=("capture",),
    hits=(
        pcap(tcp(20000, b"\x05\x64\x05\xc0\1\0\2\0\xaa\xbb")),
        pcap(tcp(2404, b"\x68\x04\x07\x00\x00\x00")),
        pcap(bytes(12) + b"\x88\xb8" + bytes(40)),
        pcap(bytes(12) + b"\x81\x00\x00\x01\x88\xba" + bytes(40)),  # in a virtual network
    ),
    misses=(
        pcap(tcp(20000, b"GET / HTTP/1.1\r\n\r\n")),  # something else on the port of DNP3
        pcap(tcp(502, b"\0\1\0\0\0\6\1\3\0\0\0\1")),  # Modbus, which any plant and building speaks
        pcap(tcp(2404, b"")),  # a connection without a word
    ),
)
def power_captures(part: Metadata) -> Iterator[Found]:
    """By protocols that next to nobody but the power industry speaks."""
    if POWER & {*part.words("protocols")}:
        yield from _captures.found(part, POWER)
