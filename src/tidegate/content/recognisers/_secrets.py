"""Whether a string is likely a secret: not a placeholder, not code, not a word, and not too regular."""

from __future__ import annotations

import math
import re
from collections import Counter

from tidegate.content.recognisers._words import words

_EMPTY = words(
    "none null nil true false undefined string str text int bool boolean password passwd secret token key "
    "value test required optional example sample default dummy unknown disabled enabled empty changeit "
    "here hidden redacted removed masked secure private public input output prompt username user admin "
    "root basic bearer digest negotiate kerberos authentication authorization credential credentials "
    "function object array number integer date file path name type string? plaintext encrypted anonymous "
    "asdf foobar foo bar baz abc abcd xxx"
)
"""Words in the place of a secret that are none."""

_PLACEHOLDER = re.compile(
    r"\$\{|\$\(|\{\{|\}\}|^\$[A-Za-z_]|^<.{0,60}>?$|^%[A-Za-z_(]|%\(|^#\{|^@[A-Za-z]+@?$|^ENC\(|^\*+$|"
    r"\*{3}|\.{3}|x{5}|X{5}|"
    r"(?i:your[_ -]?|my[_-]?(?:secret|token|key|password)$|change[_-]?me|placeholder|insert[_-]|replace[_-]?|"
    r"example(?:key)?$|^todo|^enter[_ -]|dummy|redacted|^vault:|^0x[0-9a-f]+$|^arn:|^file:|^secretref|^env[.:])"
)
_CODE = re.compile(
    r"\w\(|\)$|^[a-z_]\w{0,40}(?:\.[a-z_]\w{0,40}){1,6};?$|^(?:self|this|os|process|config|request|"
    r"params|args|env)[.\[]|"
    r"\w\[|=>|->|::|^\w+\{|^&\w+$|^[!~^]?\w+_\w+_\w+$|^\[|^\{"
)
_UUID = re.compile(r"(?i)^\{?[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\}?$")
_PATH = re.compile(
    r"^(?:[a-z]{2,8}://|[A-Za-z]:\\|\.{0,2}/[\w.-]+(?:/[\w.-]+)*/?$|[\w-]+\.(?:pem|key|txt|json|ya?ml|crt|png|xml)$)"
)
_DATE = re.compile(r"^\d{4}-\d\d-\d\d|^\d{1,2}[:/.]\d\d")


_MADE_UP = re.compile(r"(?i)x{5}|example|fake|012345|123456|654321|543210|abcdef")
"""What a random token does not hold: one in millions does."""


def entropy(value: str) -> float:
    """Bits a character (Shannon), from how often each stands in the value."""
    return -sum(n / len(value) * math.log2(n / len(value)) for n in Counter(value).values()) if value else 0.0


def kinds(value: str) -> int:
    """How many of lower case, upper case, digits and signs it is made of."""
    return (
        any(c.islower() for c in value)
        + any(c.isupper() for c in value)
        + any(c.isdigit() for c in value)
        + any(not c.isalnum() for c in value)
    )


def placeholder(value: str) -> bool:
    """Whether it only holds the place of a secret."""
    return value.lower() in _EMPTY or len(set(value)) < 4 or _PLACEHOLDER.search(value) is not None


def code(value: str) -> bool:
    """Whether an unquoted value is an expression, a path, an address or a date."""
    return any(pattern.search(value) is not None for pattern in (_CODE, _PATH, _DATE))


def password(value: str, *, quoted: bool) -> bool:
    """Whether it can be a password: in quotes anything that is no word, without them also digits or signs in it."""
    if not 4 <= len(value) <= 120 or placeholder(value) or _PATH.search(value):
        return False
    digits, signs = any(c.isdigit() for c in value), any(not c.isalnum() and c not in "_-. " for c in value)
    if quoted:
        return (" " not in value and (digits or signs or kinds(value) > 2)) or (
            kinds(value) == 4 and value.count(" ") < 3
        )
    return not code(value) and not value.isdigit() and kinds(value) > 1 and (digits or (signs and len(value) > 5))


_SLUG = re.compile(r"^[A-Za-z]{2,20}(?:[-_.][A-Za-z0-9]{1,20}){3,12}$")


def slug(value: str) -> bool:
    """Whether it is a name made of words: `team-backup-secret-8`."""
    return _SLUG.match(value) is not None and sum(len(w) > 2 and w.isalpha() for w in re.split(r"[-_.]", value)) > 2


def random(value: str, *, least: int = 8, bits: float = 2.8) -> bool:
    """Whether it is long and irregular enough for a token or a key: letters and digits, no UUID, path or expression."""
    if not least <= len(value) <= 4_000 or placeholder(value) or _PATH.search(value) or " " in value or slug(value):
        return False
    return any(c.isdigit() for c in value) and any(c.isalpha() for c in value) and entropy(value[:200]) >= bits


def uuid(value: str) -> bool:
    """Whether it is one: a name of a thing far more often than a key to it."""
    return _UUID.match(value) is not None


def varied(token: str) -> bool:
    """Whether a token of a known form is more than a form: not all x, not the example of a manual."""
    return len(set(token[-16:])) > 3 and _MADE_UP.search(token[2:]) is None
