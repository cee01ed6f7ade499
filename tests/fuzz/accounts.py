"""What a lake says became of a file's records, and which there are, found by code that it shares nothing with."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from tidegate.events.schema import CLASSES
from tidegate.lake.store import Lake
from tidegate.reading.recognise import Recognised


@dataclass(frozen=True)
class Account:
    """Lines that made events, lines in quarantine with their reasons, and what the journal counts and how far it is."""

    events: frozenset[int]
    quarantine: tuple[tuple[int | None, str | None], ...]
    quarantined: int
    ignored: int
    duplicates: int
    lines: int

    def missing(self, records: Collection[int]) -> int:
        """Records, by their lines, that are neither an event nor refused, beside as many as were ignored."""
        held = self.events | {line for line, _ in self.quarantine}
        return len(set(records) - held) - self.ignored


def accounts(lake: Lake) -> dict[str, Account]:
    """By source_file."""
    events: dict[str, set[int]] = defaultdict(set)
    lines = " UNION ".join(f"SELECT source_file, source_line FROM ({lake.scan(name)})" for name in CLASSES)
    for file, line in lake.rows(lines):
        events[file].add(line)
    quarantine: dict[str, list[tuple[int | None, str | None]]] = defaultdict(list)
    for file, line, reason in lake.rows(f"SELECT source_file, source_line, reason FROM ({lake.scan('quarantine')})"):
        quarantine[file].append((line, reason))
    sums = "sum(quarantined), sum(ignored), sum(duplicates), max(lines)"
    return {
        path: Account(frozenset(events[path]), tuple(quarantine[path]), *counts)
        for path, *counts in lake.rows(f"SELECT path, {sums} FROM ({lake.scan('journal')}) GROUP BY path")
    }


def records(data: bytes, found: Recognised) -> Collection[int] | None:
    """The lines at which a file's records begin, or their numbers in a document; None where that is open to dispute."""
    layout, text = found.head.layout, data.removeprefix(b"\xef\xbb\xbf")
    if found.head.depth >= 0:
        return _documents(text, found)
    lines = text.split(b"\n")
    lines = lines[:-1] if not lines[-1] else lines
    if layout.groups:
        return _groups(lines, layout.groups.encode())
    if layout.format == "zeek" or layout.directives:
        return [n for n, line in enumerate(lines, 1) if not (line.startswith(b"#") and _is_text(line))]
    if layout.format == "csv":
        return None if b'"' in text and layout.separator != " " else _rows(lines)
    return range(1, len(lines) + 1)


def _is_text(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


def _groups(lines: Sequence[bytes], pattern: bytes) -> list[int]:
    """First lines of runs that say the same, or that follow one that says something; lines that hold nothing."""
    begins, empty = b"(?P<first>" in pattern, True
    key: bytes | None = b""
    found: list[int] = []
    for number, line in enumerate(lines, 1):
        match = re.search(pattern, line)
        said = match[1] if match else None
        blank = not line.removesuffix(b"\r")
        if blank or empty or (said is not None if begins else said is None or said != key):
            found.append(number)
        if not blank:
            key, empty = said, False
    return found


def _documents(data: bytes, found: Recognised) -> range | None:
    try:
        document = json.loads(data)
    except (ValueError, RecursionError):
        return None
    held = document if found.head.key is None else document[found.head.key]
    whole = found.head.depth and isinstance(held, list) and all(isinstance(one, dict) for one in held)
    return range(1, len(held) + 1) if whole else None


def _rows(lines: Sequence[bytes]) -> list[int]:
    """Lines of a sheet in which nothing is quoted, without its heading, wherever that stands."""
    lines = [line.removesuffix(b"\r") for line in lines]
    first = next((i for i, line in enumerate(lines) if line and not re.match(rb"#TYPE |(?i:sep=)", line)), 0)
    heading = lines[first] if _is_text(lines[first]) else None
    return [i + 1 for i, line in enumerate(lines) if (i >= first and line != heading) or not line or not _is_text(line)]
