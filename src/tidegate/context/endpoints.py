"""Where data goes: endpoints as logged (addresses, hosts, mailboxes, devices) made into destinations of a kind.

Works on distinct values, not on rows: the caller joins the result. Hosts become registered domains by the
Public Suffix List that ships with `publicsuffixlist`; nothing is looked up anywhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

import pyarrow as pa
from publicsuffixlist import PublicSuffixList

SCHEMA = pa.schema([("endpoint", pa.string()), ("destination", pa.string()), ("kind", pa.string())])

INSIDE = (".local", ".localhost", ".internal", ".intranet", ".private", ".corp", ".home", ".lan", ".home.arpa")
"""Ends of names that exist only inside: RFC 6761, RFC 6762 appendix G, RFC 8375, and ICANN's `.internal`."""

Network = IPv4Network | IPv6Network


@dataclass(frozen=True)
class Rule:
    """One line of destinations.csv: a network, a mail address, an account, a host, `*.domain` or a domain."""

    pattern: str
    kind: str

    @property
    def network(self) -> Network | None:
        try:
            return ip_network(self.pattern, strict=False)
        except ValueError:
            return None


def resolve(endpoints: Iterable[str], rules: Sequence[Rule]) -> pa.Table:
    """`endpoint, destination, kind` for each endpoint; the first rule that fits decides, else the kind is unknown."""
    resolver = _Resolver(rules)
    rows = [(e, *resolver.one(e)) for e in endpoints]
    columns = zip(*rows, strict=True) if rows else ([], [], [])
    return pa.table([pa.array(list(c), pa.string()) for c in columns], schema=SCHEMA)


class _Resolver:
    def __init__(self, rules: Sequence[Rule]) -> None:
        self.networks = [(n, rule.kind) for rule in rules if (n := rule.network) is not None]
        self.networks.sort(key=lambda pair: pair[0].prefixlen, reverse=True)  # the narrowest network decides
        self.names = {rule.pattern.lower(): rule.kind for rule in reversed(rules) if rule.network is None}

    def one(self, endpoint: str) -> tuple[str, str]:
        """Destination and kind of one endpoint."""
        name = endpoint.strip().rstrip(".").lower()
        if name.startswith("removable:"):
            serial = name.removeprefix("removable:")
            return name, self.names.get(serial, self.names.get(name, "unknown"))
        if kind := self.names.get(name):
            return self.domain(name.rpartition("@")[2]), kind
        try:
            address = ip_address(name.strip("[]"))
        except ValueError:
            return self.host(name.rpartition("@")[2])
        address = getattr(address, "ipv4_mapped", None) or address  # ::ffff:10.0.0.1 is 10.0.0.1
        kind = next((k for n, k in self.networks if address in n), "unknown")
        return str(address), kind

    def host(self, host: str) -> tuple[str, str]:
        """The longest listed suffix decides: `a.b.c`, `*.b.c`, `b.c`, …"""
        labels = host.split(".")
        for start in range(len(labels)):
            parent = ".".join(labels[start:])
            kind = self.names.get(f"*.{parent}") or self.names.get(parent)
            if kind is not None:
                return self.domain(host), kind
        return self.domain(host), "own" if host.endswith(INSIDE) else "unknown"

    def domain(self, host: str) -> str:
        return _suffixes().privatesuffix(host) or host


@cache
def _suffixes() -> PublicSuffixList:
    """The list, which takes a sixth of a second to read."""
    return PublicSuffixList()
