"""Which language of network devices lines are in: a configuration's, what a command printed, a scan's; or none."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tidegate.content.extract._dialects import DIALECTS
from tidegate.content.extract._printed import OUTPUT, OUTPUT_MARKS

_LINE = 200  # characters of a line that are looked at
_MANY = 8  # lines of one kind, where next to nothing else stands

_NMAP = re.compile(
    r"(?:# Nmap \d\.\d|Starting Nmap |Nmap scan report for "
    r"|Host: \d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3} \(.{0,80}\)\s+(?:Status|Ports): )"
)

_MARKS = {dialect.id: re.compile("|".join(dialect.marks)) if dialect.marks else None for dialect in DIALECTS}
_LINES = {dialect.id: [re.compile(line) for line in dialect.lines] for dialect in DIALECTS}
_OUTPUT = [re.compile(line) for line in OUTPUT]
_OUTPUT_MARKS = re.compile("|".join(OUTPUT_MARKS))
NAMES = {dialect.id: dialect.name for dialect in DIALECTS} | {"network-output": "command output", "nmap": "Nmap"}


def told(lines: Sequence[str]) -> str | None:
    """The format of a configuration or of what a device printed, by its first lines; None for anything else."""
    seen = [line[:_LINE].rstrip() for line in lines if line.strip()]
    if any(_NMAP.match(line) for line in seen[:5]):
        return "nmap"
    for dialect in DIALECTS:
        mark = _MARKS[dialect.id]
        marked = mark is not None and any(mark.match(line) for line in seen)
        kinds, total = _counted(seen, _LINES[dialect.id])
        enough = kinds >= dialect.kinds and total >= dialect.least and total * 8 >= len(seen)
        if (marked and kinds) or enough or (dialect.alone and total >= _MANY and total * 5 >= len(seen) * 4):
            return dialect.id
    kinds, total = _counted(seen, _OUTPUT)
    marks = sum(bool(_OUTPUT_MARKS.match(line)) for line in seen)
    if marks and marks + total > 2:
        return "network-output"
    if total * 4 >= min(len(seen), 60) and ((kinds >= 2 and total >= 6) or kinds >= 3):
        return "network-output"
    return None


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
