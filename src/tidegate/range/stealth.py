"""How hard a thief tries not to stand out: knobs that every incident reads, and three named settings of them."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, kw_only=True)
class Stealth:
    """A way of hiding; an incident applies the knobs that mean something to it.

    smaller: factor on what is taken; slower: factor on how long it takes; spread: over so many times the accounts or
    devices; inside_hours: only while people work; popular: to or through a service that many others use too.
    """

    name: str
    smaller: float = 1.0
    slower: float = 1.0
    spread: int = 1
    inside_hours: bool = False
    popular: bool = False


ORDINARY = Stealth(name="ordinary")

LEVELS = MappingProxyType(
    {
        level.name: level
        for level in (
            ORDINARY,
            Stealth(name="careful", smaller=0.5, slower=1.5, spread=2, inside_hours=True),
            Stealth(name="patient", smaller=0.2, slower=3.0, spread=3, inside_hours=True, popular=True),
        )
    }
)
"""As reported; taking care; with all the time in the world."""
