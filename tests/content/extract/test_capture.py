"""Packet captures of all forms are counted and their protocols told; what is cut off is said so."""

from __future__ import annotations

import struct

import pytest

from tests.content.seeing import parts, seen
from tidegate.content.document import Metadata

DNP3 = b"\x05\x64\x05\xc0\x01\x00\x02\x00\xaa\xbb"
START = 1_770_000_000


def udp(port: int, payload: bytes, *, vlan: bool = False) -> bytes:
    datagram = struct.pack(">4H", 40_000, port, 8 + len(payload), 0) + payload
    packet = (
        struct.pack(">2B3H2BH4s4s", 0x45, 0, 20 + len(datagram), 1, 0, 64, 17, 0, b"\x0a\0\0\1", b"\x0a\0\0\2")
        + datagram
    )
    return bytes(12) + (b"\x81\x00\x00\x05" if vlan else b"") + b"\x08\x00" + packet


def pcap(*sent: bytes, order: str = "<", magic: int = 0xA1B2C3D4, link: int = 1) -> bytes:
    head = struct.pack(f"{order}I2H4I", magic, 2, 4, 0, 0, 65_535, link)
    return head + b"".join(struct.pack(f"{order}4I", START, 0, len(f), len(f)) + f for f in sent)


def pcapng(*sent: bytes, link: bytes = b"", second: int = 1_000_000) -> bytes:
    """`link`: options of the link they came by; `second`: what it counts in one."""

    def block(kind: int, body: bytes) -> bytes:
        length = struct.pack("<I", len(body) + 12)
        return struct.pack("<I", kind) + length + body + length

    whole = block(0x0A0D0D0A, struct.pack("<I2Hq", 0x1A2B3C4D, 1, 0, -1)) + block(
        1, struct.pack("<2HI", 1, 0, 65_535) + link
    )
    for frame in sent:
        ticks = START * second
        body = struct.pack("<5I", 0, ticks >> 32, ticks & 0xFFFFFFFF, len(frame), len(frame)) + frame
        whole += block(6, body + bytes(-len(frame) % 4))
    return whole


def said(content: bytes) -> Metadata:
    return next(part for part in parts(content) if isinstance(part, Metadata))


@pytest.mark.parametrize(
    "content",
    [
        pcap(udp(20_000, DNP3)),
        pcap(udp(20_000, DNP3), order=">"),
        pcap(udp(20_000, DNP3), magic=0xA1B23C4D),  # with nanoseconds
        pcap(udp(20_000, DNP3, vlan=True)),
        pcap(b"\0\0\0\x02" + udp(20_000, DNP3)[14:], link=0),
        pcapng(udp(20_000, DNP3)),
    ],
)
def test_every_form_is_read(content: bytes) -> None:
    values = said(content).values
    assert (values["packets"], values["hosts"], values["protocols"]) == (1, 2, ("UDP", "DNP3"))
    assert values["since"] == "2026-02-02T02:40"


@pytest.mark.parametrize(
    ("link", "second"),
    [
        (b"", 1_000_000),
        (struct.pack("<2HB3x", 9, 1, 9), 10**9),  # nanoseconds, as dumpcap writes them
        (struct.pack("<2H4s2HB3x4x", 2, 3, b"eth", 9, 1, 9), 10**9),  # after the name of the link
        (struct.pack("<2HB3x", 9, 1, 0x80 | 10), 1 << 10),
    ],
)
def test_a_link_says_what_it_counts_time_in(link: bytes, second: int) -> None:
    assert said(pcapng(udp(53, b"query"), link=link, second=second)).values["since"] == "2026-02-02T02:40"


def test_what_is_cut_off_is_counted_as_far_as_it_goes() -> None:
    whole = pcap(udp(53, b"query"), udp(53, b"query"))
    found = seen(whole[:-3])
    assert found.tallies["captures"].count == 1
    assert "cut off" in (found.error or "")
    assert seen(pcapng(udp(53, b"query"))[:-30]).error


def test_a_length_beyond_all_links_is_damage() -> None:
    lying = pcap() + struct.pack("<4I", START, 0, 0xFFFFFFF0, 0) + bytes(100)
    assert "damaged" in (seen(lying).error or "")
    assert seen(lying).tallies == {}


def test_a_port_alone_does_not_tell_a_protocol_of_control() -> None:
    assert said(pcap(udp(20_000, b"hello there, all"))).values["protocols"] == ("UDP",)
    assert said(pcap(udp(7, b"\xaa\x01\x00\x12" + bytes(14)))).values["protocols"] == ("UDP", "C37.118")  # any port
