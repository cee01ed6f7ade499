"""Sigma rules of a folder: each is compiled for the tables that can carry it, or named with the reason why not."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import ibis
import yaml
from sigma.collection import SigmaCollection
from sigma.correlations import SigmaCorrelationRule
from sigma.exceptions import SigmaError
from sigma.rule import SigmaRule

from tidegate.errors import InputError
from tidegate.events.schema import CLASSES
from tidegate.rules.conditions import holds
from tidegate.rules.logsources import NotKeptError, Place, places
from tidegate.units import Detector, Severity

LEVELS: Mapping[str, Severity] = {"informational": "low", "low": "low", "medium": "medium", "high": "high"}
PATTERNS = {  # ATT&CK technique → the way of losing data that it is part of; the most telling first
    "T1114.003": "mail_leak",
    "T1114": "springboard",
    "T1537": "open_share",
    "T1530": "open_share",
    "T1052": "leaver_haul",
    "T1567": "bulk_commission",
    "T1048": "bulk_commission",
    "T1041": "covert_channel",
    "T1572": "covert_channel",
    "T1071": "covert_channel",
    "T1560": "staged",
    "T1074": "staged",
}
OTHER = "rule"
SAYS = "{who} did what the Sigma rule “{title}” looks for; {before:others} done so before"
NO_TWIN = ("unknown", "none", "unlikely")  # what authors write where they know of no innocent explanation
UNNAMED = "somebody whose work this is; the rule names no innocent explanation"


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One rule that runs: where, on what condition, and what its findings say."""

    unit: Detector
    title: str
    level: str
    places: tuple[Place, ...]
    conditions: tuple[object, ...]
    without: tuple[str, ...] = ()  # why it does not run on further tables of its log source


@dataclass(frozen=True)
class Refused:
    """One rule that does not run, and why."""

    id: str
    title: str
    reason: str


@dataclass(frozen=True)
class RuleSet:
    """What a folder holds."""

    rules: tuple[Rule, ...]
    refused: tuple[Refused, ...]


def load(folder: Path) -> RuleSet:
    """Every rule below a folder, or of one file. Raises InputError where there is none."""
    files = sorted(path for ending in ("yml", "yaml") for path in folder.rglob(f"*.{ending}")) or [folder]
    if not all(path.is_file() for path in files):
        raise InputError("no Sigma rule (*.yml) in there", file=folder)
    rules: dict[str, Rule] = {}
    refused: list[Refused] = []
    for path in files:
        for made in _of_file(path):
            if isinstance(made, Refused):
                refused.append(made)
            elif rules.setdefault(made.unit.id, made) is not made:
                refused.append(Refused(made.unit.id, made.title, f"{path.name}: another rule has the same id"))
    return RuleSet(tuple(rules.values()), tuple(refused))


def _of_file(path: Path) -> Iterator[Rule | Refused]:
    try:
        read = SigmaCollection.from_yaml(
            path.read_text("utf-8"), collect_errors=True, collect_filters=True, resolve_references=False
        )
    except (SigmaError, yaml.YAMLError, UnicodeDecodeError, AttributeError, TypeError, ValueError) as error:
        yield Refused(path.name, path.name, f"no Sigma: {_line(error)}")
        return
    told = {id(error) for rule in read.rules for error in rule.errors}
    yield from (Refused(path.name, path.name, _line(error)) for error in read.errors if id(error) not in told)
    yield from (Refused(path.name, path.name, "a filter for other rules") for _ in read.filters)
    for rule in read.rules:
        try:
            if isinstance(rule, SigmaCorrelationRule):
                raise NotKeptError("correlations of several events are not supported")
            yield _compiled(rule)
        except (NotKeptError, SigmaError) as error:
            yield Refused(_id(rule), str(rule.title or path.name), _line(error))


def _compiled(rule: SigmaRule) -> Rule:
    if rule.errors:
        raise rule.errors[0]
    conditions = tuple(condition.parsed for condition in rule.detection.parsed_condition)
    source = rule.logsource
    carried, without = [], []
    for place in places(source.category, source.product, source.service):
        try:
            _tried(conditions, place.table)
            carried.append(place)
        except NotKeptError as error:
            without.append(str(error))
    if not carried:
        raise NotKeptError("; ".join(dict.fromkeys(without)))
    title, level = str(rule.title), rule.level.name.lower() if rule.level else "medium"
    return Rule(
        unit=_unit(rule, title, level, [place.table for place in carried]),
        title=title,
        level=level,
        places=tuple(carried),
        conditions=conditions,
        without=tuple(dict.fromkeys(without)),
    )


def _tried(conditions: Iterable[object], table: str) -> None:
    empty = ibis.table(CLASSES[table].schema, name=table)
    for condition in conditions:
        holds(condition, empty, table)


def _unit(rule: SigmaRule, title: str, level: str, reads: Sequence[str]) -> Detector:
    tags = (tag.name.upper() for tag in rule.tags if tag.namespace == "attack")
    techniques = tuple(tag for tag in tags if re.fullmatch(r"T\d{4}(\.\d{3})?", tag))
    twins = [str(one).strip().rstrip(".") for one in rule.falsepositives or () if str(one).lower() not in NO_TWIN]
    return Detector(
        id=f"sigma:{_id(rule)}",
        reads=tuple(dict.fromkeys(reads)),
        attack=techniques,
        severity=LEVELS.get(level, "critical"),
        pattern=_pattern(techniques),
        says=SAYS,
        misses="what its author did not think of",
        twin="; ".join(twins) or UNNAMED,
        question="Was this done for a purpose that the organisation knows of?",
        run=_never,
        doc=title,
    )


def _pattern(techniques: Sequence[str]) -> str:
    ours = (PATTERNS.get(technique) or PATTERNS.get(technique.partition(".")[0]) for technique in techniques)
    return next(filter(None, ours), OTHER)


def _id(rule: SigmaRule | SigmaCorrelationRule) -> str:
    """The rule's own, else one made of its title, which is the same as long as that is."""
    return str(rule.id) if rule.id else hashlib.sha256(str(rule.title).encode()).hexdigest()[:12]


def _line(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__


def _never(*_: ibis.Table) -> ibis.Table:
    raise NotImplementedError("the rules of a folder are run together, by tidegate.rules.run")
