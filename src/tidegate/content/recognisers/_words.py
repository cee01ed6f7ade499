"""Words of a list, written one after the other."""

from __future__ import annotations


def words(text: str) -> frozenset[str]:
    """What stands between spaces."""
    return frozenset(text.split())
