"""All patterns of all text recognisers in one pass over the bytes, in linear time, by Hyperscan."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from tidegate.content.document import Text
from tidegate.content.units import Found, Match, Recogniser
from tidegate.errors import UnitError

if TYPE_CHECKING:
    import hyperscan

_AROUND = 80  # characters to either side in which a word of `context` counts: a line of print

_MOST = 20_000
"""Matches of one pattern taken from one block: a block of nothing else would hold no more that differ usefully."""


class Matcher:
    """Patterns compiled together; built once a process, since compiling takes longer than a small file."""

    def __init__(self, recognisers: Sequence[Recogniser]) -> None:
        self.recognisers = tuple(r for r in recognisers if r.pattern)
        self._database = _compiled(self.recognisers) if self.recognisers else None

    def find(self, text: Text) -> Iterator[tuple[Recogniser, Found]]:
        """What the patterns find in a text, longest match from each start, checks and context applied."""
        if self._database is None:
            return
        longest: dict[int, dict[int, int]] = defaultdict(dict)

        def note(number: int, start: int, end: int, flags: int, context: object) -> None:
            del flags, context
            ends = longest[number]
            if len(ends) < _MOST and ends.get(start, 0) < end:
                ends[start] = end

        self._database.scan(text.data, match_event_handler=note)
        for number, ends in longest.items():
            yield from ((self.recognisers[number], f) for f in _checked(self.recognisers[number], text, ends))


def _checked(recogniser: Recogniser, text: Text, ends: dict[int, int]) -> Iterator[Found]:
    ascii_ = text.data.isascii()
    place = newlines = characters = 0
    last = -1
    for start, end in sorted(ends.items()):
        if start < last:  # within the match before it
            continue
        newlines += text.data.count(b"\n", place, start)
        characters += start - place if ascii_ else len(text.data[place:start].decode("utf-8", "replace"))
        place = start
        match = Match(text=text, start=start, end=end, line=text.line + newlines)
        found = _judged(recogniser, match)
        if found is None:
            continue
        last = max(end, start + len(found.value)) if found.end else end
        length = found.end or len(match.value)
        yield replace(
            found, where=f"line {match.line}", start=characters + (found.start or 0), end=characters + length
        )


def _judged(recogniser: Recogniser, match: Match) -> Found | None:
    if recogniser.read is not None:
        return recogniser.read(match)
    value = match.value
    if recogniser.check is not None and not recogniser.check(value):
        return None
    confidence = recogniser.confidence
    if recogniser.near is not None and _beside(recogniser.context, match.text.data, match.start, match.end):
        confidence = recogniser.near
    return Found(confidence=confidence, value=value)


def _beside(words: Sequence[str], data: bytes, start: int, end: int) -> bool:
    window = data[max(0, start - _AROUND) : end + _AROUND].decode("utf-8", "ignore").casefold()
    return any(word.casefold() in window for word in words)


def _compiled(recognisers: Sequence[Recogniser]) -> hyperscan.Database:
    import hyperscan

    database = hyperscan.Database()
    flags = hyperscan.HS_FLAG_SOM_LEFTMOST | hyperscan.HS_FLAG_UTF8 | hyperscan.HS_FLAG_MULTILINE
    try:
        database.compile(
            expressions=[r.pattern.encode() for r in recognisers],
            ids=list(range(len(recognisers))),
            flags=[flags | (hyperscan.HS_FLAG_CASELESS if r.ignore_case else 0) for r in recognisers],
        )
    except hyperscan.error as error:
        raise UnitError(f"{_culprit(recognisers, flags)}: {error}") from error
    return database


def _culprit(recognisers: Sequence[Recogniser], flags: int) -> str:
    import hyperscan

    for recogniser in recognisers:
        try:
            hyperscan.Database().compile(expressions=[recogniser.pattern.encode()], flags=[flags])
        except hyperscan.error:
            return recogniser.id
    return "patterns"
