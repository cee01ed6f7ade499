"""Protective markings in documents: which there are, by scheme, and who prescribes them."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Scheme:
    """words: markings that stand alone on a line or in a header, in capitals; phrases: the same, in any case."""

    id: str
    source: str
    words: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()


SCHEMES = (
    Scheme(
        "US",
        "Executive Order 13526, section 1.6; 32 CFR 2001.21 (banner lines) and 2002.20 (CUI)",
        ("SECRET", "CONFIDENTIAL", "CUI", "FOUO", "U//FOUO", "SBU", "LES", "TS//SCI"),
        ("top secret", "for official use only", "controlled unclassified information", "law enforcement sensitive"),
    ),
    Scheme(
        "UK",
        "Government Security Classifications, Cabinet Office",
        ("OFFICIAL",),
        ("official[ -]{1,3}sensitive", "uk (?:top )?secret", "uk eyes only", "uk official(?:[ -]{1,3}sensitive)?"),
    ),
    Scheme(
        "EU",
        "Council Decision 2013/488/EU, article 2; Commission Decision 2015/444",
        (),
        ("tr[eè]s secret ue(?:/eu top secret)?", "secret ue(?:/eu secret)?", "confidentiel ue(?:/eu confidential)?",
         "restreint ue(?:/eu restricted)?", "eu (?:top )?secret", "eu confidential", "eu restricted", "limite ue",
         "eu limite"),
    ),
    Scheme(
        "NATO",
        "C-M(2002)49, enclosure E",
        (),
        ("cosmic top secret", "nato secret", "nato confidential", "nato restricted", "nato unclassified"),
    ),
    Scheme(
        "Germany",
        "Verschlusssachenanweisung (VSA), section 2 and annex III",
        ("GEHEIM", "VERTRAULICH", "VS-NfD"),
        ("streng geheim", "vs ?[-–] ?vertraulich", "(?:vs ?[-–] ?)?nur f(?:ü|u|ue)r den dienstgebrauch",
        "streng vertraulich"),
    ),
    Scheme(
        "France",
        "Instruction générale interministérielle 1300; II 901 for diffusion restreinte",
        ("CONFIDENTIEL",),
        ("tr[eè]s secret", "(?:tr[eè]s )?secret[ -]d[eé]fense", "confidentiel[ -]d[eé]fense", "diffusion restreinte",
         "sp[eé]cial france"),
    ),
    Scheme(
        "Australia",
        "Protective Security Policy Framework, policy 8; Email Protective Marking Standard 2018.6",
        ("PROTECTED", "AUSTEO", "AGAO"),
        ("official ?: ?sensitive", "cabinet[ -]in[ -]confidence", "[a-z]{4,12}[ -]in[ -]confidence"),
    ),
    Scheme(
        "China",
        "Law on Guarding State Secrets, articles 14 and 21; GB/T 9704-2012, 7.2.2: the level, ★ and the period",
        (),
        ("(?:绝密|机密|秘密) ?★ ?(?:[0-9]{1,2} ?年|长期|[0-9]{1,2} ?个?月)?",
         "(?:绝密|机密|秘密) ?(?:级|文件|资料)?", "工作秘密", "国家秘密",
         "内部(?:文件|资料|使用|参考|材料|公开|传阅)?(?: ?[,，、] ?(?:注意保密|严禁外传|不得外传|请勿外传))?",
         "商业秘密(?: ?★ ?[0-9]{0,2} ?年?)?",
         "(?:核心|普通)商密",
         "(?:严禁|不得|禁止)外传"),
    ),
    Scheme("TLP", "Traffic Light Protocol 2.0, FIRST", (), ("tlp ?: ?(?:red|amber(?:\\+strict)?|green)",)),
    Scheme(
        "company",
        "ISO/IEC 27002:2022, control 5.13 leaves the words to the organisation: these are the usual ones",
        ("RESTRICTED", "INTERNAL", "PROPRIETARY"),
        ((
            "(?:strictly|highly|company|commercial(?:ly)?)[ -](?:private (?:and|&) )?(?:confidential|"
            "sensitive)"
        ), "confidential (?:and|&|[-–/]) proprietary",
         "proprietary (?:and|&|[-–/]) confidential", "(?:for )?internal use only",
         "for internal (?:use|distribution)(?: only)?",
         "eyes only", "trade secrets?", "do not distribute", "not for (?:release|distribution)",
         "confidential [-–] do not (?:copy|forward|distribute)"),
    ),
)  # fmt: skip

_CAVEATS = (
    r"(?:(?: ?//? ?| ?[-–] ?| )(?:NOFORN|NF|ORCON|OC|PROPIN|RELIDO|REL ?TO ?[A-Z, ]{2,60}|SI|TK|HCS|"
    r"SCI|FISA|DISPLAY ONLY [A-Z, ]{2,40}|"
    r"SP-[A-Z]{2,10}|FED ?ONLY|NOCON|DL ONLY|FEDCON|[A-Z]{2,8} EYES ONLY|LOCSEN|ACCT|BUDGET|COMMERCIAL|PERSONAL|"
    r"AMTLICH GEHEIMGEHALTEN|[0-9]{8}|[A-Z]{2,6}(?:/[A-Z]{2,6}){0,4})){0,6}"
)
"""What follows a marking: who may see it, by the CAPCO register, 32 CFR 2002 and the schemes of others."""

_LEAD = (
    r"(?:(?:security |document )?(?:classification|classified|marking|sensitivity|einstufung|密级|保密等级|"
    r"秘密等级|publicity)(?: level)? ?[:：=] ?)?"
)
_FRAME = r"[ \t\u3000*#=_\-–—|~<>\[\]【】()（）★☆•]{0,40}"


_WORDS = "|".join(map(re.escape, sorted({word for scheme in SCHEMES for word in scheme.words}, key=len, reverse=True)))
_PHRASES = "|".join(sorted((phrase for scheme in SCHEMES for phrase in scheme.phrases), key=len, reverse=True))

LINE = re.compile(rf"^{_FRAME}(?i:{_LEAD})(?P<marking>(?i:{_PHRASES})|{_WORDS}){_CAVEATS}[.!。]?{_FRAME}$")
"""A whole line that is a marking, its group `marking`."""

WITHIN = re.compile(rf"(?:^|[^\w])(?P<marking>(?i:{_PHRASES})|{_WORDS})(?:[^\w]|$)")
"""A marking as words of a header, a footer or a property."""

ANCHORS = (
    r"^[ \t*#=_<>|~\[(-]{0,24}(?:【|★|　)?(?:TOP SECRET|SECRET|CONFIDENTIAL|CUI|FOUO|U//FOUO|SBU|LES|TS//|FOR OFFICIAL|"
    r"CONTROLLED UNCL|LAW ENF|OFFICIAL|UK |TR.S SECRET|CONFIDENTIEL|RESTREINT UE|EU |LIMITE UE|COSMIC|"
    r"NATO |GEHEIM|VERTRAULICH|VS|"
    r"STRENG |NUR F|DIFFUSION R|SP.CIAL FRANCE|PROTECTED|AUSTEO|AGAO|CABINET|[A-Z]{4,12}[ -]IN[ -]CONFIDENCE|"
    r"绝密|机密|秘密|工作秘密|国家秘密|内部|商业秘密|核心商密|普通商密|严禁外传|不得外传|禁止外传|"
    r"TLP ?:|RESTRICTED|INTERNAL|PROPRIETARY|STRICTLY |"
    r"HIGHLY |COMPANY |COMMERCIAL|FOR INTERNAL|EYES ONLY|TRADE SECRET|DO NOT DIST|NOT FOR |CLASSIF|SECURITY CL|MARKING|"
    r"SENSITIVITY|EINSTUFUNG|密级|保密等级|秘密等级)"
)
"""What Hyperscan looks for: the words without the rest of their line, at its start."""
