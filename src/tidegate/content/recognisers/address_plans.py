"""Address plans: tables that say which device, subnet or virtual network has which address."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator

from tidegate.content.document import Table
from tidegate.content.recognisers._measurements import words
from tidegate.content.units import Found, recogniser

_ADDRESS = re.compile(
    r"(?:management |mgmt |lan |wan |ipv[46] |network |private |public |static "
    r"|host )?(?:ip(?:v[46])?(?: addr(?:ess)?)?|addr(?:ess)?|subnet|network|cidr|prefix|range"
    r"|supernet)(?: \d)?"
    r"|(?:管理)?(?:ip)?(?:地址|网段|子网)|管理ip"
)
_DEVICE = re.compile(
    r"(?:host ?name|host|device(?: name| type)?|vlan(?: id| name)?|gateway|default gateway|(?:net"
    r"|subnet )mask|interface|switch ?port|rack|site|zone|vrf|asn?|dns name|fqdn|equipment"
    r"|server(?: name)?|mac(?: address)?)"
    r"|主机名?|设备(?:名称?|型号)?|网关|子网掩码|掩码|接口|端口|机柜|vlan号"
)
_LOG = re.compile(
    r"(?:time ?stamp|time|date ?time|ts|status code|user agent|bytes.*|method|url|uri|action"
    r"|event.*|severity|id resp p|request|response|message|email|e mail)|时间|日期|用户"
)
_LEAST = 3  # different addresses: two are no plan


@recogniser(
    data_class="infrastructure.network",
    source="NIST SP 800-53r5 CM-8 (system component inventory); RFC 1918 and RFC 4632",
    sees=(Table,),
    at_least=_LEAST,
    hits=(
        (
            "hostname,ip address,vlan,gateway\nsw1,10.0.1.2,10,10.0.1.1\nsw2,10.0.1.3,10,10.0.1.1\n"
            "sw3,10.0.1.4,20,10.0.1.1\n"
        ),
        "设备名称,管理IP,子网掩码\n核心1,10.1.0.1,255.255.255.0\n核心2,10.1.0.2,255.255.255.0\n接入1,10.1.0.3,255.255.255.0\n",
        "Site;Subnet;VLAN ID\nNorth;10.20.0.0/24;20\nNorth;10.21.0.0/24;21\nSouth;10.22.0.0/24;22\n",
    ),
    misses=(
        "timestamp,host,ip\n10:00,web,10.0.0.1\n10:01,web,10.0.0.2\n10:02,web,10.0.0.3\n",  # a log
        "name,address,zone\nAnna,Hill Road 1,2\nBen,Sea Street 2,2\nCleo,Main Square 3,1\n",  # people
        "host,version\n1.2.3,4\n1.2.4,5\n1.2.5,6\n",  # versions
    ),
)
def address_plans(part: Table) -> Iterator[Found]:
    """By a column of addresses, nearly all different, beside one of devices, networks or gateways, and no time."""
    names = [words(name) for name in part.header]
    if any(_LOG.fullmatch(name) for name in names):
        return
    for number, name in enumerate(names):
        if not _ADDRESS.fullmatch(name) or not any(_DEVICE.fullmatch(n) for i, n in enumerate(names) if i != number):
            continue
        cells = [row[number].strip() for row in part.rows if row[number].strip()]
        good = [cell for cell in cells if _is_address(cell)]
        if len(good) >= 0.8 * len(cells) and len(set(good)) >= 0.6 * len(good):
            for cell in dict.fromkeys(good):
                yield Found(where=part.header[number], value=cell, confidence=0.8)
            return


def _is_address(cell: str) -> bool:
    try:
        ipaddress.ip_network(cell.split()[0][:50], strict=False)
    except ValueError:
        return False
    return "." in cell or ":" in cell
