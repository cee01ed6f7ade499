from __future__ import annotations

import os
from pathlib import Path

import pytest

from tidegate.errors import InputError
from tidegate.reading.files import find


def test_files_come_sorted_once_and_whatever_their_name(tmp_path: Path) -> None:
    for name in ("b/2", "b/1", "a", ".hidden"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("x")
    (tmp_path / "c").symlink_to(tmp_path / "a")  # the same file
    (tmp_path / "b" / "up").symlink_to(tmp_path)  # a circle
    files, skipped = find([tmp_path, tmp_path / "a"])
    assert [str(file.path.relative_to(tmp_path)) for file in files] == [".hidden", "a", "b/1", "b/2"]
    assert [(file.size, file.inode) for file in files][1] == (1, (tmp_path / "a").stat().st_ino)
    assert skipped == []


def test_what_is_no_readable_file_is_skipped_with_a_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to("nowhere")
    (tmp_path / "secret").write_text("x")
    monkeypatch.setattr(os, "access", lambda *_: False)  # who runs tests as root may read everything
    files, skipped = find([tmp_path])
    assert files == []
    assert [str(one).removeprefix(f"{tmp_path}/") for one in skipped] == [
        "link: no such file or folder",
        "pipe: no regular file (a device, a pipe or a socket)",
        "secret: no permission to read it",
    ]


def test_a_folder_to_avoid_is_not_entered(tmp_path: Path) -> None:
    (tmp_path / "lake").mkdir()
    (tmp_path / "lake" / "part").write_text("x")
    assert find([tmp_path], avoid=tmp_path / "lake") == ([], [])


def test_what_is_named_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="gone: no such file or folder"):
        find([tmp_path / "gone"])
