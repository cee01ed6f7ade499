"""An estate scanned: what is new or changed is looked into, what is gone is forgotten, folders are judged as a whole.

A file is unchanged if its size, its times and its inode are. Where only its times or its inode differ, or it was
written in the moment in which it was looked at, its hash decides. What a run has done is kept every few seconds, so
that one that was ended goes on where it was.
"""

from __future__ import annotations

import os
import stat
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from tidegate.content import grade, kept, version
from tidegate.content.estate import Estate, joined
from tidegate.content.estate_rows import FileRow, LabelRow
from tidegate.content.grade import GRADES, Label, Policy
from tidegate.content.look import Eyes, Seen
from tidegate.content.tally import judge
from tidegate.context.shares import Share
from tidegate.errors import InputError
from tidegate.pipeline.classify import FOLDER, Folder, Order, eyes
from tidegate.pipeline.exposure import Exposure, owner
from tidegate.pipeline.looking import UNREAD, Answer, Task, answer, bounds
from tidegate.pipeline.workers import Lost, each

RACE = 2_000_000_000  # nanoseconds: the coarsest times of file systems; what is younger may change without a trace
KEEP = 5.0  # seconds between two commits: what a kill costs
BATCH = 500  # and files, so that little waits in memory
_INODE = (1 << 63) - 1  # what databases hold
_CONTENT = ("format", "error", "again", "read_with", "sha256", "sha1", "md5", "tallies")


@dataclass
class Scanned:
    """What a scan did, in files. spared: changed by their times only, or moved, as their hash says."""

    files: int = 0
    bytes: int = 0
    read: int = 0
    read_bytes: int = 0
    unchanged: int = 0
    spared: int = 0
    gone: int = 0
    unread: int = 0  # not, or not fully
    current: str = ""


