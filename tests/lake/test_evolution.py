"""A lake of the first format, made by the code of its time, in today's hands."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from deltalake import DeltaTable

from tidegate.cases.store import CaseStore
from tidegate.config import Config
from tidegate.context.load import Context
from tidegate.errors import LakeError
from tidegate.lake import evolution
from tidegate.lake.store import Lake
from tidegate.lake.tables import SETTINGS, TABLES
from tidegate.lake.verify import verify
from tidegate.pipeline.ingest import ingest
from tidegate.pipeline.investigate import investigate

OLD = Path(__file__).parent / "old" / "format-1.zip"
HELD = {"network_activity": 60, "http_activity": 40, "account_change": 31, "quarantine": 1, "journal": 3}


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """The folder of the stored lake, with the logs that it was made of beside it."""
    with zipfile.ZipFile(OLD) as stored:
        stored.extractall(tmp_path)
    return tmp_path / "lake"


@pytest.fixture
def lake(old: Path) -> Iterator[Lake]:
    with closing(Lake(old)) as opened:
        yield opened


def counts(lake: Lake) -> dict[str, int]:
    found = {name: lake.rows(f"SELECT count(*) FROM ({lake.scan(name)})")[0][0] for name in TABLES}
    return {name: rows for name, rows in found.items() if rows}


def contents(old: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in old.rglob("*") if path.is_file() and old / "tmp" not in path.parents}


def grow(old: Path) -> Path:
    """Two more connections at the end of the log, and its name changed as when it is rotated."""
    log = old.parent / "logs" / "conn.log"
    last = json.loads(log.read_text().splitlines()[0])
    more = [last | {"uid": f"Cnew{n}", "ts": last["ts"] + 86_400 * (3 + n)} for n in range(2)]
    rotated = log.with_name("conn.2025-11-08.log")
    rotated.write_text(log.read_text() + "".join(json.dumps(record) + "\n" for record in more))
    log.unlink()
    return rotated.parent


def test_it_is_read_as_it_is(old: Path, lake: Lake) -> None:
    before = contents(old)
    assert counts(lake) == HELD
    for name, schema in TABLES.items():
        assert lake.table(name).schema() == schema  # columns of later days are there, and null
    assert lake.table("journal").sequence.to_pyarrow().null_count == 3
    assert verify(lake) == ()
    assert lake.format == 1
    assert contents(old) == before


def test_it_is_written_on_exactly_once(old: Path, lake: Lake) -> None:
    logs = grow(old)
    for _ in range(2):
        ingest([logs], lake)
        assert counts(lake) == HELD | {"network_activity": 62, "journal": 6}
    assert json.loads((old / evolution.ABOUT).read_text())["format"] == lake.format == evolution.FORMAT
    assert verify(lake) == ()
    table = lake.delta("account_change")  # which nothing was added to
    assert table is not None
    assert SETTINGS.items() <= table.metadata().configuration.items()


def test_its_case_is_found_again(old: Path, lake: Lake) -> None:
    ingest([grow(old)], lake)
    (stored,) = CaseStore(old).all()
    (found,) = investigate([], lake=lake, context=Context(), config=Config()).cases
    assert (found.uid, found.actors, found.pattern) == (stored.uid, stored.actors, stored.pattern)


def test_tables_have_only_been_added_to(old: Path, tmp_path: Path) -> None:
    """A column that goes, or changes its type, is one that old files cannot give."""
    today = Lake(tmp_path / "today")
    for name in HELD:
        now = {field.name: str(field.type) for field in today.writable(name).schema().fields}
        then = {field.name: str(field.type) for field in DeltaTable(str(old / name)).schema().fields}
        assert then.items() <= now.items(), name
    today.close()


def test_an_ingest_that_was_cut_off_is_left_to_the_version_that_began_it(old: Path, lake: Lake) -> None:
    (old / "unfinished").touch()
    with pytest.raises(LakeError, match="let that version run once more"), lake.writing():
        pass
    assert json.loads((old / evolution.ABOUT).read_text())["format"] == 1
    (old / "unfinished").unlink()
    with lake.writing():  # the near miss: nothing is cut off
        assert lake.format == evolution.FORMAT


def test_a_later_lake_is_refused(tmp_path: Path) -> None:
    Lake(tmp_path).close()
    (tmp_path / "lake.json").write_text(json.dumps({"format": evolution.FORMAT + 1}))
    with pytest.raises(LakeError, match=rf"has format {evolution.FORMAT + 1}, .*written by a later Tidegate"):
        Lake(tmp_path)


def test_every_format_since_the_first_has_its_steps() -> None:
    assert list(evolution.STEPS) == list(range(2, evolution.FORMAT + 1))
