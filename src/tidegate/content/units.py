"""What a recogniser and an extractor declare, beside their logic, and the checks made when they are imported.

They stand apart from `tidegate.units`, which needs Ibis: classifying one small file must not wait for that.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from tidegate.content.document import Part, Parts, Positions, Text
from tidegate.errors import UnitError

if TYPE_CHECKING:
    from tidegate.content.source import Source
    from tidegate.content.tally import Tally

CLASSES = (
    "geographic",
    "meteorological",
    "hydrological",
    "biological",
    "genetic",
    "infrastructure.network",
    "infrastructure.energy",
    "infrastructure.rail",
    "infrastructure.building",
    "radio",
    "personal",
    "secret",
    "marked",
    "mail",
)
"""Data classes, in the order in which they are listed."""

PROSE = (
    *("text", "docx", "pptx", "odt", "odp", "epub", "doc", "ppt", "pub", "ole", "rtf", "pdf"),
    *("html", "xhtml", "eml", "emlx", "mbox", "msg", "pst", "ost", "kml", "xml"),
)
"""Formats that hold running text: what is between two numbers there is meant to be read."""


class ProtectedNames(Protocol):
    """Names of protected species, as the context lists them."""

    status: Mapping[str, tuple[str, ...]]

    def of(self, name: str) -> tuple[str, ...]:
        """Status of a name, also of one written with one letter wrong; empty where it is not listed."""
        ...


Fact: TypeAlias = str | int | tuple[str, ...]
"""What else is known of something found: numbers add up over a file, words are collected."""

Example: TypeAlias = str | bytes | Part
"""Of a recogniser: a file's content, which goes through detection and extraction, or one part of a document."""


@dataclass(slots=True, kw_only=True)
class Found:
    """What a recogniser found in a part: one thing at a place, or `count` things at once.

    Not frozen, as `Match`: a log of a gigabyte holds a million, and a frozen one takes four times as long to make.
    """

    count: int = 1
    where: str = ""  # line, cell or key within the part; the part's own place is put before it
    start: int | None = None  # character offsets within the part's text
    end: int | None = None
    confidence: float = 0.9
    value: str = ""  # shown only when asked for; different values are counted
    positions: Positions | None = None  # from which extent, precision and zones are told
    precision_m: float | None = None  # finest, where it is not told from positions
    facts: Mapping[str, Fact] = field(default_factory=lambda: MappingProxyType({}))
    kind: str = ""  # of evidence; empty for the recogniser's id


@dataclass(slots=True)
class Match:
    """What a pattern matched: the text it stands in, and the bytes of it from `start` to `end`."""

    text: Text
    start: int
    end: int

    @property
    def value(self) -> str:
        """The matched text."""
        return self.text.data[self.start : self.end].decode("utf-8", "replace")

    @property
    def line(self) -> int:
        """The line it begins on."""
        return self.text.line + self.text.data.count(b"\n", 0, self.start)

    def before(self, most: int = 80) -> str:
        """What stands before it on its line, at most so many bytes."""
        data = self.text.data
        first = max(0, self.start - most)
        return data[max(first, data.rfind(b"\n", first, self.start) + 1) : self.start].decode("utf-8", "ignore")

    def after(self, most: int = 80) -> str:
        """What follows it on its line, at most so many bytes."""
        data = self.text.data
        last = self.end + most
        cut = data.find(b"\n", self.end, last)
        return data[self.end : last if cut < 0 else cut].decode("utf-8", "ignore")

    def following(self, most: int = 80) -> str:
        """What stands on the lines after it, at most so many bytes."""
        return self.text.data[self.end : self.end + most].decode("utf-8", "ignore").partition("\n")[2]

    def placed(self, found: Found) -> Found:
        """The same find with its line, and its place in characters of the text."""
        data = self.text.data
        characters = self.start if data.isascii() else len(data[: self.start].decode("utf-8", "replace"))
        last = found.end or len(self.value)
        return replace(found, where=f"line {self.line}", start=characters + (found.start or 0), end=characters + last)


