"""What does not fit into the quarantine is counted, and what is there stays within its size."""

from __future__ import annotations

import os
from contextlib import closing
from pathlib import Path

from typer.testing import CliRunner

from tests.diary import SOURCES, amounts, put, text, visit
from tidegate.cli.main import app
from tidegate.config import Quarantine
from tidegate.lake.contents import dropped, status
from tidegate.lake.store import Lake
from tidegate.lake.verify import verify
from tidegate.pipeline.ingest import ingest
from tidegate.pipeline.refused import Refused
from tidegate.reading.blocks import KEPT, Bad

LOG = text(*(visit(i) for i in range(50))).encode()


def written(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def noise(number: int) -> bytes:
    return b"".join(
        b'{"kind": "noise", "n": %d, "x": "%s"}\n' % (i, os.urandom(400).hex().encode()) for i in range(number)
    )


def test_quarantine_holds_no_more_than_it_may(tmp_path: Path) -> None:
    first, second = written(tmp_path / "a", LOG + noise(3000)), written(tmp_path / "b", LOG + noise(3000))
    limits = Quarantine(max_mb=2, max_mb_per_file=1)
    with closing(Lake(tmp_path / "lake")) as lake:
        summary = ingest([first, second], lake, sources=SOURCES, limits=limits)
        left_out = dict(summary.dropped)
        assert left_out.keys() == {"no source reads Diary 'noise'"}
        # Of each file a megabyte, so that one leaves room for the other.
        rows = lake.rows(f"SELECT source_file, count(*) FROM ({lake.scan('quarantine')}) GROUP BY ALL")
        assert all(1000 < number < 1300 for _, number in rows)
        assert summary.events + summary.quarantined + sum(left_out.values()) == 2 * (50 + 3000)
        assert dropped(lake) == status(lake).dropped == summary.dropped
        assert verify(lake) == ()

        third = written(tmp_path / "c", LOG + noise(3000))
        ingest([third], lake, sources=SOURCES, limits=Quarantine(max_mb=1))
        held = next(table for table in status(lake).tables if table.name == "quarantine")
        assert held.size <= 2 << 20
        assert dropped(lake)[0][1] > left_out["no source reads Diary 'noise'"]
    shown = CliRunner().invoke(app, ["quarantine", "--lake", str(tmp_path / "lake"), "--limit", "1"])
    assert "for which there was no room: no source reads Diary 'noise'" in shown.stderr
    shown = CliRunner().invoke(app, ["lake", "status", "--lake", str(tmp_path / "lake")])
    assert "the quarantine being full: no source reads Diary 'noise'" in shown.stderr


def test_of_a_record_only_the_beginning_is_kept() -> None:
    """Counted in bytes, and where these end within a character without it."""
    refused = Refused()
    refused.add("a", [Bad(1, "why", "x" + "ö" * KEPT), Bad(2, "why", "y" * KEPT), Bad(3, "why", "")])
    assert [bad.record for bad in refused.kept["a"]] == ["x" + "ö" * (KEPT // 2 - 1), "y" * KEPT, ""]
    assert 2 * KEPT < refused.size < 2 * KEPT + 1000


def test_a_quarantine_with_room_drops_nothing(tmp_path: Path) -> None:
    path = written(tmp_path / "a", LOG + noise(300))
    summary = put(tmp_path / "lake", path)
    assert (summary.quarantined, summary.dropped) == (300, ())


def test_a_line_that_is_completed_is_read_though_its_beginning_was_dropped(tmp_path: Path) -> None:
    path = written(tmp_path / "a", LOG[:-20])
    with closing(Lake(tmp_path / "lake")) as lake:
        assert ingest([path], lake, sources=SOURCES, limits=Quarantine(max_mb=0)).dropped == (("not valid JSON", 1),)
        path.write_bytes(LOG)
        assert ingest([path], lake, sources=SOURCES, limits=Quarantine(max_mb=0)).dropped == ()
    assert amounts(tmp_path / "lake") == list(range(50))
