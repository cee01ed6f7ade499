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


_LOCAL = re.compile(
    r"(?<![\w.$€£#-])(?:\(?0?\d{2,5}\)?(?:[ .-]?\(0\))?[ .-]?\d{2,4}(?:[ .-]\d{2,4}){1,3}|\d{3,4}[ "
    r"-]\d{4}|\d{2,5}[ -]\d{5,7}|0?1[3-9]\d{9}|"
    r"\(\d{2,4}\) ?\d{3,4}[ -]?\d{3,4}|00[1-9]\d{0,2}[ .-]\d[\d .-]{5,14}\d|0\d{6,10}|"
    r"[2-9]\d{9})(?![\w%]|[-./]\d)(?<!\.)|"
    r"(?<![\w.$€£#-])\(?\d{2,4}\)?[ .-]?\d{3,4}[ .-]\d{4}(?= ?(?:x|ext))"
)
_AFTER = 45  # bytes after a word in which its number stands


def _national(match: Match) -> Found | None:
    text = match.value + match.text.data[match.end : match.end + _AFTER].decode("utf-8", "ignore")
    first = next(place for place, character in enumerate(text) if character in "0123456789")
    for found in _LOCAL.finditer(text):
        numbers = digits(found[0])
        if found.start() > first or not 7 <= len(numbers) <= 14 or _NOT.search(found[0]) or len(set(numbers)) < 3:
            continue
        value = "".join(map(str, numbers))
        return Found(confidence=0.8, value=value, start=found.start(), end=found.end())
    return None


NATIONAL_PHONE = Recogniser(
    id="national_phone",
    data_class="personal",
    source="ITU-T E.123, notation for national numbers",
    pattern=r"(?:phone|\btel\b|mobile|\bcell|\bfax\b|\bdesk:|\boffice:|\bcall|\bdial|contact|reach|text me|"
    r"\bsms|whatsapp|hotline|"
    r"answering|messages? (?:to|on)|telefon|handy|telefono|телефон|电话|手机|联系|传真|電話|携帯|전화)"
    r"(?:：|[ -/:-~\t\r\n]){0,24}[0-9](?:[ .()-]{0,3}[0-9]){6}",
    ignore_case=True,
    read=_national,
    at_least=_MANY,
    hits=(
        "".join(f"tel. 030 9012 {n}\n" for n in range(1000, 1060)),
        "".join(f"手机 1381234{n}\n" for n in range(1000, 1060)),
    ),
    misses=(
        "phone 030 9012 1234\n",  # one
        "".join(f"call 2024-05-{n} 12:00\n" for n in range(10, 31)),  # days
        "".join(f"call 10.20.30.{n}\n" for n in range(10, 60)),  # addresses of machines
    ),
)


def _shaped(match: Match) -> Found | None:
    before, after = match.before(40), match.after(12)
    if re.search(r"[\w.$€£#+-]$|\+\d{1,3} ?$", before) or (
        re.match(r"[\w%]|[-./]\d", after) and not _EXTENSION.match(after)
    ):
        return None
    value = "".join(map(str, digits(match.value)))
    return None if len(set(value)) < 3 or _said(match) else Found(confidence=0.5, value=value)


SHAPED_PHONE = Recogniser(
    id="shaped_phone",
    data_class="personal",
    source="North American Numbering Plan, notation; mobile numbers of China (YD/T 1314)",
    pattern=r"\(\d{3}\) ?\d{3}-\d{4}\b|\b\d{3}[.-]\d{3}[.-]\d{4}\b|\b1[3-9]\d{9}\b",
    read=_shaped,
    at_least=_MANY,
    hits=("".join(f"Ana, 541-714-{n}\n" for n in range(1000, 1060)),),
    misses=("541-714-1388\n", "".join(f"v1.541-714-{n}\n" for n in range(1000, 1060))),  # one; parts of versions
)
