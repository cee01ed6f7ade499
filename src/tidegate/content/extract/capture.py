"""Packet captures: how many packets, between how many hosts, of which protocols."""

from __future__ import annotations

import itertools
from collections import Counter
from datetime import UTC, datetime

from tidegate.content.document import Metadata, Parts
from tidegate.content.extract import _packets, _protocols
from tidegate.content.source import Source
from tidegate.content.units import extractor
from tidegate.errors import InputError

_LOOK = 50_000
"""Packets looked at, some hundred thousand a second; of larger captures the number is told from their size."""

_MOST_HOSTS = 5_000


def _kind(source: Source) -> str | None:
    if source.head.startswith(_packets.PCAPNG):
        return "pcapng" if source.head[8:12] in {b"\x4d\x3c\x2b\x1a", b"\x1a\x2b\x3c\x4d"} else None
    version = source.head[4:8]
    return "pcap" if version in {b"\x02\x00\x04\x00", b"\x00\x02\x00\x04"} else None


@extractor(
    formats=("pcap", "pcapng"), rank=10, magic=tuple((0, m) for m in (*_packets.PCAP, _packets.PCAPNG)), sniff=_kind
)
def capture(source: Source) -> Parts:
    """What its first packets are; the last word on damage comes after what was read before it."""
    count, read, damage = 0, 0, None
    links, protocols, hosts, times = Counter[int](), Counter[str](), set[bytes](), list[float]()
    with source.open() as data:
        try:
            for link, time, frame in itertools.islice(_packets.frames(data), _LOOK):
                count, read = count + 1, read + len(frame) + 16
                links[link] += 1
                packet = _protocols.packet(link, frame)
                protocols.update(packet.protocols)
                if len(hosts) < _MOST_HOSTS:
                    hosts.update(packet.hosts)
                times = [min((*times[:1], time)), max((*times[1:], time))] if time else times
        except InputError as error:
            damage = error
    if count == _LOOK:
        count = max(count, round(source.size / read * count))
    yield Metadata(
        "capture",
        {
            "packets": count,
            "hosts": len(hosts),
            "links": tuple(_protocols.LINKS.get(link, f"link type {link}") for link in links),
            "protocols": tuple(name for name, _ in protocols.most_common()),
            **({"since": _iso(times[0]), "until": _iso(times[1])} if times else {}),
        },
    )
    if damage is not None:
        raise damage


def _iso(seconds: float) -> str:
    return datetime.fromtimestamp(min(seconds, 4e9), UTC).isoformat()[:16]
