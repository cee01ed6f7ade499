"""How grave what was found is: from class, count, precision, extent, zone and protected status, by a policy file."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tidegate.content.precision import Extent
from tidegate.content.tally import EVIDENCE, Evidence, Tally, finer
from tidegate.content.units import CLASSES, Fact
from tidegate.errors import ConfigError

GRADES = ("public", "internal", "sensitive", "core")
"""From least to most grave."""

SURE = 0.5
"""Confidence from which something is a label."""

DEFAULT = Path(__file__).with_name("policy.toml")
"""The policy that ships."""

_NUMBERS = ("count", "places", "precision_m", "extent_km", "zone_count", "zone_share", "files")
_WORDS = ("class", "kind", "zone", "status", "with")


@dataclass(frozen=True, kw_only=True)
class Facts:
    """All that is known of one class in a file or a folder: what a grade is told from."""

    data_class: str
    kinds: tuple[str, ...]
    count: int  # of the kind that found most: two ways of seeing the same points do not double them
    places: int
    precision_m: float | None
    extent: Extent | None
    inside: Mapping[str, int]
    points: int
    files: int
    confidence: float
    facts: Mapping[str, Fact]
    evidence: tuple[Evidence, ...]

    def words(self) -> list[str]:
        """The same for people."""
        said = [f"{self.count:,} {' and '.join(self.kinds)}"]
        said += [f"{self.places:,} places"] if self.places else []
        said += [f"precise to {self.precision_m:g} m"] if self.precision_m is not None else []
        said += [f"{self.extent.km:,.3g} km across"] if self.extent is not None else []
        said += [f"{hits / max(self.points, 1):.0%} in {kind} zones" for kind, hits in self.inside.items()]
        said += [f"in {self.files:,} files"] if self.files > 1 else []
        return said + [f"{key}: {_listed(fact)}" for key, fact in self.facts.items()]


@dataclass(frozen=True, kw_only=True)
class Label:
    """A data class with its grade, and why."""

    grade: str
    why: str
    facts: Facts


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One rule of a policy: conditions, all of which have to hold."""

    grade: str
    why: str
    words: Mapping[str, tuple[str, ...]]
    numbers: Mapping[str, float]

    def holds(self, facts: Facts, beside: Mapping[str, Facts]) -> bool:
        """Whether it holds of what was found, with what else was found `beside` it."""
        words, least = self.words, self.numbers
        finest = facts.precision_m if facts.precision_m is not None else float("inf")
        hits = sum(facts.inside.get(kind, 0) for kind in words.get("zone", ()))
        partners = [beside[name] for name in words.get("with", ()) if name in beside]
        statuses = {s for f in (facts, *partners) for s in _strings(f.facts.get("status", ()))}
        return (
            facts.data_class in words.get("class", (facts.data_class,))
            and ("kind" not in words or bool({*words["kind"]} & {*facts.kinds}))
            and facts.count >= least.get("count", 0)
            and facts.places >= least.get("places", 0)
            and facts.files >= least.get("files", 0)
            and finest <= least.get("precision_m", float("inf"))
            and ("extent_km" not in least or (facts.extent is not None and facts.extent.km >= least["extent_km"]))
            and ("zone" not in words or hits >= max(1, least.get("zone_count", 1)))
            and hits >= least.get("zone_share", 0) * facts.points
            and ("status" not in words or bool({*words["status"]} & statuses))
            and ("with" not in words or bool(partners))
        )


@dataclass(frozen=True)
class Policy:
    """Rules, the first of which that holds decides, and what holds where none does."""

    rules: tuple[Rule, ...]
    default: Mapping[str, str]

    def label(self, facts: Facts, beside: Mapping[str, Facts]) -> Label:
        """Grade what was found."""
        for rule in self.rules:
            if rule.holds(facts, beside):
                return Label(grade=rule.grade, why=rule.why, facts=facts)
        return Label(grade=self.default[facts.data_class], why="what this class is by default", facts=facts)


