"""One file, looked into: its format, what recognisers found in it and in all that is inside it, and what went wrong."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from tidegate.content import formats
from tidegate.content.document import Child, Metadata, Opaque, Part, Text
from tidegate.content.matching import Matcher
from tidegate.content.source import Budget, Source, from_stream
from tidegate.content.species import Species
from tidegate.content.tally import EVIDENCE, Tally, judge
from tidegate.content.units import Extractor, Found, Recogniser
from tidegate.content.zones import Zone
from tidegate.errors import InputError

_REASONS = 5  # told of one file; the rest is counted


@dataclass(frozen=True)
class Eyes:
    """What a file is looked at with."""

    extractors: Mapping[str, Extractor]
    recognisers: tuple[Recogniser, ...]
    zones: tuple[Zone, ...] = ()
    context: Mapping[str, Any] = field(default_factory=lambda: {"species": Species(), "markings": ()})

    @cached_property
    def functions(self) -> tuple[Recogniser, ...]:
        """Recognisers that are functions of parts."""
        return tuple(r for r in self.recognisers if r.find is not None)

    @cached_property
    def matcher(self) -> Matcher:
        """All patterns; compiled at the first text, which takes longer than a small file."""
        return Matcher(self.recognisers)


@dataclass
class Seen:
    """What was found in a file."""

    format: str
    tallies: dict[str, Tally] = field(default_factory=dict)  # by recogniser
    errors: list[str] = field(default_factory=list)
    opaque: list[str] = field(default_factory=list)

    def add(self, recogniser: Recogniser, found: Found, part: Part, zones: Sequence[Zone]) -> None:
        """Count what a recogniser found in a part."""
        where = part.where if not isinstance(part, Child) else part.name
        self.tally(recogniser).add(found, where, part.offset if isinstance(part, Text) else 0, zones)

    def tally(self, recogniser: Recogniser) -> Tally:
        """The running total of a recogniser."""
        tally = self.tallies.get(recogniser.id)
        if tally is None:
            tally = self.tallies[recogniser.id] = Tally(recogniser.id, recogniser.data_class, files=1)
        return tally

    def within(self, other: Seen, name: str) -> None:
        """Take over what was found in a member."""
        for id_, tally in other.tallies.items():
            mine = self.tallies.setdefault(id_, Tally(id_, tally.data_class))
            mine.merge(tally, under=name)
            mine.files = 1
        self.errors += [f"{name}: {error}" for error in other.errors]
        self.opaque += [f"{name}: {reason}" for reason in other.opaque]

    @property
    def error(self) -> str | None:
        """What went wrong or could not be looked into, in one line; None where nothing."""
        said = [*self.errors, *(f"opaque: {reason}" for reason in self.opaque)]
        more = f"; and {len(said) - _REASONS} more" if len(said) > _REASONS else ""
        return "; ".join(said[:_REASONS]) + more if said else None


def look(source: Source, eyes: Eyes, *, budget: Budget | None = None, depth: int = 0) -> Seen:
    """Look into a file. What is damaged is read up to the damage; nothing but MemoryError leaves."""
    budget = budget or Budget(size=source.size)
    seen = Seen(formats.DATA)
    try:
        seen.format, extractor = formats.format_of(source, eyes.extractors)
        for part in extractor.extract(source) if extractor is not None else ():
            _part(part, seen, eyes, budget, depth)
    except (MemoryError, KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # noqa: BLE001  parsers of damaged files raise anything, those in Rust panic
        seen.errors.append(_why(error))
    if depth == 0:
        judge(seen.tallies, eyes.recognisers)
    return seen


def _part(part: Part, seen: Seen, eyes: Eyes, budget: Budget, depth: int) -> None:
    if isinstance(part, Child):
        _child(part, seen, eyes, budget, depth)
        return
    if isinstance(part, Opaque):
        seen.opaque.append(": ".join(filter(None, (part.where, part.reason))))
        return
    if isinstance(part, Text):
        for hit in eyes.matcher.find(part, seen.format):
            tally = seen.tally(hit.recogniser)
            found = hit.placed if len(tally.evidence) < EVIDENCE else hit.found
            tally.add(found, part.where, part.offset, eyes.zones)
    for recogniser in eyes.functions:
        if _wants(recogniser, part, seen.format) and recogniser.find is not None:
            for found in recogniser.find(part, **{name: eyes.context[name] for name in recogniser.needs}):
                seen.add(recogniser, found, part, eyes.zones)


def _wants(recogniser: Recogniser, part: Part, format_: str) -> bool:
    return (
        isinstance(part, recogniser.sees)
        and (not recogniser.formats or format_ in recogniser.formats)
        and (not recogniser.about or (isinstance(part, Metadata) and part.about in recogniser.about))
    )


def _child(child: Child, seen: Seen, eyes: Eyes, budget: Budget, depth: int) -> None:
    """Look into a member. One that is too much ends the whole file; one that is damaged is read up to the damage."""
    budget.member(child.name, depth + 1)
    with contextlib.ExitStack() as stack:
        try:
            stream = stack.enter_context(child.open())
            source = stack.enter_context(from_stream(stream, name=child.name, budget=budget))
        except InputError:
            raise
        except Exception as error:  # noqa: BLE001  decompressors of damaged members raise anything
            seen.errors.append(f"{child.name}: {_why(error)}")
            return
        if source.damage is not None:
            seen.errors.append(f"{child.name}: {_why(source.damage)}")
        seen.within(look(source, eyes, budget=budget, depth=depth + 1), child.name)


def _why(error: BaseException) -> str:
    text = " ".join(str(error).split())[:200]
    kind = type(error).__name__
    if isinstance(error, InputError):
        return error.message
    return f"damaged or unreadable ({kind}: {text})"
