"""Numbers that states give to people: identity, tax, insurance and health. Each with its check digits, where it has any.

Those that could be any number count only beside a word that says what they are.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from tidegate.content.recognisers._checksums import digits, is_date, luhn, mod11_10, verhoeff, weighted
from tidegate.content.units import Found, Match, Recogniser


def _china(value: str) -> bool:
    total = weighted([int(c) for c in value[:17]], (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2))
    province = value[:2] in _PROVINCES
    return (
        province
        and is_date(int(value[6:10]), int(value[10:12]), int(value[12:14]))
        and "10X98765432"[total % 11] == value[17].upper()
    )


_PROVINCES = frozenset(
    ["11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33", "34", "35", "36", "37", "41", "42", "43", "44", "45", "46", "50", "51", "52", "53", "54", "61", "62", "63", "64", "65", "71", "81", "82", "83"]
)


def _ssn(value: str) -> bool:
    area, group, serial = int(value[:3]), int(value[4:6]), int(value[7:])
    return (
        area not in {0, 666}
        and area < 900
        and group > 0
        and serial > 0
        and value not in {"078-05-1120", "219-09-9999", "123-45-6789"}
    )


def _nhs(value: str) -> bool:
    numbers = digits(value)
    check = 11 - weighted(numbers[:9], range(10, 1, -1)) % 11
    return len(set(numbers)) > 3 and check % 11 == numbers[9]


def _german_tax(value: str) -> bool:
    numbers = digits(value)
    often = [numbers[:10].count(n) for n in range(10)]
    return numbers[0] != 0 and max(often) in {2, 3} and often.count(0) in {1, 2} and mod11_10(numbers)


def _nir(value: str) -> bool:
    text = re.sub(r"\s", "", value).upper()
    number = text[:13].replace("2A", "19").replace("2B", "18")
    return int(text[3:5]) in {*range(1, 13), *range(20, 43)} and 97 - int(number) % 97 == int(text[13:])


def _aadhaar(value: str) -> bool:
    return len(set(value)) > 4 and verhoeff(digits(value))


def _tfn(value: str) -> bool:
    return len(set(value)) > 3 and weighted(digits(value), (1, 4, 3, 7, 5, 8, 6, 9, 10)) % 11 == 0


def _medicare(value: str) -> bool:
    numbers = digits(value)
    return weighted(numbers, (1, 3, 7, 9, 1, 3, 7, 9)) % 10 == numbers[8]


def _dni(value: str) -> bool:
    number = value[:-1].upper().replace("X", "0").replace("Y", "1").replace("Z", "2").replace("-", "").replace(".", "")
    return "TRWAGMYFPDXBNJZSQVHLCKE"[int(number) % 23] == value[-1].upper()


_ODD = dict(zip("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", (1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 1, 0, 5, 7, 9, 13, 15, 17, 19, 21,
            2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23), strict=True))  # fmt: skip


def _codice_fiscale(value: str) -> bool:
    odd = sum(_ODD[c] for c in value[:15:2])
    even = sum(int(c) if c.isdigit() else ord(c) - 65 for c in value[1:15:2])
    return chr((odd + even) % 26 + 65) == value[15]


def _pesel(value: str) -> bool:
    numbers = digits(value)
    dated = is_date(1900 + int(value[:2]), (int(value[2:4]) - 1) % 20 + 1, int(value[4:6]))
    return dated and weighted(numbers, (1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1)) % 10 == 0


def _cpf(value: str) -> bool:
    numbers = digits(value)
    return (
        all(weighted(numbers, range(n, 1, -1)) * 10 % 11 % 10 == numbers[n - 1] for n in (10, 11))
        and len(set(numbers)) > 2
    )


def _bsn(value: str) -> bool:
    numbers = digits(value)
    return len(set(numbers)) > 2 and (weighted(numbers, range(9, 1, -1)) - numbers[8]) % 11 == 0


def _korea(value: str) -> bool:
    numbers = digits(value)
    dated = is_date(2000, int(value[2:4]), int(value[4:6]))
    return dated and (11 - weighted(numbers, (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)) % 11) % 10 == numbers[12]


def _taiwan(value: str) -> bool:
    letter = "ABCDEFGHJKLMNPQRSTUVXYWZIO".index(value[0]) + 10
    return weighted([*divmod(letter, 10), *digits(value)], (1, 9, 8, 7, 6, 5, 4, 3, 2, 1, 1)) % 10 == 0


def _hong_kong(value: str) -> bool:
    values = [36 if c == " " else int(c, 36) for c in re.sub(r"[()]", "", value).rjust(9)]
    return weighted(values, range(9, 0, -1)) % 11 == 0


def _singapore(value: str) -> bool:
    total = weighted(digits(value), (2, 7, 6, 5, 4, 3, 2)) + (4 if value[0] in "TG" else 0)
    return ("JZIHGFEDCBA" if value[0] in "ST" else "XWUTRQPNMLK")[total % 11] == value[-1]


def _sin(value: str) -> bool:
    return len(set(value)) > 4 and luhn(digits(value))


def _belgium(value: str) -> bool:
    numbers = "".join(map(str, digits(value)))
    return any(97 - int(century + numbers[:9]) % 97 == int(numbers[9:]) for century in ("", "2"))


def _sweden(value: str) -> bool:
    numbers = digits(value)[-10:]
    month, day = numbers[2] * 10 + numbers[3], numbers[4] * 10 + numbers[5]
    return is_date(2000, month, day % 60) and luhn(numbers)


def _ahv(value: str) -> bool:
    return weighted(digits(value), (1, 3) * 6 + (1,)) % 10 == 0


def _turkey(value: str) -> bool:
    n = digits(value)
    return (sum(n[0:9:2]) * 7 - sum(n[1:8:2])) % 10 == n[9] and sum(n[:10]) % 10 == n[10]


def _russia(value: str) -> bool:
    numbers = digits(value)
    total = weighted(numbers, range(9, 0, -1)) % 101 % 100
    return total == numbers[9] * 10 + numbers[10]


_Row = tuple[str, str, str, Callable[[str], bool] | None, float, tuple[str, ...], str, str]

_NUMBERS: tuple[_Row, ...] = (
    # id, source, pattern, check, confidence without a word beside it, words, a hit, a miss (one digit off, or no such number)
    (
        "china_resident_id", "GB 11643-1999", r"\b[1-8]\d{5}(?:19|20)\d{9}[\dXx]\b", _china, 0.95, ("身份证",),
        "11010519491231002X", "110105194912310021",
    ),
    (
        "us_ssn", "Social Security Administration, POMS RM 10201", r"\b\d{3}-\d{2}-\d{4}\b", _ssn, 0.6,
        ("ssn", "social security"), "SSN 536-22-8190", "SSN 000-22-8190",
    ),
    (
        "uk_national_insurance", "HMRC, NIM39110",
        r"\b[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d{2} ?\d{2} ?\d{2} ?[A-D]\b", None, 0.45,
        ("national insurance", "nino", "ni number", "ni no"), "NI number AB 12 34 56 C", "NI number QQ 12 34 56 C",
    ),
    (
        "uk_nhs", "NHS Data Dictionary: NHS number", r"\b\d{3}[ -]?\d{3}[ -]?\d{4}\b", _nhs, 0.2, ("nhs",),
        "NHS no 943 476 5919", "NHS no 943 476 5918",
    ),
    (
        "german_tax_id", "Abgabenordnung, section 139b; ISO/IEC 7064", r"\b[1-9]\d ?\d{3} ?\d{3} ?\d{3}\b",
        _german_tax, 0.2, ("steuer", "idnr", "tax id", "tin"), "Steuer-ID 86 095 742 719",
        "Steuer-ID 86 095 742 718",
    ),
    (
        "french_nir", "INSEE: numéro d'inscription au répertoire",
        r"\b[12] ?\d{2} ?\d{2} ?\d[\dAB] ?\d{3} ?\d{3} ?\d{2}\b", _nir, 0.3,
        ("sécurité sociale", "nir", "insee", "securite sociale"), "NIR 2 55 08 14 168 025 38",
        "NIR 2 55 08 14 168 025 39",
    ),
    (
        "aadhaar", "UIDAI: Aadhaar number (Verhoeff)", r"\b[2-9]\d{3} ?\d{4} ?\d{4}\b", _aadhaar, 0.2,
        ("aadhaar", "aadhar", "uidai", "आधार"), "Aadhaar 2341 2341 2346", "Aadhaar 2341 2341 2347",
    ),
    (
        "australian_tfn", "Australian Taxation Office: TFN algorithm", r"\b\d{3} ?\d{3} ?\d{3}\b", _tfn, 0.2,
        ("tfn", "tax file"), "TFN 123 456 782", "TFN 123 456 783",
    ),
    (
        "australian_medicare", "Services Australia: Medicare card number", r"\b[2-6]\d{3} ?\d{5} ?\d\b", _medicare,
        0.2, ("medicare",), "Medicare 2123 45670 1", "Medicare 2123 45671 1",
    ),
    (
        "spanish_dni", "Real Decreto 1553/2005: DNI; NIE", r"\b(?:\d{8}|[XYZ]\d{7})-?[A-HJ-NP-TV-Z]\b", _dni, 0.3,
        ("dni", "nie", "nif"), "DNI 12345678Z", "DNI 12345678A",
    ),
    (
        "codice_fiscale", "Decreto ministeriale 23 dicembre 1976",
        r"\b[A-Z]{6}\d{2}[A-EHLMPRST]\d{2}[A-Z]\d{3}[A-Z]\b", _codice_fiscale, 0.95, (), "RSSMRA85T10A562S",
        "RSSMRA85T10A562T",
    ),
    (
        "pesel", "Ustawa o ewidencji ludności, art. 15", r"\b\d{11}\b", _pesel, 0.2, ("pesel",),
        "PESEL 44051401359", "PESEL 44051401358",
    ),
    (
        "brazilian_cpf", "Receita Federal: CPF", r"\b\d{3}\.\d{3}\.\d{3}-\d{2}\b", _cpf, 0.9, (),
        "CPF 529.982.247-25", "CPF 529.982.247-26",
    ),
    (
        "dutch_bsn", "Wet algemene bepalingen burgerservicenummer", r"\b\d{9}\b", _bsn, 0.2,
        ("bsn", "burgerservice"), "BSN 111222333", "BSN 111222334",
    ),
    (
        "korean_rrn", "Resident Registration Act, article 7-2", r"\b\d{6}-[1-8]\d{6}\b", _korea, 0.7, ("주민등록",),
        "주민등록번호 820701-2409181", "820701-2409182",
    ),
    (
        "taiwanese_id", "Household registration: national identification number", r"\b[A-Z][1289]\d{8}\b", _taiwan,
        0.4, ("身分證", "身份證", "national id"), "身分證 A123456789", "身分證 A123456788",
    ),
    (
        "hong_kong_id", "Registration of Persons Regulations", r"\b[A-Z]{1,2}\d{6}\([0-9A]\)", _hong_kong, 0.8,
        ("hkid", "身份證"), "HKID G123456(A)", "HKID G123456(7)",
    ),
    (
        "singapore_nric", "National Registration Act", r"\b[STFG]\d{7}[A-Z]\b", _singapore, 0.6, ("nric", "fin"),
        "NRIC S1234567D", "NRIC S1234567A",
    ),
    (
        "canadian_sin", "Employment and Social Development Canada: SIN", r"\b\d{3}[ -]\d{3}[ -]\d{3}\b", _sin, 0.2,
        ("sin", "social insurance"), "social insurance 046 454 286", "social insurance 046 454 287",
    ),
    (
        "belgian_nrn", "Loi organisant un registre national", r"\b\d{2}\.\d{2}\.\d{2}-\d{3}\.\d{2}\b", _belgium,
        0.9, (), "85.07.30-033.28", "85.07.30-033.29",
    ),
    (
        "swedish_personal_number", "Folkbokföringslagen, section 18", r"\b(?:19|20)?\d{6}[-+]\d{4}\b", _sweden,
        0.45, ("personnummer", "personal number"), "personnummer 811228-9874", "personnummer 811228-9875",
    ),
    (
        "swiss_ahv", "AHVG, article 50c", r"\b756\.\d{4}\.\d{4}\.\d{2}\b", _ahv, 0.95, (), "756.9217.0769.85",
        "756.9217.0769.84",
    ),
    (
        "turkish_id", "Nüfus Hizmetleri Kanunu, article 46", r"\b[1-9]\d{10}\b", _turkey, 0.2, ("kimlik", "tckn"),
        "TC kimlik no 10000000146", "TC kimlik no 10000000147",
    ),
    (
        "russian_snils", "Federal law 27-FZ: SNILS", r"\b\d{3}-\d{3}-\d{3} \d{2}\b", _russia, 0.9, (),
        "112-233-445 95", "112-233-445 96",
    ),
    (
        "passport_number", "ICAO Doc 9303-3: document numbers; only beside the word",
        r"\b(?:[A-Z]{1,2}\d{7}|[A-Z]\d{8}|\d{9})\b", None, 0.1,
        ("passport no", "passport number", "passport:", "护照号", "reisepass", "passeport n", "pasaporte n"),
        "Passport No. E12345678", "Part no. E12345678",
    ),
)  # fmt: skip


_AROUND = 60  # bytes to either side in which a word says what a number is


def _recogniser(row: _Row) -> Recogniser:
    id_, source, pattern, check, confidence, words, hit, miss = row
    near = max(confidence, 0.6 if check is None else 0.9)

    def read(match: Match) -> Found | None:
        before, after = match.before(_AROUND), match.after(_AROUND)
        if (
            _JOINED_BEFORE.search(before)
            or _JOINED_AFTER.match(after)
            or (check is not None and not check(match.value))
        ):
            return None
        said = any(re.search(rf"(?i)(?:^|[^a-z]){re.escape(word)}(?:[^a-z]|$)", before + " " + after) for word in words)
        return Found(confidence=near if said else confidence, value=match.value)

    return Recogniser(
        id=id_,
        data_class="personal",
        source=source,
        pattern=pattern,
        read=read,
        hits=(f"{hit}\n",),
        misses=(f"{miss}\n",),
    )


_JOINED_BEFORE = re.compile(r"[\w.\-/+,=]$(?<!, )(?<![=:])|\d[.,]$")
_JOINED_AFTER = re.compile(r"^[.\-/]?\d|^[\w\-/]")
"""What makes a number part of a longer one, of a fraction or of a name."""

NATIONAL_NUMBERS = tuple(_recogniser(row) for row in _NUMBERS)
"""One a state and kind."""
