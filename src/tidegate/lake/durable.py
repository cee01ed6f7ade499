"""Files that a loss of power does not take: what rests on them is written only when they are on the disk."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable
from pathlib import Path


def sync(root: Path, paths: Iterable[Path]) -> None:
    """Have files on the disk, and then the folders that name them, up to `root`. Raises OSError."""
    folders: set[Path] = set()
    for path in paths:
        _flush(path)
        folders.update(folder for folder in path.parents if folder.is_relative_to(root))
    for folder in sorted(folders, reverse=True):  # a folder before the one that names it
        _flush(folder)


def _flush(path: Path) -> None:
    held = os.open(path, os.O_RDONLY)
    try:
        os.fsync(held)
    except OSError as error:
        if error.errno != errno.EINVAL or not path.is_dir():  # some network file systems have it for files only
            raise
    finally:
        os.close(held)
