"""What logs may know labelled files by: their hashes, their paths, their names, the body that a sensor kept.

A name or the end of a path only counts where one content alone bears it, and a name only if it is no name that cameras,
scanners or offices give to everything. The surest way counts: a hash before a path, a path before a name.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from tidegate.content.estate import Estate, Known, joined
from tidegate.content.grade import GRADES

WAYS = ("body", "hash", "path", "name and size", "end of path", "name")
"""Ways in which an event's file is known to be a labelled one, the surest first."""

_LONG = 10  # characters of a name without its ending: shorter ones are given twice
_COMMON = re.compile(
    r"(?i)(img|dsc[fn]?|dji|gopr|scan|doc|document|screenshot|whatsapp|image|photo|picture|video|mov|vid|pxl|"
    r"untitled|unbenannt|new|neu|copy|kopie|book|mappe|sheet|tabelle|presentation|readme|license|index|backup|export|"
    r"report|download|attachment|anlage|invoice|rechnung|扫描|文档|新建|图片|截图)?[\W\d_]*(image|document|textdocument)?"
    r"[\W\d_]*"
)
"""Names that say nothing: what cameras, scanners and programs call everything, with any number."""
_KEPT_BODY = re.compile(r"(?:^|[^A-Za-z0-9])(F[A-Za-z0-9]{14,18})(?:[^A-Za-z0-9]|$)")
"""Zeek's id of a file in the name under which it kept it: `extract-1763632800.694367-HTTP-FDownload000000001`."""

SCHEMA = pa.schema(
    {
        "key": pa.string(),
        "way": pa.int64(),
        "known_as": pa.string(),
        "data_class": pa.string(),
        "grade": pa.string(),
        "count": pa.int64(),
        "marking": pa.string(),
    }
)
"""Columns of labels: a row for each key of each label. way: its place in `WAYS`; known_as: where the file lies."""


@dataclass(frozen=True)
class _Names:
    """How many different contents have a name, and an end of a path."""

    names: Mapping[str, int]
    ends: Mapping[str, int]


def labels(estates: Sequence[Estate]) -> pa.Table:
    """Every label of every file in some inventories, by what logs may know the file by. Raises LakeError."""
    rows = []
    for estate in estates:
        known = list(estate.known())
        names = _names(estate, {one.name for one in known})
        for one in known:
            place = joined(one.folder, one.name)
            said = place, one.data_class, one.grade, one.count, one.marking
            rows += [(key, WAYS.index(way), *said) for way, key in _keys(one, names)]
    return pa.Table.from_pylist([dict(zip(SCHEMA.names, row, strict=True)) for row in rows], schema=SCHEMA)


def bodies(paths: Sequence[Path]) -> tuple[Path, ...]:
    """Folders below some paths in which Zeek keeps the bodies of files: `extract_files`."""
    folders = [path for path in paths if path.is_dir()]
    found = [path for folder in folders for path in (folder, *folder.rglob("extract_files")) if path.is_dir()]
    return tuple(dict.fromkeys(path for path in found if path.name == "extract_files"))


def end(path: str) -> str:
    """The last folder and the name of a path, in lower case; empty where it has no folder."""
    parts = path.replace("\\", "/").lower().rstrip("/").split("/")
    return "/".join(parts[-2:]) if len(parts) > 1 and parts[-2] else ""


def distinctive(name: str) -> bool:
    """Whether a name is one that people give to one thing."""
    stem = name.rpartition(".")[0] or name
    return len(stem) >= _LONG and _COMMON.fullmatch(stem) is None


def _names(estate: Estate, asked: set[str]) -> _Names:
    names: defaultdict[str, set[str]] = defaultdict(set)
    ends: defaultdict[str, set[str]] = defaultdict(set)
    for folder, name, content in estate.namesakes(asked):
        names[name.lower()].add(content)
        ends[end(joined(folder, name))].add(content)
    return _Names({name: len(of) for name, of in names.items()}, {name: len(of) for name, of in ends.items()})


def _keys(known: Known, names: _Names) -> Iterator[tuple[str, str]]:
    name, path = known.name.lower(), joined(known.folder, known.name).lower()
    if body := _KEPT_BODY.search(known.name):
        yield "body", f"body:{body[1]}"
    for one in known.hashes:
        yield "hash", f"hash:{one}"
    yield "path", f"path:{path}"
    if names.ends.get(end(path)) == 1:
        yield "end of path", f"end:{end(path)}"
    if names.names.get(name) == 1:
        yield "name and size", f"size:{name}:{known.size}"
        if distinctive(known.name):
            yield "name", f"name:{name}"


GRAVITY = {grade: number for number, grade in enumerate(GRADES)}
"""How grave a grade is, as a number."""