@dataclass
class _Scan:
    """A scan under way."""

    order: Order
    estate: Estate
    exposure: Exposure
    eyes: Eyes
    policy: Policy
    read_with: str
    graded_with: str
    progress: Callable[[Scanned], None]
    done: Scanned = field(default_factory=Scanned)
    files: list[FileRow] = field(default_factory=list)
    labels: list[LabelRow] = field(default_factory=list)
    spared: dict[Path, FileRow] = field(default_factory=dict)  # what is known of files whose hash is being asked for
    visited: set[str] = field(default_factory=set)
    closed: list[str] = field(default_factory=list)  # folders that could not be listed
    changed: bool = False
    committed: float = field(default_factory=time.monotonic)

    def run(self, root: Path) -> None:
        """Bring all at or below a path up to date."""
        name = shown(root)
        self.changed = not self.estate.begin(name)
        work = partial(answer, eyes=self.eyes, order=self.order)
        for task, said in each(work, self._tasks(root), jobs=self.order.jobs, bounds=self.order.bounds):
            self._answered(task, said)
        self._commit()
        if root.is_dir():
            for folder in sorted(self.estate.folders(name) - self.visited):
                if not any(folder == closed or folder.startswith(f"{closed}/") for closed in self.closed):
                    self._forget(folder, self.estate.in_folder(folder))
            if self.changed:
                self._whole(name)
        self.estate.finish(name)

    def _tasks(self, root: Path) -> Iterator[Task]:
        """Files at or below a path that have to be looked into; the others are dealt with on the way."""
        for folder, files in _listed(root, self._refused):
            name = shown(folder)
            if name in self.visited:
                continue  # it lies below another path that was asked for
            known = self.estate.in_folder(name)
            for path, status in files:
                self.done.files += 1
                self.done.bytes += status.st_size
                self.done.current = path.name
                self.progress(self.done)
                task = self._task(path, status, known.pop(shown(Path(path.name)), None))
                if task is not None:
                    yield task
            if root.is_dir():
                self.visited.add(name)
                self._forget(name, known)

    def _task(self, path: Path, status: os.stat_result, row: FileRow | None) -> Task | None:
        """What is to be done of a file, if anything."""
        task = Task(path, status, time.time_ns(), "; ".join(self.exposure.of(path, status)))
        if row is None:
            row = self.estate.of_inode(status.st_ino & _INODE, status.st_size, status.st_mtime_ns)
        elif row.size == status.st_size and self._current(row) and _same(row, status):
            self.done.unchanged += 1
            self.done.unread += row.error is not None
            mine = task.exposed, owner(status.st_uid), self.graded_with
            if (row.exposed, row.owner, row.graded_with) != mine:
                self.changed |= row.graded_with != self.graded_with
                self._put(replace(task, seen_ns=row.seen_ns), _content(row))
            return None
        if row is None or row.size != status.st_size or not self._current(row):
            return task
        self.spared[path] = row
        return replace(task, sha256=row.sha256)

    def _current(self, row: FileRow) -> bool:
        """Whether what is known of a file's content still counts."""
        return row.read_with == self.read_with and row.again in ("", bounds(self.order))

    def _refused(self, error: OSError) -> None:
        folder = Path(os.fsdecode(error.filename))
        self.closed.append(shown(folder))
        self.done.unread += 1
        said = dict.fromkeys(_CONTENT) | {"format": FOLDER, "error": f"cannot be listed: {error.strerror}"}
        self._put(Task(folder, folder.lstat(), time.time_ns(), ""), said | {"again": UNREAD, "read_with": ""})

    def _forget(self, folder: str, known: Mapping[str, FileRow]) -> None:
        """Forget files that are gone, and that a folder could not be listed."""
        if known:
            self.changed = True
            self.done.gone += sum(row.format != FOLDER for row in known.values())
            self.estate.remove(folder, known)

    def _answered(self, task: Task, said: Answer | Lost) -> None:
        """Take over what a worker says."""
        known = self.spared.pop(task.path, None)
        if isinstance(said, Lost):
            said = Answer(Seen("data", errors=[said.reason]), again=bounds(self.order))
        if said.seen is None and known is not None:
            self.done.spared += 1
            self._put(task, _content(known))
            return
        seen = said.seen or Seen("data")
        self.changed = True
        self.done.read += 1
        self.done.read_bytes += task.status.st_size
        self.done.unread += seen.error is not None
        content = {"format": seen.format, "error": seen.error, "again": said.again, "read_with": self.read_with}
        hashes = {"sha256": said.sha256, "sha1": said.sha1, "md5": said.md5}
        found = kept.pack(seen.tallies.values()) if seen.tallies else None
        self._put(task, content | hashes | {"tallies": found})

    def _put(self, task: Task, content: Mapping[str, Any]) -> None:
        """Keep what is known of a file, with its labels by the policy of now."""
        status = task.status
        folder, name = _parted(shown(task.path))
        stats = {"size": status.st_size, "inode": status.st_ino & _INODE, "owner": owner(status.st_uid)}
        times = {"mtime_ns": status.st_mtime_ns, "ctime_ns": status.st_ctime_ns, "seen_ns": task.seen_ns}
        about = {"folder": folder, "name": name, "exposed": task.exposed, "graded_with": self.graded_with}
        self.files.append(FileRow(**about, **stats, **times, **content))
        if content["tallies"] is not None:
            found = grade.labels(list(kept.unpack(content["tallies"]).values()), self.policy)
            self.labels += [_label(folder, name, label) for label in found]
        if len(self.files) >= BATCH or time.monotonic() - self.committed > KEEP:
            self._commit()

    def _commit(self) -> None:
        self.estate.put(self.files, self.labels)
        self.files, self.labels, self.committed = [], [], time.monotonic()

    def _whole(self, root: str) -> None:
        """Judge folders at or below a path as a whole."""
        folders: dict[str, Folder] = defaultdict(Folder)
        for row in self.estate.labelled([root]):
            tallies = kept.unpack(row.tallies or b"")
            found = grade.labels(list(tallies.values()), self.policy)
            path = joined(row.folder, row.name)
            for folder in _above(row.folder, root):
                folders[folder].add(tallies, found, path[len(folder.rstrip("/")) + 1 :])
        self.estate.put_folders(root, [label for name, one in folders.items() for label in self._graver(name, one)])

    def _graver(self, name: str, folder: Folder) -> Iterator[LabelRow]:
        judge(folder.tallies, self.eyes.recognisers)
        for label in grade.labels(list(folder.tallies.values()), self.policy):
            if GRADES.index(label.grade) > folder.gravest.get(label.facts.data_class, -1):
                yield _label(name, "", label)


