from __future__ import annotations

import time
from pathlib import Path

import pytest

from tidegate.pipeline import watch as module
from tidegate.pipeline.watch import Watch, remote, stat
from tidegate.reading.files import Skipped


def names(watch: Watch, within: float = 10) -> list[str]:
    """What is told of within a while, once something is."""
    until, found = time.monotonic() + within, set[str]()
    while not found and time.monotonic() < until:
        time.sleep(0.05)
        found = {file.path.name for file in watch.changed()[0]}
    return sorted(found)


def test_changes_are_told_of_also_in_new_folders_and_below_a_link(tmp_path: Path) -> None:
    logs, link = tmp_path / "logs", tmp_path / "link"
    logs.mkdir()
    link.symlink_to(logs)
    (logs / "old").write_text("x")
    with Watch([link], avoid=tmp_path / "lake", say=print) as watch:
        assert watch.all() is not None
        time.sleep(0.3)  # until it listens
        (logs / "new").write_text("x")
        assert names(watch) == ["new"]
        (logs / "new").rename(logs / "newer")
        assert names(watch) == ["newer"]
        (logs / "deep").mkdir()
        (logs / "deep" / "first").write_text("x")
        assert names(watch) == ["first"]
        (logs / "newer").unlink()
        (logs / "old").write_text("y")
        assert names(watch) == ["old"]  # what is gone is nothing to read


def test_the_lake_is_no_log(tmp_path: Path) -> None:
    (tmp_path / "lake").mkdir()
    with Watch([tmp_path], avoid=tmp_path / "lake", say=print) as watch:
        time.sleep(0.3)
        (tmp_path / "lake" / "part").write_text("x")
        (tmp_path / "log").write_text("x")
        assert names(watch) == ["log"]
        found = watch.all()
        assert found is not None
        assert [file.path.name for file in found[0]] == ["log"]


def test_everything_is_looked_at_now_and_then(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_RESCAN", 0.2)
    watch = Watch([tmp_path], avoid=tmp_path / "lake", say=print)
    assert watch.all() == ([], [])
    assert watch.all() is None  # it was just now
    time.sleep(0.25)
    assert watch.all() == ([], [])
    tmp_path.rename(tmp_path.with_name("gone"))
    watch.again()
    assert watch.all() == ([], [Skipped(str(tmp_path), "no such file or folder")])  # its disk may come back


def test_named_files_are_not_waited_for(tmp_path: Path) -> None:
    (tmp_path / "log").write_text("x")
    watch = Watch([tmp_path / "log", tmp_path], avoid=tmp_path / "lake", say=print)
    assert watch.named == [tmp_path / "log"]
    assert stat(tmp_path / "log") is not None
    assert stat(tmp_path / "gone") is None


def test_file_systems_of_other_machines(tmp_path: Path) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text(
        "/dev/sda1 / ext4 rw 0 0\n"
        "nas:/logs /srv/remote\\040logs nfs4 rw 0 0\n"
        "sshfs /srv/remote\\040logs/ssh fuse.sshfs rw 0 0\n"
        "/dev/sdb1 /srv/remote\\040logs/disk xfs rw 0 0\n"
    )
    assert remote(Path("/srv/remote logs/a"), mounts)
    assert remote(Path("/srv/remote logs/ssh/a"), mounts)
    assert not remote(Path("/srv/remote logs/disk/a"), mounts)  # mounted below, and of this machine
    assert not remote(Path("/srv/remote"), mounts)
    assert not remote(Path("/srv"), tmp_path / "none")
