"""Lists of mail addresses."""

from __future__ import annotations

import re

from tidegate.content.recognisers._words import ending
from tidegate.content.units import Found, Match, Recogniser

_MANY = 100  # different addresses in a file: more than the authors and contacts that a data set or a project names

_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{0,64}")
_NOT_PEOPLE = re.compile(
    r"(?i)^(?:no-?reply|postmaster|mailer-daemon|info|support|admin|webmaster|git|security|abuse)$|^[0-9a-f]{16,}$"
)


def _address(match: Match) -> Found | None:
    value = match.value
    name = ending(_LOCAL, match.before(64) + value[0]).strip("'.*=")
    host = value.partition("@")[2]
    if (
        not name
        or ".." in host
        or host.rpartition(".")[2].lower() in {"png", "jpg", "gif", "svg", "js", "css", "py", "service"}
    ):
        return None
    address = f"{name}@{host}"
    confidence = 0.4 if _NOT_PEOPLE.match(name) else 0.8
    return Found(confidence=confidence, value=address.lower(), start=1 - len(name), end=len(host) + 2)


E_MAIL = Recogniser(
    id="e_mail",
    data_class="personal",
    source="RFC 5322, section 3.4.1 (addr-spec)",
    pattern=r"[A-Za-z0-9_%+'*-]@[A-Za-z0-9][A-Za-z0-9.-]{0,100}\.[A-Za-z]{2,24}\b",
    read=_address,
    at_least=_MANY,
    hits=("".join(f"person{n}.li@example.org, " for n in range(140)),),
    misses=(
        "Write to ana@example.org or ben@example.org.\n",  # two
        "".join(f"icon{n}@2x.png\n" for n in range(40)),  # pictures
    ),
)
