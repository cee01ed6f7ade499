"""A batch becomes part of the lake as a whole, also through a crash: what it will commit is written down first.

The order is the guarantee: Parquet files, which nobody reads yet; the intent, by a rename; a Delta commit a table, each
with the batch's number as its application transaction; the journal, last; then the intent goes. Whoever writes next
and finds one makes those of its commits that are lacking. Without it, the files that were written are of no table.
Machines lose power: the files are on the disk before the intent is, and the commits before it goes (`Storage.settle`).
"""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
from deltalake.transaction import AddAction

from tidegate.errors import LakeError

if TYPE_CHECKING:
    from tidegate.lake.store import Lake

UNFINISHED = "unfinished"
"""The small file that is there from when a batch is decided until all of it is committed."""
BATCH = "tidegate-batch"
"""The application transaction: the number of the batch that a table has last."""


def stored(lake: Lake, name: str, rows: pa.Table) -> AddAction:
    """Rows as a new file of an unpartitioned table, which it is not yet part of. Raises LakeError."""
    file = f"part-{uuid.uuid4().hex}.parquet"
    path = lake.storage.staging / name / file
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(rows, path, compression="zstd")
        size = path.stat().st_size
    except OSError as error:
        path.unlink(missing_ok=True)
        raise LakeError(f"lake {lake.name}: {error}") from error
    return AddAction(file, size, {}, int(time.time() * 1000), True, json.dumps({"numRecords": len(rows)}))


def discard(lake: Lake, files: Mapping[str, Sequence[AddAction]]) -> None:
    """Remove files that were written for a batch that failed, unless it had been decided by then."""
    if lake.storage.read(UNFINISHED) is None:
        for name, actions in files.items():
            for action in actions:
                (lake.storage.staging / name / action.path).unlink(missing_ok=True)


def commit(lake: Lake, files: Mapping[str, Sequence[AddAction]], journal: Mapping[str, Sequence[object]]) -> None:
    """Make files part of their tables and add rows, given by column, to the journal: all of it or nothing.

    Raises LakeError, after which `finish` has to be called: the batch may be decided.
    """
    intent = {
        "batch": lake.mark("journal", BATCH) + 1,
        "files": {name: [asdict(action) for action in actions] for name, actions in files.items() if actions},
        "journal": journal,
    }
    for name, actions in files.items():
        lake.storage.publish(name, [action.path for action in actions])
    lake.storage.write(UNFINISHED, json.dumps(intent, default=datetime.isoformat).encode())
    _carry_out(lake, intent)


def finish(lake: Lake) -> None:
    """Complete the batch that a crash or an error cut off, if there is one."""
    text = lake.storage.read(UNFINISHED)
    if text is None:
        return
    intent = json.loads(text)
    intent["journal"]["at"] = [datetime.fromisoformat(at) for at in intent["journal"]["at"]]
    _carry_out(lake, intent)


def _carry_out(lake: Lake, intent: Mapping[str, Any]) -> None:
    mark = {BATCH: intent["batch"]}
    for name, files in intent["files"].items():
        if lake.mark(name, BATCH) < intent["batch"]:
            lake.commit(name, [AddAction(**file) for file in files], mark)
    if lake.mark("journal", BATCH) < intent["batch"]:
        lake.append("journal", intent["journal"], mark)
    for name in (*intent["files"], "journal"):
        lake.settle(name)
    lake.storage.remove(UNFINISHED)
