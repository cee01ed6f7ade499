"""Files, folders and archives in; labels out, of each file and of each folder as a whole."""

from __future__ import annotations

import contextlib
import os
import stat
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from tidegate import registry
from tidegate.content import grade, species, zones
from tidegate.content.grade import GRADES, Label, Policy
from tidegate.content.look import Eyes, Seen, look
from tidegate.content.source import Budget, Limits, from_file
from tidegate.content.tally import Tally, judge
from tidegate.errors import InputError
from tidegate.pipeline.workers import Bounds, Lost, each

FOLDER = "folder"
"""What is said as the format of a folder."""


@dataclass(frozen=True, kw_only=True)
class Order:
    """What is to be classified, and how."""

    paths: tuple[Path, ...]
    context: Path | None = None
    policy: Path = grade.DEFAULT
    markings: tuple[str, ...] = ()  # the organisation's own, from [own] of its configuration
    jobs: int = 1
    values: bool = False  # whether evidence keeps what was found itself
    bounds: Bounds = field(default_factory=Bounds)
    limits: Limits = field(default_factory=Limits)


@dataclass(frozen=True, kw_only=True)
class Classified:
    """A file or a folder, what it holds, and what could not be read of it."""

    path: str
    format: str
    labels: tuple[Label, ...]
    error: str | None = None


@dataclass(frozen=True)
class Progress:
    """How far a run is."""

    current: str
    files_done: int
    files_total: int
    bytes_done: int
    bytes_total: int


@dataclass(frozen=True)
class _File:
    path: Path
    size: int


def classify(order: Order, *, progress: Callable[[Progress], None] = lambda _: None) -> Iterator[Classified]:
    """Classify files in the order of their names, then the folders they lie in.

    A folder is told of if it was asked for, or if it is graver as a whole than each of its files. Raises InputError for
    a path that does not exist, ConfigError for a policy or zones that are wrong.
    """
    policy = grade.load(order.policy)
    seeing = eyes(order)
    files = list(walk(order.paths))
    total, done = sum(file.size for file in files), 0
    folders: dict[Path, Folder] = defaultdict(Folder)
    work = partial(_look, eyes=seeing, order=order)
    for number, (file, answer) in enumerate(each(work, files, jobs=order.jobs, bounds=order.bounds)):
        done += file.size
        progress(Progress(file.path.name, number + 1, len(files), done, total))
        seen = Seen("data", errors=[answer.reason]) if isinstance(answer, Lost) else answer
        found = grade.labels(list(seen.tallies.values()), policy)
        yield Classified(path=str(file.path), format=seen.format, labels=found, error=seen.error)
        for folder in _above(file.path, order.paths):
            folders[folder].add(seen.tallies, found, str(file.path.relative_to(folder)))
    yield from _whole(folders, seeing, policy, order.paths)


def eyes(order: Order) -> Eyes:
    """What files are looked at with. Raises ConfigError for zones or species that are wrong."""
    areas = zones.load(order.context) if order.context is not None else ()
    return Eyes(
        registry.extractors(),
        tuple(registry.recognisers().values()),
        areas,
        {"species": species.load(order.context), "markings": order.markings},
    )


def _look(file: _File, *, eyes: Eyes, order: Order) -> Seen:
    """In a worker: look into one file."""
    try:
        source = from_file(file.path)
        seen = look(source, eyes, budget=Budget(order.limits, source.size))
    except OSError as error:
        return Seen("data", errors=[error.strerror or str(error)])
    if not order.values:
        for tally in seen.tallies.values():
            tally.evidence = [replace(item, value="") for item in tally.evidence]
    return seen


def walk(paths: Iterable[Path]) -> Iterator[_File]:
    """Regular files below paths, each once. Links are not followed, save a path that is one itself."""
    seen: set[tuple[int, int]] = set()
    for path in paths:
        if not path.exists():
            raise InputError("there is no such file or folder", file=path)
        for file, status in _below(path):
            identity = (status.st_dev, status.st_ino)
            if identity not in seen:
                seen.add(identity)
                yield _File(file, status.st_size)


def _below(path: Path) -> Iterator[tuple[Path, os.stat_result]]:
    if not path.is_dir():
        status = path.stat()
        if stat.S_ISREG(status.st_mode):
            yield path, status
        return
    for folder, names, files in os.walk(path, followlinks=False):
        names.sort()
        for name in sorted(files):
            file = Path(folder, name)
            with contextlib.suppress(FileNotFoundError):  # gone since it was listed
                status = file.lstat()
                if stat.S_ISREG(status.st_mode):
                    yield file, status


@dataclass
class Folder:
    """Totals of a folder, and the gravest grade of a file in it, by class."""

    tallies: dict[str, Tally] = field(default_factory=dict)
    gravest: dict[str, int] = field(default_factory=dict)

    def add(self, tallies: dict[str, Tally], found: Iterable[Label], name: str) -> None:
        """Add what was found in the file `name`."""
        for id_, tally in tallies.items():
            mine = self.tallies.setdefault(id_, Tally(id_, tally.data_class))
            mine.merge(replace(tally, evidence=tally.evidence[:1]), under=name)
        for label in found:
            name = label.facts.data_class
            self.gravest[name] = max(self.gravest.get(name, 0), GRADES.index(label.grade))


def _above(file: Path, paths: tuple[Path, ...]) -> Iterator[Path]:
    """Folders that a file lies in, up to the path that was asked for."""
    for path in paths:
        if file != path and file.is_relative_to(path):
            yield from (p for p in file.parents if p.is_relative_to(path))
            return


def _whole(folders: dict[Path, Folder], eyes: Eyes, policy: Policy, asked: tuple[Path, ...]) -> Iterator[Classified]:
    for path, folder in sorted(folders.items()):
        judge(folder.tallies, eyes.recognisers)
        found = grade.labels(list(folder.tallies.values()), policy)
        graver = any(GRADES.index(x.grade) > folder.gravest.get(x.facts.data_class, -1) for x in found)
        if path in asked or graver:
            yield Classified(path=str(path), format=FOLDER, labels=found)
