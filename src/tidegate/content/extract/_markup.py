"""Text of documents written in XML, paragraph by paragraph."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import IO

from tidegate.content.extract._xml import events


def paragraphs(data: IO[bytes], ends: Collection[str]) -> Iterator[str]:
    """Text with a line end after each of the elements `ends`. Raises InputError or expat's error, as `events` does."""
    waiting: list[str] = []
    for event in events(data):
        if event.kind == "start":
            if event.name in {"tab", "br", "line-break", "s"}:
                waiting.append("\n" if event.name.endswith(("br", "break")) else " ")
            continue
        if event.text:
            waiting.append(event.text)
        if event.name in ends and waiting:
            yield "".join(waiting) + "\n"
            waiting.clear()
    if waiting:
        yield "".join(waiting) + "\n"
