"""Captures of what mobile networks send through the air."""

from __future__ import annotations

from collections.abc import Iterator

from tidegate.content.document import Metadata
from tidegate.content.recognisers import _captures
from tidegate.content.recognisers._captures import AIR, pcap, tcp
from tidegate.content.units import Found, recogniser


@recogniser(
    data_class="radio",
    source="GSMTAP, osmocom.org/projects/baseband/wiki/GSMTAP; tcpdump.org/linktypes.html, types 217 and 218",
    sees=(Metadata,),
    about=("capture",),
    hits=(pcap(bytes(40), link=217),),
    misses=(pcap(tcp(80, b"GET / HTTP/1.1\r\n\r\n")), pcap(bytes(40), link=127)),  # a wire; Wi-Fi, which is a network
)
def air_captures(part: Metadata) -> Iterator[Found]:
    """By GSMTAP, in which receivers hand on what they heard."""
    if AIR & {*part.words("protocols")}:
        yield from _captures.found(part, AIR)
