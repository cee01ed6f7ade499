"""What one recogniser found in a file, added up part by part; also in a folder, file by file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import xxhash

from tidegate.content import zones as zones_
from tidegate.content.precision import Extent, extent, spread
from tidegate.content.units import Fact, Found, Recogniser
from tidegate.content.zones import Zone

EVIDENCE = 10
"""Places kept of each recogniser in a file: enough to look at, however much there is."""

DIFFERENT = 20_000
"""Different values or places counted exactly; beyond, each counts as new."""

_FACTS = 40  # different strings kept of one fact


@dataclass(frozen=True)
class Evidence:
    """A place where something was found. `value` only leaves the worker when it is asked for."""

    kind: str
    where: str
    start: int | None
    end: int | None
    value: str = ""


@dataclass
class Tally:
    """A running total, mergeable. Counts of things, different values, places, precision, extent, zones, facts."""

    recogniser: str
    data_class: str
    count: int = 0
    confidence: float = 0.0
    precision_m: float | None = None
    extent: Extent | None = None
    inside: dict[str, int] = field(default_factory=dict)  # points in zones, by the zones' kind
    points: int = 0
    files: int = 0  # files with it, in a folder
    enough: bool = False  # whether that is worth a label, on the whole
    facts: dict[str, Fact] = field(default_factory=dict)
    evidence: list[Evidence] = field(default_factory=list)
    values: set[int] = field(default_factory=set)  # hashes
    places: set[tuple[float, float]] = field(default_factory=set)

    @property
    def different(self) -> int:
        """Different values or places; where neither is known, as many as there are things."""
        return len(self.values) or len(self.places) or self.count

    def add(self, found: Found, where: str, offset: int, zones: Sequence[Zone]) -> None:
        """Add what was found in a part that lies at `where` and begins at `offset`."""
        self.count += found.count
        self.confidence = max(self.confidence, found.confidence)
        self.precision_m = finer(self.precision_m, found.precision_m)
        for key, fact in found.facts.items():
            self.facts[key] = _joined(key, self.facts.get(key), fact)
        if found.value and len(self.values) < DIFFERENT:
            self.values.add(xxhash.xxh3_64_intdigest(found.value.encode()))
        if found.positions is not None:
            self._locate(found, zones)
        if len(self.evidence) < EVIDENCE:
            place = ": ".join(filter(None, (where, found.where)))
            start, end = ((x if x is None else x + offset) for x in (found.start, found.end))
            self.evidence.append(Evidence(found.kind or self.recogniser, place, start, end, found.value))

    def _locate(self, found: Found, zones: Sequence[Zone]) -> None:
        positions = found.positions
        if positions is None or not len(positions.lat):
            return
        lat, lon = positions.lat, positions.lon
        self.points += positions.total
        if positions.precision_m is not None or found.precision_m is None:
            self.precision_m = finer(self.precision_m, positions.precision_m or spread(lat, lon))
        if positions.datum != "local":
            box = extent(lat, lon)
            self.extent = box if self.extent is None or box is None else self.extent.joined(box)
            scale = positions.total / len(lat)
            for kind, hits in zones_.inside(zones, lat, lon).items():
                self.inside[kind] = self.inside.get(kind, 0) + round(hits * scale)
        for point in zip(lat, lon, strict=True):
            if len(self.places) >= DIFFERENT:
                break
            self.places.add((round(float(point[0]), 6), round(float(point[1]), 6)))
        self.facts["datum"] = _joined("datum", self.facts.get("datum"), (positions.datum,))
        for key in ("crs", "since", "until"):
            if text := getattr(positions, key):
                self.facts[key] = _joined(key, self.facts.get(key), text)

    def merge(self, other: Tally, *, under: str = "") -> None:
        """Add the total of another file, or of a member, whose places lie `under` something."""
        self.count += other.count
        self.points += other.points
        self.files += other.files
        self.confidence = max(self.confidence, other.confidence)
        self.precision_m = finer(self.precision_m, other.precision_m)
        if other.extent is not None:
            self.extent = other.extent if self.extent is None else self.extent.joined(other.extent)
        for kind, hits in other.inside.items():
            self.inside[kind] = self.inside.get(kind, 0) + hits
        for key, fact in other.facts.items():
            self.facts[key] = _joined(key, self.facts.get(key), fact)
        self.values |= other.values if len(self.values) < DIFFERENT else set()
        self.places |= other.places if len(self.places) < DIFFERENT else set()
        for item in other.evidence[: EVIDENCE - len(self.evidence)]:
            place = "!".join(filter(None, (under, item.where)))
            self.evidence.append(Evidence(item.kind, place, item.start, item.end, item.value))


def finer(one: float | None, other: float | None) -> float | None:
    """The smaller of two precisions, either of which may be unknown."""
    if one is None or other is None:
        return other if one is None else one
    return min(one, other)


def _joined(key: str, old: Fact | None, new: Fact) -> Fact:
    """Facts of two parts: numbers add up, `since` takes the earlier, `until` the later, words are collected."""
    if old is None:
        return new
    if isinstance(old, int) and isinstance(new, int):
        return old + new
    if isinstance(old, str) and isinstance(new, str) and key in {"since", "until"}:
        return min(old, new) if key == "since" else max(old, new)
    words = [word for fact in (old, new) for word in (fact if isinstance(fact, tuple) else (str(fact),))]
    return tuple(dict.fromkeys(words))[:_FACTS]


def judge(tallies: Mapping[str, Tally], recognisers: Iterable[Recogniser]) -> None:
    """Say of each total whether it is worth a label: too little is not, nor what is, on the whole, something else."""
    for recogniser in recognisers:
        tally = tallies.get(recogniser.id)
        if tally is not None:
            enough = tally.different >= recogniser.at_least
            tally.enough = enough and (recogniser.judge is None or recogniser.judge(tally))
