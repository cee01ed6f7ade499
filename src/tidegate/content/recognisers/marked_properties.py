"""Markings in what files say of themselves: sensitivity labels, document properties, headers of mail."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tidegate.content.document import Metadata
from tidegate.content.recognisers import _markings
from tidegate.content.units import Found, recogniser

_KEYS = re.compile(
    r"(?i)^(?:msip_label_[0-9a-f-]{36}_name|(?:x-)?(?:security[-_ ]?)?classification|"
    r"(?:x-)?protective[-_ ]?marking|x-?tlp|tlp|"
    r"titus.{0,40}|bjdocumentsecuritylabel|docclassification|sensitivity(?:label)?|x-sensitivity|"
    r"data[-_ ]?classification|"
    r"security[-_ ]?label|confidentiality|密级|保密级别|kategorie|category|keywords|subject|title)$"
)
_LABELS = re.compile(r"(?i)^(?:msip_labels?|x-ms-.{0,30}labels?)$")
_HARMLESS = re.compile(
    r"(?i)^(?:public|general|non-?business|personal|unclassified|unrestricted|normal|none|tlp:clear|"
    r"tlp:white|official|公开)$"
)
_LEVELS = re.compile(
    r"(?i)\b(?:highly |strictly |company[- ]|top )?(?:confidential|secret|restricted|internal|"
    r"sensitive|protected|private)\b|机密|秘密|绝密|内部|vertraulich|confidentiel"
)


@recogniser(
    data_class="marked",
    source=(
        "[MS-OFFCRYPTO] and Purview: MSIP_Label metadata; Email Protective Marking Standard 2018.6; RFC "
        "2156, Sensitivity"
    ),
    sees=(Metadata,),
    about=("properties", "headers"),
    hits=(
        Metadata("properties", {"MSIP_Label_f42aa342-8706-4288-bd11-ebb85995028c_Name": "Confidential"}),
        Metadata("properties", {"Classification": "NATO RESTRICTED"}),
        Metadata("headers", {"x-protective-marking": "VER=2018.6, NS=gov.au, SEC=OFFICIAL:Sensitive"}),
        Metadata("headers", {"subject": "[TLP:AMBER] indicators"}),
        Metadata("headers", {"sensitivity": "Company-Confidential"}),
    ),
    misses=(
        Metadata("properties", {"MSIP_Label_f42aa342-8706-4288-bd11-ebb85995028c_Name": "Public"}),
        Metadata("properties", {"title": "Secrets of the Sea"}),  # a title
        Metadata("headers", {"subject": "Confidential business proposal"}),  # a fraud
        Metadata("properties", {"category": "Internal medicine"}),
    ),
)
def marked_properties(part: Metadata) -> Iterator[Found]:
    """A label whose level is not that of public papers, or a field with a marking in it."""
    for key, value in part.values.items():
        text = str(value)[:400]
        said = _said(key, text)
        if said:
            yield Found(where=f"{part.about}: {key}", confidence=0.9, value=said, facts={"marking": (said.upper(),)})


def _said(key: str, text: str) -> str:
    """The marking that a field holds; empty for none."""
    if _LABELS.match(key):
        named = re.search(r"_name=([^;]{1,60})", text, re.IGNORECASE)
        return named[1] if named and _LEVELS.search(named[1]) else ""
    if not _KEYS.match(key) or _HARMLESS.match(text.strip()) or "启用前" in text:
        return ""
    free = key.lower() in {"category", "kategorie", "keywords", "subject", "title"}
    if free:
        found = re.search(r"(?i)\[?\b(?:tlp ?: ?(?:red|amber(?:\+strict)?|green)|sec ?= ?[a-z: -]{4,40})\]?", text)
        found = found or (_markings.LINE.match(text) if text.isupper() or not text.isascii() else None)
        return found[0].strip("[] ") if found else ""
    found = _markings.WITHIN.search(text) or _LEVELS.search(text)
    return found[0].strip(" =,;[]") if found else ""
