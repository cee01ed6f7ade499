"""Where a message begins in a file of weather bulletins: headings, envelopes, record lengths stand before it."""

from __future__ import annotations

import re

_LOOK = 600
"""Bytes before the first message: a heading takes under a hundred, an archive's envelope some hundred more."""

_HEADING = re.compile(rb"(?:\A|[\x01\s])[A-Z]{4}\d{0,2} [A-Z]{4} \d{6}(?: [A-Z]{3})?\s")  # TTAAii CCCC YYGGgg (WMO 386)


def first(head: bytes, mark: bytes) -> int | None:
    """Offset of the first message that begins with `mark`: at the start, behind a heading or a record's length."""
    place = head.find(mark, 0, _LOOK + len(mark))
    if place < 0:
        return None
    return place if place in {0, 4, 8} or _HEADING.search(head[:place]) else None
