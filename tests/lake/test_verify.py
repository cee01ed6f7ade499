"""Each way in which a lake may not hold what was read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.diary import put, text, visit
from tidegate.lake.store import Lake
from tidegate.lake.verify import verify


@dataclass
class Held:
    lake: Lake
    file: Path  # of the table
    log: Path


@pytest.fixture
def held(tmp_path: Path) -> Iterator[Held]:
    log = tmp_path / "diary.log"
    log.write_text(text(visit(1), visit(2)) + "{no record\n")
    put(tmp_path / "lake", log)
    (file,) = (tmp_path / "lake" / "network_activity").glob("day=*/*")
    with closing(Lake(tmp_path / "lake")) as lake:
        yield Held(lake, file, log)


def wrong(held: Held) -> list[str]:
    return [f"{problem.where} {problem.what}" for problem in verify(held.lake)]


def test_a_sound_lake(held: Held) -> None:
    assert wrong(held) == []
    with held.log.open("a") as log:
        log.write(text(visit(3)))
    assert wrong(held) == []  # the near miss: what is not read yet is not missing


def test_a_file_that_is_gone_cut_off_or_another(held: Held) -> None:
    whole, name = held.file.read_bytes(), f"network_activity/{held.file.parent.name}/{held.file.name}"
    held.file.write_bytes(whole[:-1])
    assert wrong(held) == [f"{name} has {len(whole) - 1:,} bytes instead of {len(whole):,}"]
    held.file.write_bytes(bytes(len(whole)))
    assert wrong(held) == [f"{name} cannot be read"]
    held.file.unlink()
    assert wrong(held) == [f"{name} is missing, and 2 rows with it"]


def test_rows_that_are_there_twice_or_not_at_all(held: Held) -> None:
    lake, (quarantined,) = held.lake, held.lake.rows(f"SELECT * FROM ({held.lake.scan('quarantine')})")
    lake.append(
        "quarantine",
        {name: [value] for name, value in zip(lake.table("quarantine").columns, quarantined, strict=True)},
        {},
    )
    assert wrong(held) == [f"{held.log} 2 records in quarantine instead of the 1 that were read"]
    assert "please report" in verify(lake)[0].do
    lake.replace("quarantine", [], {}, [])
    lake.replace("network_activity", [], {}, ["2025-03-01"])
    assert wrong(held) == [
        f"{held.log} 0 events instead of the 2 that were read",
        f"{held.log} 0 records in quarantine instead of the 1 that were read",
    ]
    assert all("backup" in problem.do for problem in verify(lake))


def test_a_batch_that_was_cut_off_is_in_between(held: Held) -> None:
    (held.lake.path / "unfinished").write_text("{}")
    (problem,) = verify(held.lake)
    assert "completes what was begun" in problem.do
