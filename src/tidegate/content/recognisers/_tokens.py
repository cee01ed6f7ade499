"""How a token of a published form becomes a recogniser."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tidegate.content.recognisers._secrets import varied
from tidegate.content.units import Found, Match, Recogniser

_LONGEST = 4_000  # characters of a token: those that carry claims reach two thousand

# What examples are made of, so that none stands here in one piece.
ANY = "q7Rk2ZmX9bT4vLcN8wJd5HsP3gFy6A" * 9
HEX = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" * 2
UP = "K7QM2ZX9TB4VLCN8WJD5HSP3GFY6ARUE" * 3


@dataclass(frozen=True)
class Form:
    """A kind of token: who issues it, how it begins (Hyperscan), its whole form (Python, from there on), an example."""

    id: str
    source: str
    begins: str
    form: str
    example: str


_KEY_ID = re.compile(rb"(?i)access.?key.?id\W{1,8}$")


def _only_named(match: Match) -> bool:
    """Whether it is the name of a key, as logs tell who did something, and no secret stands near."""
    data = match.text.data
    if _KEY_ID.search(data, max(0, match.start - 24), match.start) is None:
        return False
    near = data[max(0, match.start - 300) : match.end + 300].lower()
    return b"secretaccesskey" not in near and b"secret_access_key" not in near and b"secretkey" not in near


def recogniser(form: Form) -> Recogniser:
    whole = re.compile(form.form.replace(r"\D", "[A-Za-z0-9]").replace(r"\W", "[A-Za-z0-9_-]").encode())

    def read(match: Match) -> Found | None:
        found = whole.match(match.text.data, match.start, match.end + _LONGEST)
        token = found[0].decode("ascii", "replace") if found else ""
        if not token or not varied(token):
            return None
        confidence = 0.4 if form.id == "aws_key" and _only_named(match) else 0.95
        return Found(confidence=confidence, value=token, end=len(token))

    return Recogniser(
        id=form.id,
        data_class="secret",
        source=form.source,
        pattern=form.begins,
        read=read,
        hits=(f'x = "{form.example}"\n',),
        misses=(
            f"such tokens begin with {form.example[: min(16, len(form.example) // 3)]}\n",  # a manual
            "put yours in the place of " + form.example[:6] + "x" * 80 + "\n",  # a template
        ),
    )
