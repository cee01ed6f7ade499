"""How configurations of network devices, and what their command lines print, are told by their lines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_LINE = 200  # characters of a line that are looked at
_MANY = 8  # lines of one kind, where next to nothing else stands


@dataclass(frozen=True)
class Dialect:
    """A language of configurations: lines that say it at once, and lines of which several kinds are needed."""

    id: str
    name: str
    marks: tuple[str, ...]  # one of these lines and one of the others
    lines: tuple[str, ...]  # or `kinds` of these
    kinds: int = 3
    least: int = 4  # lines in all
    alone: bool = False  # whether eight lines of one kind and next to no others will do: a part of a configuration


_INTERFACE = r"(?:[A-Z][A-Za-z-]{1,30} ?\d|(?:eth|swp|bond|lo|vlan|mgmt|port-channel|ae|xe-|ge-|et-|ma)\d*)"
_WORD = r"[\w./:-]{1,80}"

DIALECTS = (
    Dialect(
        "cisco-config",
        "Cisco and its relatives",
        (
            r"!RANCID-CONTENT-TYPE: ",
            r"! ?Command: show (?:running|startup)-config",
            r"ASA Version \d",
            r"frr version",
            r"frr defaults",
            r"! Last configuration change at ",
            r"Building configuration\.\.\.",
            r"boot system flash",
            r"### end /etc/network/interfaces",
        ),
        (
            rf"hostname {_WORD}$",
            rf"interface {_INTERFACE}",
            r"\s{1,4}(?:ip|ipv4|ipv6) address (?:\d|dhcp|[0-9a-f]{1,4}:)",
            r"(?:no )?router (?:bgp|ospf|ospfv3|eigrp|rip|isis|static|pim)\b",
            r"(?:ip|ipv4|ipv6) (?:access-list|prefix-list|route|as-path|community-list|cef|domain|name-server|http|ssh|forward|routing)\b",
            r"access-list \S{1,80} (?:permit|deny|extended|standard|remark)",
            r"(?:route-map|route-policy|prefix-set|as-path-set|community-set) \S",
            r"vrf (?:definition|context|instance|forwarding)? ?\S",
            r"line (?:vty|con|aux|console|default)",
            r"(?:no )?(?:aaa|snmp-server|ntp server|logging (?:host|buffered|console|trap)|enable (?:secret|password)|username \S+ (?:priv|pass|sec))\b",
            r"crypto (?:isakmp|ipsec|map|keyring|ikev[12]|pki)",
            r"(?:no )?spanning-tree ",
            r"(?:class-map|policy-map|object-group|object network|key chain|control-plane|feature [a-z-]+$|service timestamps|boot system)",
            r"\s{1,4}(?:no )?(?:switchport|shutdown|nameif|security-level|neighbor \S+ remote-as|channel-group|duplex|speed \d+)\b",
            r"\s{1,4}(?:neighbor \S+|network \d\S+|redistribute \w+|address-family \w+|router-id \d\S+|bgp router-id|area \S+)",
            r"\s{1,6}(?:\d{1,6} )?(?:permit|deny) (?:ip|tcp|udp|icmp|any|host|ipv6|\d)",
            r"(?:no )?crypto map \S+ \d+(?: |$)",
        ),
        alone=True,
    ),
    Dialect(
        "junos-config",
        "Juniper Junos",
        (r"## Last (?:changed|commit): ", r"version \d\d\.\d\w+[\w.-]*;$"),
        (
            r"set (?:groups \S+ )?system (?:host-name|services|login|syslog|ntp|root-authentication|name-server)",
            r"set (?:groups \S+ )?interfaces \S+ (?:unit|description|mtu|family|gigether|ether|aggregated|disable)",
            r"set (?:logical-systems \S+ )?protocols (?:bgp|ospf|ospf3|isis|mpls|ldp|lldp|rstp|evpn|l2circuit|pim|bfd)",
            r"set policy-options (?:prefix-list|policy-statement|community|as-path)",
            r"set (?:routing-options|routing-instances|switch-options|forwarding-options|firewall|class-of-service|applications|vlans|chassis|snmp|access|bridge-domains) ",
            r"set security (?:zones|policies|nat|ike|ipsec|address-book|screen)",
            r"(?:system|interfaces|protocols|policy-options|routing-options|security|firewall|routing-instances|vlans) \{$",
            r"\s+(?:host-name|root-authentication|family inet6?|neighbor \S+|address \d\S+|unit \d+|local-as|autonomous-system)\b.{0,60}[;{]$",
        ),
        kinds=2,
        least=3,
        alone=True,
    ),
    Dialect(
        "panos-config",
        "Palo Alto PAN-OS",
        (r"set deviceconfig (?:system|setting)",),
        (
            r"set (?:config )?mgt-config ",
            r"set (?:template \S+ )?(?:config )?(?:devices \S+ )?network (?:interface|virtual-router|profiles|ike|tunnel|vlan|shared-gateway)",
            r"set (?:device-group|template|template-stack|log-collector-group) \S",
            r"set (?:vsys \S+ )?rulebase (?:security|nat|application-override|default-security-rules|pbf)",
            r"set (?:shared|vsys \S+|config|zone|address|address-group|service|service-group|application|application-group|tag|profiles) \S",
        ),
        kinds=2,
        least=3,
    ),
    Dialect(
        "fortios-config",
        "Fortinet FortiOS",
        (r"#config-version=",),
        (
            r"config (?:system|firewall|router|vpn|log|user|wireless-controller|switch-controller|ips|antivirus|webfilter|application|endpoint-control) ?[\w-]*",
            r"\s{2,12}edit (?:\"|\d)",
            r"\s{2,12}next$",
            r"end$",
            r"\s{2,12}set (?:hostname|vdom|ip|allowaccess|type|member|srcintf|dstintf|srcaddr|dstaddr|action|service|interface|alias|subnet|protocol|comment|tcp-portrange)\b",
        ),
    ),
    Dialect(
        "f5-config",
        "F5 BIG-IP",
        (r"#TMSH-VERSION: ", r"!!! imish configuration starts here"),
        (
            r"(?:ltm|gtm) (?:node|pool|virtual|virtual-address|monitor|profile|rule|snat|snatpool|snat-translation|policy|data-group|persistence)\b.{0,120}\{",
            r"net (?:self|vlan|route|route-domain|interface|trunk|routing|tunnels|stp|self-allow)\b.{0,120}\{",
            r"(?:sys|auth|cm|apm|security) [a-z-]+ .{0,80}\{",
        ),
        kinds=2,
        least=2,
    ),
    Dialect(
        "vrp-config",
        "Huawei VRP, H3C Comware",
        (r"!Software Version V\d", r"\s?version \d\.\d\.\d+, Release"),
        (
            r"\s?sysname \S",
            r"interface (?:GigabitEthernet|XGigabitEthernet|10GE|25GE|40GE|100GE|Vlanif|Vlan-interface|LoopBack|Ten-GigabitEthernet|Eth-Trunk|MEth|NULL|Ethernet|Bridge-Aggregation|Route-Aggregation|M-GigabitEthernet)\d",
            r"\s?(?:undo [a-z]|return$|user-interface|stelnet server|info-center|snmp-agent|local-user|authentication-mode|ospf \d|isis \d|acl (?:number|name|basic|advanced)|vlan batch|irf |domain (?:default|system))",
            r"\s(?:ip address \d+\.\d+\.\d+\.\d+ \d|port (?:link-type|trunk|default|link-mode|access)|peer \S+ as-number|rule \d+ (?:permit|deny))",
            r"(?:bgp|ospf|isis|rip|mpls|l2vpn|ip vpn-instance|aaa|stp|lldp)(?: \S+)?$",
            r"ip route-static \d",
        ),
    ),
    Dialect(
        "cumulus-config",
        "Cumulus and ifupdown",
        (),
        (
            r"net (?:add|del) (?:hostname|bond|bgp|bridge|interface|loopback|routing|vlan|vrf|vxlan|ospf|time|dns|snmp-server|all)",
            r"net commit",
            r"(?:auto|allow-hotplug) \S+$",
            r"iface \S+(?: inet6? (?:static|loopback|dhcp|manual))?$",
            r"\s+(?:address|gateway|netmask|bridge-ports|bridge-vids|bond-slaves|vrf|clagd-\w+) \S",
            r"nv set (?:interface|router|vrf|bridge|system|service) ",
        ),
        kinds=1,
        least=4,
    ),
    Dialect(
        "routeros-config",
        "MikroTik RouterOS",
        (r"# (?:\w{3}/\d\d/\d{4}|\d{4}-\d\d-\d\d) \d\d:\d\d:\d\d by RouterOS",),
        (
            r"/(?:ip|ipv6) (?:address|route|firewall \w+|dhcp-server|dns|service|pool|ipsec \w+|neighbor)",
            r"/(?:interface|routing|system|snmp|user|queue|ppp|certificate|tool|log)(?: \S+){0,3}$",
            r"(?:add|set) .{0,120}(?:address|chain|interface|name|network|dst-address|action|bridge)=",
        ),
        kinds=2,
        least=3,
    ),
    Dialect(
        "sros-config",
        "Nokia SR OS",
        (r"# TiMOS-", r"echo \"System Configuration\""),
        (
            r"configure \{$",
            r"\s+router \"?Base\"?",
            r"\s+(?:card|mda|sfm|port|policy-options|service|system) .{0,60}\{$",
            r"\s+admin-state (?:enable|disable)$",
            r"exit all$",
        ),
        kinds=2,
    ),
    Dialect(
        "iptables-rules",
        "iptables and nftables",
        (r"# Generated by (?:ip6?tables|nft)",),
        (
            r"\*(?:filter|nat|mangle|raw|security)$",
            r":(?:INPUT|FORWARD|OUTPUT|PREROUTING|POSTROUTING) (?:ACCEPT|DROP) ",
            r"(?:(?:sudo )?ip6?tables (?:-t \w+ )?)?-[AIP] \w+ .{0,160}",
            r"COMMIT$",
            r"table (?:inet|ip|ip6|arp|bridge) \S+ \{$",
            r"\s+chain \S+ \{$",
            r"\s+type (?:filter|nat|route) hook ",
        ),
    ),
)
"""Languages of configurations, in the order in which they are asked."""

_PORT = (
    r"(?:(?:Gi|Te|Fa|Fo|Hu|Po|Eth|Twe|gi|te|fa|po|ge|GE|XGE|10GE|et|BE|Be|Lo|Vl|Tu)"
    r"|(?:[A-Za-z]{2,12}-)?(?:GigabitEthernet|TenGigE|TenGigabitEthernet|FastEthernet|Ethernet|ethernet|Vlan-interface|Port-channel|Loopback|Vlan))"
    r"-?\d{1,4}(?:[/:.]\d{1,4}){0,4}"
)
_MAC = r"(?:[0-9A-Fa-f]{4}[.-][0-9A-Fa-f]{4}[.-][0-9A-Fa-f]{4}|(?:[0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2})"
_ADDRESS = r"\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}"

OUTPUT = (
    rf"\s{{0,2}}(?:Interface )?{_PORT}\b",
    r"(?:.{0,60}\bline protocol (?:is|state)|Current state: |\s?Link (?:state|is|status)|Interface \S+ is (?:up|down)|\s*Admin\s+(?:Link|state)\b|\s+status: link-ok)",
    rf".{{0,80}}\b(?:address is|MAC [Aa]ddress:?|hardware address:?|mac[ -]address[=:]|mac:|Chassis ID\s*:) ?{_MAC}",
    rf"\s{{0,4}}{_ADDRESS}\s.{{0,30}}{_MAC}",
    r".{0,60}\b(?:MTU|mtu)(?:[ =:]|-override)",
    r".{0,60}\b(?:(?:[Ff]ull|[Hh]alf|auto)-?duplex|\d+(?:Gig)?FDx)\b",
    r".{0,60}\b(?:[Aa]uto-negotiation|flow-control|flow control|tx-flow|speed/duplex|Flow\s+Link)",
    r".{0,80}\b(?:input errors|output errors|CRC,|packets (?:input|output)|runts|giants|input rate|InOctets|broadcasts)\b",
    r"(?:BGP routing table|BGP table version|Router identifier|OSPF Router with ID|\s+Router Link States|Router ID:|RIB routes|Routing (?:entry|table)|VRF type|Autonomous system number)",
    r"\s+(?:Origin (?:IGP|EGP|INCOMPLETE)|AS-Path:|Advertising Router:|LS age:|Link State ID:|Paths?: )",
    r".{0,40}\b(?:LLDP|CDP|lldp|cdp) (?:neighbor|information)|(?:\d )?(?:port\.desc|chassis\.type|system\.name)",
    r"\s*(?:Chassis (?:ID|type)|Port ID(?: subtype)?|Port description|System (?:name|[Dd]escription)|Device ID|Local interface|Neighbor index|Device Port|Platform)\s*:",
    r"(?:Interface|Port|Address|Protocol|Name|name|Port Name|IP ADDRESS|Neighbor|OurAddr|Destination)\s{2,}.{0,80}\b(?:Status|State|Hardware Addr|Interface|INTERFACE|Vlan|VLAN|Speed|Type|mac address|NeighAddr|Description|Mask|Gateway)\b",
    r"(?:Session state is (?:UP|DOWN)|Local Diag:|MinTxInt:|Rx Count:|Received MinRxInt)",
    r"\s+(?:transceiver is|type is|nominal bitrate|serial number is|cisco id is|part number is|sfp-\w+|vlan-id=|l2mtu=|loop-protect)",
    r"(?:Control link status|Fabric link status|Redundant-ethernet|Fabric interfaces|Control interfaces)",
    r"(?:Port Access Client|Client [0-9a-f:]{17}|\s+Auth Precedence|\s+IPv4 Address\s*:|\s+Session Time\s*:)",
    r"\s{0,3}(?:Last clearing of counters|Media type is|Link speed type|IP packet frame type|Line protocol state|Status and Counters)",
    r"(?:total configured (?:hardware|logical) interfaces|name:\s\w+\s+mode:\s(?:static|dhcp|pppoe)|== \[ \w+ \])",
    r"(?:Flags: [A-Z] - )",
)
"""Lines that devices print; two kinds and six lines, or three kinds, are no accident."""

OUTPUT_MARKS = (
    r"OSPF Router with ID \(\d",
    r"BGP routing table (?:information|entry) for ",
    r"BGP table version is \d",
    r"(?:Control|Fabric) link status: ",
    r"\S+: \d+ destinations, \d+ routes \(",
    r"== \[ [\w.-]+ \]$",
    r"Port Access Client Status",
    r"\s?Status and Counters - ",
    r"\d+ chassis\.(?:type|id)",
    r"total configured (?:hardware|logical) interfaces:",
    r"(?:Cisco (?:IOS|Nexus|Adaptive)|Arista \w+|Huawei Versatile|HP Comware|Juniper) .{0,60}(?:Software|Platform)",
    r"Codes: [A-Z] - \w",
    r"Capability [Cc]odes: ",
    r"\s{0,3}[\w./:-]{1,40} is (?:administratively )?(?:up|down), line protocol is",
)
"""Lines that nothing else prints: one of them is enough, with two more of any kind."""

_NMAP = re.compile(
    r"(?:# Nmap \d\.\d|Starting Nmap |Nmap scan report for |Host: \d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3} \(.{0,80}\)\s+(?:Status|Ports): )"
)

_MARKS = {dialect.id: re.compile("|".join(dialect.marks)) if dialect.marks else None for dialect in DIALECTS}
_LINES = {dialect.id: [re.compile(line) for line in dialect.lines] for dialect in DIALECTS}
_OUTPUT = [re.compile(line) for line in OUTPUT]
_OUTPUT_MARKS = re.compile("|".join(OUTPUT_MARKS))
NAMES = {dialect.id: dialect.name for dialect in DIALECTS} | {"network-output": "command output", "nmap": "Nmap"}


def told(lines: Sequence[str]) -> str | None:
    """The format of a configuration or of what a device printed, by its first lines; None for anything else."""
    seen = [line[:_LINE].rstrip() for line in lines if line.strip()]
    if any(_NMAP.match(line) for line in seen[:5]):
        return "nmap"
    for dialect in DIALECTS:
        mark = _MARKS[dialect.id]
        marked = mark is not None and any(mark.match(line) for line in seen)
        kinds, total = _counted(seen, _LINES[dialect.id])
        enough = kinds >= dialect.kinds and total >= dialect.least and total * 8 >= len(seen)
        if (marked and kinds) or enough or (dialect.alone and total >= _MANY and total * 5 >= len(seen) * 4):
            return dialect.id
    kinds, total = _counted(seen, _OUTPUT)
    marks = sum(bool(_OUTPUT_MARKS.match(line)) for line in seen)
    if marks and marks + total > 2:
        return "network-output"
    if total * 4 >= min(len(seen), 60) and ((kinds >= 2 and total >= 6) or kinds >= 3):
        return "network-output"
    return None


def _counted(lines: Sequence[str], patterns: Sequence[re.Pattern[str]]) -> tuple[int, int]:
    """How many kinds of lines there are, and how many lines of any."""
    kinds, total = set[int](), 0
    for line in lines:
        for number, pattern in enumerate(patterns):
            if pattern.match(line):
                kinds.add(number)
                total += 1
                break
    return len(kinds), total
