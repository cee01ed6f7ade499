"""Cells: one thing in its several spellings."""

from __future__ import annotations

from datetime import date

import pytest

from tidegate.context import _cells as cells
from tidegate.context.destinations import pattern


@pytest.mark.parametrize("text", ["2024-03-31", "2024/03/31", "20240331", "31.03.2024", "2024-03-31T08:00:00Z"])
def test_days(text: str) -> None:
    assert cells.day(text) == date(2024, 3, 31)


@pytest.mark.parametrize("text", ["31.02.2024", "31/03/2024", "March", "2024"])
def test_no_days(text: str) -> None:
    with pytest.raises(ValueError, match="is not a date"):
        cells.day(text)


@pytest.mark.parametrize(
    ("text", "day"), [("yes", date.min), ("No", date.max), ("2024-03-31", date(2024, 3, 31)), (None, None)]
)
def test_registered(text: str | None, day: date | None) -> None:
    assert cells.registered(text) == day


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0", 0),
        ("5000000", 5_000_000),
        ("5,000,000", 5_000_000),
        ("5 000 000", 5_000_000),
        ("5e9", 5_000_000_000),
        ("5 GB", 5_000_000_000),
        ("1.5m", 1_500_000),
        ("20 b", 20),
    ],
)
def test_amounts(text: str, number: int) -> None:
    assert cells.amount(text) == number


@pytest.mark.parametrize("text", ["-1", "5 GB/day", "1,5", "GB", ""])  # 1,5 may be 1.5 or 15
def test_no_amounts(text: str) -> None:
    with pytest.raises(ValueError, match="is not an amount"):
        cells.amount(text)


def test_several() -> None:
    assert cells.several("A.example; b.example|c.example  10.0.0.0/8,") == (
        "a.example",
        "b.example",
        "c.example",
        "10.0.0.0/8",
    )


@pytest.mark.parametrize(
    ("text", "spelling"),
    [
        ("Example.ORG.", "example.org"),
        ("*.example.org", "*.example.org"),
        ("https://example.org:8443/in/box?x=1", "example.org"),
        ("example.org/inbox", "example.org"),
        ("s3://My-Bucket", "my-bucket"),
        ("Anna@Example.org", "anna@example.org"),
        ("192.0.2.7/24", "192.0.2.0/24"),
        ("192.0.2.7", "192.0.2.7"),
        ("192.0.2.7/32", "192.0.2.7"),
        ("2001:DB8::/32", "2001:db8::/32"),
        ("123456789012", "123456789012"),  # a cloud account, not an address written as a number
        ("4C530001", "4c530001"),  # the serial number of a device
        ("00:1a:2b:3c:4d:5e", "00:1a:2b:3c:4d:5e"),  # six pairs are no IPv6 address
    ],
)
def test_patterns(text: str, spelling: str) -> None:
    assert pattern(text) == spelling
