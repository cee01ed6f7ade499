from __future__ import annotations

import re

import pytest

from tidegate.sources.paloalto import PALOALTO


@pytest.mark.parametrize(
    ("line", "is_one"),
    [
        ("Nov 20 10:00:05 fw 1,2025/11/20 10:00:05,0128,TRAFFIC,end,2562,2025/11/20 10:00:00,10.1.2.20", True),
        ("1,2025/11/20 10:00:05,0128,SYSTEM,general,0,2025/11/20 10:00:05,,general", True),
        ("Domain,Receive Time,Serial #,Type,Threat/Content Type", True),  # the header of an export
        # Other products write such a time, in other places.
        ("2025/11/20 10:00:05,fw,TRAFFIC,end", False),
        ("1,2025/11/20 10:00:05,0128,traffic,end", False),
        # The same product in the format of another standard.
        ("Nov 20 10:00:05 fw CEF:0|Palo Alto Networks|PAN-OS|11.1|end|TRAFFIC|3|src=10.1.2.20", False),
    ],
)
def test_probe(line: str, is_one: bool) -> None:
    assert PALOALTO.probe is not None
    assert bool(re.search(PALOALTO.probe, line)) is is_one
