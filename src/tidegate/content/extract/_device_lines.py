"""Which language of network devices lines are in: a configuration's, what a command printed, a scan's; or none."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from tidegate.content.extract._dialects import DIALECTS
from tidegate.content.extract._printed import OUTPUT, OUTPUT_MARKS, OUTPUT_WEAK

_LINE = 200  # characters of a line that are looked at
_MANY = 8  # lines of one kind, where next to nothing else stands

_SAMPLE = 30  # first lines, and as many from the rest, among which at least one must be of a device
_SURE = 12  # lines of two kinds, among others
_SOME = 5  # lines of two kinds, where they are half of all

_PROGRAM = re.compile(
    r"\s*(?:#\s*(?:define|include|ifn?def|endif|undef)\b|/\*|\*/| \* |//|import |from \S+ import"
    r"|def |class |package |public |func "
    r"|</?\w+[ >]|\.\\\"|\.[A-Z]{2}\b)"
)
"""How lines of programs and marked-up pages begin, which speak of networks in their comments."""

_NMAP = re.compile(
    r"(?:# Nmap \d\.\d|Starting Nmap |Nmap scan report for "
    r"|Host: \d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3} \(.{0,80}\)\s+(?:Status|Ports): )"
)

NAMES = {dialect.id: dialect.name for dialect in DIALECTS} | {"network-output": "command output", "nmap": "Nmap"}
"""Formats, and what people call them."""

_FIRST = 60  # lines of which a quarter must be of a device: what it printed may go on with anything


@dataclass(frozen=True)
class _Compiled:
    """Patterns, compiled when the first file is looked at: that takes longer than looking."""

    marks: dict[str, re.Pattern[str]]
    lines: dict[str, list[re.Pattern[str]]]
    output: list[re.Pattern[str]]
    weak: list[re.Pattern[str]]
    printed: re.Pattern[str]


@cache
def _compiled() -> _Compiled:
    return _Compiled(
        {dialect.id: re.compile("|".join(dialect.marks)) for dialect in DIALECTS if dialect.marks},
        {dialect.id: [re.compile(line) for line in dialect.lines] for dialect in DIALECTS},
        [re.compile(line) for line in OUTPUT],
        [re.compile(line) for line in OUTPUT_WEAK],
        re.compile("|".join(OUTPUT_MARKS)),
    )


def told(lines: Sequence[str]) -> str | None:
    """The format of a configuration or of what a device printed, by its first lines; None for anything else."""
    seen = [line[:_LINE].rstrip() for line in lines if line.strip()]
    if any(_NMAP.match(line) for line in seen[:5]):
        return "nmap"
    if not _any([*seen[:_SAMPLE], *seen[_SAMPLE :: max(1, len(seen) // _SAMPLE)]]):
        return None
    for dialect in DIALECTS:
        mark = _compiled().marks.get(dialect.id)
        marked = mark is not None and any(mark.match(line) for line in seen)
        kinds, total = _counted(seen, _compiled().lines[dialect.id])
        enough = kinds >= dialect.kinds and total >= dialect.least and total * 8 >= len(seen)
        if (marked and kinds) or enough or (dialect.alone and total >= _MANY and total * 5 >= len(seen) * 4):
            return dialect.id
    return "network-output" if _printed(seen) else None


def _any(lines: Sequence[str]) -> bool:
    """Whether any line is one of a device's: of prose, which is most of what there is, no more is looked at."""
    patterns = _compiled()
    every = [
        *patterns.output,
        patterns.printed,
        *patterns.marks.values(),
        *(line for lines in patterns.lines.values() for line in lines),
    ]
    return any(pattern.match(line) for line in lines for pattern in every)


def _printed(lines: Sequence[str]) -> bool:
    """Whether lines are what a device printed: a line nothing else prints and two more, or several kinds together."""
    if sum(bool(_PROGRAM.match(line)) for line in lines) * 10 > len(lines):
        return False
    patterns = _compiled()
    strong, weak, total = set[int](), set[int](), 0
    for line in lines:
        sure = {number for number, pattern in enumerate(patterns.output) if pattern.match(line)}
        beside = {number for number, pattern in enumerate(patterns.weak) if pattern.match(line)}
        strong, weak, total = strong | sure, weak | beside, total + bool(sure or beside)
    marks = sum(bool(patterns.printed.match(line)) for line in lines)
    if marks and marks + total > 2:
        return True
    kinds = len(strong) + len(weak)
    half = total * 2 >= len(lines)
    few = total > 2 and (len(strong) > 1 or (bool(strong) and kinds > 2 and half))
    many = bool(strong) and kinds > 1 and (total >= _SURE or (total >= _SOME and half))
    return total * 4 >= min(len(lines), _FIRST) and (few or many)


def _counted(lines: Sequence[str], patterns: Sequence[re.Pattern[str]]) -> tuple[int, int]:
    """How many kinds of lines there are, and how many lines of any."""
    kinds, total = set[int](), 0
    for line in lines:
        for number, pattern in enumerate(patterns):
            if pattern.match(line):
                kinds.add(number)
                total += 1
                break
    return len(kinds), total
