"""The two or three numbers behind a finding, from the facts its detector returns: own past, peers, everybody.

A detector need not know of this: facts by the names below are compared, and the unit is read off its sentence, where
`{amount:bytes}` is bytes and `{amount:count} files` is files, or off the fact `did`, such as `took 47 files`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from tidegate.cases.found import Found
from tidegate.cases.model import Comparison, Finding

USUAL = {
    "usual": "its own past",
    "peer_usual": "its peers",
    "all_usual": "all others at the same age",
}
"""Facts that are the usual amount, and of whom."""

BEFORE = "before"
"""The fact that says how many others have done such a thing."""


def grounded(finding: Finding, found: Found) -> Finding:
    """The finding with what it rests on and what its detector says besides."""
    unit = found.detector
    return replace(
        finding,
        comparisons=tuple(_comparisons(found)),
        twin=unit.twin,
        question=unit.question,
        techniques=unit.attack,
    )


def _comparisons(found: Found) -> Iterator[Comparison]:
    amount = _number(found, "amount")
    if amount is not None:
        for fact, name in USUAL.items():
            usual = _number(found, fact)
            if usual is not None:
                yield Comparison(name=name, this=amount, usual=usual, unit=_unit(found, amount))
    others = _number(found, BEFORE)
    if others is not None:
        yield Comparison(name="everybody else, so far", this=1, usual=others, unit="people")


def _number(found: Found, fact: str) -> float | None:
    value = found.facts.get(fact)
    return float(value) if isinstance(value, int | float) else None


def _unit(found: Found, amount: float) -> str:
    """Bytes, or the noun after the amount; none where what follows is no noun."""
    says = found.detector.says
    if "{amount:bytes}" in says:
        return "bytes"
    noun = re.search(r"\{amount[^}]*\} (\w+s)\b", says)
    noun = noun or re.search(rf"\b{amount:.0f} (\w+s)\b", str(found.facts.get("did")))
    return noun[1] if noun else ""
