"""What a folder does as the storage of a lake: whole files, one writer, and clear words where it cannot be written."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.diary import SOURCES, amounts, put, reasons, text, visit
from tidegate import clock
from tidegate.errors import LakeError
from tidegate.lake import tidy
from tidegate.lake.storage import Folder, is_url, local, of_the_log, storage
from tidegate.lake.store import Lake
from tidegate.lake.verify import verify
from tidegate.pipeline.ingest import ingest


def test_a_url_is_told_from_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert is_url("s3://bucket/lake")
    assert not is_url(Path("s3://bucket/lake"))
    assert not is_url("lake")
    assert isinstance(storage(tmp_path), Folder)
    assert local(tmp_path) == tmp_path
    beside = local("s3://bucket/a/lake")
    assert beside.parent == tmp_path / "tidegate" / "remote"
    assert beside == local("s3://bucket/a/lake/") != local("s3://bucket/a-lake")


def test_small_files_are_whole_or_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = Folder(tmp_path)
    assert folder.read("name") is None
    folder.write("name", b"one")

    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_bytes", full)
        with pytest.raises(LakeError, match="No space left"):
            folder.write("name", b"two")
    assert folder.read("name") == b"one"
    folder.remove("name", "name")
    assert list(tmp_path.iterdir()) == []


def test_several_may_begin_a_lake_at_once(tmp_path: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        for number in range(10):
            begun = [pool.submit(Folder(tmp_path / str(number)).make, "name", b"one") for _ in range(4)]
            for one in begun:
                one.result()
            assert [path.name for path in (tmp_path / str(number)).iterdir()] == ["name"]


def test_what_a_process_left_that_died_when_it_began_a_lake_is_no_other_file(tmp_path: Path) -> None:
    (tmp_path / "name.new").write_bytes(b"o")
    Folder(tmp_path).make("name", b"one")
    assert [path.name for path in tmp_path.iterdir()] == ["name"]


def test_a_log_is_told_from_what_its_writer_left() -> None:
    assert of_the_log("_delta_log/00000000000000000001.json")
    assert of_the_log("_delta_log/_last_checkpoint")
    assert not of_the_log("_delta_log/_commit_5d9f.json.tmp")
    assert not of_the_log("_delta_log/00000000000000000001.json#1")
    assert not of_the_log("day=2025-03-01/part-1.parquet")


def test_the_second_writer_waits_if_told_to(tmp_path: Path) -> None:
    Lake(tmp_path).close()
    briefly = (
        "import sys, time; from tidegate.lake.store import Lake\n"
        "with Lake(sys.argv[1]).writing(): print('in', flush=True); time.sleep(1)"
    )
    lake = Lake(tmp_path)
    with subprocess.Popen([sys.executable, "-c", briefly, str(tmp_path)], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        said = rf"another Tidegate is writing to lake .* \(process {process.pid}\)"
        with pytest.raises(LakeError, match=said), lake.writing(wait=0.1):
            pass
        with lake.writing(wait=60):
            pass
    lake.close()


@contextmanager
def nobody() -> Iterator[None]:
    """Without the rights of root, which may write everywhere."""
    if os.geteuid():
        yield
        return
    os.seteuid(65_534)
    try:
        yield
    finally:
        os.seteuid(0)


def test_a_lake_that_cannot_be_written_is_read(tmp_path: Path) -> None:
    (tmp_path / "log").write_text(text(visit(1)) + "{no record\n")
    with tempfile.TemporaryDirectory(dir=tempfile.gettempdir()) as folder:  # tmp_path is for its owner only
        lake = Path(folder) / "lake"
        put(lake, tmp_path / "log")
        shutil.rmtree(lake / "tmp")
        for path in (Path(folder), lake, *lake.rglob("*")):
            path.chmod(0o555 if path.is_dir() else 0o444)
        with nobody(), closing(Lake(lake, create=False)) as opened:
            assert lake not in opened.engine.con.sql("SELECT current_setting('temp_directory')").fetchall()[0]
            assert opened.rows(f"SELECT bytes_out FROM ({opened.scan('network_activity')})") == [(1,)]
            assert verify(opened) == ()
            with (
                pytest.raises(LakeError, match="cannot be written: Permission denied; what only reads"),
                opened.writing(),
            ):
                pass
        for path in (Path(folder), lake, *lake.rglob("*")):
            path.chmod(0o700)


@contextmanager
def full_disk(size: int) -> Iterator[None]:
    """No file can grow beyond `size` bytes, as if the disk were full then."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("size", [0, 100, 1500, 3000])  # from nothing at all to all but the largest files
def test_a_full_disk_harms_nothing(tmp_path: Path, size: int) -> None:
    log = tmp_path / "diary.log"
    log.write_text(text(visit(1)))
    put(tmp_path / "lake", log)
    with log.open("a") as file:
        file.write(text(*(visit(n, who=os.urandom(20).hex()) for n in range(2, 200))) + "{no record\n")
    with closing(Lake(tmp_path / "lake")) as lake, full_disk(size), pytest.raises(LakeError, match=f"lake {tmp_path}"):
        ingest([log], lake, sources=SOURCES)
    put(tmp_path / "lake", log)
    assert amounts(tmp_path / "lake") == list(range(1, 200))
    assert len(reasons(tmp_path / "lake")) == 1
    with closing(Lake(tmp_path / "lake")) as lake:
        with lake.writing(), full_disk(size), pytest.raises(LakeError):
            tidy.tidy(lake)
        with lake.writing():
            tidy.tidy(lake, grace=0)
        assert verify(lake) == ()
    assert amounts(tmp_path / "lake") == list(range(1, 200))


def test_a_clock_that_steps_back_loses_and_doubles_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = tmp_path / "diary.log"
    for n in range(4):
        monkeypatch.setattr(clock, "now", lambda n=n: datetime(2026, 1, 9) - timedelta(days=n))
        with log.open("a") as file:
            file.write(text(visit(n)))
        put(tmp_path / "lake", log)
        with closing(Lake(tmp_path / "lake")) as lake, lake.writing():
            tidy.tidy(lake, grace=0)
            assert verify(lake) == ()
    assert amounts(tmp_path / "lake") == [0, 1, 2, 3]
