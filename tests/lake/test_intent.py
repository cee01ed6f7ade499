from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from deltalake.transaction import AddAction

from tidegate.errors import LakeError
from tidegate.lake import intent
from tidegate.lake.journal import Entry, columns
from tidegate.lake.store import Lake
from tidegate.lake.tables import QUARANTINE

AT = datetime(2025, 3, 1, 1, 2, 3, 4)


@pytest.fixture
def lake(tmp_path: Path) -> Iterator[Lake]:
    with closing(Lake(tmp_path / "lake")) as opened:
        yield opened


def rows(lake: Lake, line: int) -> dict[str, list[AddAction]]:
    """A batch of one refused record, written and not committed."""
    row = {"time": AT, "source_file": "a", "source_line": line, "reason": "none", "record": "…"}
    return {"quarantine": [intent.stored(lake, "quarantine", pa.Table.from_pylist([row], QUARANTINE.to_pyarrow()))]}


def journal(line: int) -> dict[str, list[object]]:
    given = {"size": 1, "mtime_ns": 2, "inode": 3, "complete": True, "lines": line, "bytes": 5, "digest": "d"}
    return columns([Entry(at=AT, path="a", stream="s-0", log="diary", **given)])  # type: ignore[arg-type]


def held(lake: Lake) -> tuple[list[int], list[int]]:
    """Lines in quarantine, and lines that the journal says were read."""
    refused = lake.engine.con.execute(f"SELECT source_line FROM ({lake.scan('quarantine')})").fetchall()
    read = lake.engine.con.execute(f"SELECT lines FROM ({lake.scan('journal')})").fetchall()
    return sorted(line for (line,) in refused), sorted(line for (line,) in read)


@pytest.mark.parametrize("step", ["commit", "append", "remove"])
def test_a_batch_that_is_cut_off_is_completed_once(lake: Lake, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    intent.commit(lake, rows(lake, 1), journal(1))

    def failing(*_: object) -> None:
        raise LakeError("no space left")

    files = rows(lake, 2)
    with monkeypatch.context() as patch:
        patch.setattr(lake.storage if step == "remove" else lake, step, failing)
        with pytest.raises(LakeError):
            intent.commit(lake, files, journal(2))
    intent.discard(lake, files)  # it is decided: they stay
    for _ in range(2):
        with lake.writing():
            assert held(lake) == ([1, 2], [1, 2])
    intent.commit(lake, rows(lake, 3), journal(3))
    assert held(lake) == ([1, 2, 3], [1, 2, 3])
    (last,) = lake.engine.con.execute(f'SELECT max("at") FROM ({lake.scan("journal")})').fetchall()
    assert last == (AT,)


def test_a_batch_that_was_not_decided_leaves_nothing(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(*_: object) -> None:
        raise LakeError("no space left")

    files = rows(lake, 1)
    with monkeypatch.context() as patch:
        patch.setattr(lake.storage, "write", failing)
        with pytest.raises(LakeError):
            intent.commit(lake, files, journal(1))
    intent.discard(lake, files)
    with lake.writing():
        assert held(lake) == ([], [])
    assert list(lake.path.glob("quarantine/*.parquet")) == []


def test_rows_that_cannot_be_written_leave_no_file(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(_rows: pa.Table, where: Path, **_: object) -> None:
        where.write_bytes(b"PAR1")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pq, "write_table", failing)
    with pytest.raises(LakeError, match="No space left on device"):
        rows(lake, 1)
    assert list(lake.path.glob("quarantine/*")) == []
