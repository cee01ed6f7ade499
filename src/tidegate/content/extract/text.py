"""Text of no further form."""

from __future__ import annotations

from tidegate.content.document import Parts, blocks, utf8_blocks
from tidegate.content.source import Source
from tidegate.content.units import extractor


def _any(source: Source) -> str | None:
    return None if source.encoding is None else "text"


@extractor(formats=("text",), rank=99, sniff=_any)
def text(source: Source) -> Parts:
    """Any text, in blocks."""
    if source.encoding == "utf-8":
        with source.open() as data:
            yield from utf8_blocks(data)
    else:
        yield from blocks(source.pieces())
