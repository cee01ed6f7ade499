"""From what the user named to the files to read, in order, each once."""

from __future__ import annotations

import io
import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tidegate.errors import InputError

_IRREGULAR = "no regular file (a device, a pipe or a socket)"
_BYTES = {*range(0x100), *range(0xDC80, 0xDD00)}
"""Code points that stand for a byte; the latter for those of names that are no UTF-8."""


@dataclass(frozen=True)
class File:
    """A regular file, as it was when it was found."""

    path: Path
    size: int
    mtime_ns: int
    inode: int

    @property
    def name(self) -> str:
        """The path as it may be shown and stored."""
        return shown(self.path)

    def open(self) -> io.FileIO:
        """Open it, unbuffered. Raises OSError, also where a pipe or a device has taken its place meanwhile."""
        handle = os.open(self.path, os.O_RDONLY | os.O_NONBLOCK)  # or a pipe keeps one waiting for who writes to it
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            os.close(handle)
            raise OSError(_IRREGULAR)
        return io.FileIO(handle)


@dataclass(frozen=True)
class Skipped:
    """What was found and cannot be read, and why."""

    path: str
    reason: str

    def __str__(self) -> str:
        return f"{self.path}: {self.reason}"


def find(paths: Sequence[Path], *, avoid: Path | None = None) -> tuple[list[File], list[Skipped]]:
    """Every regular file at or below `paths`, sorted within each folder; links are followed, never in a circle.

    avoid: a folder that is not entered.
    Raises InputError where a path that was named does not exist or cannot be entered.
    """
    files: list[File] = []
    skipped: list[Skipped] = []
    seen: set[tuple[int, int]] = set()
    if avoid is not None and avoid.exists():
        seen.add(_identity(avoid.stat()))
    for path in paths:
        try:
            path.stat()
        except OSError as error:
            raise InputError(why(error), file=path) from error
        for found in _below(path, seen):
            (files if isinstance(found, File) else skipped).append(found)  # type: ignore[arg-type]
    return files, skipped


def shown(path: Path | str) -> str:
    """A path as text that can be stored and printed anywhere: what is no printable character as `\\x1b`."""
    text = str(path)
    return text if text.isprintable() else "".join(c if c.isprintable() else _escaped(c) for c in text)


def why(error: OSError) -> str:
    """What the operating system says, in words."""
    return {FileNotFoundError: "no such file or folder", PermissionError: "no permission to read it"}.get(
        type(error), error.strerror or str(error)
    )


def _escaped(character: str) -> str:
    code = ord(character)
    return f"\\x{code & 0xFF:02x}" if code in _BYTES else ascii(character)[1:-1]


def _below(path: Path, seen: set[tuple[int, int]]) -> Iterator[File | Skipped]:
    waiting = [path]  # not by recursion: folders can be nested deeper than Python's calls
    while waiting:
        path = waiting.pop()
        try:
            status = path.stat()
            if _identity(status) in seen:
                continue
            seen.add(_identity(status))
            if stat.S_ISDIR(status.st_mode):
                waiting += sorted(path.iterdir(), reverse=True)
            elif not stat.S_ISREG(status.st_mode):
                yield Skipped(shown(path), _IRREGULAR)
            elif not os.access(path, os.R_OK):
                yield Skipped(shown(path), "no permission to read it")
            else:
                yield File(path, status.st_size, status.st_mtime_ns, status.st_ino)
        except OSError as error:
            yield Skipped(shown(path), why(error))


def _identity(status: os.stat_result) -> tuple[int, int]:
    return status.st_dev, status.st_ino
