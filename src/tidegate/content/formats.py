"""Which format a file has, by its content: its name is never looked at."""

from __future__ import annotations

from collections.abc import Mapping

from tidegate.content.source import Source
from tidegate.content.units import Extractor

EMPTY, TEXT, DATA = "empty", "text", "data"
"""What is said of a file of nothing, of text, and of bytes that nobody knows."""


def format_of(source: Source, extractors: Mapping[str, Extractor]) -> tuple[str, Extractor | None]:
    """A format's id and the extractor for it; None where nobody reads it."""
    if not source.head:
        return EMPTY, None
    for extractor in extractors.values():
        if (format_ := _taken(extractor, source)) is not None:
            return format_, extractor
    return _named(source.head), None


def _taken(extractor: Extractor, source: Source) -> str | None:
    """The format under which an extractor takes a file, or None."""
    if extractor.magic and not any(source.head[at : at + len(m)] == m for at, m in extractor.magic):
        return None
    return extractor.formats[0] if extractor.sniff is None else extractor.sniff(source)


def _named(head: bytes) -> str:
    """A name for what nobody reads, from a public list of signatures."""
    import puremagic

    try:
        found = puremagic.magic_string(head)
    except (puremagic.PureError, ValueError):
        return DATA
    sure = [(m.confidence, m.extension) for m in found if m.confidence >= 0.5 and m.extension]
    return max(sure)[1].lstrip(".").lower() if sure else DATA  # of equals always the same
