"""Rich Text Format: its text without the marks of its layout."""

from __future__ import annotations

from tidegate.content.document import Parts, blocks
from tidegate.content.source import Source
from tidegate.content.units import extractor

_MOST = 32 << 20  # bytes; pictures in hexadecimal make such files large


@extractor(formats=("rtf",), rank=10, magic=((0, b"{\\rtf"),))
def rich_text(source: Source) -> Parts:
    """Its text."""
    from striprtf.striprtf import rtf_to_text

    marked = source.read(_MOST).decode("cp1252", "replace")
    yield from blocks(iter([rtf_to_text(marked, errors="replace")]))  # type: ignore[no-untyped-call]  # has no types
