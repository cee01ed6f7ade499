"""Which place that a permit names a transfer went to."""

from __future__ import annotations

import pytest

from tidegate.context.permits import Permit
from tidegate.context.scopes import covers, spread


@pytest.mark.parametrize(
    ("place", "endpoint", "expected"),
    [
        ("uni.example", "uni.example", True),
        ("uni.example", "data.uni.example", True),
        ("*.uni.example", "data.uni.example", True),
        ("uni.example", "ann@uni.example", True),
        ("uni.example", "ann@mail.uni.example", True),
        ("uni.example", "otheruni.example", False),
        ("data.uni.example", "uni.example", False),  # a permit for one host is none for the domain
        ("ann@uni.example", "ann@uni.example", True),
        ("ann@uni.example", "bob@uni.example", False),
        ("ann@uni.example", "uni.example", False),
        ("192.0.2.0/24", "192.0.2.17", True),
        ("192.0.2.0/24", "192.0.3.17", False),
        ("192.0.2.0/24", "192.0.2.128/25", True),
        ("2001:db8::/32", "2001:db8::7", True),
        ("192.0.2.0/24", "2001:db8::7", False),
        ("123456789012", "123456789012", True),
        ("k1", "removable:k1", True),
    ],
)
def test_a_place_covers_what_lies_in_it(place: str, endpoint: str, expected: bool) -> None:
    assert covers(place, endpoint) is expected


def test_a_wider_permit_covers_the_narrower_place_too() -> None:
    wide, narrow = Permit(permit="W", destination="uni.example"), Permit(permit="N", destination="ann@uni.example")
    assert [(p.permit, place) for p, place in spread([wide, narrow])] == [
        ("W", "ann@uni.example"),
        ("W", "uni.example"),
        ("N", "ann@uni.example"),
    ]
