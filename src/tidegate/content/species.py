"""Protected species as the organisation lists them: `species*.csv` in its context folder, names and their status.

Any official list will do as it is: the columns are told by their headers (`scientific_name`, `chinese_name`,
`vernacular_name`, `synonyms`; `protection_level`, `appendix`, `status`, `category`).
"""

from __future__ import annotations

import csv
import gzip
import io
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from tidegate.errors import ConfigError

FILES = ("species*.csv", "species*.csv.gz")

_NAMES = ("scientific_name", "scientificname", "latin_name", "学名", "拉丁名", "chinese_name", "中文名",
          "vernacular_name", "vernacularname", "common_name", "synonyms", "synonym")  # fmt: skip
_STATUS = ("protection_level", "保护级别", "appendix", "status", "category", "grade")
_STRICT = frozenset(("一级", "i", "1", "cr", "critically endangered", "strict", "appendix i", "category 1"))
"""What lists call their strictest level: 国家一级, CITES appendix I, IUCN CR."""


@dataclass(frozen=True)
class Species:
    """Names of protected species and their status; `strict` beside it where that is a list's strictest."""

    status: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.status)

    def of(self, name: str) -> tuple[str, ...]:
        """Status of a name, also of one written with one letter wrong; empty where it is not listed."""
        exact = self.status.get(name) or self.status.get(name.lower())
        return exact or self._nearly(name)

    def _nearly(self, name: str) -> tuple[str, ...]:
        genus, _, epithet = name.lower().partition(" ")
        if len(epithet) < 6:  # letters: shorter words are near too many others
            return ()
        known = next((e for e in self._genera.get(genus, ()) if _one_apart(e, epithet)), None)
        return self.status[f"{genus} {known}"] if known else ()

    @cached_property
    def _genera(self) -> Mapping[str, list[str]]:
        found: defaultdict[str, list[str]] = defaultdict(list)
        for name in self.status:
            genus, space, epithet = name.partition(" ")
            if space:
                found[genus].append(epithet)
        return found


def _one_apart(one: str, other: str) -> bool:
    """Whether two words differ by one letter put in, left out, changed, or by two exchanged."""
    if abs(len(one) - len(other)) > 1:
        return False
    start = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    a, b = one[start:], other[start:]
    return a[1:] == b[1:] or a[1:] == b or a == b[1:] or (a[:2] == b[1::-1] and a[2:] == b[2:])


def load(folder: Path | None) -> Species:
    """Species of a context folder. Raises ConfigError where a list cannot be read."""
    status: dict[str, tuple[str, ...]] = {}
    for file in sorted(f for pattern in FILES for f in (folder.glob(pattern) if folder else ())):
        try:
            for name, level in _rows(file):
                status[name] = tuple(dict.fromkeys((*status.get(name, ()), *level)))
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            raise ConfigError(f"no list of species can be read: {error}", file=file) from error
    return Species(status)


def _rows(file: Path) -> Iterator[tuple[str, tuple[str, ...]]]:
    raw = gzip.open(file, "rb") if file.suffix == ".gz" else file.open("rb")  # noqa: SIM115  closed by the wrapper
    with io.TextIOWrapper(raw, encoding="utf-8-sig", newline="") as text:
        reader = csv.DictReader(text)
        heads = {head: head.strip().lower().replace(" ", "_") for head in reader.fieldnames or ()}
        names = [head for head, plain in heads.items() if plain in _NAMES]
        levels = [head for head, plain in heads.items() if plain in _STATUS]
        if not names:
            raise ConfigError(f"has no column of names ({', '.join(_NAMES[:4])} …)", file=file, line=1)
        for row in reader:
            level = [(row.get(head) or "").strip() for head in levels]
            said = tuple(filter(None, level)) or ("listed",)
            strict = ("strict",) if any(word.lower() in _STRICT for word in said) else ()
            for name in (n.strip() for head in names for n in (row.get(head) or "").split(";")):
                if " " in name or not name.isascii():  # a genus by itself is a common word too often
                    yield name.lower(), (*said, *strict)
