"""From what the user named to the files to read, in order, each once."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tidegate.errors import InputError


@dataclass(frozen=True)
class File:
    """A regular file, as it was when it was found."""

    path: Path
    size: int
    mtime_ns: int
    inode: int


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
            raise InputError(_why(error), file=path) from error
        for found in _below(path, seen):
            (files if isinstance(found, File) else skipped).append(found)  # type: ignore[arg-type]
    return files, skipped


def _below(path: Path, seen: set[tuple[int, int]]) -> Iterator[File | Skipped]:
    try:
        status = path.stat()
        if _identity(status) in seen:
            return
        seen.add(_identity(status))
        if stat.S_ISDIR(status.st_mode):
            below = sorted(path.iterdir())
        elif stat.S_ISREG(status.st_mode):
            if not os.access(path, os.R_OK):
                raise PermissionError(0, "no permission to read it")
            yield File(path, status.st_size, status.st_mtime_ns, status.st_ino)
            return
        else:
            yield Skipped(str(path), "no regular file (a device, a pipe or a socket)")
            return
    except OSError as error:
        yield Skipped(str(path), _why(error))
        return
    for inner in below:
        yield from _below(inner, seen)


def _identity(status: os.stat_result) -> tuple[int, int]:
    return status.st_dev, status.st_ino


def _why(error: OSError) -> str:
    return {FileNotFoundError: "no such file or folder", PermissionError: "no permission to read it"}.get(
        type(error), error.strerror or str(error)
    )
