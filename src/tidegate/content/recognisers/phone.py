"""Telephone numbers: international ones by themselves, national ones beside a word that says so."""

from __future__ import annotations

import re

from tidegate.content.recognisers._checksums import digits
from tidegate.content.units import Found, Match, Recogniser

_CONTEXT = re.compile(
    r"(?i)phone|\btel\b|tel[.:]|mobile|\bcell|\bfax\b|\bdesk\b|\boffice\b|\bcall|dial|contact|reach|"
    r"ring me|text me|\bsms|whatsapp|hotline|"
    r"answering|messages? (?:to|on)|my registered|"
    r"telefon|handy|mobil|téléphone|teléfono|telefono|телефон|电话|手机|联系|传真|電話|携帯|전화"
)
_NOT = re.compile(r"^\d{4}-\d\d-\d\d|^\d{1,3}(?:\.\d{1,3}){3}$|^(?:19|20)\d\d[ -](?:19|20)\d\d$|^\d{3}-\d{2}-\d{4}$")
_EXTENSION = re.compile(r"^ ?(?:x|ext\.? ?)\d{2,6}\b", re.IGNORECASE)
_MANY = 40  # different numbers in a file that make a list of them; a few stand in any letterhead


def _said(match: Match) -> bool:
    """Whether a word for it stands before it, on the line above too, or just after it."""
    before = match.text.data[max(0, match.start - 40) : match.start].decode("utf-8", "ignore")
    return _CONTEXT.search(before) is not None or _CONTEXT.search(match.after(20)) is not None


def _international(match: Match) -> Found | None:
    import phonenumbers

    try:
        number = phonenumbers.parse(match.value.replace("(0)", ""))
    except phonenumbers.NumberParseException:
        return None
    said = _said(match)
    if not (phonenumbers.is_valid_number(number) or (said and phonenumbers.is_possible_number(number))):
        return None
    return Found(confidence=0.9 if said else 0.7, value=f"+{number.country_code}{number.national_number}")


PHONE = Recogniser(
    id="phone",
    data_class="personal",
    source="ITU-T E.164, by the number plans of libphonenumber",
    pattern=r"\+[1-9]\d{0,2}[ .(/-]{0,2}\d[\d ().-]{5,16}\d\b",
    read=_international,
    at_least=_MANY,
    hits=("".join(f"+49 30 9012 {n}\n" for n in range(1000, 1060)),),
    misses=(
        "Call +49 30 901820 for help\n",  # a letterhead
        "".join(f"+{n}.00000000\n" for n in range(100, 140)),  # numbers with a sign
    ),
)


def _national(match: Match) -> Found | None:
    value, numbers = match.value, digits(match.value)
    before, after = match.before(70), match.after(30)
    if not 7 <= len(numbers) <= 13 or _NOT.search(value) or len(set(numbers)) < 3:
        return None
    if (
        before[-1:] in {*"/.-_#$€£"}
        or before[-1:].isalnum()
        or (re.match(r"[-./]\d|\w|%", after) and not _EXTENSION.match(after))
    ):
        return None
    if not _said(match):
        shaped = (
            re.fullmatch(r"\(?\d{3}\)?[ .-]\d{3}[.-]\d{4}|1[3-9]\d{9}|\(\d{2,4}\) ?\d{3,4}[ -]\d{3,4}", value)
            is not None
        )
        return Found(confidence=0.5, value="".join(map(str, numbers))) if shaped else None
    return Found(confidence=0.8, value="".join(map(str, numbers)))


NATIONAL_PHONE = Recogniser(
    id="national_phone",
    data_class="personal",
    source="ITU-T E.123, notation for national numbers; the number plans of libphonenumber",
    pattern=r"\(?\b0?\d{2,5}\)?[ .-]\d{2,4}(?:[ .-]\d{2,4}){1,3}\b|\b\d{3,4}[ -]\d{4}\b|\b\d{2,4}[ "
    r"-]\d{6,7}\b|\b1[3-9]\d{9}\b|\(\d{2,4}\) ?\d{3,4}[ -]?\d{3,4}\b|"
    r"\b00[1-9]\d{0,2}[ .-]\d[\d .-]{5,14}\d\b",
    read=_national,
    at_least=_MANY,
    hits=(
        "".join(f"tel. 030 9012 {n}\n" for n in range(1000, 1060)),
        "".join(f"手机 1381234{n}\n" for n in range(1000, 1060)),
    ),
    misses=(
        "phone 030 9012 1234\n",  # one
        "".join(f"2024-05-{n} 12:00\n" for n in range(10, 31)),  # days
        "".join(f"call 10.20.30.{n}\n" for n in range(10, 40)),  # addresses of machines
    ),
)
