"""What network devices print: tables and paragraphs of their command lines, by the lines that only they have."""

from __future__ import annotations

_PORT = (
    r"(?:(?:Gi|Te|Fa|Fo|Hu|Po|Eth|Twe|gi|te|fa|po|ge|GE|XGE|10GE|et|BE|Be|Lo|Vl|Tu)"
    r"|(?:[A-Za-z]{2,12}-)?(?:GigabitEthernet|TenGigE|TenGigabitEthernet|FastEthernet|Ethernet"
    r"|ethernet|Vlan-interface|Port-channel|Loopback|Vlan))"
    r"-?\d{1,4}(?:[/:.]\d{1,4}){0,4}"
)
_MAC = r"(?:[0-9A-Fa-f]{4}[.-][0-9A-Fa-f]{4}[.-][0-9A-Fa-f]{4}|(?:[0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2})"
_ADDRESS = r"\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}"

OUTPUT = (
    rf"\s{{0,2}}(?:Interface )?{_PORT}\b",
    (
        r"(?:.{0,60}\bline protocol (?:is|state)|Current state: |\s?Link (?:state|is|status)"
        r"|Interface \S+ is (?:up|down)|\s*Admin\s+(?:Link|state)\b|\s+status: link-ok)"
    ),
    rf".{{0,80}}\b(?:address is|MAC [Aa]ddress:?|hardware address:?|mac[ -]address[=:]|mac:|Chassis ID\s*:) ?{_MAC}",
    rf"\s{{0,4}}{_ADDRESS}\s.{{0,30}}{_MAC}",
    r".{0,60}\b(?:MTU|mtu)(?:[ =:]|-override)",
    r".{0,60}\b(?:(?:[Ff]ull|[Hh]alf|auto)-?duplex|\d+(?:Gig)?FDx)\b",
    r".{0,60}\b(?:[Aa]uto-negotiation|flow-control|flow control|tx-flow|speed/duplex|Flow\s+Link)",
    (
        r".{0,80}\b(?:input errors|output errors|CRC,|packets (?:input|output)|runts|giants|input rate"
        r"|InOctets|broadcasts)\b"
    ),
    (
        r"(?:BGP routing table|BGP table version|Router identifier|OSPF Router with ID"
        r"|\s+Router Link States|Router ID:|RIB routes|Routing (?:entry|table)|VRF type"
        r"|Autonomous system number)"
    ),
    r"\s+(?:Origin (?:IGP|EGP|INCOMPLETE)|AS-Path:|Advertising Router:|LS age:|Link State ID:|Paths?: )",
    r".{0,40}\b(?:LLDP|CDP|lldp|cdp) (?:neighbor|information)|(?:\d )?(?:port\.desc|chassis\.type|system\.name)",
    (
        r"\s*(?:Chassis (?:ID|type)|Port ID(?: subtype)?|Port description|System (?:name"
        r"|[Dd]escription)|Device ID|Local interface|Neighbor index|Device Port|Platform)\s*:"
    ),
    (
        r"(?:Interface|Port|Address|Protocol|Name|name|Port Name|IP ADDRESS|Neighbor|OurAddr"
        r"|Destination)\s{2,}.{0,80}\b(?:Status|State|Hardware Addr|Interface|INTERFACE|Vlan|VLAN"
        r"|Speed|Type|mac address|NeighAddr|Description|Mask|Gateway)\b"
    ),
    r"(?:Session state is (?:UP|DOWN)|Local Diag:|MinTxInt:|Rx Count:|Received MinRxInt)",
    (
        r"\s+(?:transceiver is|type is|nominal bitrate|serial number is|cisco id is|part number is"
        r"|sfp-\w+|vlan-id=|l2mtu=|loop-protect)"
    ),
    r"(?:Control link status|Fabric link status|Redundant-ethernet|Fabric interfaces|Control interfaces)",
    r"(?:Port Access Client|Client [0-9a-f:]{17}|\s+Auth Precedence|\s+IPv4 Address\s*:|\s+Session Time\s*:)",
    (
        r"\s{0,3}(?:Last clearing of counters|Media type is|Link speed type|IP packet frame type"
        r"|Line protocol state|Status and Counters)"
    ),
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
