"""What the range writes is what Tidegate reads: nothing but the deliberate dirt is refused."""

from __future__ import annotations

import shutil
from contextlib import closing
from pathlib import Path

from tests.range.conftest import Folder
from tidegate.lake.store import Lake
from tidegate.pipeline.ingest import ingest

DAYS = ("20", "21")  # of January 2026, in the later half: incidents are under way


def test_every_line_of_two_days_is_read(folder: Folder, tmp_path: Path) -> None:
    logs = tmp_path / "logs"
    names = [
        name
        for day in DAYS
        for pattern in (f"*/*2026-01-{day}*", f"*/*202601{day}*", f"*/2026-01-{day}/*")
        for name in folder.clean(pattern)
        if name.endswith(".gz")
    ]
    for name in names:
        (logs / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(folder.path / name, logs / name)
    lines = sum(len(folder.lines(name)) - 2 * name.startswith("cloudtrail") for name in names)  # a document's ends
    with closing(Lake(tmp_path / "lake")) as lake:
        summary = ingest([logs], lake)
    assert summary.quarantined == 0
    assert summary.events + summary.ignored == lines
