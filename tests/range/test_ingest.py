"""What the range writes is what Tidegate reads: nothing but the deliberate dirt is refused."""

from __future__ import annotations

import shutil
from contextlib import closing
from pathlib import Path

import duckdb
import numpy as np
import pytest

from tests.range.conftest import Folder
from tests.range.incidents.scenes import rng
from tidegate.lake.store import Lake
from tidegate.pipeline.ingest import ingest
from tidegate.range import day
from tidegate.range.incidents import covert_channel
from tidegate.range.tables import DAY, numbers
from tidegate.range.world import Cast, World

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


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("way", covert_channel.WAYS)
def test_each_hidden_channel_is_read_with_all_its_bytes(stage: World, tmp_path: Path, way: str, seed: int) -> None:
    scene = covert_channel.incident(stage, Cast(world=stage), rng(seed), ways=(way,))
    began = (scene.times()[0] - stage.workdays.midnight(0)) // DAY
    with duckdb.connect() as db:
        (conn, *others) = [log for log in day.written(db, stage, (scene,), began) if log.source.startswith("zeek")]
    for log in (conn, *others):
        (tmp_path / "logs" / log.file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "logs" / log.file).write_bytes(log.content())
    with closing(Lake(tmp_path / "lake")) as lake:
        summary = ingest([tmp_path / "logs"], lake)
        sent = lake.table("network_activity").bytes_out.sum().execute()
    assert summary.quarantined == 0
    assert sent == int(np.sum(numbers(conn.rows, "sent")))
