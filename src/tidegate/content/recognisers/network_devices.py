"""Configurations of network devices, what they print, and scans of networks."""

from __future__ import annotations

from collections.abc import Iterator

from tidegate.content.document import Metadata
from tidegate.content.units import Fact, Found, recogniser

_IOS = (
    "!\nversion 15.2\n!\nhostname edge-1\n!\ninterface GigabitEthernet0/0\n"
    " ip address 10.0.0.1 255.255.255.0\n duplex auto\n!\nrouter ospf 1\n"
    " network 10.0.0.0 0.0.0.255 area 0\n!\n"
)


@recogniser(
    data_class="infrastructure.network",
    source=(
        "NIST SP 800-128 (security-focused configuration management); vendors' command references;"
        " nmap.org/book/output.html"
    ),
    sees=(Metadata,),
    about=("network device",),
    hits=(
        _IOS,
        (
            "set system host-name edge\nset interfaces ge-0/0/1 unit 0 family inet address 10.0.0.1/30\n"
            "set protocols bgp group x type internal\n"
        ),
        'config system interface\n    edit "port1"\n        set ip 192.0.2.2 255.255.255.0\n    next\nend\n',
        "#\nsysname core\n#\nvlan batch 10 20\n#\ninterface GigabitEthernet0/0/1\n port link-type access\n#\nreturn\n",
        "*filter\n:INPUT DROP [0:0]\n-A INPUT -i lo -j ACCEPT\nCOMMIT\n",
        "# Nmap 7.94 scan initiated\nNmap scan report for gw (10.0.0.1)\nPORT STATE SERVICE\n22/tcp open ssh\n",
        (
            "Ethernet1 is up, line protocol is up (connected)\n"
            "  Hardware is Ethernet, address is 0800.27dc.5443\n  Internet address is 172.16.1.1/24\n"
            "  IP MTU 1500 bytes, BW 10000000 kbit\n"
        ),
    ),
    misses=(
        "config files are kept in /etc\nset your name first\nend\n",  # a manual
        (
            "The interface was quick. Our hostname is new!\nrouter and switch are in the cellar\nip address: ask Anna\n"
        ),  # a mail
        "[server]\nhostname = example.org\nport = 80\naddress = 0.0.0.0\n",  # a program's settings
        "set x 1\nset y 2\nset z 3\nset system going\n",  # a script
        "Port Ferry Status\nDover  yes  open\nCalais no  shut\n",  # a timetable
    ),
)
def network_devices(part: Metadata) -> Iterator[Found]:
    """By what the extractor counted; `secrets` where keys or passwords stand in it."""
    kind, devices = str(part.values.get("format", "")), part.words("devices")
    facts: dict[str, Fact] = {"format": (str(part.values.get("dialect", "")),)}
    if devices:
        facts["devices"] = devices[:40]
    facts |= {key: n for key in ("interfaces", "addresses") if (n := part.number(key))}
    if part.number("secrets"):
        facts["status"] = ("with secrets",)
    scanned = part.number("addresses") if kind == "nmap" else 0
    yield Found(count=max(1, len(devices), scanned), where=kind, confidence=0.9, facts=facts)
