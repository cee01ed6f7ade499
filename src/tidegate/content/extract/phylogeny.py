"""Trees of descent (Newick, NEXUS) and descriptions of studies (ISA-Tab)."""

from __future__ import annotations

import re

from tidegate.content.document import Metadata, Parts, blocks
from tidegate.content.source import Source
from tidegate.content.units import extractor

_LEAF = re.compile(r"[(,]\s{0,3}[A-Za-z][\w.' -]{0,60}(?::-?[\d.eE+-]{1,20})?(?=[,)])")
_STUDY = ("ONTOLOGY SOURCE REFERENCE", "INVESTIGATION", "STUDY ASSAYS", "STUDY FACTORS")


def _kind(source: Source) -> str | None:
    start = source.text[:4000].strip()
    if start.startswith("#NEXUS"):
        return "nexus"
    if sum(f"{line}\n" in source.text.replace("\r", "") for line in _STUDY) >= 2:
        return "isa-tab"
    newick = start.startswith("(") and start.rstrip().endswith(";") and start.count("(") == start.count(")")
    return "newick" if newick and ":" in start and len(_LEAF.findall(start)) >= 3 else None


@extractor(formats=("newick", "nexus", "isa-tab"), rank=50, sniff=_kind)
def phylogeny(source: Source) -> Parts:
    """The text as it stands, and its leaves."""
    yield from blocks(source.pieces())
    if _kind(source) == "isa-tab":
        yield Metadata("study", {"format": "isa-tab"})
    else:
        yield Metadata("tree", {"leaves": max(1, len(_LEAF.findall(source.text)))})
