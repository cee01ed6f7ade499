from __future__ import annotations

import re

import pytest

from tidegate.sources.fortinet import FORTINET

HEAD = '<189>date=2025-11-20 time=11:00:00 devname="gate1" logid="0000000013" type="traffic" subtype="forward" '


@pytest.mark.parametrize(
    ("line", "is_one"),
    [
        (HEAD + "srcip=10.1.2.20", True),
        ("Nov 20 11:00:00 gate1 " + HEAD.replace('"', "")[5:] + "srcip=10.1.2.20", True),
        (re.sub(" (?=[a-z]+=)", ",", HEAD), True),
        # Another firewall that writes pairs, with a number of another kind.
        (
            'device="SFW" date=2025-11-20 time=11:00:00 log_id=010101600001 log_type="Firewall" log_subtype="Allowed"',
            False,
        ),
        # The same product in the format of another standard.
        ("Nov 20 11:00:00 gate1 CEF:0|Fortinet|Fortigate|v7.4|00013|traffic:forward close|3|src=10.1.2.20", False),
        ("type=SYSCALL msg=audit(1763632800.123:4711): arch=c000003e syscall=59", False),  # auditd
    ],
)
def test_probe(line: str, is_one: bool) -> None:
    assert FORTINET.probe is not None
    assert bool(re.search(FORTINET.probe, line)) is is_one
