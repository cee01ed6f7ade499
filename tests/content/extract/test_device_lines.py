"""What devices print is told by kinds of lines, whatever the command; pages about networks are not."""

from __future__ import annotations

import pytest

from tidegate.content.extract._device_lines import told

PRINTED = {
    "neighbours": "Capability Codes: R - Router, S - Switch\n\nDevice ID    Local Intrfce  Holdtme  Platform  Port ID\n"
    "core-1       Gig 1/0/10     144      C9300     Gig 0/0\ncore-2       Gig 1/0/11     122      C9300     Gig 0/1\n",
    "addresses": "Protocol  Address      Age (min)  Hardware Addr   Type  Interface\n"
    "Internet  10.1.2.1     -          0011.2233.4455  ARPA   Vlan10\n"
"Internet  10.1.2.2     3          0011.2233.4456  ARPA   Vlan10\n",
    "access lists": (
"Extended IP access list GUEST\n    10 permit tcp any host 10.1.1.1 eq www\n"
"    20 deny ip any any\n"
),
    "channels": "Flags:  D - down  P - bundled\n\nGroup  Port-channel  Protocol    Ports\n"
    "1      Po1(SU)       LACP        Te1/1(P)   Te2/1(P)\n2      Po2(SU)       LACP        Te1/2(P)   Te2/2(P)\n",
    "tunnels": "Code: D - Dead Peer Detection\nInterface: Tunnel12\nSession status: UP-ACTIVE\n"
"Peer: 10.1.9.9 port 500\n"
    "  IKEv2 SA: local 10.1.1.1/500 remote 10.1.9.9/500 Active\n",
}  # fmt: skip


@pytest.mark.parametrize("name", PRINTED)
def test_what_devices_print_is_told(name: str) -> None:
    assert told(PRINTED[name].splitlines()) == "network-output"


@pytest.mark.parametrize(
    "text",
    [
        (
            "Routers speak BGP with one another.\nWithin a house, OSPF or IS-IS is used.\n"
            "The MTU is mostly 1500 bytes.\n"
            "A VLAN keeps guests apart.\n"
        ),  # a textbook
        (
            "Codes: A - apples, P - pears\n\nName     Type    State\nGolden   A       ripe\nConference  P    unripe\n"
        ),  # a market
        ("#define FULL 0x1 /* full-duplex */\n#define HALF 0x2 /* half-duplex */\n/* of auto-negotiation */\n")
        * 5,  # a program
        "Status: up\nMood:   down\nPort:   two glasses\n",  # a diary
        "10.1.2.3  web\n10.1.2.4  mail\n",  # a hosts file
        ("ssh\t\t22/tcp\t\t# Login Protocol\nbgp\t\t179/tcp\t\t# Gateway Protocol\nipsec\t\t4500/udp\t# IPsec\n")
        * 6,  # ports
        "permit number  any\n  10 permit parking\n  20 deny any entry\n",  # a gatekeeper's list
        "commit 0011.2233.4455\nAuthor: Anna\n\n  Vlan10 renamed\n",  # a change log
    ],
)
def test_pages_about_networks_and_lists_of_other_things_are_not(text: str) -> None:
    assert told(text.splitlines()) is None
