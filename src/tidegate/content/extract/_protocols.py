"""What a frame of a packet capture carries: by ethertype, port and the first bytes of what is carried."""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass

LINKS = {
    0: "loopback",
    1: "Ethernet",
    12: "IP",
    14: "IP",
    101: "IP",
    105: "Wi-Fi",
    113: "Linux cooked",
    119: "Wi-Fi",
    127: "Wi-Fi",
    163: "Wi-Fi",
    187: "Bluetooth",
    189: "USB",
    195: "IEEE 802.15.4",
    201: "Bluetooth",
    217: "GSM Um",
    218: "GSM Um",
    220: "USB",
    228: "IP",
    229: "IP",
    230: "IEEE 802.15.4",
    251: "Bluetooth Low Energy",
    276: "Linux cooked",
}
"""Types of link, by number (tcpdump.org/linktypes.html)."""

_ETHER = {
    0x88B8: "GOOSE",
    0x88B9: "GSE management",
    0x88BA: "sampled values",
    0x8892: "PROFINET",
    0x88A4: "EtherCAT",
    0x88F7: "PTP",
    0x0806: "ARP",
    0x88CC: "LLDP",
    0x8809: "LACP",
    0x8847: "MPLS",
}
_PORTS = {
    22: "SSH",
    23: "telnet",
    25: "SMTP",
    53: "DNS",
    67: "DHCP",
    80: "HTTP",
    123: "NTP",
    161: "SNMP",
    179: "BGP",
    389: "LDAP",
    443: "TLS",
    445: "SMB",
    500: "IKE",
    514: "syslog",
    646: "LDP",
    1812: "RADIUS",
    3389: "RDP",
    4729: "GSMTAP",
    4789: "VXLAN",
    47808: "BACnet",
    44818: "EtherNet/IP",
    2222: "EtherNet/IP",
    4840: "OPC UA",
    9600: "FINS",
    34980: "EtherCAT",
}
_IP = {
    1: "ICMP",
    2: "IGMP",
    6: "TCP",
    17: "UDP",
    47: "GRE",
    50: "ESP",
    58: "ICMPv6",
    88: "EIGRP",
    89: "OSPF",
    103: "PIM",
    112: "VRRP",
    132: "SCTP",
}


def _iec104(payload: bytes) -> bool:
    return len(payload) >= 6 and payload[0] == 0x68 and 4 <= payload[1] <= 253


def _dnp3(payload: bytes) -> bool:
    return payload[:2] == b"\x05\x64" and len(payload) >= 10 and payload[2] >= 5


def _synchrophasor(payload: bytes) -> bool:
    """IEEE C37.118: a mark, a type, and its own length, whatever the port."""
    return (
        len(payload) >= 16
        and payload[0] == 0xAA
        and payload[1] & 0x8F in range(1, 7)
        and int.from_bytes(payload[2:4], "big") <= len(payload)
        and int.from_bytes(payload[2:4], "big") >= 16
    )


def _siemens(payload: bytes) -> bool:
    return payload[:2] == b"\x03\x00" and payload[5:6] == b"\xf0" and payload[7:8] == b"\x32"


def _session(payload: bytes) -> bool:
    """MMS over ISO transport: data that is not Siemens', a session that opens or goes on."""
    return (
        payload[:2] == b"\x03\x00" and payload[5:6] == b"\xf0" and payload[7:8] in {b"\x01", b"\x0d", b"\x0e", b"\x61"}
    )


def _modbus(payload: bytes) -> bool:
    return len(payload) >= 8 and payload[2:4] == b"\0\0" and 2 <= int.from_bytes(payload[4:6], "big") <= 254


_BY_PORT: dict[int, tuple[tuple[str, Callable[[bytes], bool]], ...]] = {
    2404: (("IEC 60870-5-104", _iec104),),
    20000: (("DNP3", _dnp3),),
    19999: (("DNP3", _dnp3),),
    102: (("S7", _siemens), ("IEC 61850 MMS", _session)),
    502: (("Modbus", _modbus),),
    4712: (("C37.118", _synchrophasor),),
    4713: (("C37.118", _synchrophasor),),
    4059: (("DLMS/COSEM", lambda payload: payload[:2] == b"\0\1" and len(payload) > 8),),
}


@dataclass(frozen=True)
class Packet:
    """What a frame carries."""

    protocols: tuple[str, ...] = ()
    hosts: tuple[bytes, ...] = ()


def packet(link: int, frame: bytes) -> Packet:
    """Protocols of a frame, the outermost first; nothing of frames that are cut off."""
    if link == 1:
        return _ether(frame)
    if link in {217, 218}:
        return Packet(("GSMTAP",))
    if link == 113:
        return _typed(int.from_bytes(frame[14:16], "big"), frame[16:])
    if link == 276:
        return _typed(int.from_bytes(frame[:2], "big"), frame[20:])
    if link == 0:
        return _internet(frame[4:])
    if link in {12, 14, 101, 228, 229}:
        return _internet(frame)
    name = LINKS.get(link)
    return Packet((name,) if name else ())


def _ether(frame: bytes) -> Packet:
    kind, place = int.from_bytes(frame[12:14], "big"), 14
    for _ in range(3):
        if kind not in {0x8100, 0x88A8}:
            break
        kind, place = int.from_bytes(frame[place + 2 : place + 4], "big"), place + 4
    return _typed(kind, frame[place:])


def _typed(kind: int, body: bytes) -> Packet:
    if kind in {0x0800, 0x86DD}:
        return _internet(body)
    return Packet((_ETHER[kind],) if kind in _ETHER else ())


def _internet(body: bytes) -> Packet:
    version = body[0] >> 4 if body else 0
    if version == 4 and len(body) >= 20:
        number, hosts, place = body[9], (body[12:16], body[16:20]), (body[0] & 15) * 4
        end = int.from_bytes(body[2:4], "big") or len(body)
        if int.from_bytes(body[6:8], "big") & 0x1FFF:  # a later fragment
            return Packet((), hosts)
    elif version == 6 and len(body) >= 40:
        number, hosts, place, end = body[6], (body[8:24], body[24:40]), 40, len(body)
    else:
        return Packet()
    names = tuple(filter(None, (_IP.get(number), _carried(number, body[place:end]))))
    return Packet(names, hosts)


def _carried(number: int, body: bytes) -> str | None:
    """The protocol above TCP or UDP: by what its bytes say where that can be told, by its port else."""
    if number not in {6, 17} or len(body) < 8:
        return None
    ports = struct.unpack_from(">2H", body)
    if number == 17:
        payload = body[8:]
    elif len(body) >= 20:
        payload = body[(body[12] >> 4) * 4 :]
    else:
        return None
    if not payload:
        return None
    for port in ports:
        for name, told in _BY_PORT.get(port, ()):
            if told(payload):
                return name
    if _synchrophasor(payload):
        return "C37.118"
    return next((_PORTS[port] for port in ports if port in _PORTS), None)
