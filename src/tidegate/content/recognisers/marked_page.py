"""Markings in what pages repeat: headers and footers of documents, sheets and slides."""

from __future__ import annotations

from collections.abc import Iterator

from tidegate.content.document import Text
from tidegate.content.recognisers import _markings
from tidegate.content.units import Found, recogniser

_LONGEST = 400  # characters of a header: more is a letterhead or a disclaimer


@recogniser(
    data_class="marked",
    source="32 CFR 2001.24 and GB/T 9704-2012: markings at head and foot of every page; ISO/IEC 27002:2022, 5.13",
    sees=(Text,),
    hits=(
        Text(b"For Internal Use Only    page 3", role="header"),
        Text("商业秘密 不得外传".encode(), role="footer"),
        Text(b"SECRET//REL TO USA, FVEY", role="footer"),
    ),
    misses=(
        Text(b"Faculty secretary, 2nd floor", role="header"),  # another word
        Text(b"This e-mail may hold confidential information. " * 12, role="footer"),  # what every mail ends with
        Text(b"For Internal Use Only", role="body"),  # of a text, which is looked at by line
        Text("绝密★启用前".encode(), role="header"),  # an examination paper
    ),
)
def marked_page(part: Text) -> Iterator[Found]:
    """A marking among the few words of a header or a footer."""
    if part.role not in {"header", "footer"} or len(part.data) > 4 * _LONGEST:
        return
    text = part.text.strip()
    if len(text) > _LONGEST or "启用前" in text:
        return
    found = _markings.WITHIN.search(text)
    if found is not None:
        marking = " ".join(found["marking"].split())
        yield Found(
            where=part.role, start=found.start("marking"), end=found.end("marking"), confidence=0.9, value=marking,
            facts={"marking": (marking.upper(),)},
        )  # fmt: skip
