"""Numbers that states give to people: identity, tax, insurance, health; with their check digits, where they have any.

Those that could be any number count only beside a word that says what they are.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from tidegate.content.recognisers import _national
from tidegate.content.units import Found, Match, Recogniser

_Row = tuple[str, str, str, Callable[[str], bool] | None, float, tuple[str, ...], str, str]

_NUMBERS: tuple[_Row, ...] = (
    # id, source, pattern, check, confidence without a word beside it, words, a hit, a miss: one digit off, or none
    (
        "china_resident_id", "GB 11643-1999", r"\b[1-8]\d{5}(?:19|20)\d{9}[\dXx]\b", _national.china, 0.95, ("身份证",),
        "11010519491231002X", "110105194912310021",
    ),
    (
        "us_ssn", "Social Security Administration, POMS RM 10201", r"\b\d{3}-\d{2}-\d{4}\b", _national.ssn, 0.6,
        ("ssn", "social security"), "SSN 536-22-8190", "SSN 000-22-8190",
    ),
    (
        "uk_national_insurance", "HMRC, NIM39110",
        r"\b[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d{2} ?\d{2} ?\d{2} ?[A-D]\b", None, 0.45,
        ("national insurance", "nino", "ni number", "ni no"), "NI number AB 12 34 56 C", "NI number QQ 12 34 56 C",
    ),
    (
        "uk_nhs", "NHS Data Dictionary: NHS number", r"\b\d{3}[ -]?\d{3}[ -]?\d{4}\b", _national.nhs, 0.2, ("nhs",),
        "NHS no 943 476 5919", "NHS no 943 476 5918",
    ),
    (
        "german_tax_id", "Abgabenordnung, section 139b; ISO/IEC 7064", r"\b[1-9]\d ?\d{3} ?\d{3} ?\d{3}\b",
        _national.german_tax, 0.2, ("steuer", "idnr", "tax id", "tin"), "Steuer-ID 86 095 742 719",
        "Steuer-ID 86 095 742 718",
    ),
    (
        "french_nir", "INSEE: numéro d'inscription au répertoire",
        r"\b[12] ?\d{2} ?\d{2} ?\d[\dAB] ?\d{3} ?\d{3} ?\d{2}\b", _national.nir, 0.3,
        ("sécurité sociale", "nir", "insee", "securite sociale"), "NIR 2 55 08 14 168 025 38",
        "NIR 2 55 08 14 168 025 39",
    ),
    (
        "aadhaar", "UIDAI: Aadhaar number (Verhoeff)", r"\b[2-9]\d{3} ?\d{4} ?\d{4}\b", _national.aadhaar, 0.2,
        ("aadhaar", "aadhar", "uidai", "आधार"), "Aadhaar 2341 2341 2346", "Aadhaar 2341 2341 2347",
    ),
    (
        "australian_tfn", "Australian Taxation Office: TFN algorithm", r"\b\d{3} ?\d{3} ?\d{3}\b", _national.tfn, 0.2,
        ("tfn", "tax file"), "TFN 123 456 782", "TFN 123 456 783",
    ),
    (
        "australian_medicare", "Services Australia: Medicare card number", r"\b[2-6]\d{3} ?\d{5} ?\d\b",
        _national.medicare,
        0.2, ("medicare",), "Medicare 2123 45670 1", "Medicare 2123 45671 1",
    ),
    (
        "spanish_dni", "Real Decreto 1553/2005: DNI; NIE", r"\b(?:\d{8}|[XYZ]\d{7})-?[A-HJ-NP-TV-Z]\b",
        _national.dni, 0.3,
        ("dni", "nie", "nif"), "DNI 12345678Z", "DNI 12345678A",
    ),
    (
        "codice_fiscale", "Decreto ministeriale 23 dicembre 1976",
        r"\b[A-Z]{6}\d{2}[A-EHLMPRST]\d{2}[A-Z]\d{3}[A-Z]\b", _national.codice_fiscale, 0.95, (), "RSSMRA85T10A562S",
        "RSSMRA85T10A562T",
    ),
    (
        "pesel", "Ustawa o ewidencji ludności, art. 15", r"\b\d{11}\b", _national.pesel, 0.2, ("pesel",),
        "PESEL 44051401359", "PESEL 44051401358",
    ),
    (
        "brazilian_cpf", "Receita Federal: CPF", r"\b\d{3}\.\d{3}\.\d{3}-\d{2}\b", _national.cpf, 0.9, (),
        "CPF 529.982.247-25", "CPF 529.982.247-26",
    ),
    (
        "dutch_bsn", "Wet algemene bepalingen burgerservicenummer", r"\b\d{9}\b", _national.bsn, 0.2,
        ("bsn", "burgerservice"), "BSN 111222333", "BSN 111222334",
    ),
    (
        "korean_rrn", "Resident Registration Act, article 7-2", r"\b\d{6}-[1-8]\d{6}\b", _national.korea, 0.7,
        ("주민등록",),
        "주민등록번호 820701-2409181", "820701-2409182",
    ),
    (
        "taiwanese_id", "Household registration: national identification number", r"\b[A-Z][1289]\d{8}\b",
        _national.taiwan,
        0.4, ("身分證", "身份證", "national id"), "身分證 A123456789", "身分證 A123456788",
    ),
    (
        "hong_kong_id", "Registration of Persons Regulations", r"\b[A-Z]{1,2}\d{6}\([0-9A]\)", _national.hong_kong, 0.8,
        ("hkid", "身份證"), "HKID G123456(A)", "HKID G123456(7)",
    ),
    (
        "singapore_nric", "National Registration Act", r"\b[STFG]\d{7}[A-Z]\b", _national.singapore, 0.6, ("nric",
        "fin"),
        "NRIC S1234567D", "NRIC S1234567A",
    ),
    (
        "canadian_sin", "Employment and Social Development Canada: SIN", r"\b\d{3}[ -]\d{3}[ -]\d{3}\b",
        _national.sin, 0.2,
        ("sin", "social insurance"), "social insurance 046 454 286", "social insurance 046 454 287",
    ),
    (
        "belgian_nrn", "Loi organisant un registre national", r"\b\d{2}\.\d{2}\.\d{2}-\d{3}\.\d{2}\b",
        _national.belgium,
        0.9, (), "85.07.30-033.28", "85.07.30-033.29",
    ),
    (
        "swedish_personal_number", "Folkbokföringslagen, section 18", r"\b(?:19|20)?\d{6}[-+]\d{4}\b", _national.sweden,
        0.45, ("personnummer", "personal number"), "personnummer 811228-9874", "personnummer 811228-9875",
    ),
    (
        "swiss_ahv", "AHVG, article 50c", r"\b756\.\d{4}\.\d{4}\.\d{2}\b", _national.ahv, 0.95, (), "756.9217.0769.85",
        "756.9217.0769.84",
    ),
    (
        "turkish_id", "Nüfus Hizmetleri Kanunu, article 46", r"\b[1-9]\d{10}\b", _national.turkey, 0.2, ("kimlik",
        "tckn"),
        "TC kimlik no 10000000146", "TC kimlik no 10000000147",
    ),
    (
        "russian_snils", "Federal law 27-FZ: SNILS", r"\b\d{3}-\d{3}-\d{3} \d{2}\b", _national.russia, 0.9, (),
        "112-233-445 95", "112-233-445 96",
    ),
    (
        "passport_number", "ICAO Doc 9303-3: document numbers; only beside the word",
        r"\b(?:[A-Z]{1,2}\d{7}|[A-Z]\d{8}|\d{9})\b", None, 0.1,
        ("passport no", "passport number", "passport:", "护照号", "reisepass", "passeport n", "pasaporte n"),
        "Passport No. E12345678", "Part no. E12345678",
    ),
)  # fmt: skip


_AFTER = 60  # bytes after a word in which a number is meant by it
_ALONE = 0.5  # confidence from which a number is looked for without a word


def _recogniser(row: _Row) -> Recogniser:
    id_, source, pattern, check, confidence, words, hit, miss = row
    number = re.compile(pattern)
    near = max(confidence, 0.6 if check is None else 0.9)
    named = re.compile(rf"(?i)(?:^|[^a-z])(?:{'|'.join(map(re.escape, words))})(?:[^a-z]|$)") if words else None

    def alone(match: Match) -> Found | None:
        before = match.before(_AFTER)
        if _JOINED_BEFORE.search(before) or _JOINED_AFTER.match(match.after(4)):
            return None
        if check is not None and not check(match.value):
            return None
        said = named is not None and named.search(before + " " + match.after(_AFTER))
        return Found(confidence=near if said else confidence, value=match.value)

    def beside(match: Match) -> Found | None:
        text = match.text.data[match.end : match.end + _AFTER].decode("utf-8", "ignore")
        for found in number.finditer(text):
            apart = (
                found[0].isascii()
                and not _JOINED_BEFORE.search(text[: found.start()])
                and not _JOINED_AFTER.match(text[found.end() :])
            )
            if apart and (check is None or check(found[0])):
                lead = len(match.value)
                return Found(confidence=near, value=found[0], start=lead + found.start(), end=lead + found.end())
        return None

    anchor = "|".join(rf"\b{word}\b" if word[-1:].isalpha() and word.isascii() else word for word in words)
    return Recogniser(
        id=id_,
        data_class="personal",
        source=source,
        pattern=pattern if confidence >= _ALONE else anchor,
        ignore_case=confidence < _ALONE,
        read=alone if confidence >= _ALONE else beside,
        hits=(f"{hit}\n",),
        misses=(f"{miss}\n",),
    )


_JOINED_BEFORE = re.compile(r"[A-Za-z0-9_.\-/+]$|\d,$")
_JOINED_AFTER = re.compile(r"[.\-/]?\d|[A-Za-z_\-/]")
"""What makes a number part of a longer one, of a fraction or of a name."""

NATIONAL_NUMBERS = tuple(_recogniser(row) for row in _NUMBERS)
"""One a state and kind."""
