"""A lake in an object store: S3 and what speaks its protocol, Google Cloud Storage, Azure.

How to get in is said as everywhere, in AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION, AWS_ENDPOINT_URL and
AWS_ALLOW_HTTP (or GOOGLE_*, AZURE_*). Parquet is written to a folder here first, then uploaded, then committed.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import threading
import time
import uuid
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Literal, cast

import duckdb
import obstore
from obstore.exceptions import AlreadyExistsError, BaseError, PreconditionError
from obstore.store import ObjectStore, from_url

from tidegate.errors import LakeError
from tidegate.lake.storage import POLL, Stored, local, of_the_log, taken

if TYPE_CHECKING:
    from obstore import UpdateVersion

_RETRY = timedelta(seconds=30)  # a store that is away so long is away
_LEASE = 60.0  # seconds for which the right to write holds: a killed process keeps others out for so long
_RENEWED = 15.0  # seconds after which it is renewed: three may fail


class Bucket:
    """A lake below a URL; cases, audit log, key and the files on their way up are in a folder of this machine."""

    def __init__(self, url: str) -> None:
        self.name = url.rstrip("/")
        self.path = local(self.name)
        self.staging = self.path / "staging"
        self.options: Mapping[str, str] = {"retry_timeout": f"{_RETRY.seconds}s", "max_retries": "5"}
        try:
            self._store = from_url(self.name, retry_config={"max_retries": 5, "retry_timeout": _RETRY})
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        except (BaseError, ValueError, TypeError) as error:
            raise LakeError(f"lake {self.name}: {first_line(error)}") from error
        except OSError as error:
            raise LakeError(f"lake {self.name}: {self.path}: {error.strerror}") from error
        self._lease: _Lease | None = None

    def uri(self, table: str) -> str:
        return f"{self.name}/{table}"

    def make(self, name: str, data: bytes) -> None:
        with self._errors():
            others = next(iter(obstore.list(self._store, chunk_size=1)), [])
            if self.read(name) is not None:
                return
            if others:
                raise LakeError(f"{self.name} holds other objects: name a prefix under which there are none")
            self.write(name, data)

    def read(self, name: str) -> bytes | None:
        with self._errors():
            try:
                return bytes(obstore.get(self._store, name).bytes())
            except FileNotFoundError:
                return None

    def write(self, name: str, data: bytes) -> None:
        with self._errors():
            obstore.put(self._store, name, data)

    def remove(self, *names: str) -> None:
        with self._errors():
            for name in names:
                try:
                    obstore.delete(self._store, name)
                except FileNotFoundError:
                    continue

    def files(self, table: str) -> Iterator[Stored]:
        with self._errors():
            for found in obstore.list(self._store, f"{table}/"):
                for one in found:
                    path = one["path"].removeprefix(f"{table}/")
                    if not of_the_log(path):
                        yield Stored(path, one["size"])

    def publish(self, table: str, paths: Iterable[str]) -> None:
        for path in paths:
            staged = self.staging / table / path
            with self._errors():
                obstore.put(self._store, f"{table}/{path}", staged)
                staged.unlink()

    def settle(self, table: str, versions: Iterable[int]) -> None:
        del table, versions  # what a store has taken it keeps

    def attach(self, con: duckdb.DuckDBPyConnection) -> None:
        from obstore.fsspec import FsspecStore

        scheme = cast("Literal['s3']", self.name.partition("://")[0])  # or another of those that `from_url` knows
        con.register_filesystem(FsspecStore(scheme))

    @contextmanager
    def lock(self, *, wait: float = 0) -> Iterator[None]:
        with self._errors():
            lease = _Lease(self._store, self.name)
            until = time.monotonic() + wait
            while holder := lease.taken_by():
                if time.monotonic() >= until:
                    raise LakeError(holder)
                time.sleep(POLL)
            shutil.rmtree(self.staging, ignore_errors=True)  # what a killed process left
            self.staging.mkdir(parents=True)
        self._lease = lease
        try:
            with lease.kept():
                yield
        finally:
            self._lease = None

    def check(self) -> None:
        if self._lease is not None and not self._lease.holds():
            message = "could not be reached for too long, another Tidegate may be writing to it by now"
            raise LakeError(f"lake {self.name}: {message}; run this again, it goes on from where it was")

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except (BaseError, OSError) as error:
            raise LakeError(f"lake {self.name}: {first_line(error)}") from error


def first_line(error: Exception) -> str:
    """What the store says, without how our client got to know."""
    return (str(error).splitlines() or [type(error).__name__])[0][:500]


@dataclass(frozen=True)
class _Claim:
    """What the lock says. turn: no two are alike, or their tags would be."""

    who: str
    token: str
    turn: int = 0
    free: bool = False


class _Lease:
    """The right to write: an object that its holder renews. How old it is, the store's clock says, and no other."""

    def __init__(self, store: ObjectStore, lake: str) -> None:
        self._store, self._lake = store, lake
        self._claim = _Claim(f"process {os.getpid()} on {socket.gethostname()}", uuid.uuid4().hex)
        self._tag: str | None = None
        self._renewed, self._lost = 0.0, False

    def taken_by(self) -> str:
        """Take it; where that cannot be, what to tell."""
        try:
            seen = obstore.get(self._store, "lock")
        except FileNotFoundError:
            return self._take("create")
        claim = _Claim(**json.loads(bytes(seen.bytes())))
        if not claim.free:
            obstore.put(self._store, "lock.time", b"")
            age = obstore.head(self._store, "lock.time")["last_modified"] - seen.meta["last_modified"]
            if (left := _LEASE - age.total_seconds()) >= 0:
                return f"{taken(self._lake, claim.who)}; if it was killed, the lake is free in {left:.0f} seconds"
        return self._take(seen.meta["e_tag"])

    def _take(self, mode: str | None) -> str:
        try:
            self._put(mode)
        except (AlreadyExistsError, PreconditionError):
            return taken(self._lake, "one that has just begun")
        return ""

    def _put(self, mode: str | None, *, free: bool = False) -> None:
        """Write the claim: "create" where there is none, else in the place of the one with this tag."""
        began = _now()
        self._claim = replace(self._claim, turn=self._claim.turn + 1, free=free)
        how: Literal["create"] | UpdateVersion = "create" if mode == "create" else {"e_tag": mode or ""}
        self._tag = obstore.put(self._store, "lock", json.dumps(asdict(self._claim)).encode(), mode=how)["e_tag"]
        self._renewed = began

    def holds(self) -> bool:
        """Whether it can be nobody else's yet."""
        return not self._lost and _now() - self._renewed < _LEASE - _RENEWED

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Renew it until the end, then let it go."""
        ended = threading.Event()
        thread = threading.Thread(target=self._renew, args=(ended,), daemon=True)
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join()
            if not self._lost:
                with suppress(BaseError, OSError):  # then it runs out by itself
                    self._put(self._tag, free=True)

    def _renew(self, ended: threading.Event) -> None:
        while not self._lost and not ended.wait(_RENEWED):
            try:
                self._put(self._tag)
            except PreconditionError:
                self._recognise()
            except (BaseError, OSError):
                continue  # it is still ours for a while, and the store may come back

    def _recognise(self) -> None:
        """Find out who wrote the lock: it may have been us, with the answer lost on its way."""
        with suppress(BaseError, OSError):
            seen = obstore.get(self._store, "lock")
            self._lost = json.loads(bytes(seen.bytes()))["token"] != self._claim.token
            self._tag = seen.meta["e_tag"]  # ours, with which the next renewal goes on


def _now() -> float:
    """Seconds that nobody sets, and that go on while the machine sleeps."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)
