"""Looks into bytes or parts with recognisers, as the pipeline does with files."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from tidegate import registry
from tidegate.content.document import Child, Part
from tidegate.content.look import Eyes, Seen, look
from tidegate.content.source import Source, from_bytes
from tidegate.content.species import Species
from tidegate.content.units import Example, Extractor, Recogniser
from tidegate.content.zones import Zone


def eyes(only: Iterable[str] = (), zones: tuple[Zone, ...] = ()) -> Eyes:
    """With these recognisers, or all."""
    found = registry.recognisers()
    return Eyes(registry.extractors(), tuple(found[id_] for id_ in only) or tuple(found.values()), zones)


def seen(example: Example, *only: str, zones: tuple[Zone, ...] = ()) -> Seen:
    """What is found in a file's content or in a part, by these recognisers or by all."""
    return seen_by(eyes(only, zones), example)


def seen_by(looking: Eyes, example: Example) -> Seen:
    """What is found in a file's content or in a part."""
    if isinstance(example, str | bytes):
        return look(from_bytes(example.encode() if isinstance(example, str) else example), looking)
    taken = Extractor(id="part", formats=("part",), rank=0, magic=((0, b"-"),), extract=lambda _: iter((example,)))
    return look(from_bytes(b"-"), replace(looking, extractors={"part": taken}))


def labelled(found: Seen) -> set[str]:
    """Recognisers that found enough."""
    return {tally.recogniser for tally in found.tallies.values() if tally.enough}


def classes(example: Example) -> set[str]:
    """Classes that all recognisers together see in an example."""
    found = seen(example)
    return {tally.data_class for tally in found.tallies.values() if tally.enough}


def parts(source: Source | bytes) -> list[Part]:
    """Parts that the extractor of a file's format cuts it into; children come unopened."""
    from tidegate.content.formats import format_of

    given = from_bytes(source) if isinstance(source, bytes) else source
    _, extractor = format_of(given, registry.extractors())
    return list(extractor.extract(given)) if extractor is not None else []


def format_id(content: bytes) -> str:
    """The format under which content is known."""
    from tidegate.content.formats import format_of

    return format_of(from_bytes(content), registry.extractors())[0]


def names(found: list[Part]) -> list[str]:
    """Names of children."""
    return [part.name for part in found if isinstance(part, Child)]


def one(recogniser: Recogniser) -> Eyes:
    """Eyes with one recogniser."""
    given = {name: Species(value) if name == "species" else value for name, value in recogniser.needs.items()}
    return Eyes(registry.extractors(), (recogniser,), context={"species": Species(), "markings": (), **given})
