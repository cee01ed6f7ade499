"""Packet captures of networks."""

from __future__ import annotations

from collections.abc import Iterator

from tidegate.content.document import Metadata
from tidegate.content.recognisers import _captures
from tidegate.content.recognisers._captures import AIR, POWER, pcap, tcp
from tidegate.content.units import Found, recogniser


@recogniser(
    data_class="infrastructure.network",
    source="IETF draft-ietf-opsawg-pcap and draft-ietf-opsawg-pcapng; tcpdump.org/linktypes.html",
    sees=(Metadata,),
    about=("capture",),
    hits=(
        pcap(tcp(80, b"GET / HTTP/1.1\r\n\r\n")),
        pcap(tcp(502, b"\0\1\0\0\0\6\1\3\0\0\0\1")),
        pcap(b"\x88" * 40, link=127),
    ),
    misses=(
        pcap(),  # not a single packet
        pcap(tcp(20000, b"\x05\x64\x05\xc0\1\0\2\0\xaa\xbb")),  # a substation's: it has a class of its own
        b"\xd4\xc3\xb2\xa1 and then something else entirely",
    ),
)
def captures(part: Metadata) -> Iterator[Found]:
    """Those that are not of power control and not from the air."""
    if not (POWER | AIR) & {*part.words("protocols")}:
        yield from _captures.found(part)
