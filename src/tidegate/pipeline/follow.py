"""Ingest that goes on: pass after pass over what has changed, until it is told to stop.

One pass is what `ingest` does once. Errors that come and go do not end it: what was being done is dropped, and done
again from what the lake says once it can be written.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Event

import duckdb

from tidegate.cases.model import IngestSummary
from tidegate.config import Quarantine
from tidegate.errors import InputError, LakeError
from tidegate.lake.store import Lake
from tidegate.pipeline.batch import Totals
from tidegate.pipeline.ingest import Left, Run
from tidegate.pipeline.watch import Watch, stat
from tidegate.reading.files import File
from tidegate.units import Source

INTERVAL = 1.0
"""Seconds from one pass to the next at the least: a commit a second and class, with all that came in that second."""
QUIET = 3.0
"""Seconds without a change after which an unfinished end is taken for finished; writers flush more often than that."""
_OLD = 3600.0
"""Seconds since a file's last change after which it is not waited for: clocks of file servers go wrong by less."""
_WARM = 600.0
"""Seconds since a file's last change for which it is looked at in every pass, whether a change is told of or not."""
_BACKLOG = 5.0
"""Seconds of a pass for files that nobody is writing to: those that are being written to must not wait longer."""
_COST = 4
"""A file is left alone for so many times the time that reading it took: documents are read whole at each change."""
_RETRY = 1.0, 30.0
"""Seconds until the first attempt after an error, and at the most, as they double."""
_UPKEEP = 600.0
"""Seconds between two times that small files are put together."""
_REMEMBERED = 100_000
"""Names of files that were named as unreadable and are not named again."""
_LISTED = 20  # files named that cannot be read, a pass
_Signature = tuple[int, int, int]


@dataclass(frozen=True)
class Pass:
    """How things stand after a pass. lag: seconds from a change to its commit; error: why there was none."""

    seconds: float
    lag: float
    files: int
    waiting: int
    committed: bool
    error: str = ""


@dataclass(slots=True)
class _Seen:
    """A file that is written to: as it was last seen, since when, when to look again, and how often in vain."""

    signature: _Signature
    since: float
    look: float = 0.0
    unfinished: bool = False
    vain: int = 0


@dataclass(frozen=True, kw_only=True)
class Following:
    """What to follow, and whom to tell. beat: called often, also in the middle of a long pass."""

    paths: Sequence[Path]
    sources: Mapping[str, Source] | None = None
    limits: Quarantine = field(default_factory=Quarantine)
    poll: float | None = None
    stop: Event = field(default_factory=Event)
    totals: Totals = field(default_factory=Totals)
    say: Callable[[str], None] = lambda _text: None
    tell: Callable[[Pass], None] = lambda _pass: None
    beat: Callable[[], None] = lambda: None
    upkeep: Callable[[Lake], object] = lambda _lake: None


def follow(given: Following, open_lake: Callable[[], Lake]) -> IngestSummary:
    """Read what is there and what comes, until `given.stop` is set. open_lake: called again after an error.

    Raises InputError where a path is not there, LakeError where the lake cannot be opened, at the beginning.
    """
    return _Follow(given, open_lake).run()


