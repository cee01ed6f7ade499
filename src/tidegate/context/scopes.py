"""The narrowest place that a permit names and a transfer went to: a mailbox, a host, a domain or a network.

A permit for one mailbox or host is none for its whole registered domain, and one for a network is known by no name.
"""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import ip_network

from tidegate.context.endpoints import Network
from tidegate.context.permits import Permit


def spread(permits: Sequence[Permit]) -> list[tuple[Permit, str]]:
    """Each permit with each named place that it covers, its own among them: the wider one covers the narrower too."""
    places = sorted({plain(p.destination) for p in permits if p.destination})
    return [(p, place) for p in permits if p.destination for place in places if covers(p.destination, place)]


def covers(place: str, endpoint: str) -> bool:
    """Whether a place (mailbox, host, domain, network, medium or account) holds an endpoint, or a narrower place."""
    place = plain(place)
    outer, inner = _network(place), _network(endpoint.strip("[]"))
    if outer and inner:
        return outer.version == inner.version and inner.subnet_of(outer)  # type: ignore[arg-type]
    if outer or inner or "@" in place or ":" in endpoint:
        return place in (endpoint, endpoint.removeprefix("removable:"))
    host = endpoint.rpartition("@")[2]
    return host == place or host.endswith("." + place)


def plain(place: str) -> str:
    """A place without what only says that its sub-domains are meant too."""
    return place.removeprefix("*.").lower()


def _network(text: str) -> Network | None:
    try:
        return None if text.isdigit() else ip_network(text, strict=False)  # digits alone are a cloud account
    except ValueError:
        return None
