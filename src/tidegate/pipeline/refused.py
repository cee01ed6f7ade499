"""Records that go to quarantine, as many as it has room for; those beyond are counted by reason."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from tidegate.config import Quarantine
from tidegate.reading.blocks import KEPT, Bad

_ROW = 64
"""Bytes of a row of the quarantine besides its text, at the most: time, file, line and reason repeat and pack well."""
_REASONS = 20
"""Reasons of one file counted one by one: they quote what the log says, which may be something else in every record."""
OTHERS = "other reasons"


def none_held() -> int:
    """Of a quarantine that is empty."""
    return 0


@dataclass
class Refused:
    """What was refused since the last commit, by source_file.

    held: asked at the first record how many bytes the quarantine holds. by_file: bytes that files take of it, since the
    process began. known: by file the line up to which was refused before. last: the last one refused at all.
    """

    limits: Quarantine = field(default_factory=Quarantine)
    held: Callable[[], int] = none_held
    by_file: Counter[str] = field(default_factory=Counter)
    known: dict[str, int] = field(default_factory=dict)
    kept: dict[str, list[Bad]] = field(default_factory=lambda: defaultdict(list))
    dropped: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    last: Counter[str] = field(default_factory=Counter)
    size: int = 0
    _room: int | None = None

    def add(self, file: str, records: Iterable[Bad]) -> None:
        """Keep the beginnings of a file's records, or count them."""
        known = self.known.get(file, 0)
        for bad in records:
            self.last[file] = max(self.last[file], bad.line)
            if bad.line > known:
                self._add(file, bad)

    def _add(self, file: str, bad: Bad) -> None:
        if self._room is None:
            self._room = (self.limits.max_mb << 20) - self.held()
        text = bad.record.encode()
        if len(text) > KEPT:
            text = text[:KEPT]
            bad = replace(bad, record=text.decode(errors="ignore"))
        size = _ROW + len(text)
        if self.size + size <= self._room and self.by_file[file] + size <= self.limits.max_mb_per_file << 20:
            self.kept[file].append(bad)
            self.size += size
            self.by_file[file] += size
        else:
            dropped = self.dropped[file]
            dropped[bad.reason if bad.reason in dropped or len(dropped) < _REASONS else OTHERS] += 1

    def __len__(self) -> int:
        return sum(map(len, self.kept.values()))
