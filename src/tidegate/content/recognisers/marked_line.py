"""Markings on a line of their own: in the first lines of a document or a page, or again and again."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tidegate.content.recognisers import _markings
from tidegate.content.units import Fact, Found, Match, Recogniser

if TYPE_CHECKING:
    from tidegate.content.tally import Tally

TOP = 8
"""Lines of a text, empty ones too, in which a cover or a page has its marking."""

_LONGEST = 160  # characters: a longer line is prose

_EXAM = re.compile(r"启用前|考试结束|试题|试卷|高考|中考|模拟考|exam|question paper|test booklet", re.IGNORECASE)
"""Examination papers are secret until they are handed out, and then lie in every bookshop."""

_FICTION = re.compile(r"(?i)\b(?:chapter|novel|episode|act [ivx]+|a thriller|kapitel|chapitre|第.{1,4}[章回])\b")


def _marking(match: Match) -> Found | None:
    line = (match.value + match.after(_LONGEST + 40)).strip("\r")
    found = _markings.LINE.match(line) if len(line) <= _LONGEST else None
    if found is None or _EXAM.search(line):
        return None
    near = match.text.data[max(0, match.start - 400) : match.end + 400].decode("utf-8", "ignore")
    if _EXAM.search(near) or _FICTION.search(near):
        return None
    top = match.line <= TOP or match.text.role in {"header", "footer", "heading"}
    marking = " ".join(found["marking"].split())
    weak = marking.upper() in {"OFFICIAL", "PROTECTED", "RESTRICTED", "INTERNAL", "LES", "内部", "CUI", "SBU"}
    facts: dict[str, Fact] = {"marking": (marking.upper(),), "top" if top else "again": 1}
    return Found(confidence=0.8 if top and not weak else 0.55, value=f"{match.line}", end=len(line), facts=facts)


def stands(tally: Tally) -> bool:
    """Whether it stands at the top, or comes again; a list of all levels there are is a list of them."""
    markings = tally.facts.get("marking", ())
    different = len(markings) if isinstance(markings, tuple) else 1
    return different <= 3 and (bool(tally.facts.get("top")) or tally.count > 1)


MARKED_LINE = Recogniser(
    id="marked_line",
    data_class="marked",
    source="; ".join(f"{scheme.id}: {scheme.source}" for scheme in _markings.SCHEMES),
    pattern=_markings.ANCHORS,
    ignore_case=True,
    read=_marking,
    judge=stands,
    hits=(
        "SECRET//NOFORN\n\nMEMORANDUM FOR THE RECORD\n\nText.\n",
        "机密★10年\n\n某某单位文件\n",
        "VS – NUR FÜR DEN DIENSTGEBRAUCH\n\nVermerk\n",
        "Subject: Tides\nTLP:AMBER\nText\n",
        "Classification: OFFICIAL-SENSITIVE\n\nMinutes\n",
        "Text of a page.\n" * 20 + "NATO RESTRICTED\n" + "Text of a page.\n" * 20 + "NATO RESTRICTED\n",
    ),
    misses=(
        "She read it twice. It was top secret,\nand he knew.\n",  # a novel
        "绝密★启用前\n\n2024年普通高等学校招生全国统一考试\n",  # an examination paper
        "CONFIDENTIAL INFORMATION\n\n1. The parties agree to keep it.\n",  # a clause of a licence
        "secret\n\nsauce\n",  # a recipe
        "Words of a list\n" * 20 + "SECRET\n" + "of words\n" * 20,  # once, in the middle
        "SECRET, CONFIDENTIAL and RESTRICTED are levels of classification.\n",  # a manual
    ),
)
