"""What the logs of DHCP servers share."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from tidegate.sources import _fields as f

MAC = r"(?:[0-9a-fA-F]{1,2}:){5}[0-9a-fA-F]{1,2}"


def mac_of(duid: ir.StringValue) -> ir.StringValue:
    """The hardware address in a DHCPv6 client's DUID (RFC 8415, types 1 and 3), as colon-separated hex; else null."""
    return f.lower(duid.re_extract(rf"^00:(?:01:00:01(?::[0-9a-fA-F]{{2}}){{4}}|03:00:01):({MAC})$", 1))


def held(ip: ir.StringValue) -> dict[str, ir.Value]:
    """A device and the address it holds: `src_ip` is what other logs know it by."""
    return {"activity": ibis.literal("Collect"), "src_ip": f.ip(ip), "ip": f.ip(ip)}
