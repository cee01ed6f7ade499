"""What network devices print: tables and paragraphs of their command lines, by the lines that only they have."""

from __future__ import annotations

_SHORT = r"(?:Gi|Gig|Te|Ten|Tw|Twe|Fa|Fas|Fo|For|Hu|Eth|Et|gi|te|fa|ge|xe|et|GE|XGE|[124]?[05]0?GE|Ser|Se)"
_LONG = (
    r"(?:[A-Za-z]{2,14}-)?(?:GigabitEthernet|TenGigE|TenGigabitEthernet|HundredGigE|FastEthernet|Ethernet|ethernet"
    r"|Serial)"
)
_SLOTTED = rf"(?:{_SHORT}|{_LONG})-? ?\d{{1,4}}(?:[/:.]\d{{1,4}}){{1,4}}"
_NUMBERED = (
    r"(?:Vlan|Vlan-interface|Tunnel|Port-channel|Loopback|Bundle-Ether|BVI|Po|Lo|BE|irb\.|reth|swp|fxp|em|Ethernet)"
    r"\d{1,5}"
)
_MAC = r"(?:[0-9A-Fa-f]{4}[.-][0-9A-Fa-f]{4}[.-][0-9A-Fa-f]{4}|(?:[0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2})"
_COLUMN = (
    r"(?:Interface|INTERFACE|Intrfce|Intf|Port|Hardware Addr|MAC|Mac|mac|Vlan|VLAN|IP ADDRESS"
    r"|IP Address|Address|Addr|Peer"
    r"|Neighbor|Neigh\w*|Next ?Hop|Mask|Platform|Device ID|Holdtime|Holdtme|Prefix|VRF|Group|Chassis)"
)
_STATE = (
    r"(?:State|Status|Protocol|Type|TYPE|Speed|Description|Age|Interface|Port ID|Ports|Duplex|Mode"
    r"|Metric|Uptime|Up/Down|Flags|Vlan|Id|ID)"
)

OUTPUT = (
    rf".{{0,150}}(?<![\w/]){_SLOTTED}\b",
    rf"(?:\s{{0,6}}|Interface:? |.{{1,40}}\s\s){_NUMBERED}(?:[ ,:(]|$)",
    rf".{{0,150}}(?<![\w:.-]){_MAC}(?![\w:-])",
    rf"(?=.{{0,190}}?\S\s\s+\S.{{0,190}}?\s\s)(?=.{{0,190}}?\b{_COLUMN}\b).{{0,190}}?\b{_STATE}\b(?:\s|$|\()",
    r".{0,40}(?:[Cc]odes?|Flags|Legend|Options)\s{0,3}:.{0,40}(?<!\w)\w{1,2} ?- ?\w",
    (
        r"\s{0,8}(?:Session|Link|Port|Admin|Oper(?:ational)?|Line protocol|Interface|Tunnel|Neighbor"
        r"|Peer|Protocol|Current"
        r"|Control link|Fabric link)? ?(?:[Ss]tate|[Ss]tatus|is)\s{0,4}:? ?(?:UP|DOWN|Up|Down|up|down|link-ok)"
    ),
    r".{0,60}\bline protocol (?:is|state)",
    r"(?:Extended|Standard|Named)? ?(?:IP|IPv4|IPv6|MAC|ip|ipv6) access[ -]list ",
    r"\s{2,10}(?:\d{1,6} )?(?:permit|deny) +(?:ip|tcp|udp|icmp|igmp|gre|esp|host|any|\d)",
    r"(?!.{0,190}[a-z]{3}[.,;!?]$).{0,60}\b(?:MTU|mtu)(?:[ =:]|-override)",
    r"(?!.{0,190}[a-z]{3}[.,;!?]$).{0,60}\b(?:[Ff]ull|[Hh]alf|auto)-?[Dd]uplex\b|.{0,80}\b\d+(?:Gig)?FDx\b",
    (
        r".{0,80}\b(?:input errors|output errors|CRC,|packets (?:input|output)|runts|giants|input rate|InOctets"
        r"|[Tt]x packets|[Rr]x packets|#pkts|flow[- ]control|[Aa]uto-?negotiation)\b"
    ),
    (
        r"\s*(?:Chassis (?:ID|type)|Port ID(?: subtype)?|Port description|System (?:name|[Dd]escription)|Device ID"
        r"|Local interface|Neighbor index|Device Port|Platform|Router ID|Router identifier|Local AS|Next[- ]hop)\s*:"
    ),
    (
        r"\s*(?:\d )?(?:nominal bitrate|transceiver is|cisco id|part number|sfp-\w+|vlan-id=|l2mtu=|loop-protect"
        r"|port\.desc|chassis\.\w+|system\.name|MinTxInt|Local Diag|Holdown|Origin (?:IGP|EGP|INC)|LS age|Link State ID"
        r"|Last clearing of|Media type is)"
    ),
)
"""Lines that devices print: names of ports, hardware addresses, heads of their tables, legends, states, counters."""

OUTPUT_WEAK = (
    (
        r"(?!.{0,190}[a-z]{3}[.,;!?]$).{0,100}\b(?:OSPF|BGP|EIGRP|IS-IS|VRF|[fi]?vrf|VLANs?|LACP|STP|HSRP|VRRP|NHRP"
        r"|IKEv[12]|IPSEC|IPsec|MPLS|LDP|LLDP|CDP|ARPA|IGMP|PIM|AS[- ][Pp]ath|inet6?\.0)\b"
    ),
    r"\s{0,8}(?:[\w*>-]{1,20}\s{1,12}){0,3}\d{1,3}(?:\.\d{1,3}){3}(?:/\d{1,2})?(?:\s{2,}|\s-\s)\S",
)
"""Lines that count once one of the others stands beside them: protocols by name, addresses in a column."""

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
    r"[\w.@/()-]{1,60}[>#] ?(?:show|sh|display|get|diagnose) [a-z]",  # a prompt, and what was asked
    r"\{(?:master|primary|backup|secondary)(?::\w{1,8})?\}$",
    r"\s{0,3}[\w./:-]{1,40} is (?:administratively )?(?:up|down), line protocol is",
)
"""Lines that nothing else prints: one of them is enough, with two more of any kind."""
