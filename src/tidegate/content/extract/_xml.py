"""XML as a stream of events: nothing is resolved, entities are refused, a document of any size takes little memory."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import IO, Literal
from xml.parsers import expat

from tidegate.errors import InputError

_PIECE = 1 << 16
_DEPTH = 500  # elements within elements; documents stay under fifty
_TEXT = 8 << 20  # characters in one element that are kept: a track in KML is one


@dataclass(frozen=True, slots=True)
class Event:
    """An element begins, or ends with the text it held itself."""

    kind: Literal["start", "end"]
    name: str  # without prefix
    attributes: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))  # at its start
    text: str = ""  # at its end
    line: int = 0


_DECLARED = re.compile(rb"""^<\?xml[^>]{0,80}encoding\s{0,3}=\s{0,3}["']([A-Za-z0-9._-]{1,40})["']""")


def events(data: IO[bytes], encoding: str | None = None) -> Iterator[Event]:
    """Events in order. Raises InputError for entities and depth, expat's error for what is no XML."""
    override = None
    if encoding not in {None, "utf-8", "utf-16", "cp1252"}:
        import codecs

        override, data = "utf-8", codecs.EncodedFile(data, "utf-8", encoding or "utf-8", "replace")
    parser = expat.ParserCreate(override)
    parser.buffer_text = True
    found: list[Event] = []
    texts: list[list[str]] = [[]]
    kept = [0]

    def start(name: str, attributes: dict[str, str]) -> None:
        if len(texts) > _DEPTH:
            raise InputError(f"more than {_DEPTH} elements within elements")
        texts.append([])
        kept[0] = 0
        found.append(
            Event("start", local(name), {local(k): v for k, v in attributes.items()}, "", parser.CurrentLineNumber)
        )

    def end(name: str) -> None:
        found.append(Event("end", local(name), text="".join(texts.pop()), line=parser.CurrentLineNumber))
        kept[0] = 0

    def characters(text: str) -> None:
        kept[0] += len(text)
        if kept[0] <= _TEXT:
            texts[-1].append(text)

    def entity(*_: object) -> None:
        raise InputError("declares entities, which are not resolved")

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler, parser.EntityDeclHandler = characters, entity
    while True:
        piece = data.read(_PIECE)
        parser.Parse(piece, not piece)
        yield from found
        found.clear()
        if not piece:
            return


def local(name: str) -> str:
    """A name without its prefix."""
    return name.rpartition(":")[2]


_ROOT = re.compile(r"<(?!\?|!)([A-Za-z_][\w.:-]{0,80})((?:\s[^<>]{0,2000})?)>?")


def root(text: str) -> tuple[str, str] | None:
    """Name of the first element and what stands in its tag; None where the text does not begin as XML."""
    start = text[:4096].lstrip("\ufeff \t\r\n")
    if not start.startswith("<"):
        return None
    found = _ROOT.search(text[:32768])
    return (found[1], found[2]) if found else None
