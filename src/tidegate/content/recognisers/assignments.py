"""Passwords, tokens and keys that configuration, code or notes give a value: `db_password = …`, `"apiKey": "…"`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from tidegate.content.recognisers import _secrets
from tidegate.content.recognisers._words import ending, words
from tidegate.content.units import Found, Match, Recogniser

_STRONG = (
    r"pass(?:wor[sd]{1,2}|wd|wrd|wort|phrase|code|)|psw(?:or)?d|pss?wo?r?d|pasw(?:o?r)?d|pwd?|"
    r"kennwort|contrasena|senha|"
    r"mot ?de ?passe"
)
_WORDS = r"密码|密碼|口令|비밀번호|비번|パスワード|пароль|contraseña"
_MIDDLE = r"secret|token|credentials?|api[_-]?key|access[_-]?key|private[_-]?key|client[_-]?key|bearer|x-api-key"
_WEAK = r"key|auth(?:orization|entication)?|api|salt|nonce|signature"

_TAIL = r"s?(?:[A-HJ-Z0-9_.-][\w.-]{0,23}|I[^\Wd][\w.-]{0,22})?"
"""What may follow the word in a name. A small letter makes it another word (`tokenise`), `Id` the name of a secret."""

_CLOSE = r"[\"'`\]\\)&;quot]{0,10}[ \t]{0,12}"
_SIGN = (
    _TAIL + _CLOSE + r"(?::[ ]{0,4}[A-Za-z.\[\]]{1,20}[ ]{0,4}=|=>|->|:=|[=!]=|[=:,]|："
    r"|(?:[ \t][^<>\n]{0,24})?>)"
)
_VALUED = r"[ \t\"'=>&quotb\\]{0,10}(?:[!#-&(-/:-_a-~]{0,40}[0-9]|[\\|(]?$)"
"""A value up to its first digit, which every token has, or a line that goes on with the next."""

_NAME = re.compile(r"[\w\-.]{0,40}")
_LONGEST = 400  # characters of a line that are read from the name on

_PARSED = re.compile(
    rf"^(?P<word>{_STRONG}|{_WORDS}|{_MIDDLE}|"
    rf"{_WEAK})(?P<tail>[\w\-.]{{0,24}})(?P<close>[\"'`\]\\)&;quot]{{0,10}})\s{{0,12}}"
    r"(?P<type>:\s{0,4}[A-Za-z.\[\]]{1,20}\s{0,4}(?==))?(?P<sign>=>|->|:=|[=!]=|=|:|：|,)\s{0,12}(?P<value>.*)$",
    re.IGNORECASE | re.DOTALL,
)
_VALUE = re.compile(
    r"^(?:[brufL@]{0,2}|new |\(|\[\]byte\(|String\.raw)?(?:\\{0,4}(?P<quote>[\"'`]{1,3})|&quot;|"
    r"&#39;)(?P<quoted>.{0,400}?)"
    r"(?:\\{0,4}(?P=quote)|&quot;|&#39;|$)|^(?P<bare>[^\s,;<>\"'`|]{1,400})",
    re.DOTALL,
)
_ELEMENT = re.compile(
    rf"^(?P<name>(?P<word>{_STRONG}|{_MIDDLE})[\w\-.]{{0,24}})(?:\s[^<>\n]{{0,80}})?>(?P<value>[^<>\n]{{4,200}})</",
    re.IGNORECASE,
)
"""An element of XML."""

_CONTINUED = ("\\", "(", "|", ">", '("""')
"""What stands at the end of a line whose value stands on the next."""

_NOT = words(
    "url uri link name type types path file files filename dir folder length len size min max policy "
    "policies expiry expires expire expiration ttl count field label hint prompt regex pattern enabled "
    "required reset change changed date time version prefix suffix format algorithm alg usage page form "
    "input box manager provider store ring endpoint issuer audience scope id ids index number num "
    "strength protected protection less free word words board space map mapping error message msg title "
    "description desc help text column columns row attempts age history arn ref reference value_from "
    "placeholder public pub fingerprint status state mode class code group role owner chain frame frames "
    "point points event code_verifier stroke up down press sort order"
)
"""Words at the end of a name that make it the name of something else: `password_policy`, `key_type`."""

