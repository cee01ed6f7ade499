"""Folders for what does not fit in memory: one a process, and removed by others once that process has died."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from pathlib import Path


class Spill:
    """A folder below `root`, or where the system keeps temporary files if `root` cannot be written."""

    def __init__(self, root: Path) -> None:
        try:
            root.mkdir(exist_ok=True)
            self.path = Path(tempfile.mkdtemp(dir=root))
        except OSError:  # a lake that is only read from
            self.path = Path(tempfile.mkdtemp(prefix="tidegate-"))
        self._held = os.open(self.path, os.O_RDONLY)
        fcntl.flock(self._held, fcntl.LOCK_SH)  # which ends with the process, however that ends

    def close(self) -> None:
        """Remove the folder."""
        shutil.rmtree(self.path, ignore_errors=True)
        os.close(self._held)


def sweep(root: Path) -> int:
    """Remove the folders below `root` whose process has died; returns how many there were."""
    removed = 0
    for path in root.iterdir() if root.is_dir() else ():
        held = os.open(path, os.O_RDONLY)
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            continue
        finally:
            os.close(held)
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
        removed += 1
    return removed
