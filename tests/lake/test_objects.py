"""A lake in an object store, against a server that speaks S3."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import obstore
import pytest
from obstore.store import from_url

from tests.diary import SOURCES, amounts, put, reasons, text, visit
from tidegate.errors import LakeError
from tidegate.lake import contents, intent, objects, removal, tidy
from tidegate.lake.storage import local
from tidegate.lake.store import Lake
from tidegate.lake.verify import verify
from tidegate.pipeline.ingest import ingest


def names(bucket: str) -> list[str]:
    return sorted(one["path"] for found in obstore.list(from_url(bucket)) for one in found)


def test_a_lake_in_a_bucket_is_as_one_in_a_folder(bucket: str, tmp_path: Path) -> None:
    log = tmp_path / "log"
    for grown in range(2):
        with log.open("a") as file:
            file.write(text(visit(grown), visit(86_400 + grown)) + "{no record\n")
        put(bucket, log)
    put(bucket, log)  # once more: nothing new, nothing twice
    assert amounts(bucket) == [0, 1, 86_400, 86_401]
    assert [line for line, _ in reasons(bucket)] == [3, 6]
    lake = Lake(bucket)
    assert verify(lake) == ()
    with lake.writing():
        done = tidy.tidy(lake, grace=0)
        assert (done.compacted, done.into) == (8, 4)
        removal.remove(lake, "network_activity", "bytes_out = 1", action="erase", days=["2025-03-01"])
        tidy.vacuum(lake, "network_activity", hours=0)
    assert verify(lake) == ()
    assert [table.left for table in contents.status(lake).tables] == [0, 0, 0, 0]
    lake.close()
    assert amounts(bucket) == [0, 86_400, 86_401]
    assert list((local(bucket) / "staging").rglob("*.parquet")) == []
    assert list((local(bucket) / "tmp").iterdir()) == []


def test_what_a_killed_process_had_begun_is_completed(
    bucket: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "log").write_text(text(*(visit(i) for i in range(20))))
    for dies_in in ("write", "commit", "append"):  # between upload and intent, in the middle, before the journal
        with monkeypatch.context() as patch:
            lake = Lake(bucket)
            at = lake.storage if dies_in == "write" else lake
            patch.setattr(at, dies_in, lambda *_args: (_ for _ in ()).throw(KeyboardInterrupt))
            with pytest.raises(KeyboardInterrupt):
                ingest([tmp_path / "log"], lake, sources=SOURCES)
            lake.close()
    put(bucket, tmp_path / "log")
    assert amounts(bucket) == list(range(20))
    lake = Lake(bucket)
    with lake.writing():
        assert tidy.tidy(lake).removed >= 1  # what was uploaded and never named
    assert verify(lake) == ()
    assert [table.left for table in contents.status(lake).tables] == [0, 0]
    assert intent.UNFINISHED not in names(bucket)
    lake.close()


def test_one_writer_at_a_time(bucket: str) -> None:
    lake = Lake(bucket)
    wait = "import sys; from tidegate.lake.store import Lake\nwith Lake(sys.argv[1]).writing(): print('in'); input()"
    other = [sys.executable, "-c", wait, bucket]
    with subprocess.Popen(other, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=os.environ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"in\n"
        with (
            pytest.raises(LakeError, match=rf"another Tidegate is writing .*process {process.pid} on .* free in \d+ s"),
            lake.writing(),
        ):
            pass
        process.communicate(b"\n")
    with lake.writing():  # it let go of it
        pass
    lake.close()


def test_a_killed_writer_keeps_others_out_for_its_lease_only(bucket: str, monkeypatch: pytest.MonkeyPatch) -> None:
    lake = Lake(bucket)
    hang = "import sys; from tidegate.lake.store import Lake\nwith Lake(sys.argv[1]).writing(): print('in'); input()"
    other = [sys.executable, "-c", hang, bucket]
    with subprocess.Popen(other, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=os.environ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.kill()
    with pytest.raises(LakeError, match="if it was killed"), lake.writing():
        pass
    monkeypatch.setattr(objects, "_LEASE", 2.0)
    began = time.monotonic()
    with lake.writing(wait=20):
        assert time.monotonic() - began < 10
    lake.close()


def test_who_could_not_renew_its_right_to_write_stops(bucket: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(objects, "_RENEWED", 0.05)
    lake, other = Lake(bucket), Lake(bucket)
    with lake.writing():
        time.sleep(0.3)
        lake.writable("quarantine")  # the near miss: it was renewed a few times
        obstore.put(from_url(bucket), "lock", b'{"who": "another", "token": "x"}')
        time.sleep(0.3)
        with pytest.raises(LakeError, match="another Tidegate may be writing"):
            lake.writable("quarantine")
    with pytest.raises(LakeError, match="another"), other.writing():  # it did not take the other's lock away
        pass
    lake.close()
    other.close()


def test_what_cannot_be_reached_is_told_soon(bucket: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(LakeError, match=r"lake s3://nowhere/lake: .*NoSuchBucket|not found|404"):
        Lake("s3://nowhere/lake")
    with pytest.raises(LakeError, match="lake nonsense://x"):
        Lake("nonsense://x")
    with pytest.raises(LakeError, match="no lake at"):
        Lake(bucket, create=False)
    obstore.put(from_url(bucket), "other", b"")
    with pytest.raises(LakeError, match="holds other objects"):
        Lake(bucket)
