"""Networks in XML: what Nmap found (`nmap -oX`), and the configurations of pfSense and OPNsense."""

from __future__ import annotations

import re
from xml.parsers.expat import ExpatError

from tidegate.content.document import Metadata, Parts, Value
from tidegate.content.extract import xml as plain
from tidegate.content.extract._xml import events, root
from tidegate.content.source import Source
from tidegate.content.units import extractor
from tidegate.errors import InputError

_FORMATS = {"nmaprun": "nmap-xml", "pfsense": "pfsense", "opnsense": "opnsense"}
_DIALECTS = {"nmap-xml": "Nmap", "pfsense": "pfSense", "opnsense": "OPNsense"}
_ADDRESS = re.compile(r"(?:\d{1,3}\.){3}\d{1,3}|(?=.*:.*:)[0-9A-Fa-f:]{3,39}")
_SECRET = re.compile(r"(?:bcrypt-hash|sha512-hash|password|md5-hash|pre-shared-key|prv|sharedsecret|radius_secret)$")
_NAMES = 40  # of devices that are told


def _kind(source: Source) -> str | None:
    found = root(source.text)
    return None if found is None else _FORMATS.get(found[0])


@extractor(formats=tuple(_DIALECTS), rank=29, sniff=_kind)
def network_xml(source: Source) -> Parts:
    """How many devices, addresses and interfaces; then its text as of any XML."""
    yield from _counted(source, _kind(source) or "")
    yield from plain.xml.extract(source)


def _counted(source: Source, format_: str) -> Parts:
    path: list[str] = []
    names, addresses, interfaces, secrets = dict[str, None](), set[str](), 0, 0
    with source.open() as data:
        try:
            for event in events(data, source.encoding):
                if event.kind == "start":
                    path.append(event.name)
                    interfaces += format_ != "nmap-xml" and path[1:-1] == ["interfaces"]
                    if event.name == "address" and event.attributes.get("addrtype", "").startswith("ip"):
                        addresses.add(event.attributes.get("addr", ""))
                    if path[-3:] == ["host", "hostnames", "hostname"]:
                        names[event.attributes.get("name", "")] = None
                else:
                    path.pop()
                    text = event.text.strip()
                    secrets += bool(text) and _SECRET.match(event.name) is not None
                    if path == [format_, "system"] and event.name == "hostname":
                        names[text] = None
                    elif event.name in {"ipaddr", "ipaddrv6"} and _ADDRESS.fullmatch(text):
                        addresses.add(text)
        except (ExpatError, InputError):  # told of where its text is read
            pass
    kind = "nmap" if format_ == "nmap-xml" else format_
    values = {"addresses": len(addresses), "interfaces": interfaces, "secrets": secrets}
    known: dict[str, Value] = {
        "format": kind,
        "dialect": _DIALECTS[format_],
        "devices": tuple(filter(None, names))[:_NAMES],
    }
    if addresses or interfaces:
        yield Metadata("network device", {**known, **{key: n for key, n in values.items() if n}})