class _Follow:
    def __init__(self, given: Following, open_lake: Callable[[], Lake]) -> None:
        self.given, self._open = given, open_lake
        self._lake: Lake | None = open_lake()
        self._run: Run | None = None
        self._watch = Watch(given.paths, avoid=self._lake.path, poll=given.poll, say=given.say)
        self._settled: dict[Path, _Signature] = {}
        self._warm: dict[Path, _Seen] = {}
        self._backlog: deque[File] = deque()
        self._backlog_since = 0.0
        self._told: set[str] = set()
        self._errors = self._files = 0
        self._upkeep = time.monotonic() + _UPKEEP

    def run(self) -> IngestSummary:
        """Pass after pass."""
        try:
            with self._watch:
                while not self.given.stop.is_set():
                    began = time.monotonic()
                    self.given.beat()
                    pause = self._guarded() - (time.monotonic() - began)
                    if pause > 0:
                        self.given.stop.wait(pause)
        finally:
            self._drop()
        return replace(self.given.totals.summary(), files=self._files)

    def _guarded(self) -> float:
        """A pass; returns how many seconds after its beginning the next one is due."""
        began = time.monotonic()
        try:
            self._pass(began)
        except (LakeError, InputError, OSError, duckdb.IOException, duckdb.OutOfMemoryException) as error:
            self._drop()
            least, most = _RETRY
            pause = min(most, least * 2.0**self._errors)
            self._errors += 1
            self.given.say(f"{error}; nothing is lost, trying again in {pause:g} s")
            self._tell(began, began, committed=False, error=str(error))
            return time.monotonic() - began + pause
        self._errors = 0
        return 0.0 if self._backlog else INTERVAL

    def _drop(self) -> None:
        """Forget everything that was not committed: the lake says where to go on."""
        with suppress(LakeError, OSError):
            if self._run is not None:
                self._run.batch.abort()
        if self._lake is not None:
            self._lake.close()
        self._run = self._lake = None
        self._settled.clear()
        self._warm.clear()
        self._backlog.clear()
        self._watch.again()

    def _pass(self, began: float) -> None:
        due, since = self._due(began)
        busy = bool(due or self._backlog)
        if busy:
            if self._lake is None:
                self._lake = self._open()
            with self._lake.writing(wait=_RETRY[1]):
                self._read(self._lake, due, began)
        self._tell(began, min(since, self._backlog_since) if self._backlog else since, committed=busy)
        if self._lake is not None and began > self._upkeep:
            self._upkeep = time.monotonic() + _UPKEEP
            with self._lake.writing(wait=_RETRY[1]):
                self.given.upkeep(self._lake)

    def _due(self, now: float) -> tuple[list[tuple[File, bool]], float]:
        """The files to read, each with whether it may still be growing; and since when there is something to read."""
        changed, since = self._watch.changed()
        warm = [stat(path) for path in (*self._watch.named, *self._warm)]
        if (found := self._watch.all()) is not None:
            files, skipped = found
            self._say_of({skip.path: skip.reason for skip in skipped})
            self._settled = {file.path: s for file in files if (s := self._settled.get(file.path)) is not None}
            self._backlog = deque(file for file in files if self._settled.get(file.path) != _signature(file))
            self._backlog_since = now
        unique = {file.path: file for file in (*warm, *changed) if file is not None}
        for path in [path for path, seen in self._warm.items() if path not in unique or now - seen.since > _WARM]:
            del self._warm[path]
        due = [(file, hold) for file in unique.values() if (hold := self._growing(file, now)) is not None]
        return due, now if since is None else since

    def _growing(self, file: File, now: float) -> bool | None:
        """Whether a file that is to be read may be growing; None where it is not to be read now."""
        signature, seen = _signature(file), self._warm.get(file.path)
        if seen is None or seen.signature != signature:
            changed = seen is not None or self._settled.get(file.path) != signature
            return True if changed and (seen is None or now >= seen.look) else None
        return False if seen.unfinished and now - seen.since >= QUIET and now >= seen.look else None

    def _read(self, lake: Lake, due: Sequence[tuple[File, bool]], began: float) -> None:
        """Read what is due, then of the rest as much as there is time for, and commit."""
        if self._run is None:
            # What DuckDB would keep of files that nobody asks for again counts as its own memory, and stays.
            lake.engine.con.execute("SET enable_external_file_cache = false")
            self._run = Run(lake, self.given.sources, self.given.totals)
            self._run.batch.limit(self.given.limits)
            self._run.stopping = self.given.stop.is_set
            self._run.tell = lambda _position, _name: self.given.beat()
        run = self._run
        run.journal.refresh()
        for file, hold in due:
            if not self.given.stop.is_set():
                self._look(run, file, hold=hold, warm=True)
        while self._backlog and not self.given.stop.is_set() and time.monotonic() - began < _BACKLOG:
            file = self._backlog.popleft()
            if file.path not in self._warm:
                age = time.time() - file.mtime_ns / 1e9
                self._look(run, file, hold=age < _OLD, warm=False)
        run.batch.commit()
        self._files += run.read
        run.read = 0
        self._say_of(run.unknown)
        run.unknown.clear()

    def _look(self, run: Run, file: File, *, hold: bool, warm: bool) -> None:
        """Read a file. warm: somebody is writing to it."""
        now, signature, seen = time.monotonic(), _signature(file), self._warm.get(file.path)
        left = run.read_file(file, hold=hold)
        self.given.beat()
        changed = seen is None or seen.signature != signature
        vain = (seen.vain if seen else 0) + 1 if left is Left.UNKNOWN else 0
        cost = max(_COST * (time.monotonic() - now), min(2.0 ** (vain - 1), _WARM) if vain else 0)
        if left is Left.UNREADABLE:  # the next look at everything finds it again, if it is not gone
            if stat(file.path) is None:
                run.unknown.pop(file.name, None)
            self._warm.pop(file.path, None)
            self._settled.pop(file.path, None)
            return
        unfinished = hold and left > Left.NOTHING
        if warm or unfinished:
            since = now if changed or seen is None else seen.since
            self._warm[file.path] = _Seen(signature, since, now + cost, unfinished, vain)
        if not unfinished:
            self._settled[file.path] = signature

    def _say_of(self, unknown: Mapping[str, str]) -> None:
        """Name what cannot be read, each once."""
        if len(self._told) > _REMEMBERED:
            self._told.clear()
        news = [name for name in unknown if name not in self._told]
        self._told.update(news)
        for name in news[:_LISTED]:
            self.given.say(f"skipped {name}: {unknown[name] or 'no log Tidegate knows'}")
        if len(news) > _LISTED:
            self.given.say(f"skipped {len(news) - _LISTED:,} more")

    def _tell(self, began: float, since: float, *, committed: bool, error: str = "") -> None:
        now = time.monotonic()
        waiting = len(self._backlog) + sum(seen.unfinished for seen in self._warm.values())
        self.given.tell(Pass(now - began, now - since, len(self._settled) + waiting, waiting, committed, error))


def _signature(file: File) -> _Signature:
    return file.size, file.mtime_ns, file.inode
