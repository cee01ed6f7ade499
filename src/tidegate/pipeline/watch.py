"""What may have changed below some folders: told by the kernel, or where it cannot tell, found by looking at all of it.

Notifications get lost (a full queue, a folder that was made a moment ago) and do not exist for changes that another
machine makes on a network file system. So everything is looked at now and then in any case.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Self

import watchfiles

from tidegate.errors import InputError
from tidegate.reading.files import File, Skipped, find, shown

POLL = 2.0
"""Seconds between two looks at everything where nobody tells of changes: leaves time to read within ten."""
_RESCAN = 60.0
"""Seconds between two where the kernel does: what gets lost is rare, and a minute late better than never."""
_SHARE = 10
"""A look at everything takes at most one part in so many of the time: 200,000 files take a few seconds."""
_DEBOUNCE = 200, 50
"""Milliseconds for which changes are gathered at most, and of silence that end it."""
_REMOTE = {"9p", "afs", "ceph", "cifs", "glusterfs", "lustre", "nfs", "nfs4", "smb3", "smbfs"}


class Watch:
    """A watch over files and folders. poll: seconds between two looks at everything, in place of notifications."""

    def __init__(
        self, paths: Sequence[Path], *, avoid: Path, poll: float | None = None, say: Callable[[str], None]
    ) -> None:
        self._paths = [path.absolute() for path in paths]
        self._avoid, self._say = avoid, say
        self._every = _RESCAN if poll is None else poll
        self._told = poll is None and not any(map(remote, self._paths))
        self._next = 0.0
        self._changed: set[str] = set()
        self._since: float | None = None
        self._lock, self._stop = threading.Lock(), threading.Event()
        self._thread = threading.Thread(target=self._listen, name="watch", daemon=True)
        self._roots = [path for path in self._paths if path.is_dir()]
        self.named = [path for path in self._paths if not path.is_dir()]
        """Files that were named: too few to be told of, and their folders may hold anything."""

    def __enter__(self) -> Self:
        if self._told and self._roots:
            self._thread.start()
        elif not self._told:
            self._every = min(self._every, POLL)
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join()

    def changed(self) -> tuple[list[File], float | None]:
        """The files that are said to have changed since this was last asked, and when that began (monotonic)."""
        with self._lock:
            names, self._changed = self._changed, set()
            since, self._since = self._since, None
        return [file for name in names for file in self._files(Path(name))], since

    def all(self) -> tuple[list[File], list[Skipped]] | None:
        """All files there are, where it is time to look."""
        began = time.monotonic()
        if began < self._next:
            return None
        gone = [path for path in self._paths if not path.exists()]  # for now: a disk may not be mounted
        files, skipped = find([path for path in self._paths if path not in gone], avoid=self._avoid)
        took = time.monotonic() - began
        self._next = began + max(self._every, _SHARE * took)
        return files, [*skipped, *(Skipped(shown(path), "no such file or folder") for path in gone)]

    def again(self) -> None:
        """Look at everything again, as if for the first time."""
        self._next = 0.0

    def _files(self, path: Path) -> Iterator[File]:
        try:
            if self._avoid not in (path, *path.parents):
                yield from find([path], avoid=self._avoid)[0]
        except InputError:
            return  # it is gone again

    def _listen(self) -> None:
        debounce, step = _DEBOUNCE
        try:
            for changes in watchfiles.watch(
                *self._roots,
                watch_filter=None,
                debounce=debounce,
                step=step,
                stop_event=self._stop,
                raise_interrupt=False,
                force_polling=False,
                ignore_permission_denied=True,
            ):
                names = {name for change, name in changes if change is not watchfiles.Change.deleted}
                with self._lock:
                    self._since = self._since if self._since is not None else time.monotonic()
                    self._changed |= names
        except (OSError, RuntimeError) as error:  # no more watches are allowed, or a folder is gone
            self._say(f"no notifications of changes ({error}): looking at everything every {POLL:g} s instead")
            self._every, self._next = min(self._every, POLL), 0.0


def remote(path: Path, mounts: Path = Path("/proc/self/mounts")) -> bool:
    """Whether a path is on a file system where others may change files, of which the kernel here does not tell."""
    if not mounts.exists():
        return False
    kinds: dict[Path, str] = {}
    for line in mounts.read_text("utf-8", errors="replace").splitlines():
        _, folder, kind, *_ = line.split(" ")
        kinds[Path(re.sub(r"\\(\d{3})", lambda code: chr(int(code[1], 8)), folder))] = kind
    resolved = path.resolve()
    kind = next((kinds[folder] for folder in (resolved, *resolved.parents) if folder in kinds), "")
    return kind in _REMOTE or kind.startswith("fuse")


def stat(path: Path) -> File | None:
    """A file as it is now, None where it is gone."""
    try:
        status = path.stat()
    except OSError:
        return None
    return File(path, status.st_size, status.st_mtime_ns, status.st_ino)