_PUBLIC = ("public", "pub", "primary", "foreign", "partition", "sort", "object", "cache", "row", "map", "hot", "short")
_PASSING = frozenset(
    (name, "token") for name in ["client", "next", "page", "paging", "continuation", "request", "idempotency", "sync"]
)
"""Tokens that open nothing: they name a page or a request."""

_OTHER = frozenset(
    [
        "bypass",
        "compass",
        "encompass",
        "surpass",
        "overpass",
        "underpass",
        "trespass",
        "monkey",
        "donkey",
        "turkey",
        "turnkey",
        "jockey",
        "hockey",
    ]
)

_SHORT = frozenset({"pw", "pwd", "pass"})
_REGULAR = re.compile(r"(?:(?:[A-Z]{2,20}|[A-Z]?[a-z]{2,20}|\d{1,2})[_.-]?){1,5}(?<!\d)")
"""Names as people write them: short words stand by chance in encoded text."""

_SPLIT = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[^\x00-\x7f]+")


@dataclass(frozen=True)
class _Given:
    """A name, and what it was given."""

    name: str
    word: str
    value: str
    quoted: bool
    sign: str
    end: int
    clear: bool = True  # nothing that encoded text is made of stands before it


def _parse(match: Match) -> _Given | None:
    line = match.value + match.after(_LONGEST)
    if (element := _ELEMENT.match(line)) is not None:
        name = _before(match) + element["name"]
        return _Given(name, element["word"].lower(), element["value"].strip(), True, "=", element.end("value"))
    found = _PARSED.match(line)
    if found is None:
        return None
    if found["value"].strip() in _CONTINUED:
        found = _PARSED.match(line + re.sub(r"^\s+", "", match.following(_LONGEST)))
    value = _VALUE.match(re.sub(r"^[\\(|]\s{0,60}", "", found["value"])) if found else None
    if found is None or value is None:
        return None
    quoted = value["bare"] is None
    text = value["quoted"] if quoted else value["bare"].rstrip(").]}\\")
    lead = _before(match)
    name = lead + found["word"] + found["tail"]
    end = found.start("value") + value.end("quoted" if quoted else "bare")
    before = match.before(60).removesuffix(lead)
    clear = not before or before[-1] in " \t\"'([{,;:/|&<>-#*+" or not before.isascii()
    return _Given(
        name,
        found["word"].lower(),
        text.strip(),
        quoted,
        found["sign"],
        end,
        clear and "!AIVDM" not in before and "arn:" not in before,
    )


def _before(match: Match) -> str:
    """What of the name stands before the word."""
    return ending(_NAME, match.before(40))


def _names_another(given: _Given) -> bool:
    """Whether the name is that of something beside the secret, or the word only a part of another."""
    if given.word in _SHORT and not (_REGULAR.fullmatch(given.name) and given.clear):
        return True
    return _another(given.name, given.word) or (not given.quoted and given.value[:1] in ":/=")


@lru_cache(4096)
def _another(name: str, stem: str) -> bool:
    """The same of the name alone: a program's files hold few names, each a thousand times."""
    words = [word.lower() for word in _SPLIT.findall(name)]
    if not words or words[-1] in _NOT or any(word in _PUBLIC for word in words):
        return True
    if (*words[-2:],) in _PASSING or _OTHER & {*words}:
        return True
    stem = re.sub(r"[^a-z]", "", stem) or stem
    return not any(word.endswith(stem) or word == stem + "s" for word in (*words, "".join(words)))


