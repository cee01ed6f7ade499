"""The organisation's own markings, which its configuration names, where markings stand."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from tidegate.content.document import Metadata, Text
from tidegate.content.recognisers.marked_line import TOP, stands
from tidegate.content.units import Fact, Found, recogniser

_MOST = 50  # places of one word looked at in a block of text
_FRAME = " \t\r*#=_-–—|~<>[]【】()（）★:：."


@recogniser(
    data_class="marked",
    source="ISO/IEC 27002:2022, control 5.13: the organisation names its levels; [own] markings of tidegate.toml",
    sees=(Text, Metadata),
    needs={"markings": ("Betriebsgeheimnis", "研究所内部")},
    judge=stands,
    hits=(
        "Betriebsgeheimnis\n\nRezeptur\n",
        Text("研究所内部 第3页".encode(), role="footer"),
        Metadata("properties", {"keywords": "BETRIEBSGEHEIMNIS"}),
    ),
    misses=(
        "Was ein Betriebsgeheimnis ist, sagt das Gesetz.\n",  # a text about it
        "x\n" * 30 + "Betriebsgeheimnis\n" + "x\n" * 30,  # once, in the middle
        Text(b"Betriebsgeheimnisse", role="header"),  # a longer word
    ),
)
def own_markings(part: Text | Metadata, *, markings: Sequence[str]) -> Iterator[Found]:
    """Lines that are one of these words, headers, footers and properties that hold one."""
    for word in markings:
        whole = re.compile(rf"(?<!\w){re.escape(word)}(?!\w)", re.IGNORECASE)
        facts: Mapping[str, Fact] = {"marking": (word.upper(),), "top": 1}
        if isinstance(part, Metadata):
            for key, value in part.values.items():
                if whole.search(str(value)[:400]):
                    yield Found(where=f"{part.about}: {key}", value=word, facts=facts)
        elif part.role in {"header", "footer"}:
            if whole.search(part.text[:400]):
                yield Found(where=part.role, value=word, facts=facts)
        else:
            yield from _lines(part, word, facts)


def _lines(part: Text, word: str, facts: Mapping[str, Fact]) -> Iterator[Found]:
    text, wanted = part.text.lower(), word.lower()
    place, number = -1, part.line
    for _ in range(_MOST):
        before, place = max(place, 0), text.find(wanted, place + 1)
        if place < 0:
            return
        number += text.count("\n", before, place)
        start, end = text.rfind("\n", 0, place) + 1, text.find("\n", place)
        if text[start : end if end >= 0 else None].strip(_FRAME) == wanted:
            top = number <= TOP
            said: Mapping[str, Fact] = facts if top else {"marking": facts["marking"]}
            end = place + len(word)
            yield Found(where=f"line {number}", start=place, end=end, confidence=0.6, value=f"{number}", facts=said)
