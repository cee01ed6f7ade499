"""Languages of network devices are told from their lines; devices, addresses and secrets are counted."""

from __future__ import annotations

import pytest

from tests.content.seeing import format_id, parts
from tidegate.content.document import Metadata

IOS = (
    "version 15.2\nhostname edge-7\nenable secret 5 $1$abcd$x\ninterface GigabitEthernet0/1\n"
    " ip address 10.1.2.3 255.255.255.0\n"
    " no shutdown\nrouter bgp 65000\n neighbor 10.1.2.4 remote-as 65001\nline vty 0 4\n"
)


def said(content: str) -> Metadata:
    return next(part for part in parts(content.encode()) if isinstance(part, Metadata))


def test_devices_addresses_and_secrets_are_counted() -> None:
    values = said(IOS).values
    assert (values["devices"], values["interfaces"], values["secrets"]) == (("edge-7",), 1, 1)
    assert values["addresses"] == 3


@pytest.mark.parametrize(
    ("format_", "content"),
    [
        ("cisco-config", IOS),
        (
            "junos-config",
            (
                "interfaces {\n    ge-0/0/0 {\n        unit 0 {\n            family inet {\n"
                "                address 10.0.0.1/31;\n"
            ),
        ),
        (
            "panos-config",
            (
                "set deviceconfig system hostname fw\nset rulebase security rules r1 action allow\n"
                "set zone trust network layer3 ethernet1/1\n"
            ),
        ),
        (
            "f5-config",
            ("ltm pool /Common/p {\n    members {\n    }\n}\nnet self /Common/s {\n    address 10.0.1.1/24\n}\n"),
        ),
        ("ifupdown-config", "auto lo\niface lo inet loopback\n\nauto swp1\niface swp1\n    address 10.0.0.2/32\n"),
        (
            "routeros-config",
            ("# 2026-03-01 10:00:00 by RouterOS 7.13\n/ip address\nadd address=10.0.0.1/24 interface=ether1\n"),
        ),
        ("iptables-rules", "table inet filter {\n\tchain input {\n\t\ttype filter hook input priority 0;\n\t}\n}\n"),
        (
            "nmap",
            ("Starting Nmap 7.94 ( https://nmap.org )\nNmap scan report for 10.0.0.1\nHost is up.\n22/tcp open ssh\n"),
        ),
        (
            "network-output",
            ("Gi0/1 is up, line protocol is up\n  Hardware is iGbE, address is 5254.0001.9002\n  MTU 1500 bytes\n"),
        ),
    ],
)
def test_each_language_is_told(format_: str, content: str) -> None:
    assert format_id(content.encode()) == format_


@pytest.mark.parametrize(
    "content",
    [
        "Dear all,\nthe router is in the cellar.\nhostname?\nAsk Anna.\n",  # a mail
        "#!/bin/sh\nset -e\nexport PATH\ninterface=eth0\nip address show $interface\nend\n",  # a script
        "auto insurance\nauto repair\nauto loan\nauto club\nhow to address a port in a letter\n",  # a list of searches
        "Port of call  Status\nRijeka        open\nKoper         open\n",  # ships
    ],
)
def test_words_of_networks_in_other_texts_are_not(content: str) -> None:
    assert format_id(content.encode()) in {"text", "csv", "tsv"}
