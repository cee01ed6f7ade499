"""Patterns compiled once a machine: Hyperscan takes a second for some hundred of them, reading them back nothing.

They are kept in the user's own cache folder under a name made of the patterns and of Hyperscan's version; a file that
cannot be read, or was made for another processor, is made anew. Without a folder to write to nothing is kept.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import hyperscan

FOLDER = "TIDEGATE_CACHE"
"""Environment variable that names another folder."""


def compiled(expressions: Sequence[bytes], flags: Sequence[int]) -> hyperscan.Database:
    """A database of expressions, numbered in order. Raises hyperscan.error for one that is wrong."""
    import hyperscan

    # On another version or processor the same patterns compile to something else.
    asked = repr((expressions, flags, getattr(hyperscan, "__version__", ""), _processor()))
    file = _folder() / f"patterns-{hashlib.sha256(asked.encode()).hexdigest()[:32]}.hs"
    with contextlib.suppress(OSError, hyperscan.error):
        if file.stat().st_uid == os.getuid():
            database = hyperscan.loadb(file.read_bytes(), hyperscan.HS_MODE_BLOCK)
            database.scratch = hyperscan.Scratch(database)
            return database
    database = hyperscan.Database()
    database.compile(expressions=list(expressions), ids=list(range(len(expressions))), flags=list(flags))
    with contextlib.suppress(OSError):
        _keep(file, hyperscan.dumpb(database))
    return database


def _folder() -> Path:
    import platformdirs

    return Path(os.environ.get(FOLDER) or platformdirs.user_cache_path("tidegate"))


def _processor() -> str:
    """What Hyperscan compiles for: the flags of the processor, since a home folder may be on several machines."""
    with contextlib.suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text("utf-8").splitlines():
            if line.startswith(("flags", "Features")):
                return line
    return ""


def _keep(file: Path, data: bytes) -> None:
    """Write it whole or not at all: several workers may do so at once."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.NamedTemporaryFile(dir=file.parent, delete=False) as new:
        new.write(data)
    Path(new.name).replace(file)
