from __future__ import annotations

import re

import pytest

from tidegate.sources.vpc_flow import VPC_FLOW


@pytest.mark.parametrize(
    ("line", "is_one"),
    [
        ("2 123456789010 eni-1 172.31.16.139 203.0.113.12 49152 443 6 1 40 1763632800 1763632860 ACCEPT OK", True),
        ("2 123456789010 eni-1 - - - - - - - 1763632800 1763632860 - NODATA", True),
        # A field short: of a format of its owner's choice, whose order nothing says.
        ("2 123456789010 eni-1 172.31.16.139 203.0.113.12 49152 443 6 1 1763632800 1763632860 ACCEPT OK", False),
        # A later version has other fields, so it comes with a header.
        ("5 123456789010 eni-1 172.31.16.139 203.0.113.12 49152 443 6 1 40 1763632800 1763632860 ACCEPT OK", False),
        # S3's access log is of accounts as well.
        ("79a5 reserve-maps [20/Nov/2025:11:00:00 +0000] 192.0.2.3 79a5 3E57 REST.GET.OBJECT a.zip 200 OK", False),
    ],
)
def test_probe(line: str, is_one: bool) -> None:
    assert VPC_FLOW.probe is not None
    assert bool(re.search(VPC_FLOW.probe, line)) is is_one
