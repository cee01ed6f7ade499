"""Where messages begin in a file of weather bulletins: headings, envelopes, record lengths stand before them."""

from __future__ import annotations

import contextlib
import re
import struct
from collections.abc import Callable, Iterator
from typing import TypeVar

from tidegate.content.source import Source

_MOST = 200_000  # messages looked at
_LEAST = 40  # bytes of the shortest message: the sections that every one has
_HEADERS = 2_048  # bytes in which the sections before the data stand
_BETWEEN = 4_096  # bytes of padding and headings between two messages
_END = b"7777"

Said = TypeVar("Said")

_LOOK = 600
"""Bytes before the first message: a heading takes under a hundred, an archive's envelope some hundred more."""

_HEADING = re.compile(rb"(?:\A|[\x01\s])[A-Z]{4}\d{0,2} [A-Z]{4} \d{6}(?: [A-Z]{3})?\s")  # TTAAii CCCC YYGGgg (WMO 386)


def first(head: bytes, mark: bytes) -> int | None:
    """Offset of the first message that begins with `mark`: at the start, behind a heading or a record's length."""
    place = head.find(mark, 0, _LOOK + len(mark))
    if place < 0:
        return None
    return place if place in {0, 4, 8} or _HEADING.search(head[:place]) else None


def messages(
    source: Source, mark: bytes, length: Callable[[bytes], int], read: Callable[[bytes], Said]
) -> Iterator[Said | None]:
    """What the headers of messages say, one by one; None where one is cut off or damaged, and then none follow.

    length: bytes that a message says it has, told from its first ones. read: what these say; it raises IndexError or
    struct.error where they do not hold what they should.
    """
    place = first(source.head, mark) or 0
    with source.open() as data:
        for _ in range(_MOST):
            data.seek(place)
            found = data.read(_BETWEEN).find(mark)
            if found < 0:
                return
            place += found
            data.seek(place)
            head, said = data.read(_HEADERS), None
            size = length(head) if len(head) >= _LEAST else 0
            if size >= _LEAST:
                with contextlib.suppress(IndexError, struct.error):
                    said = read(head)
            yield said
            if said is None:
                return
            place += size
            data.seek(min(place, source.size) - len(_END))
            if place > source.size or data.read(len(_END)) != _END:
                yield None
                return
