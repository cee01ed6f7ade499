"""The known ways of losing data that a case can look like, as a person would head it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

TITLES: Mapping[str, str] = MappingProxyType(
    {
        "drip": "Many small sendings to one outside recipient",
        "springboard": "One account reaching into many others' data",
        "covert_channel": "A hidden channel out of the network",
        "unknown_instrument": "A device nobody registered sends data out",
        "vendor_reach": "A third party beyond its hours, systems or volume",
        "open_share": "Data opened to outsiders",
        "bulk_commission": "A volume far over the usual is leaving",
        "paid_copies": "Marked papers copied",
        "leaver_haul": "Files taken far beyond the person's usual",
        "mail_leak": "A mailbox sends copies outside",
        "staged": "Collected, packed and sent",
        "rule": "Something that a rule of yours looks for",
        "approach": "Somebody is working on a member of staff",
    }
)
