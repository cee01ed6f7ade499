"""Secrets that a definition or a pair of a name and a value holds: `#define DB_PASSWORD …`, `name: TOKEN, value: …`."""

from __future__ import annotations

import re

from tidegate.content.recognisers import _secrets
from tidegate.content.units import Found, Match, Recogniser

_LONGEST = 400  # characters of a line that are read from the name on
_SOURCE = "CWE-798, use of hard-coded credentials; CWE-260, password in configuration file"

_DEFINED = re.compile(
    (
        r"^\W?\w{3,6}\\?[\st]{1,8}(?P<name>\w{0,24}(?:passw\w*|pwd|token|secret|"
        r"key))\\?[\st]{1,8}\\?(?P<value>\"[^\"\n]{4,200}\"|[^\s\"]{16,200})"
    ),
    re.IGNORECASE,
)


def _defined(match: Match) -> Found | None:
    found = _DEFINED.match(match.value + match.after(_LONGEST))
    value = found["value"].strip('"\\') if found else ""
    if found is None or value.startswith("0x") or not _secrets.random(value):
        return None
    return Found(confidence=0.8, value=value, end=found.end("value"))


DEFINED = Recogniser(
    id="defined_secret",
    data_class="secret",
    source=_SOURCE,
    pattern=(
        r"[#%](?:define|global)[ \\t]{1,8}[A-Za-z_]{0,24}(?:passw|pwd|token|secret|key)|\bset "
        r"[a-z_]{0,16}(?:passw|token|secret)"
    ),
    ignore_case=True,
    read=_defined,
    hits=('#define DB_PASSWORD "n84ASM54y4"\n', "%define token 4b9a6d8b4bc56fbfa1c638eb0c6cab37\n"),
    misses=("#define PASSWORD_MAX 64\n", "#define KEY_ENTER 0x0dead1beef7cafe2\n"),  # a length, a code
)

_NAMED = re.compile(
    r"^\w{0,40}[\"']?,?\s{0,40}[\"'-]{0,2}\s{0,20}value[\"']?\s{0,4}[:=]\s{0,4}[\"']?(?P<value>[^\s\"']{4,200})",
    re.IGNORECASE,
)


def _named(match: Match) -> Found | None:
    found = _NAMED.match((match.value + match.after(120)) + "\n" + match.following(_LONGEST))
    likely = found is not None and (
        _secrets.password(found["value"], quoted=True) and not _secrets.uuid(found["value"])
    )
    return Found(confidence=0.8, value=found["value"]) if found and likely else None


NAMED = Recogniser(
    id="named_secret",
    data_class="secret",
    source="Kubernetes: EnvVar; .NET: appSettings; the same pair of a name and a value elsewhere",
    pattern=r"(?:password|passwd|secret|token|api_?key)[\"']{0,1},?\s{1,24}[\"' -]{0,3}value",
    ignore_case=True,
    read=_named,
    hits=("- name: DB_PASSWORD\n  value: tr0ub4dor&3\n", '{"key": "password",\n "value": "Axt4T0eO0lm9sS=="}\n'),
    misses=("- name: DB_PASSWORD\n  valueFrom: {secretKeyRef: {name: db-1}}\n",),  # a place to fetch it from
)
