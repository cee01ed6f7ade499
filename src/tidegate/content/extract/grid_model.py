"""Models of supply networks in text: power flow (MATPOWER, UCTE, PSS/E, IEEE, OpenDSS) and water (EPANET, SWMM)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import islice

from tidegate.content.document import Metadata, Parts, blocks
from tidegate.content.source import Source
from tidegate.content.units import extractor

_ROWS = 1_000_000  # lines counted; a model of a continent has fewer
_SECTION = re.compile(r"^\s{0,4}\[([A-Z_]{3,20})\]\s{0,20}$")
_WATER = frozenset(
    {
        "JUNCTIONS",
        "PIPES",
        "RESERVOIRS",
        "TANKS",
        "PUMPS",
        "VALVES",
        "CONDUITS",
        "OUTFALLS",
        "SUBCATCHMENTS",
        "XSECTIONS",
        "EMITTERS",
        "DEMANDS",
        "SPECIES",
        "TERMS",
        "COEFFICIENTS",
    }
)
_HINTS = (
    "[JUNCTIONS]",
    "[PIPES]",
    "[CONDUITS]",
    "[SPECIES]",
    "mpc.",
    "##N",
    "END OF BUS DATA",
    "BUS DATA FOLLOWS",
    "ircuit.",
    "CIRCUIT.",
    "$$Elm",
)
"""Of which one stands in every such file; searching for words is a hundred times quicker than looking at lines."""

Told = Callable[[Sequence[str]], bool]


def _epanet(lines: Sequence[str]) -> bool:
    sections = {found[1] for line in lines if (found := _SECTION.match(line[:60]))}
    return "JUNCTIONS" in sections or len(sections & _WATER) >= 2  # a large one shows nothing else in its head


def _some(least: int, *patterns: str) -> Told:
    """Whether so many of these patterns begin lines."""
    compiled = [re.compile(pattern, re.IGNORECASE) for pattern in patterns]
    return lambda lines: sum(any(p.match(line[:200]) for line in lines) for p in compiled) >= least


KINDS: tuple[tuple[str, Told], ...] = (
    ("epanet", _epanet),
    ("matpower", _some(2, r"function \[?(?:mpc|baseMVA)", r"mpc\.(?:bus|branch|gen|baseMVA|version)\s*=")),
    ("ucte-def", _some(2, r"##C \d{4}\.\d\d\.\d\d", r"##N\s*$", r"##Z\w\w\s*$", r"##L\s*$")),
    ("psse-raw", _some(1, r"\s*0\s*/\s*END OF BUS DATA", r"\s*Q?0? ?/ ?END OF SYSTEM-WIDE DATA, BEGIN BUS DATA")),
    ("ieee-cdf", _some(1, r"BUS DATA FOLLOWS\s+\d+ ITEMS")),
    (
        "opendss",
        _some(
            2,
            r"\s*new (?:object=)?circuit\.",
            r"\s*new (?:object=)?(?:line|linecode|transformer)\.",
            r"\s*new (?:object=)?load\.",
        ),
    ),
    ("powerfactory-dgs", _some(1, r"\$\$Elm(?:Lne|Trf|Net|Term|Lod)\w*;")),
)
"""Formats and how each is told from its lines."""

_ELEMENTS = {
    "ucte-def": re.compile(r"^[A-Z0-9]\S{2,7}\s"),
    "opendss": re.compile(r"^\s*new\s", re.IGNORECASE),
    "matpower": re.compile(r"^\s*\d[\d\s.eE+-]{5,}"),
}
"""How a line that stands for an element begins; in other formats each line of numbers does."""


def _kind(source: Source) -> str | None:
    if source.encoding is None or not any(hint in source.text for hint in _HINTS):
        return None
    lines = source.text.splitlines()
    return next((name for name, told in KINDS if told(lines)), None)


@extractor(formats=tuple(name for name, _ in KINDS), rank=35, sniff=_kind)
def grid_model(source: Source) -> Parts:
    """The text as it stands, and how many elements there are of each kind."""
    yield from blocks(source.pieces())
    kind = _kind(source) or ""
    element = _ELEMENTS.get(kind, re.compile(r"^\s*[^;\s\[/#%*!]\S*[\s,]+\S"))
    section, counts = "elements", Counter[str]()
    for row in islice(source.rows(), _ROWS):
        line = row[:200]
        if found := _SECTION.match(line):
            section = found[1].lower()
        elif element.match(line) and (kind != "epanet" or section.upper() in _WATER):
            counts[section] += 1
    yield Metadata("grid model", {"format": kind, "elements": counts.total(), "sections": tuple(counts)})
