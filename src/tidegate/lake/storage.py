"""Where a lake is kept: a folder of this machine, or the URL of an object store (`lake.objects`) and a folder beside.

Only what is behind `Storage` knows which of the two it is.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import re
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Protocol
from urllib.parse import unquote

import platformdirs

from tidegate.errors import LakeError
from tidegate.lake import durable

if TYPE_CHECKING:
    import duckdb

WAIT = 10  # seconds to wait for another writer, unless somebody says otherwise: a pass of a service is over sooner
POLL = 0.2  # seconds between two looks at a lock that another process has


@dataclass(frozen=True)
class Stored:
    """A file below a table's folder: its path from there, and its size in bytes."""

    path: str
    size: int


class Storage(Protocol):
    """Small files of a lake by name, the files of its tables, and the lock. Every method raises LakeError.

    What `write`, `publish` and `settle` have done, a loss of power does not undo.
    """

    name: str  # as people write it
    path: Path  # on this machine: the lake itself, or the folder for what of it is not in the object store
    staging: Path  # where Parquet files are written, in a folder a table, before `publish`
    options: Mapping[str, str]  # for deltalake

    def uri(self, table: str) -> str:
        """The address of a table, for deltalake."""
        ...

    def make(self, name: str, data: bytes) -> None:
        """Begin a lake where nothing is with a small file, unless another process just has. Raises LakeError."""
        ...

    def read(self, name: str) -> bytes | None:
        """What a small file holds; None where there is none."""
        ...

    def write(self, name: str, data: bytes) -> None:
        """Put a small file in the place of what it was, whole or not at all."""
        ...

    def remove(self, *names: str) -> None:
        """Remove files, given by their path from the lake; those that are gone already are gone."""
        ...

    def files(self, table: str) -> Iterator[Stored]:
        """The files below a table's folder, whether it knows them or not, but its log."""
        ...

    def publish(self, table: str, paths: Iterable[str]) -> None:
        """Bring files of `staging` to where a commit may name them."""
        ...

    def settle(self, table: str, versions: Iterable[int]) -> None:
        """Make sure of commits to a table, and of the files that they name."""
        ...

    def attach(self, con: duckdb.DuckDBPyConnection) -> None:
        """Let DuckDB read the addresses that deltalake gives."""
        ...

    def lock(self, *, wait: float = 0) -> AbstractContextManager[None]:
        """Be the only writer; wait so many seconds for another to end. Raises LakeError after that."""
        ...

    def check(self) -> None:
        """Raise LakeError where this process was the only writer and is no more."""
        ...


def storage(lake: Path | str) -> Storage:
    """The storage of a folder, or of a URL such as `s3://bucket/prefix`."""
    if is_url(lake):
        from tidegate.lake.objects import Bucket

        return Bucket(str(lake))
    return Folder(Path(lake))


def of_the_log(path: str) -> bool:
    """Whether a file of a table belongs to its log, and is not what a writer left there that died."""
    return path.startswith("_delta_log/") and not re.search(r"\.tmp$|#\d+$", path)


def is_url(lake: Path | str) -> bool:
    """Whether a lake is in an object store."""
    return isinstance(lake, str) and "://" in lake


def local(lake: Path | str) -> Path:
    """The folder of this machine that keeps a lake's cases, audit log and key: the lake itself, unless it is a URL."""
    if not is_url(lake):
        return Path(lake)
    url = str(lake).rstrip("/")
    name = re.sub(r"[^A-Za-z0-9.]+", "-", url.partition("://")[2]).strip("-.")
    key = hashlib.sha256(url.encode()).hexdigest()[:8]
    return platformdirs.user_data_path("tidegate", appauthor=False) / "remote" / f"{name}-{key}"


