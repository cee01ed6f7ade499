"""Tables in text: comma, tab, semicolon or bar between cells (RFC 4180 and its relatives)."""

from __future__ import annotations

from tidegate.content.document import Parts, blocks, tables
from tidegate.content.extract._delimited import delimiter, headed, read
from tidegate.content.source import Source
from tidegate.content.units import extractor


def _even(source: Source) -> str | None:
    if source.encoding is None:
        return None
    lines = source.lines if source.size <= len(source.head) else source.lines[:-1]
    character = delimiter(lines)
    return None if character is None else "tsv" if character == "\t" else "csv"


@extractor(formats=("csv", "tsv"), rank=80, sniff=_even)
def delimited(source: Source) -> Parts:
    """The text as it stands, then its rows."""
    yield from blocks(source.pieces())
    header, rows = headed(read(source.rows(), delimiter(source.lines) or ","))
    yield from tables(header, rows)
