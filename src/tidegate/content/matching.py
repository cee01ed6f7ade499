"""All patterns of all text recognisers in one pass over the bytes, in linear time.

Hyperscan finds where matches end, of all patterns at once; RE2 then finds where they begin, in a window before it.
Hyperscan's own search for beginnings (SOM_LEFTMOST) is not used: version 5.4.12 reads beyond its memory and dies on a
thousand letters where a pattern repeats without bound.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
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


@dataclass(slots=True)
class Hit:
    """A match that a recogniser held to be what it looks for."""

    recogniser: Recogniser
    found: Found
    match: Match

    @property
    def placed(self) -> Found:
        """What was found, with its line and its place in characters: asked for of few, since it takes counting."""
        return self.match.placed(self.found)


class Matcher:
    """Patterns compiled together; built once a process, since compiling takes longer than a small file."""

    def __init__(self, recognisers: Sequence[Recogniser]) -> None:
        self.recognisers = tuple(r for r in recognisers if r.pattern)
        self._database = _compiled(self.recognisers) if self.recognisers else None
        self._exact: dict[int, Any] = {}

    def find(self, text: Text, format_: str = "text") -> Iterator[Hit]:
        """What the patterns find in a text of a file of some format, checks and context applied."""
        for number, found in self._ends(text.data).items():
            recogniser = self.recognisers[number]
            if recogniser.formats and format_ not in recogniser.formats:
                continue
            for start, end in self._spans(number, text.data, found):
                match = Match(text, start, end)
                judged = _judged(recogniser, match)
                if judged is not None:
                    yield Hit(recogniser, judged, match)

    def _ends(self, data: bytes) -> Mapping[int, Sequence[int]]:
        """Where matches end, in order, by the number of their pattern."""
        ends: defaultdict[int, list[int]] = defaultdict(list)

        def note(number: int, start: int, end: int, flags: int, context: object) -> None:
            del start, flags, context
            found = ends[number]
            if len(found) < _MOST:
                found.append(end)

        self.scan(data, note)
        return ends

    def scan(self, data: bytes, note: Callable[[int, int, int, int, object], None]) -> None:
        """Have Hyperscan tell of each match: the number of its pattern, nothing, where it ends, and nothing more."""
        if self._database is not None:
            self._database.scan(data, match_event_handler=note)

    def _spans(self, number: int, data: bytes, ends: Sequence[int]) -> Iterator[tuple[int, int]]:
        """Matches of one pattern, from the left, none within another."""
        exact = self._exact.get(number)
        if exact is None:
            exact = self._exact[number] = _exactly(self.recognisers[number])
        longest, place = self.recognisers[number].longest, 0
        for end in ends:
            if end <= place:
                continue
            # A match that begins as this one does ends at one of the ends: nothing beyond needs to be looked at.
            stop = ends[bisect_right(ends, end + longest) - 1]
            while place < end:
                match = exact.search(data, max(place, end - longest), stop)
                if match is None:
                    break
                first, place = match.span()
                yield first, place


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
    window = data[max(0, start - _AROUND) : end + _AROUND].lower()
    return any(word in window for word in _encoded(words))


@lru_cache
def _encoded(words: Sequence[str]) -> tuple[bytes, ...]:
    """Words as bytes, in small letters; of letters beyond ASCII those that are written."""
    return tuple(word.lower().encode() for word in words)


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
