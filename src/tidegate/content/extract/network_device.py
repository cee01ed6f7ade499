"""Configurations of routers, switches and firewalls, what they print, and scans of networks."""

from __future__ import annotations

import re
from itertools import islice

from tidegate.content.document import Metadata, Parts, blocks
from tidegate.content.extract import _device_lines
from tidegate.content.source import Source
from tidegate.content.units import extractor

_LOOK = 400  # lines that a format is told from
_HINT = re.compile(
    (
        r"(?m)^.{0,60}(?:addr|interface|hostname|config|port|route|Nmap|Host:|\*filter|iptables|chain|bgp"
        r"|BGP|status|set |ltm |net |Flags)"
    ),
    re.IGNORECASE,
)
_NAME = re.compile(
    r"^\s{0,4}(?:set )?(?:deviceconfig )?(?:system )?(?:net add )?(?:host-?name|sysname"
    r"|set hostname)\s+\"?([\w.-]{1,80})"
)
_INTERFACE = re.compile(r"^(?:set )?(?:interfaces?|iface)\s+\S")
_ADDRESS = re.compile(r"(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])")
_SECRET = re.compile(
    r"(?!\s{0,20}(?:no\b|[!#]|desc|remark)).{0,300}\b(?:enable secret"
    r"|(?:pre-shared-key|password|secret|passwd|psk\w{0,20}|authentication-key|community)[ =:]{1,5}\S)",
    re.IGNORECASE,
)
_MOST = 20_000  # different addresses counted
_ROWS = 200_000  # lines counted; configurations of whole networks stay under


def _kind(source: Source) -> str | None:
    if source.encoding is None or not _HINT.search(source.text[:16_384]):
        return None
    return _device_lines.told(source.lines[:_LOOK])


@extractor(formats=(*_device_lines.NAMES,), rank=60, sniff=_kind)
def network_device(source: Source) -> Parts:
    """The text as it stands; names of devices, numbers of interfaces and addresses, whether passwords are in it."""
    yield from blocks(source.pieces())
    devices, interfaces, addresses, secrets, lines = dict[str, None](), 0, set[str](), 0, 0
    for row in islice(source.rows(), _ROWS):
        line = row[:400]
        lines += 1
        if named := _NAME.match(line):
            devices[named[1]] = None
        interfaces += bool(_INTERFACE.match(line))
        secrets += bool(_SECRET.match(line))
        if len(addresses) < _MOST:
            addresses.update(_ADDRESS.findall(line))
    kind = _kind(source) or ""
    yield Metadata(
        "network device",
        {
            "format": kind,
            "dialect": _device_lines.NAMES.get(kind, ""),
            "devices": tuple(devices),
            "interfaces": interfaces,
            "addresses": len(addresses),
            "secrets": secrets,
            "lines": lines,
        },
    )
