"""HTML: the text a reader sees, tables as tables, and what its head says of it."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser

from tidegate.content.document import Metadata, Parts, Value, blocks, tables
from tidegate.content.extract import _delimited
from tidegate.content.source import Source
from tidegate.content.units import extractor

_BREAKS = frozenset(
    [
        "p",
        "br",
        "div",
        "li",
        "tr",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "table",
        "ul",
        "ol",
        "title",
        "section",
        "article",
        "header",
        "footer",
        "td",
        "th",
        "pre",
    ]
)
_HIDDEN = frozenset(("script", "style"))
_MARKS = ("<!doctype html", "<html", "<head", "<meta", "<body", "<table", "<div")


def _kind(source: Source) -> str | None:
    start = source.text[:2000].lstrip("\ufeff \t\r\n").lower()
    return "html" if start.startswith(_MARKS) or (start.startswith(("<!--", "<?xml")) and "<html" in start) else None


@extractor(formats=("html",), rank=28, sniff=_kind)
def html(source: Source) -> Parts:
    """Its text and tables."""
    reader = _Reader()
    yield from blocks(_read(source, reader))
    if reader.meta:
        yield Metadata("properties", reader.meta)
    for number, rows in enumerate(reader.tables, 1):
        header, body = _delimited.headed(iter(rows))
        if len(header) > 1:
            yield from tables(header, body, where=f"table {number}")


def _read(source: Source, reader: _Reader) -> Iterator[str]:
    """Text as the reader comes upon it."""
    for piece in source.pieces():
        reader.feed(piece)
        yield reader.text()
    reader.close()
    yield reader.text()


class _Reader(HTMLParser):
    """Collects text outside scripts, cells of tables, and meta elements."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.waiting: list[str] = []
        self.meta: dict[str, Value] = {}
        self.tables: list[list[list[str]]] = []
        self.hidden = 0
        self.cell: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _HIDDEN:
            self.hidden += 1
        elif tag == "table" and len(self.tables) < 1000:
            self.tables.append([])
        elif tag == "tr" and self.tables:
            self.tables[-1].append([])
        elif tag in {"td", "th"} and self.tables and self.tables[-1]:
            self.cell = []
        elif tag == "meta":
            said = {key: value or "" for key, value in attrs}
            name = said.get("name") or said.get("property")
            if name and len(self.meta) < 200:
                self.meta[name[:100]] = said.get("content", "")[:500]
        if tag in _BREAKS:
            self.waiting.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _HIDDEN:
            self.hidden = max(0, self.hidden - 1)
        elif tag in {"td", "th"} and self.cell is not None:
            if self.tables[-1]:  # not so where a table began within the cell
                self.tables[-1][-1].append(" ".join("".join(self.cell).split()))
            self.cell = None
        if tag in _BREAKS:
            self.waiting.append("\n")

    def parse_marked_section(self, i: int, report: bool = True) -> int:
        """Pass over it as a comment, as browsers do: the parser takes those of Office only, and fails at others."""
        return self.parse_bogus_comment(i, report)

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.waiting.append(data)
            if self.cell is not None:
                self.cell.append(data)

    def text(self) -> str:
        """What was collected since it was last asked."""
        found = "".join(self.waiting)
        self.waiting = []
        return found
