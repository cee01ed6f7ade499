r"""Protective markings as whole words of file names and folders: which there are, and who prescribes them.

A pattern is RE2 between word boundaries of its own, `(^|[^\pL\pN])…([^\pL\pN]|$)`, so that `Secretary` and `geheimnis`
are none. A word of everyday language counts only in capitals, as markings are written; a phrase counts in any case.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Marking:
    """A scheme of markings. capitals: words that mean nothing in small letters; phrases: those that always mean it."""

    scheme: str
    source: str
    capitals: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()


MARKINGS = (
    Marking(
        "US",
        "Executive Order 13526, section 1.2; CUI registry of the National Archives (32 CFR 2002)",
        ("SECRET", "CONFIDENTIAL", "RESTRICTED", "CUI", "FOUO", "SBU", "LES"),
        ("top secret", "TS SCI", "noforn", "orcon", "for official use only", "controlled unclassified information"),
    ),
    Marking(
        "UK",
        "Government Security Classifications, Cabinet Office",
        ("OFFICIAL", "PROTECT"),
        ("official sensitive", "uk secret", "uk top secret", "uk eyes only"),
    ),
    Marking(
        "EU",
        "Council Decision 2013/488/EU, article 2",
        (),
        ("tr[eè]s secret ue", "secret ue", "confidentiel ue", "restreint ue", "eu (?:top )?secret", "eu confidential",
         "eu restricted", "limite ue", "eu limite"),
    ),
    Marking(
        "NATO",
        "C-M(2002)49, enclosure E",
        (),
        ("cosmic top secret", "nato secret", "nato confidential", "nato restricted", "nato unclassified"),
    ),
    Marking(
        "Germany",
        "Verschlusssachenanweisung (VSA), section 2",
        ("GEHEIM", "VERTRAULICH", "VERSCHLUSSSACHE"),
        ("streng geheim", "vs vertraulich", "vs nfd", "nur f(?:ü|u|ue)r den dienstgebrauch", "streng vertraulich"),
    ),
    Marking(
        "France",
        "Instruction générale interministérielle 1300; II 901 for diffusion restreinte",
        ("SECRET", "CONFIDENTIEL"),
        ("tr[eè]s secret", "secret d[eé]fense", "confidentiel d[eé]fense", "diffusion restreinte", "sp[eé]cial france"),
    ),
    Marking(
        "Australia",
        "Protective Security Policy Framework, policy 8",
        ("PROTECTED",),
        ("official sensitive", "austeo", "agao", "cabinet in confidence", "in confidence"),
    ),
    Marking(
        "China",
        "Law on Guarding State Secrets, articles 14 and 21; GB/T 9704 on the layout of official documents",
        (),
        ("[绝机秘]密(?:★(?:[0-9]+年|长期)?)?", "(?:绝密|机密|秘密|内部)(?:文件|资料|材料|级)",
         "内部(?:使用|参考|公开|传阅)?", "商业秘密", "商密", "不得外传", "国家秘密", "工作秘密"),
    ),
    Marking("TLP", "Traffic Light Protocol 2.0, FIRST", (), ("tlp (red|amber(?: strict)?)",)),
    Marking(
        "company",
        "ISO/IEC 27002:2022, control 5.13 leaves the words to the organisation: these are the usual ones",
        ("INTERNAL", "PROPRIETARY"),
        ("strictly confidential", "highly confidential", "company confidential", "internal use only", "eyes only",
         "trade secret", "do not distribute", "not for release"),
    ),
)  # fmt: skip

_START, _END = r"(?:^|[^\pL\pN])", r"(?:[^\pL\pN]|$)"
_GAP = r"[ _.:/+-]{0,3}"


def in_name(own: Sequence[str] = ()) -> str:
    """A pattern of any marking in a path, its first group the words; own: the organisation's, taken as they stand."""
    capitals = sorted({word for marking in MARKINGS for word in marking.capitals})
    phrases = [_spaced(phrase) for marking in MARKINGS for phrase in marking.phrases]
    phrases += [_spaced(re.escape(word).replace(r"\ ", " ")) for word in own]
    longest = sorted(phrases, key=len, reverse=True)  # of two that begin alike the first is taken
    return f"{_START}((?i:{'|'.join(longest)})|{'|'.join(capitals)}){_END}"


def in_label(own: Sequence[str] = ()) -> str:
    """The same of a sensitivity label, which is a marking whatever its case."""
    capitals = "|".join(sorted({word for marking in MARKINGS for word in marking.capitals} - {"OFFICIAL", "PROTECT"}))
    return f"{in_name(own)}|(?i){_START}({capitals}){_END}"


def _spaced(phrase: str) -> str:
    """Between the words of a phrase, whatever file names have in the place of a space, or nothing."""
    return phrase.replace(" ", _GAP)
