"""Captures of name look-ups as the JSON lines of Zeek's dns.log, which is what the product reads."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

TYPES = {1: "A", 2: "NS", 5: "CNAME", 10: "NULL", 15: "MX", 16: "TXT", 25: "KEY", 33: "SRV", 65399: "PRIVATE"}
CODES = {0: "NOERROR", 1: "FORMERR", 2: "SERVFAIL", 3: "NXDOMAIN", 4: "NOTIMP", 5: "REFUSED"}


def records(capture: Path) -> Iterator[str]:
    """A line a query, in order, with the code and the delay of its answer if it got one; what answers say is left out.

    Zeek writes names in lower case, and bytes that are no text as `\\xbc`.
    """
    from scapy.layers.dns import DNS
    from scapy.layers.inet import IP, UDP
    from scapy.utils import PcapReader

    asked: dict[tuple[Any, ...], dict[str, Any]] = {}
    with PcapReader(str(capture)) as packets:
        for packet in packets:
            if not (packet.haslayer(DNS) and packet[DNS].qd):
                continue
            ip, udp, dns = packet[IP], packet[UDP], packet[DNS]
            question = dns.qd[0]
            if not dns.qr:
                key = (ip.src, udp.sport, ip.dst, udp.dport, dns.id, bytes(question.qname))
                asked.setdefault(key, _query(float(packet.time), len(asked), ip, udp, dns, question))
            elif row := asked.get((ip.dst, udp.dport, ip.src, udp.sport, dns.id, bytes(question.qname))):
                row.setdefault("rtt", round(float(packet.time) - row["ts"], 6))
                row |= {"rcode": dns.rcode, "rcode_name": CODES.get(dns.rcode, str(dns.rcode))}
                row |= {"AA": bool(dns.aa), "RA": bool(dns.ra), "rejected": dns.rcode == 5}
    for row in asked.values():
        yield json.dumps(row, separators=(",", ":")) + "\n"


def _query(ts: float, number: int, ip: Any, udp: Any, dns: Any, question: Any) -> dict[str, Any]:
    name = bytes(question.qname).rstrip(b".").lower()
    return {
        "ts": round(ts, 6),
        "uid": f"C{number:017d}",
        "id.orig_h": ip.src,
        "id.orig_p": udp.sport,
        "id.resp_h": ip.dst,
        "id.resp_p": udp.dport,
        "proto": "udp",
        "trans_id": dns.id,
        "query": "".join(chr(b) if 32 <= b < 127 and b != 92 else f"\\x{b:02x}" for b in name),
        "qclass": 1,
        "qclass_name": "C_INTERNET",
        "qtype": question.qtype,
        "qtype_name": TYPES.get(question.qtype, f"query-{question.qtype}"),
        "AA": False,
        "TC": False,
        "RD": bool(dns.rd),
        "RA": False,
        "Z": 0,
        "rejected": False,
    }
