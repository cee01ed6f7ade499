"""All patterns of all text recognisers in one pass over the bytes, in linear time.

Hyperscan finds where matches end, of all patterns at once; RE2 then finds where they begin, in a window before it.
Hyperscan's own search for beginnings (SOM_LEFTMOST) is not used: version 5.4.12 reads beyond its memory and dies on a
thousand letters where a pattern repeats without bound.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tidegate.content.compiled import compiled
from tidegate.content.document import Text
from tidegate.content.units import Found, Match, Recogniser
from tidegate.errors import UnitError

if TYPE_CHECKING:
    import hyperscan

_AROUND = 80  # characters to either side in which a word of `context` counts: a line of print

_MOST = 50_000
"""Ends of one pattern taken from one block: a block of nothing else would hold no more that differ usefully."""


class Matcher:
    """Patterns compiled together; built once a process, since compiling takes longer than a small file."""

    def __init__(self, recognisers: Sequence[Recogniser]) -> None:
        self.recognisers = tuple(r for r in recognisers if r.pattern)
        self._database = _compiled(self.recognisers) if self.recognisers else None
        self._exact: dict[int, Any] = {}

    def find(self, text: Text, format_: str = "text") -> Iterator[tuple[Recogniser, Found]]:
        """What the patterns find in a text of a file of some format, checks and context applied."""
        if self._database is None:
            return
        ends: defaultdict[int, array[int]] = defaultdict(lambda: array("q"))

        def note(number: int, start: int, end: int, flags: int, context: object) -> None:
            del start, flags, context
            found = ends[number]
            if len(found) < _MOST:
                found.append(end)

        self._database.scan(text.data, match_event_handler=note)
        for number, found in ends.items():
            recogniser = self.recognisers[number]
            if recogniser.formats and format_ not in recogniser.formats:
                continue
            yield from ((recogniser, f) for f in _checked(recogniser, text, self._spans(number, text.data, found)))

    def _spans(self, number: int, data: bytes, ends: Sequence[int]) -> Iterator[tuple[int, int]]:
        """Matches of one pattern, from the left, none within another."""
        exact = self._exact.get(number)
        if exact is None:
            exact = self._exact[number] = _exactly(self.recognisers[number])
        for start, end in _windows(ends, self.recognisers[number].longest, len(data)):
            for match in exact.finditer(data[start:end]):
                first, last = start + match.start(), start + match.end()
                # What touches the edge of a window may go on beyond it.
                cut = (match.start() == 0 and start > 0) or (last == end and end < len(data))
                if first < last and not cut:
                    yield first, last


def _windows(ends: Sequence[int], longest: int, size: int) -> Iterator[tuple[int, int]]:
    """Pieces in which matches lie that end at `ends`, joined where they overlap."""
    start = stop = -1
    for end in sorted(ends):
        if start >= 0 and end - longest <= stop:
            stop = min(size, end + longest)
            continue
        if start >= 0:
            yield start, stop
        start, stop = max(0, end - longest - 1), min(size, end + longest)
    if start >= 0:
        yield start, stop


def _checked(recogniser: Recogniser, text: Text, spans: Iterator[tuple[int, int]]) -> Iterator[Found]:
    ascii_ = text.data.isascii()
    line = newlines = characters = 0
    for start, end in spans:
        newlines += text.data.count(b"\n", line, start)
        characters += start - line if ascii_ else len(text.data[line:start].decode("utf-8", "replace"))
        line = start
        match = Match(text=text, start=start, end=end, line=text.line + newlines)
        found = _judged(recogniser, match)
        if found is not None:
            yield replace(
                found,
                where=f"line {match.line}",
                start=characters + (found.start or 0),
                end=characters + (found.end or len(match.value)),
            )


def _judged(recogniser: Recogniser, match: Match) -> Found | None:
    if recogniser.read is not None:
        return recogniser.read(match)
    value = match.value
    if recogniser.check is not None and not recogniser.check(value):
        return None
    positions = None if recogniser.places is None else recogniser.places(value)
    if recogniser.places is not None and positions is None:
        return None
    confidence = recogniser.confidence
    if recogniser.near is not None and _beside(recogniser.context, match.text.data, match.start, match.end):
        confidence = recogniser.near
    return Found(confidence=confidence, value=value, positions=positions)


def _beside(words: Sequence[str], data: bytes, start: int, end: int) -> bool:
    window = data[max(0, start - _AROUND) : end + _AROUND].decode("utf-8", "ignore").casefold()
    return any(word.casefold() in window for word in words)


def _compiled(recognisers: Sequence[Recogniser]) -> hyperscan.Database:
    import hyperscan

    plain = hyperscan.HS_FLAG_UTF8 | hyperscan.HS_FLAG_MULTILINE
    flags = [plain | (hyperscan.HS_FLAG_CASELESS if r.ignore_case else 0) for r in recognisers]
    expressions = [r.pattern.encode() for r in recognisers]
    try:
        return compiled(expressions, flags)
    except hyperscan.error as error:
        for recogniser, expression, flag in zip(recognisers, expressions, flags, strict=True):
            try:
                hyperscan.Database().compile(expressions=[expression], flags=[flag])
            except hyperscan.error as own:
                raise UnitError(f"{recogniser.id}: {own}") from error
        raise UnitError(f"patterns: {error}") from error


def _exactly(recogniser: Recogniser) -> Any:
    import re2

    options = re2.Options()
    options.case_sensitive = not recogniser.ignore_case
    options.log_errors = False
    try:
        return re2.compile(f"(?m){recogniser.pattern}".encode(), options)
    except re2.error as error:
        raise UnitError(f"{recogniser.id}: {error}") from error
