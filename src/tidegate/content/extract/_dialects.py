"""Languages in which network devices are configured, by the lines that only they have."""

from __future__ import annotations

from dataclasses import dataclass


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
            (
                r"(?:ip|ipv4|ipv6) (?:access-list|prefix-list|route|as-path|community-list|cef|domain"
                r"|name-server|http|ssh|forward|routing)\b"
            ),
            r"access-list \S{1,80} (?:permit|deny|extended|standard|remark)",
            r"(?:route-map|route-policy|prefix-set|as-path-set|community-set) \S",
            r"vrf (?:definition|context|instance|forwarding)? ?\S",
            r"line (?:vty|con|aux|console|default)",
            (
                r"(?:no )?(?:aaa|snmp-server|ntp server|logging (?:host|buffered|console|trap)"
                r"|enable (?:secret|password)|username \S+ (?:priv|pass|sec))\b"
            ),
            r"crypto (?:isakmp|ipsec|map|keyring|ikev[12]|pki)",
            r"(?:no )?spanning-tree ",
            (
                r"(?:class-map|policy-map|object-group|object network|key chain|control-plane|feature [a-z-]+$"
                r"|service timestamps|boot system)"
            ),
            (
                r"\s{1,4}(?:no )?(?:switchport|shutdown|nameif|security-level|neighbor \S+ remote-as"
                r"|channel-group|duplex|speed \d+)\b"
            ),
            (
                r"\s{1,4}(?:neighbor \S+|network \d\S+|redistribute \w+|address-family \w+|router-id \d\S+"
                r"|bgp router-id|area \S+)"
            ),
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
            (
                r"set (?:routing-options|routing-instances|switch-options|forwarding-options|firewall"
                r"|class-of-service|applications|vlans|chassis|snmp|access|bridge-domains) "
            ),
            r"set security (?:zones|policies|nat|ike|ipsec|address-book|screen)",
            (
                r"(?:system|interfaces|protocols|policy-options|routing-options|security|firewall"
                r"|routing-instances|vlans) \{$"
            ),
            (
                r"\s+(?:host-name|root-authentication|family inet6?|neighbor \S+|address \d\S+|unit \d+"
                r"|local-as|autonomous-system)\b.{0,60}[;{]$"
            ),
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
            (
                r"set (?:template \S+ )?(?:config )?(?:devices \S+ )?network (?:interface|virtual-router"
                r"|profiles|ike|tunnel|vlan|shared-gateway)"
            ),
            r"set (?:device-group|template|template-stack|log-collector-group) \S",
            r"set (?:vsys \S+ )?rulebase (?:security|nat|application-override|default-security-rules|pbf)",
            (
                r"set (?:shared|vsys \S+|config|zone|address|address-group|service|service-group|application"
                r"|application-group|tag|profiles) \S"
            ),
        ),
        kinds=2,
        least=3,
    ),
    Dialect(
        "fortios-config",
        "Fortinet FortiOS",
        (r"#config-version=",),
        (
            (
                r"config (?:system|firewall|router|vpn|log|user|wireless-controller|switch-controller|ips"
                r"|antivirus|webfilter|application|endpoint-control) ?[\w-]*"
            ),
            r"\s{2,12}edit (?:\"|\d)",
            r"\s{2,12}next$",
            r"end$",
            (
                r"\s{2,12}set (?:hostname|vdom|ip|allowaccess|type|member|srcintf|dstintf|srcaddr|dstaddr"
                r"|action|service|interface|alias|subnet|protocol|comment|tcp-portrange)\b"
            ),
        ),
    ),
    Dialect(
        "f5-config",
        "F5 BIG-IP",
        (r"#TMSH-VERSION: ", r"!!! imish configuration starts here"),
        (
            (
                r"(?:ltm|gtm) (?:node|pool|virtual|virtual-address|monitor|profile|rule|snat|snatpool"
                r"|snat-translation|policy|data-group|persistence)\b.{0,120}\{"
            ),
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
            (
                r"interface (?:GigabitEthernet|XGigabitEthernet|10GE|25GE|40GE|100GE|Vlanif|Vlan-interface"
                r"|LoopBack|Ten-GigabitEthernet|Eth-Trunk|MEth|NULL|Ethernet|Bridge-Aggregation"
                r"|Route-Aggregation|M-GigabitEthernet)\d"
            ),
            (
                r"\s?(?:undo [a-z]|return$|user-interface|stelnet server|info-center|snmp-agent|local-user"
                r"|authentication-mode|ospf \d|isis \d|acl (?:number|name|basic|advanced)|vlan batch|irf "
                r"|domain (?:default|system))"
            ),
            (
                r"\s(?:ip address \d+\.\d+\.\d+\.\d+ \d|port (?:link-type|trunk|default|link-mode|access)"
                r"|peer \S+ as-number|rule \d+ (?:permit|deny))"
            ),
            r"(?:bgp|ospf|isis|rip|mpls|l2vpn|ip vpn-instance|aaa|stp|lldp)(?: \S+)?$",
            r"ip route-static \d",
        ),
    ),
    Dialect(
        "nclu-config",
        "Cumulus NCLU and NVUE",
        (r"net commit$", r"nv config apply"),
        (
            (
                r"net (?:add|del) (?:hostname|bond|bgp|bridge|interface|loopback|routing|vlan|vrf|vxlan|ospf|time|dns"
                r"|snmp-server|all)"
            ),
            r"nv set (?:interface|router|vrf|bridge|system|service) ",
        ),
        alone=True,
    ),
    Dialect(
        "ifupdown-config",
        "ifupdown",
        (),
        (
            r"(?:auto|allow-hotplug) \S+$",
            r"iface \S+(?: inet6? (?:static|loopback|dhcp|manual))?$",
            r"\s+(?:address|gateway|netmask|bridge-ports|bridge-vids|bond-slaves|vrf|clagd-\w+) \S",
        ),
        kinds=2,
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
        least=3,
    ),
)
"""Languages of configurations, in the order in which they are asked."""