class Folder:
    """A lake in a folder: tables, small files, cases, all in one place."""

    def __init__(self, path: Path) -> None:
        self.path = self.staging = path.absolute()
        self.name = str(self.path)
        self.options: Mapping[str, str] = {}
        self._synced: set[Path] = set()  # files that were published, and not settled yet

    def uri(self, table: str) -> str:
        return str(self.path / table)

    def make(self, name: str, data: bytes) -> None:
        with self._errors():
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            with _alone(self.path):
                there = {path.name for path in self.path.iterdir()}
                if self.read(name) is not None:
                    return
                if there - {_fresh(name)}:  # else that is what a process left that died here
                    raise LakeError(f"{self.path} holds other files: name an empty or a new folder for the lake")
                self.write(name, data)
            with suppress(PermissionError):  # the folder that names it may not be ours to open
                durable.sync(self.path.parent, [self.path])

    def read(self, name: str) -> bytes | None:
        with self._errors():
            try:
                return (self.path / name).read_bytes()
            except FileNotFoundError:
                return None

    def write(self, name: str, data: bytes) -> None:
        fresh = self.path / _fresh(name)
        with self._errors():
            try:
                fresh.write_bytes(data)
                durable.sync(self.path, [fresh])
                fresh.replace(self.path / name)
                durable.sync(self.path, [self.path / name])
            except OSError:
                fresh.unlink(missing_ok=True)
                raise

    def remove(self, *names: str) -> None:
        with self._errors():
            for path in (self.path / name for name in names):
                path.unlink(missing_ok=True)
                with suppress(OSError):  # a day's folder goes with its last file
                    if path.parent != self.path and "=" in path.parent.name:
                        path.parent.rmdir()

    def files(self, table: str) -> Iterator[Stored]:
        with self._errors():
            for folder, _, names in os.walk(self.path / table):
                for path in (Path(folder) / name for name in names):
                    if not of_the_log(below := str(path.relative_to(self.path / table))):
                        yield Stored(below, path.stat().st_size)

    def publish(self, table: str, paths: Iterable[str]) -> None:
        files = [self.path / table / path for path in paths]  # they were written where they stay
        with self._errors():
            durable.sync(self.path, files)
        self._synced.update(files)

    def settle(self, table: str, versions: Iterable[int]) -> None:
        log = self.path / table / "_delta_log"
        commits = [path for path in (log / f"{version:020}.json" for version in versions) if path.exists()]
        summed = [log / "_last_checkpoint", *(path.with_suffix(".checkpoint.parquet") for path in commits)]
        with self._errors():
            named = {self.path / table / path for commit in commits for path in _named(commit)}
            others = (path for path in (*sorted(named - self._synced), *summed) if path.exists())
            durable.sync(self.path, [*others, *commits])
        self._synced -= named

    def attach(self, con: duckdb.DuckDBPyConnection) -> None:
        del con  # DuckDB reads files

    @contextmanager
    def lock(self, *, wait: float = 0) -> Iterator[None]:
        try:
            lock = (self.path / "lock").open("a+b", buffering=0)
        except OSError as error:
            how = "what only reads it works, such as `tidegate cases`"
            raise LakeError(f"lake {self.name} cannot be written: {error.strerror}; {how}") from error
        with lock:
            until = time.monotonic() + wait
            while not _locked(lock):
                if time.monotonic() >= until:
                    raise LakeError(taken(self.name, _holder(lock)))
                time.sleep(POLL)
            with suppress(OSError):  # a courtesy to those who find it taken; the disk may be full
                lock.truncate(0)
                lock.write(f"process {os.getpid()}".encode())
            yield

    def check(self) -> None:
        """The system frees this lock when its process ends, and not before."""

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise LakeError(f"lake {self.name}: {error.strerror or error}") from error


def _fresh(name: str) -> str:
    """The name of a small file until it is whole."""
    return f"{name}.new"


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Be the only one who begins a lake in a folder, where its file system locks folders."""
    held = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):
            fcntl.flock(held, fcntl.LOCK_EX)
        yield
    finally:
        os.close(held)


def taken(lake: str, who: str) -> str:
    """What to say where another process is writing."""
    return f"another Tidegate is writing to lake {lake} ({who}): wait until it is done"


def _named(commit: Path) -> Iterator[str]:
    """The files that a commit adds to its table."""
    for line in commit.read_text("utf-8").splitlines():
        if added := json.loads(line).get("add"):
            yield unquote(added["path"])


def _locked(lock: IO[bytes]) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _holder(lock: IO[bytes]) -> str:
    lock.seek(0)
    return lock.read().decode().strip() or "of an earlier version"