def scan(
    order: Order, estate: Estate, *, shares: Sequence[Share] = (), progress: Callable[[Scanned], None] = lambda _: None
) -> Scanned:
    """Bring an inventory up to date for some paths. Raises InputError for a path that is not there, LakeError."""
    for path in order.paths:
        if not path.exists():
            raise InputError("there is no such file or folder", file=path)
    under_way = _Scan(
        order=order,
        estate=estate,
        exposure=Exposure(shares),
        eyes=eyes(order),
        policy=grade.load(order.policy),
        read_with=version.of_reading(order.context, *order.markings),
        graded_with=version.of_policy(order.policy),
        progress=progress,
    )
    for root in order.paths:
        under_way.run(absolute(root))
    return under_way.done


def absolute(path: Path) -> Path:
    """A path from the root, without dots; links in it stay."""
    return Path(os.path.abspath(path))  # noqa: PTH100  `resolve` would follow links


def shown(path: Path) -> str:
    """A path as text, also where its bytes are none."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def _listed(root: Path, refused: Callable[[OSError], None]) -> Iterator[tuple[Path, list[tuple[Path, os.stat_result]]]]:
    """Folders at or below a path with their regular files. Links are not followed."""
    if not root.is_dir():
        status = root.stat()
        yield root.parent, [(root, status)] if stat.S_ISREG(status.st_mode) else []
        return
    for folder, names, files in os.walk(root, followlinks=False, onerror=refused):
        names.sort()
        yield Path(folder), list(_regular(Path(folder), files))


def _regular(folder: Path, names: list[str]) -> Iterator[tuple[Path, os.stat_result]]:
    for name in sorted(names):
        path = folder / name
        try:
            status = path.lstat()
        except FileNotFoundError:  # gone since it was listed
            continue
        if stat.S_ISREG(status.st_mode):
            yield path, status


def _same(row: FileRow, status: os.stat_result) -> bool:
    """Whether a file is the one that was looked at, beyond doubt."""
    newest = max(status.st_mtime_ns, status.st_ctime_ns)
    same = (row.mtime_ns, row.ctime_ns, row.inode) == (status.st_mtime_ns, status.st_ctime_ns, status.st_ino & _INODE)
    return same and newest + RACE < row.seen_ns


def _content(row: FileRow) -> dict[str, Any]:
    """What is known of a file's content."""
    return {name: getattr(row, name) for name in _CONTENT}


def _label(folder: str, name: str, label: Label) -> LabelRow:
    facts, marking = label.facts, label.facts.facts.get("marking")
    return LabelRow(
        folder=folder,
        name=name,
        data_class=facts.data_class,
        grade=label.grade,
        count=facts.count,
        files=facts.files,
        precision_m=facts.precision_m,
        confidence=round(facts.confidence, 2),
        why=label.why,
        facts="; ".join(facts.words()),
        marking=", ".join(marking) if isinstance(marking, tuple) else marking and str(marking),
    )


def _parted(path: str) -> tuple[str, str]:
    folder, _, name = path.rpartition("/")
    return folder or "/", name


def _above(folder: str, root: str) -> Iterator[str]:
    """A folder and those above it, up to the path that was asked for."""
    while len(folder) > len(root):
        yield folder
        folder = _parted(folder)[0]
    yield root
