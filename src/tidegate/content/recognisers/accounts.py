"""Payment cards and bank accounts."""

from __future__ import annotations

import re
from functools import lru_cache

from tidegate.content.recognisers._checksums import digits, luhn, mod97
from tidegate.content.recognisers._words import words
from tidegate.content.units import Found, Match, Recogniser

_ISSUERS: tuple[tuple[int, int, int, tuple[int, ...]], ...] = (
    # first and last prefix, its length, lengths of the number
    (4, 4, 1, (13, 16, 19)),  # Visa
    (51, 55, 2, (16,)),  # Mastercard
    (2221, 2720, 4, (16,)),
    (34, 34, 2, (15,)),  # American Express
    (37, 37, 2, (15,)),
    (300, 305, 3, (14, 16, 19)),  # Diners Club
    (36, 36, 2, (14, 16, 19)),
    (38, 39, 2, (14, 16, 19)),
    (3528, 3589, 4, (16, 17, 18, 19)),  # JCB
    (1800, 1800, 4, (15,)),
    (2131, 2131, 4, (15,)),
    (6011, 6011, 4, (16, 19)),  # Discover
    (644, 659, 3, (16, 19)),
    (62, 62, 2, (16, 17, 18, 19)),  # UnionPay
    (81, 81, 2, (16, 19)),
    (50, 50, 2, (12, 13, 14, 15, 16, 17, 18, 19)),  # Maestro
    (56, 58, 2, (12, 13, 14, 15, 16, 17, 18, 19)),
    (60, 60, 2, (16, 17, 18, 19)),  # Maestro, RuPay
    (630, 639, 3, (12, 13, 14, 15, 16, 17, 18, 19)),
    (67, 67, 2, (12, 13, 14, 15, 16, 17, 18, 19)),
    (9792, 9792, 4, (16,)),  # Troy
    (2200, 2204, 4, (16, 17, 18, 19)),  # Mir
)
_CONTEXT = words(
        "card visa mastercard amex credit debit payment cvv cvc expir 卡号 银行卡 信用卡 karte carte tarjeta"
    )  # fmt: skip


_SIGNS = "\"'(:;=,|>[#* \t\r\n"
_BEFORE = r"(?:^|[\x00-\x20\"'(:;=,|>\[#*]|[^\x00-\x7f])"
"""What stands before a number that is one by itself: no digit, point or letter."""


@lru_cache
def _issued(prefix: str, length: int) -> tuple[bool, bool]:
    """Whether anyone issues numbers of this length that begin so, and whether one of the largest does."""
    fits = [length in sizes and low <= int(prefix[:n]) <= high for low, high, n, sizes in _ISSUERS]
    return any(fits), any(fits[:6]) and length in {15, 16}


def _card(match: Match) -> Found | None:
    value = match.value.lstrip(_SIGNS)
    lead = len(match.value) - len(value)
    before, after = match.before(60) + match.value[:lead], match.after(60)
    if re.match(r"[\w.-]?\d|-\w|_", after):
        return None
    text = re.sub(r"\D", "", value)
    fits, common = _issued(text[:4], len(text))
    if not fits or not luhn(digits(text)) or len(set(text)) < 4:
        return None
    around = (before + after).lower()
    if any(word in around for word in _CONTEXT):
        return Found(confidence=0.95, value=text, start=lead)
    grouped = re.fullmatch(r"\d{4}([ -])\d{4}\1\d{4}\1\d{4}|\d{4}([ -])\d{6}\2\d{5}", value) is not None
    return Found(confidence=0.8 if grouped else 0.5 if common else 0.3, value=text, start=lead)


PAYMENT_CARD = Recogniser(
    id="payment_card",
    data_class="personal",
    source="ISO/IEC 7812-1: issuer ranges, length and check digit",
    pattern=_BEFORE + r"(?:[2-6]\d{3}[ -]?\d{4}[ -]?\d{4}[ -]?\d{1,7}|3\d{3}[ -]\d{6}[ -]\d{4,5}|1800\d{11}"
    r"|(?:5[0678]|6[37])\d{2}[ -]?\d{4}[ -]?\d{4})\b",
    read=_card,
    hits=("pay by card 4012 8888 8888 1881, please\n", "378282246310005"),
    misses=(
        "pay by card 4012 8888 8888 1882, please\n",  # wrong check digit
        "card 0.4012888888881881 of them\n",  # a fraction
        "card 9999 9999 9999 9995\n",  # no issuer
    ),
)

_LENGTHS = {
    pair[:2]: int(pair[2:])
    for pair in words(
        "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 "
        "EE20 EG29 ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 "
        "JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 "
        "NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 "
        "TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30"
    )
}
"""Length of each country's numbers: the SWIFT registry of the standard."""


def _iban(match: Match) -> Found | None:
    length = _LENGTHS.get(match.value[:2].upper(), 0)
    if not length:
        return None
    whole = match.value + match.after(_LONGEST)
    found = re.match(rf"(?:[A-Za-z0-9] ?){{{length}}}", whole)
    text = re.sub(r" ", "", found[0]).upper() if found else ""
    if not text or len(text) != length or not mod97(text):
        return None
    return Found(confidence=0.97, value=text, end=len(found[0].rstrip()) if found else None)


_LONGEST = 36  # characters of an IBAN in print beyond its beginning


IBAN = Recogniser(
    id="iban",
    data_class="personal",
    source="ISO 13616-1 and the registry of IBAN formats (SWIFT)",
    pattern=(
        r"\b[A-Z]{2}\d{2} ?[A-Z0-9]{4} ?[A-Z0-9]{4} ?[A-Z0-9]{3}"
        r"|\b[a-z]{2}\d{2} ?[a-z0-9]{4} ?[a-z0-9]{4} ?[a-z0-9]{3}"
    ),
    read=_iban,
    hits=("GB82 WEST 1234 5698 7654 32", "account DE89370400440532013000\n"),
    misses=("GB82 WEST 1234 5698 7654 33",),  # wrong check digits
)