def labels(tallies: Sequence[Tally], policy: Policy) -> tuple[Label, ...]:
    """Labels of a file or a folder: one a class, for what is enough and sure enough."""
    found = {name: _facts(name, mine) for name in CLASSES if (mine := [t for t in tallies if _counts(t, name)])}
    return tuple(policy.label(facts, found) for facts in found.values())


def _counts(tally: Tally, data_class: str) -> bool:
    return tally.data_class == data_class and tally.enough and tally.confidence >= SURE


def _facts(data_class: str, tallies: Sequence[Tally]) -> Facts:
    box: Extent | None = None
    precision, inside, facts = None, dict[str, int](), dict[str, Fact]()
    for tally in tallies:
        precision = finer(precision, tally.precision_m)
        box = tally.extent if box is None or tally.extent is None else box.joined(tally.extent)
        inside = {k: max(inside.get(k, 0), tally.inside.get(k, 0)) for k in {*inside, *tally.inside}}
        facts |= tally.facts
    evidence = [item for tally in tallies for item in tally.evidence]
    return Facts(
        data_class=data_class,
        kinds=tuple(tally.recogniser for tally in tallies),
        count=max(tally.count for tally in tallies),
        places=max(len(tally.places) for tally in tallies),
        precision_m=precision,
        extent=box,
        inside=inside,
        points=max(tally.points for tally in tallies),
        files=max(tally.files for tally in tallies),
        confidence=max(tally.confidence for tally in tallies),
        facts=facts,
        evidence=tuple(evidence[: 2 * EVIDENCE]),
    )


def load(file: Path = DEFAULT) -> Policy:
    """Read a policy. Raises ConfigError naming what is wrong."""
    try:
        document = tomllib.loads(file.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise ConfigError(f"no policy can be read: {error}", file=file) from error
    default, rules = document.get("default", {}), document.get("rule", [])
    if not isinstance(default, dict) or not isinstance(rules, list) or not all(isinstance(r, dict) for r in rules):
        raise ConfigError("needs a table [default], and rules as [[rule]]", file=file)
    if missing := [name for name in CLASSES if default.get(name) not in GRADES]:
        raise ConfigError(f"[default] gives no grade ({', '.join(GRADES)}) for {', '.join(missing)}", file=file)
    return Policy(tuple(_rule(rule, n, file) for n, rule in enumerate(rules, 1)), default)


def _rule(rule: Mapping[str, Any], number: int, file: Path) -> Rule:
    unknown = [key for key in rule if key not in {*_NUMBERS, *_WORDS, "grade", "why"}]
    if unknown:
        raise ConfigError(f"rule {number} has an unknown condition {unknown[0]!r}", file=file)
    if rule.get("grade") not in GRADES or not rule.get("why"):
        raise ConfigError(f"rule {number} needs `grade` (one of {', '.join(GRADES)}) and `why`", file=file)
    words = {key: _strings(rule[key]) for key in _WORDS if key in rule}
    if wrong := [name for key in ("class", "with") for name in words.get(key, ()) if name not in CLASSES]:
        raise ConfigError(f"rule {number} names an unknown class {wrong[0]!r}", file=file)
    numbers = {key: rule[key] for key in _NUMBERS if key in rule}
    if wrong := [key for key, value in numbers.items() if not isinstance(value, int | float)]:
        raise ConfigError(f"rule {number}: {wrong[0]} is no number", file=file)
    return Rule(grade=rule["grade"], why=rule["why"], words=words, numbers=numbers)


def _strings(value: object) -> tuple[str, ...]:
    return tuple(str(v) for v in value) if isinstance(value, list | tuple) else (str(value),)


def _listed(fact: Fact) -> str:
    return ", ".join(fact) if isinstance(fact, tuple) else f"{fact:,}" if isinstance(fact, int) else fact
