"""What lies where in an estate: by class and grade, by owner, by who can get at it; as JSON and as one HTML file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from tidegate import __version__, clock
from tidegate.content.estate import Estate, joined
from tidegate.content.estate_rows import FileRow, LabelRow
from tidegate.content.grade import GRADES
from tidegate.content.units import CLASSES
from tidegate.report.html import environment

NOBODY_ELSE = "owner and group only"
"""Who can get at what is exposed to none."""


@dataclass(frozen=True)
class Item:
    """A file, or a folder that is graver as a whole than each of its files, and its labels, the gravest first."""

    path: str
    whole: bool
    owner: str
    exposed: tuple[str, ...]
    size: int
    labels: tuple[LabelRow, ...]

    @property
    def grade(self) -> str:
        """The gravest of its labels."""
        return self.labels[0].grade


@dataclass(frozen=True, kw_only=True)
class Holdings:
    """The inventory of some paths. items: the gravest and most exposed first. unread: paths with reasons."""

    made: datetime
    paths: tuple[str, ...]
    files: int
    bytes: int
    items: tuple[Item, ...]
    unread: tuple[tuple[str, str], ...]

    def counts(self, by: str) -> list[tuple[str, dict[str, int]]]:
        """Files by grade for each `class`, `owner` or `exposure`, the gravest first; a file may be of several."""
        counted: dict[str, Counter[str]] = {}
        for item in (item for item in self.items if not item.whole):
            for key, grade in _keys(item, by):
                counted.setdefault(key, Counter())[grade] += 1
        order = {name: number for number, name in enumerate(CLASSES)} if by == "class" else {}
        ranked = sorted(counted.items(), key=lambda pair: (order.get(pair[0], 0), *_weight(pair[1]), pair[0]))
        return [(key, {grade: numbers[grade] for grade in reversed(GRADES)}) for key, numbers in ranked]


def holdings(estate: Estate, paths: Sequence[str], *, least: str = GRADES[0]) -> Holdings:
    """What an inventory holds of some paths. least: grade from which on. Raises LakeError."""
    grouped = groupby(estate.listed(paths), key=lambda pair: (pair[1].folder, pair[1].name))
    items = (_item([*rows]) for _place, rows in grouped)
    files, size = estate.size(paths)
    return Holdings(
        made=clock.now(),
        paths=tuple(paths),
        files=files,
        bytes=size,
        items=tuple(sorted((i for i in items if GRADES.index(i.grade) >= GRADES.index(least)), key=_order)),
        unread=tuple(estate.unread(paths)),
    )


def document(found: Holdings) -> dict[str, object]:
    """The inventory as plain dicts and lists: what `inventory --format json` prints."""
    return {
        "made": clock.iso(found.made),
        "paths": list(found.paths),
        "files": found.files,
        "bytes": found.bytes,
        **{name: dict(found.counts(by)) for name, by in _VIEWS.items()},
        "items": [_listed(item) for item in found.items],
        "unread": [{"path": path, "reason": reason} for path, reason in found.unread],
    }


def html(found: Holdings, *, rows: int = 500, unread: int = 100) -> str:
    """The whole page. rows: items listed, some ten printed pages; all of them are in the JSON; unread: likewise."""
    views = {name: found.counts(by) for name, by in _VIEWS.items()}
    return (
        environment()
        .get_template("inventory.html")
        .render(found=found, views=views, grades=GRADES[::-1], rows=rows, unread=unread, version=__version__)
    )


_VIEWS = {"classes": "class", "owners": "owner", "exposure": "exposure"}


def _item(rows: Sequence[tuple[FileRow | None, LabelRow]]) -> Item:
    file, first = rows[0]
    labels = sorted((label for _file, label in rows), key=lambda label: -GRADES.index(label.grade))
    exposed = tuple(filter(None, file.exposed.split("; "))) if file else ()
    owner, size = (file.owner, file.size) if file else ("", 0)
    return Item(joined(first.folder, first.name), file is None, owner, exposed, size, tuple(labels))


def _keys(item: Item, by: str) -> Iterable[tuple[str, str]]:
    match by:
        case "class":
            return [(label.data_class, label.grade) for label in item.labels]
        case "owner":
            return [(item.owner, item.grade)]
        case _:
            return [(word, item.grade) for word in item.exposed or (NOBODY_ELSE,)]


def _order(item: Item) -> tuple[int, int, str]:
    return -GRADES.index(item.grade), -len(item.exposed), item.path


def _weight(numbers: Counter[str]) -> tuple[int, ...]:
    return tuple(-numbers[grade] for grade in reversed(GRADES))


def _listed(item: Item) -> dict[str, object]:
    about = {"path": item.path, "kind": "folder" if item.whole else "file", "owner": item.owner or None}
    labels = [
        {
            "class": label.data_class,
            "grade": label.grade,
            "count": label.count,
            "precision_m": label.precision_m,
            "confidence": label.confidence,
            "why": label.why,
            "facts": label.facts.split("; "),
        }
        for label in item.labels
    ]
    return about | {"exposed": list(item.exposed), "size": item.size, "labels": labels}