def _password(match: Match) -> Found | None:
    given = _parse(match)
    if given is None or _names_another(given) or (given.sign == "," and not given.quoted):
        return None
    if not _secrets.password(given.value, quoted=given.quoted) or (_secrets.uuid(given.value) and not given.quoted):
        return None
    if given.word in {"pass", "pw"} and not given.quoted and _secrets.kinds(given.value) < 3:
        return None
    return Found(confidence=0.85, value=given.value, end=given.end)


def _token(match: Match) -> Found | None:
    given = _parse(match)
    if given is None or _names_another(given) or (given.sign == "," and not given.quoted):
        return None
    if not given.quoted and _secrets.code(given.value):
        return None
    return Found(confidence=0.8, value=given.value, end=given.end) if _secrets.random(given.value) else None


def _weak(match: Match) -> Found | None:
    given = _parse(match)
    if given is None or _names_another(given) or given.sign == ",":
        return None
    if _secrets.uuid(given.value) or (not given.quoted and _secrets.code(given.value)):
        return None
    if "/" in given.value and ("-" in given.value or "." in given.value):  # base64 has only one of them: a path
        return None
    mixed = _secrets.kinds(given.value) > 2 or given.word in {"salt", "nonce"} or len(given.name) > len(given.word)
    likely = mixed and _secrets.random(given.value, least=14, bits=3.2)
    return Found(confidence=0.7, value=given.value, end=given.end) if likely else None


_SOURCE = "CWE-798, use of hard-coded credentials; CWE-260, password in configuration file"

PASSWORD_ASSIGNMENT = Recogniser(
    id="password_assignment",
    data_class="secret",
    source=_SOURCE,
    pattern=rf"(?i:{_STRONG}){_SIGN}[ \t]{{0,12}}(?:[^\s][^\n]{{3}}|[\\(|>\"]{{0,4}}[ \t\r]{{0,4}}$)"
    rf"|(?i:{_WORDS}) {{0,2}}(?:[=:]|：)",
    read=_password,
    hits=('db_password = "tr0ub4dor&3"\n', '{"userPassword": "x7!kqPz9"}', "主机 10.1.2.3 密码：Abc#12345\n"),
    misses=(
        'password = os.environ["DB_PASSWORD"]\n',  # read from the environment
        "password: ${DB_PASSWORD}\n",  # filled in later
        '<input type="password" name="pw2">\n',  # a form
        "password_policy = 12chars\n",  # a rule on passwords
        "passengers: 12adults\n",  # another word
        'password = "changeme"\n',
    ),
)

TOKEN_ASSIGNMENT = Recogniser(
    id="token_assignment",
    data_class="secret",
    source=_SOURCE,
    pattern=rf"(?i:{_MIDDLE}){_SIGN}{_VALUED}",
    read=_token,
    hits=('client_secret: "b035d48j9X2dfjF0hb9sd8Gu"\n', "ACCESS_TOKEN=h1d3Me4ch534d801sl3jdk\n"),
    misses=(
        "token_type: bearer2\n",  # what kind of token
        "secret = get_secret(name1)\n",  # code
        "tokens: 120000 of 4096\n",  # a count
        "next_token = xxxxxxxx1\n",
    ),
)

KEY_ASSIGNMENT = Recogniser(
    id="key_assignment",
    data_class="secret",
    source=_SOURCE,
    pattern=rf"(?i:{_WEAK}){_TAIL}{_CLOSE}[=:][ \t\"'=>]{{0,4}}[A-Za-z0-9+/_-]{{14}}",
    read=_weak,
    hits=("AES_KEY = 'gmUGWxhQW9KQWdhd0lCQVFRZ0ViVnpw'\n",),
    misses=(
        'key: "c098f218-face-40fe-dea0-0199cba12345"\n',  # names a record
        "public_key = gmUGWxhQW9KQWdhd0lCQVFRZ0ViVnpw\n",
        "key = 1234567890123456\n",  # a number
        "primary_key: [site_id, visit_2024]\n",
    ),
)
