"""What an extractor hands to recognisers: a document as a stream of parts, each small enough to hold.

A part stands by itself, so that a file of any size is judged in little memory: text in blocks cut at line ends, tables
in blocks of rows under the same header, positions in blocks of points, metadata as it comes.
"""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import IO, Literal, TypeAlias

Role = Literal["body", "heading", "header", "footer", "note", "property", "code"]
"""Where in a document a text stands: `header` and `footer` are those of pages, `property` a field of its metadata."""

Datum = Literal["WGS-84", "CGCS2000", "GCJ-02", "BD-09", "local", "unknown"]
"""What positions refer to; `local` are metres on a site's own grid, which lie nowhere on Earth."""

Value: TypeAlias = str | int | float | bool | tuple[str, ...]
"""What metadata hold under a key."""

BLOCK = 1 << 18
"""Bytes of text in a block, about: large enough to match quickly, small beside a worker's memory."""

ROWS = 2_000
"""Rows in a block of a table: a sheet of a hundred columns stays under a few megabytes."""


@dataclass(frozen=True)
class Text:
    """A run of text, as UTF-8. `offset` and `line` (1-based) tell where it begins in all the text of its `where`."""

    data: bytes
    where: str = ""  # page, key, sheet or member; empty for a file that is one text
    offset: int = 0  # characters before it
    line: int = 1
    role: Role = "body"

    @cached_property
    def text(self) -> str:
        """The same as characters."""
        return self.data.decode("utf-8", "replace")


@dataclass(frozen=True)
class Table:
    """Rows under one header; every cell is text, as long as the header, empty where there is none."""

    header: tuple[str, ...]
    rows: Sequence[Sequence[str]]
    where: str = ""  # sheet, SQL table or key
    first: int = 1  # number of the first of these rows in the whole table

    def column(self, index: int) -> list[str]:
        """Cells of one column, in order."""
        return [row[index] for row in self.rows]


@dataclass(frozen=True)
class Positions:
    """Points in degrees. There may be more than are listed: `count` tells, and the list is then an even sample."""

    lat: Sequence[float]
    lon: Sequence[float]
    where: str = ""
    count: int | None = None  # None: as many as are listed
    precision_m: float | None = None  # None: told from the digits of the numbers
    datum: Datum = "WGS-84"
    crs: str = ""  # name or EPSG code, where the file says one
    since: str = ""  # first moment, ISO 8601, where points have one
    until: str = ""
    what: str = "point"  # track, waypoint, vertex, photo, pixel, point cloud …

    @property
    def total(self) -> int:
        """Points there are."""
        return len(self.lat) if self.count is None else self.count


@dataclass(frozen=True)
class Metadata:
    """What a file says of itself: document properties, EXIF, headers, variables of a data set, counts of records.

    about: what the values describe, such as `properties`, `exif`, `headers`, `sequences`, `netcdf`, `capture`.
    """

    about: str
    values: Mapping[str, Value] = field(default_factory=lambda: MappingProxyType({}))
    where: str = ""

    def words(self, key: str) -> tuple[str, ...]:
        """What stands under a key, if that is several words; else none."""
        value = self.values.get(key)
        return value if isinstance(value, tuple) else ()

    def number(self, key: str) -> int:
        """The whole number under a key; 0 where there is none."""
        value = self.values.get(key)
        return value if isinstance(value, int) else 0


@dataclass(frozen=True)
class Child:
    """A file inside a file: a member of an archive, an attachment, a blob. Opened only if the budget allows."""

    name: str
    open: Callable[[], IO[bytes]]
    size: int | None = None  # bytes it says it unpacks to
    packed: int | None = None  # bytes it takes in the archive, where known


@dataclass(frozen=True)
class Opaque:
    """Something that cannot be looked into, and why: encrypted, a format without a reader, a page without text."""

    reason: str
    where: str = ""


Part: TypeAlias = Text | Table | Positions | Metadata | Child | Opaque
Parts: TypeAlias = Iterator[Part]


def blocks(pieces: Iterator[str], *, where: str = "", role: Role = "body", size: int = BLOCK) -> Iterator[Text]:
    """Text in blocks that end at line ends (or, in very long lines, anywhere), with their offsets and lines.

    Where pieces end in damage, what came before it first.
    """
    offset, line, waiting = 0, 1, ""
    try:
        for piece in pieces:
            waiting += piece
            place = 0
            while len(waiting) - place >= size:
                cut = waiting.rfind("\n", place, place + size) + 1 or place + size
                yield Text(waiting[place:cut].encode("utf-8", "replace"), where, offset, line, role)
                offset, line, place = offset + cut - place, line + waiting.count("\n", place, cut), cut
            waiting = waiting[place:]
    except Exception:
        if waiting:
            yield Text(waiting.encode("utf-8", "replace"), where, offset, line, role)
        raise
    if waiting:
        yield Text(waiting.encode("utf-8", "replace"), where, offset, line, role)


def utf8_blocks(data: IO[bytes], *, size: int = BLOCK) -> Iterator[Text]:
    """The same of a file in UTF-8, without decoding what is ASCII; what is no UTF-8 is replaced."""
    offset, line, rest = 0, 1, data.read(size + len(codecs.BOM_UTF8)).removeprefix(codecs.BOM_UTF8)
    while rest:
        following = data.read(size)
        cut = (rest.rfind(b"\n") + 1 or _last_character(rest)) if following else len(rest)
        block, rest = rest[:cut], rest[cut:] + following
        characters = len(block)
        if not block.isascii():
            text = block.decode("utf-8", "replace")
            characters = len(text)
            if "\ufffd" in text:
                block = text.encode()
        yield Text(block, "", offset, line)
        offset, line = offset + characters, line + block.count(b"\n")


def _last_character(data: bytes) -> int:
    """Where the last character begins, which may not be there as a whole."""
    return next((len(data) - n for n in range(1, min(4, len(data) - 1) + 1) if data[-n] & 0xC0 != 0x80), len(data))


def tables(
    header: Sequence[str], rows: Iterator[Sequence[str]], *, where: str = "", first: int = 1, size: int = ROWS
) -> Iterator[Table]:
    """Rows in blocks, each as long as the header; where rows end in damage, what came before it first."""
    head = tuple(header)
    width = len(head)
    block: list[Sequence[str]] = []
    try:
        for row in rows:
            block.append(row if len(row) == width else [*row[:width], *[""] * (width - len(row))])
            if len(block) == size:
                yield Table(head, block, where, first)
                first, block = first + size, []
    except Exception:
        if block:
            yield Table(head, block, where, first)
        raise
    if block or first == 1:
        yield Table(head, block, where, first)
