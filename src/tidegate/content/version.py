"""With what files were read and graded, in a word each: where it differs, what is kept of them no longer counts."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from importlib.metadata import entry_points
from pathlib import Path

from tidegate.content import grade, species, zones

_PACKAGE = Path(__file__).parent
_UNITS = ("tidegate.content.recognisers", "tidegate.content.extract")

_AFTER = ("estate.py", "estate_rows.py", "grade.py", "version.py")
"""What only works with what was read."""


def of_reading(context: Path | None, *more: str) -> str:
    """Of recognisers, extractors, the lists of a context folder, and `more` that they are given."""
    others = (e for group in _UNITS for e in entry_points(group=group))
    added = sorted(f"{e.value} {e.dist.version if e.dist else ''}" for e in others)
    patterns = (zones.FILE_NAME, *species.FILES) if context is not None else ()
    lists = sorted(file for pattern in patterns for file in (context or _PACKAGE).glob(pattern))
    code = sorted(file for file in _PACKAGE.rglob("*.py") if file.name not in _AFTER)
    return _digest([*code, *lists], " ".join((*added, *more)))


def of_policy(file: Path = grade.DEFAULT) -> str:
    """Of a policy."""
    return _digest([file])


def _digest(files: Iterable[Path], more: str = "") -> str:
    whole = hashlib.sha256(more.encode())
    for file in files:
        whole.update(hashlib.sha256(file.read_bytes()).digest())
    return whole.hexdigest()[:16]
