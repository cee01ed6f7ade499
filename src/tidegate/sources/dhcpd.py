"""ISC DHCP server's messages in the system log: which device was given which address.

An address given back is a lease of no time. Times without an offset are taken to be UTC.
"""

from __future__ import annotations

import ibis

from tidegate.sources import _fields as f
from tidegate.sources import _syslog as syslog
from tidegate.sources._leases import MAC, held, mac_of
from tidegate.units import LINEAGE, Log, source

DHCPD = Log(
    id="dhcpd",
    title="ISC DHCP",
    formats=("lines",),
    how="Take the system log of the DHCP server, or the file that its `log-facility` goes to.",
    reference="https://kb.isc.org/docs/isc-dhcp-44-manual-pages-dhcpd",
    files=("dhcpd*.log*", "*dhcp*.log*"),
    within="syslog",
    probe=syslog.header("dhcpd"),
    # What was only asked for, offered or refused, and all that is about the server.
    ignore=syslog.header("dhcpd") + r"(?:DHCP(?:[BDEINO-QS-Z]|REQ)|[A-CE-QS-Z]|R[^e]|Re[^p]|D[^H]|[a-z]|\s)",
)


@source(
    log=DHCPD,
    produces="device_inventory",
    columns={"source_modified": "timestamp(6)"},
    # The answer to a DHCPINFORM names the address first: `DHCPACK to 192.0.2.5 (00:00:5e:00:53:01) via eth0`.
    pattern=syslog.fields("dhcpd")
    + rf"(?P<deed>DHCPACK|DHCPRELEASE) (?:on|to|of) (?P<ip>[\d.]+) (?:(?:to|from) )?\(?(?P<mac>{MAC})\)?"
    r"(?: \((?P<name>[^)]*)\))? via (?:.*lease-duration (?P<seconds>\d+))?",
)
def dhcpd(raw: ibis.Table) -> ibis.Table:
    """Addresses given to devices and given back by them."""
    lasted = f.milliseconds(raw.seconds.try_cast("int64"))
    return raw.select(
        *LINEAGE,
        **held(raw.ip),
        time=syslog.time(raw.stamp, raw.source_modified),
        device=f.lower(raw.name),
        mac=raw.mac.lower(),
        lease_ms=ibis.ifelse(raw.deed == "DHCPRELEASE", 0, lasted),
    )


@source(
    log=DHCPD,
    produces="device_inventory",
    columns={"source_modified": "timestamp(6)"},
    pattern=syslog.fields("dhcpd") + r"Reply NA: address (?P<ip>[0-9a-f:]+) to client with duid (?P<duid>[0-9a-f:]+) "
    r".*?(?:valid for (?P<seconds>\d+) seconds)?$",
)
def dhcpd_v6(raw: ibis.Table) -> ibis.Table:
    """IPv6 addresses given to devices; their hardware address is part of most identifiers (DUID)."""
    return raw.select(
        *LINEAGE,
        **held(raw.ip),
        time=syslog.time(raw.stamp, raw.source_modified),
        mac=mac_of(raw.duid),
        lease_ms=f.milliseconds(raw.seconds.try_cast("int64")),
    )
