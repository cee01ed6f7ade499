"""What a lake says became of a file's records, and how many records there are by a count that shares no code with it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from tidegate.events.schema import CLASSES
from tidegate.lake.store import Lake
from tidegate.reading.recognise import Recognised


@dataclass(frozen=True)
class Account:
    """Lines that made events, lines in quarantine with their reasons, and the counts of a file's journal."""

    events: frozenset[int]
    quarantine: tuple[tuple[int | None, str | None], ...]
    quarantined: int
    ignored: int
    duplicates: int
    lines: int

    def missing(self, records: int) -> int:
        """Records that are neither an event nor refused nor ignored: those delivered twice, and no others."""
        held = self.events | {line for line, _ in self.quarantine if line is not None}
        return records - len(held) - self.ignored


def accounts(lake: Lake) -> dict[str, Account]:
    """By source_file."""
    con = lake.engine.con
    rows = " UNION ".join(f"SELECT source_file, source_line FROM ({lake.scan(name)})" for name in CLASSES)
    events: dict[str, set[int]] = {}
    for file, line in con.execute(rows).fetchall():
        events.setdefault(file, set()).add(line)
    quarantine: dict[str, list[tuple[int | None, str | None]]] = {}
    query = f"SELECT source_file, source_line, reason FROM ({lake.scan('quarantine')}) ORDER BY ALL"
    for file, line, reason in con.execute(query).fetchall():
        quarantine.setdefault(file, []).append((line, reason))
    sums = ", ".join(f"sum({c})" for c in ("quarantined", "ignored", "duplicates"))
    journal = f"SELECT path, {sums}, max(lines) FROM ({lake.scan('journal')}) GROUP BY path"
    return {
        path: Account(frozenset(events.get(path, ())), tuple(quarantine.get(path, ())), *(int(n or 0) for n in counts))
        for path, *counts in con.execute(journal).fetchall()
    }


def records(data: bytes, found: Recognised) -> int | None:
    """How many records a file has; None where that is a matter of opinion."""
    layout, text = found.head.layout, data.removeprefix(b"\xef\xbb\xbf")
    lines = text.split(b"\n")
    lines = lines[:-1] if not lines[-1] else lines
    if found.head.depth >= 0:
        return _documents(text, found)
    if layout.groups:
        return _groups([line for line in lines if line.strip(b"\r")], layout.groups.encode()) + lines.count(b"")
    if layout.format == "zeek" or layout.directives:
        return sum(not (line.startswith(b"#") and _is_text(line)) for line in lines)
    if layout.format == "csv":
        return _rows(text, layout.separator)
    return len(lines)


def _is_text(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


def _groups(lines: list[bytes], pattern: bytes) -> int:
    """Runs of lines that say the same, or that follow one that says something."""
    keys = [(match := re.search(pattern, line)) and match[1] for line in lines]
    if b"(?P<first>" in pattern:
        return sum(i == 0 or key is not None for i, key in enumerate(keys))
    return sum(i == 0 or key is None or key != keys[i - 1] for i, key in enumerate(keys))


def _documents(data: bytes, found: Recognised) -> int | None:
    try:
        document = json.loads(data)
    except (ValueError, RecursionError):
        return None
    if found.head.depth == 0:
        return 1 if isinstance(document, dict) else None
    held = document if found.head.key is None else document[found.head.key]
    return len(held) if isinstance(held, list) and all(isinstance(one, dict) for one in held) else None


def _rows(data: bytes, separator: str) -> int | None:
    if b'"' in data or b"\r" in data.replace(b"\r\n", b""):
        return None
    lines = [line.removesuffix(b"\r") for line in data.split(b"\n")]
    lines = lines[:-1] if not lines[-1] else lines
    for i, line in enumerate(lines):
        if line.strip() and not re.match(rb"#TYPE |(?i:sep=)", line):
            heading = line
            break
    return sum(line != heading for line in lines[i:])
