"""Tables of data loggers and gauges whose headers take several lines: Campbell TOA5, USGS RDB."""

from __future__ import annotations

import csv
import itertools
import re
from collections.abc import Iterator

from tidegate.content.document import Metadata, Parts, blocks, tables
from tidegate.content.extract._delimited import read
from tidegate.content.source import Source
from tidegate.content.units import extractor

_TOA5 = re.compile(r'^"?TO[AB]\d"?,')
_WIDTHS = re.compile(r"\d{1,4}[sdnSDN](?:\t\d{1,4}[sdnSDN])*\s{0,2}")
_COMMENTS = 400  # lines of comment before the header of an RDB file


def _kind(source: Source) -> str | None:
    lines = source.lines
    if len(lines) > 2 and _TOA5.match(lines[0][:20]) and "," in lines[1]:
        return "toa5"
    for number, line in enumerate(lines[:_COMMENTS]):
        if not line.startswith("#"):
            after = lines[number + 1 : number + 2]
            return "usgs-rdb" if number and after and _WIDTHS.fullmatch(after[0][:4_000]) else None
    return None


@extractor(formats=("toa5", "usgs-rdb"), rank=30, sniff=_kind)
def logger_table(source: Source) -> Parts:
    """The text as it stands, what the first lines say, and the rows under the header."""
    yield from blocks(source.pieces())
    if _kind(source) == "toa5":
        yield from _toa5(source)
    else:
        comments = [line.lstrip("# ").strip() for line in source.lines[:_COMMENTS] if line.startswith("#")]
        yield Metadata("gauge file", {"comments": tuple(comment for comment in comments if comment)[:100]})
        rows = read(source.rows(), "\t")
        header = next(rows, [])
        yield from tables(header, itertools.islice(rows, 1, None))


def _toa5(source: Source) -> Parts:
    """Station, logger and program; names; units; kinds of processing; then rows."""
    rows = csv.reader(source.rows())
    about = next(rows, [])
    header = next(rows, [])
    names = ("format", "station", "logger", "serial", "system", "program", "signature", "table")
    yield Metadata("logger", dict(zip(names, about, strict=False)))
    yield from tables(header, _measured(rows))


def _measured(rows: Iterator[list[str]]) -> Iterator[list[str]]:
    """Rows but those of units and processing, whose first cell holds no time."""
    return (row for row in rows if row and row[0][:1].isdigit())
