"""What a loss of power could take: nothing is written that rests on a file which may not be on the disk yet."""

from __future__ import annotations

import errno
import json
import os
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.diary import put, text, visit
from tidegate.errors import LakeError
from tidegate.lake import contents, durable, intent, tidy
from tidegate.lake.storage import Folder
from tidegate.lake.store import Lake

_PARQUET, _LOG = "*/**/part-*", "*/_delta_log/*.json"


@pytest.fixture
def synced(monkeypatch: pytest.MonkeyPatch) -> Counter[Path]:
    """What was brought to the disk, and how many times."""
    seen: Counter[Path] = Counter()

    def fsync(held: int) -> None:
        seen[Path(f"/proc/self/fd/{held}").readlink()] += 1

    monkeypatch.setattr(os, "fsync", fsync)
    return seen


def question(number: int) -> dict[str, object]:
    return {"when": f"2025-03-01T00:00:{number:02}", "asked": [f"host-{number}.example"], "kind": "question"}


def before(monkeypatch: pytest.MonkeyPatch, method: str, what: Callable[[Path], None]) -> None:
    """Look at a path of the lake before a method of `Path` does something to it."""
    really = getattr(Path, method)

    def looking(path: Path, *given: Any, **named: Any) -> Any:
        what(path)
        return really(path, *given, **named)

    monkeypatch.setattr(Path, method, looking)


def missing(lake: Path, pattern: str, synced: Counter[Path]) -> set[Path]:
    """Files, and folders that name them, that may not be on the disk."""
    files = {path for path in lake.glob(pattern) if path.relative_to(lake).parts[0] != "tmp"}
    assert files
    folders = {folder for path in files for folder in path.parents if folder.is_relative_to(lake)}
    return (files | folders) - set(synced)


def test_all_of_a_batch_is_on_the_disk_before_it_is_decided_and_before_that_goes(
    tmp_path: Path, synced: Counter[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    lake, log, steps = tmp_path / "lake", tmp_path / "diary.log", []

    def decided(path: Path) -> None:
        if path.name == "unfinished.new":
            assert missing(lake, _PARQUET, synced) == set()
            assert synced[path]
            steps.append("decided")
            synced[lake] = 0

    def done(path: Path) -> None:
        if path.name == "unfinished":
            assert synced[lake]  # which names it
            for pattern in (_PARQUET, _LOG):  # the journal's rows as well
                assert missing(lake, pattern, synced) == set()
            steps.append("done")

    before(monkeypatch, "replace", decided)
    before(monkeypatch, "unlink", done)
    for n in range(2):
        with log.open("a") as file:
            file.write(text(visit(n), visit(n + 86_400), question(n)) + "{no record\n")
        put(lake, log)
        assert max(synced[path] for path in lake.glob(_PARQUET)) == n + 1  # once each; who comes next cannot know
    assert steps == ["decided", "done"] * 2


def test_commits_of_a_process_that_died_are_made_sure_of(
    tmp_path: Path, synced: Counter[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object) -> None:
        raise LakeError("killed")

    lake, log = tmp_path / "lake", tmp_path / "diary.log"
    log.write_text(text(visit(1), question(1)))
    with monkeypatch.context() as patch:
        patch.setattr(Lake, "settle", lambda *_: None)
        patch.setattr(Folder, "remove", killed)
        with pytest.raises(LakeError, match="killed"):
            put(lake, log)
    assert missing(lake, _LOG, synced)
    with closing(Lake(lake)) as opened, opened.writing():
        assert not opened.unfinished
    assert missing(lake, _LOG, synced) == set()


def test_what_takes_the_place_of_files_is_there_before_they_go(
    tmp_path: Path, synced: Counter[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    lake, log = tmp_path / "lake", tmp_path / "diary.log"
    for n in range(3):
        log.write_text(text(*map(visit, range(n + 1))))
        put(lake, log)
    with closing(Lake(lake)) as opened, opened.writing():
        gone = []

        def looking(path: Path) -> None:
            if path.suffix == ".parquet":
                name = path.relative_to(lake).parts[0]
                held = {lake / name / file.path for file in contents.files(opened, name)}
                assert held <= set(synced)
                gone.append(path)

        before(monkeypatch, "unlink", looking)
        tidy.tidy(opened, grace=0)
    assert len(gone) == 6


def test_only_a_folder_may_do_it_by_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_bytes(b"x")

    def failing(number: int, *, folders: bool) -> Callable[[int], None]:
        def fsync(held: int) -> None:
            if Path(f"/proc/self/fd/{held}").readlink().is_dir() == folders:
                raise OSError(number, os.strerror(number))

        return fsync

    monkeypatch.setattr(os, "fsync", failing(errno.EINVAL, folders=True))
    durable.sync(tmp_path, [tmp_path / "file"])
    for number, folders in ((errno.EIO, True), (errno.EIO, False), (errno.EINVAL, False)):
        monkeypatch.setattr(os, "fsync", failing(number, folders=folders))
        with pytest.raises(LakeError, match=os.strerror(number)):
            Folder(tmp_path).write("name", b"x")
        assert not (tmp_path / "name.new").exists()


def test_a_commit_that_came_to_nothing_is_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # What ext4 and XFS may leave of a file whose name was on the disk before what is in it.
    lake, log = tmp_path / "lake", tmp_path / "diary.log"
    for n in range(2):
        log.write_text(text(*map(visit, range(n + 1))))
        if n:
            monkeypatch.setattr(Folder, "remove", lambda *_: None)
        put(lake, log)
    monkeypatch.undo()
    assert json.loads((lake / intent.UNFINISHED).read_bytes())
    for name in ("network_activity", "journal"):
        max((lake / name / "_delta_log").glob("*.json")).write_bytes(b"")
    with closing(Lake(lake)) as opened, opened.writing():
        assert sum(file.rows for file in contents.files(opened, "network_activity")) == 2
        assert sum(file.rows for file in contents.files(opened, "journal")) == 2