@dataclass(frozen=True, kw_only=True)
class Recogniser:
    """How one kind of sensitive content is known: by a `pattern` in text, or by a function over parts.

    A pattern is one expression that Hyperscan and RE2 both take (no look-around, no references); all of them are
    matched in one pass, `^` and `$` at lines. A match counts if `check` holds; it has confidence `confidence`, or
    `near` where a word of `context` stands beside it. Where that depends on more, `read` tells from the match and its
    line what was found, or None: its confidence, its value, and as `start` and `end` where it stands, in characters
    from the match's start, if not there.
    """

    id: str
    data_class: str
    source: str  # where the definition stands: a standard, a law, a vendor's page
    hits: tuple[Example, ...]
    misses: tuple[Example, ...]  # near misses, each with a comment that says why
    pattern: str = ""
    check: Callable[[str], bool] | None = None
    read: Callable[[Match], Found | None] | None = None
    places: Callable[[str], Positions | None] | None = None  # positions that a match holds; None where it holds none
    context: tuple[str, ...] = ()
    confidence: float = 0.9
    near: float | None = None
    ignore_case: bool = False
    longest: int = 256  # bytes that a match takes at most
    sees: tuple[type, ...] = (Text,)
    about: tuple[str, ...] = ()  # of metadata, only these
    formats: tuple[str, ...] = ()  # only in these; empty for all
    find: Callable[..., Iterable[Found]] | None = None
    at_least: int = 1  # different things in a file before it is worth a label
    judge: Callable[[Tally], bool] | None = None  # the last word on all that was found in a file
    needs: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))  # of the context, with examples
    doc: str = ""

    def __post_init__(self) -> None:
        _require(self.data_class in CLASSES, self.id, f"finds an unknown class {self.data_class!r}")
        _require(bool(self.pattern) != bool(self.find), self.id, "needs either a pattern or a function")
        _require(bool(self.source.strip()), self.id, "names no source of its definition")
        _require(bool(self.hits and self.misses), self.id, "needs hits and misses")
        _require(self.near is None or bool(self.context), self.id, "has a confidence near words, and no words")


@dataclass(frozen=True, kw_only=True)
class Extractor:
    """How files of a format are known by their content, and cut into parts.

    A file is of its format if a `magic` (offset and bytes) stands in it, and `sniff`, where there is one, names one of
    `formats`. Extractors are asked by `rank`, lowest first: 10 for signatures, 30 for text with a clear mark,
    50 for those told from several lines, 80 for what takes nearly everything.
    """

    id: str
    formats: tuple[str, ...]
    rank: int
    magic: tuple[tuple[int, bytes], ...] = ()
    sniff: Callable[[Source], str | None] | None = None
    extract: Callable[[Source], Parts]
    doc: str = ""


def recogniser(
    *,
    data_class: str,
    source: str,
    hits: tuple[Example, ...],
    misses: tuple[Example, ...],
    sees: tuple[type, ...],
    about: tuple[str, ...] = (),
    formats: tuple[str, ...] = (),
    at_least: int = 1,
    judge: Callable[[Tally], bool] | None = None,
    needs: Mapping[str, Any] = MappingProxyType({}),
) -> Callable[[Callable[..., Iterable[Found]]], Recogniser]:
    """Declare a recogniser that is a function of one part. Raises UnitError where the declaration does not hold.

    needs: what it is given of the organisation's context as keyword arguments, as its examples are run with."""

    def declare(function: Callable[..., Iterable[Found]]) -> Recogniser:
        return Recogniser(
            id=function.__name__,
            data_class=data_class,
            source=source,
            hits=hits,
            misses=misses,
            sees=sees,
            about=about,
            formats=formats,
            at_least=at_least,
            judge=judge,
            needs=needs,
            find=function,
            doc=_first_line(function),
        )

    return declare


def extractor(
    *,
    formats: tuple[str, ...],
    rank: int,
    magic: tuple[tuple[int, bytes], ...] = (),
    sniff: Callable[[Source], str | None] | None = None,
) -> Callable[[Callable[[Source], Parts]], Extractor]:
    """Declare an extractor. Raises UnitError where the declaration does not hold."""

    def declare(function: Callable[[Source], Parts]) -> Extractor:
        name = function.__name__
        _require(bool(formats and (magic or sniff)), name, "needs formats, and magic or sniff")
        for id_ in formats:
            _require(re.fullmatch(r"[a-z0-9][a-z0-9.+-]*", id_) is not None, name, f"{id_!r} is no format id")
        return Extractor(
            id=name, formats=formats, rank=rank, magic=magic, sniff=sniff, extract=function, doc=_first_line(function)
        )

    return declare


def _require(holds: bool, unit: str, message: str) -> None:
    if not holds:
        raise UnitError(f"{unit}: {message}")


def _first_line(function: Callable[..., Any]) -> str:
    return (inspect.getdoc(function) or inspect.getdoc(inspect.getmodule(function)) or "").partition("\n")[0]
