"""The lake's format over the years: an older one is brought up when it is next written, a later one is refused.

What is stored is only ever added to: tables and columns get more, none goes or changes its type, and what a file lacks
reads as null. So a lake of any older format can be read as it is; only its writer has to know.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from tidegate import __version__
from tidegate.errors import LakeError
from tidegate.lake.storage import Storage
from tidegate.lake.tables import SETTINGS, TABLES

if TYPE_CHECKING:
    from tidegate.lake.store import Lake

ABOUT = "lake.json"
"""The file that makes a folder a lake."""


def _whole_batches(lake: Lake) -> None:
    """From 2 on a batch is written down before it is committed; before, `unfinished` was an empty file."""
    if lake.storage.read("unfinished") == b"":
        message = "an ingest by an earlier Tidegate was cut off here; let that version run once more, then come back"
        raise LakeError(f"lake {lake.name}: {message}")


def _settings(lake: Lake) -> None:
    """From 2 on tables say what may stand in their log, and for how long."""
    for name in TABLES:
        if (table := lake.delta(name)) is not None and not SETTINGS.items() <= table.metadata().configuration.items():
            table.alter.set_table_properties({key: value for key, value in SETTINGS.items() if value})


STEPS: Mapping[int, tuple[Callable[[Lake], None], ...]] = MappingProxyType({2: (_whole_batches, _settings)})
"""What brings a lake to a format from the one before, in order; each step may be made again."""

FORMAT = max(STEPS)
"""The format of today's lakes."""


def read(storage: Storage) -> int:
    """The format of a lake. Raises LakeError where it is not said, or is a later one than ours."""
    try:
        found = int(json.loads(storage.read(ABOUT) or b"")["format"])
    except (ValueError, KeyError, TypeError) as error:
        raise LakeError(f"lake {storage.name}: {ABOUT} does not say which format it has") from error
    if found > FORMAT:
        how = "it was written by a later Tidegate; use that"
        raise LakeError(f"lake {storage.name} has format {found}, this Tidegate reads up to {FORMAT}: {how}")
    return found


def about(number: int) -> bytes:
    """Says which format a lake has, and that it is from us."""
    return json.dumps({"format": number, "made_by": f"tidegate {__version__}"}).encode() + b"\n"


def migrate(lake: Lake) -> None:
    """Bring a lake to today's format, a format at a time. To be called by its only writer."""
    while lake.format < FORMAT:
        for step in STEPS[lake.format + 1]:
            step(lake)
        lake.format += 1
        lake.storage.write(ABOUT, about(lake.format))
