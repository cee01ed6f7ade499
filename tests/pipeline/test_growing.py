from __future__ import annotations

import gzip
import os
from pathlib import Path

import pytest

from tests.diary import DIARY
from tidegate.errors import InputError
from tidegate.pipeline import growing as module
from tidegate.pipeline.growing import Growing, Streams, packed, plain
from tidegate.pipeline.watch import stat
from tidegate.reading.blocks import Mark
from tidegate.reading.files import File
from tidegate.reading.layout import Layout
from tidegate.reading.read import Reader
from tidegate.reading.recognise import Head, Recognised

HEAD = Head(Layout("lines"), records=("one",))


def seen(path: Path) -> File:
    file = stat(path)
    assert file is not None
    return file


def read(path: Path, data: bytes) -> Growing:
    """A stream read up to its last whole line."""
    path.write_bytes(data)
    reader = Reader(HEAD)
    list(reader.parts(iter([data]), hold=True))
    return Growing(Recognised(HEAD, DIARY, ()), "stream", Mark(), reader, data[:512], 0)


def following(growing: Growing, file: File) -> bytes | None:
    with growing.open(file) as opened:
        return None if opened is None else b"".join(opened.pieces)


def test_what_follows_is_what_was_not_finished_and_what_is_new(tmp_path: Path) -> None:
    log = tmp_path / "log"
    growing = read(log, b"one\ntw")
    with log.open("ab") as more:
        more.write(b"o\nthree\n")
    assert following(growing, seen(log)) == b"two\nthree\n"


@pytest.mark.parametrize(
    "data",
    [
        b"one\n",  # truncated
        b"one\nTWO\nthree\n",  # what stands before the end of what was read is another
        b"ONE\ntwo\nthree\n",  # … or what it begins with, however long it is
    ],
)
def test_another_content_is_not_read_on(tmp_path: Path, data: bytes) -> None:
    log = tmp_path / "log"
    growing = read(log, b"one\ntwo\n")
    log.write_bytes(data)
    assert following(growing, seen(log)) is None


def test_another_file_is_not_read_on(tmp_path: Path) -> None:
    log = tmp_path / "log"
    growing, before = read(log, b"one\ntwo\n"), seen(log)
    (tmp_path / "other").write_bytes(b"one\ntwo\n")
    (tmp_path / "other").replace(log)  # between the look at it and the opening
    assert following(growing, before) is None
    log.unlink()
    with pytest.raises(InputError, match="no such file"):
        following(growing, before)


def test_the_last_ones_are_kept_without_their_records(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MOST", 2)
    streams, files = Streams(), []
    for name in "abc":
        growing = read(tmp_path / name, b"one\n")
        files.append(seen(tmp_path / name))
        streams.keep(files[-1], growing)
    assert streams.take(files[0]) is None
    kept = streams.take(files[1])
    assert kept is not None
    assert kept.found.head.records == ()
    assert streams.take(files[1]) is None  # it is whoever's took it


def test_plain_files_are_told_from_others(tmp_path: Path) -> None:
    for name, data, skip in [("plain", b"text\n", 0), ("marked", b"\xef\xbb\xbftext\n", 3)]:
        (tmp_path / name).write_bytes(data)
        assert plain(seen(tmp_path / name), b"text\n") == (data, skip)
        assert not packed(seen(tmp_path / name))
    for name, data, waits in [("gz", gzip.compress(b"text\n"), True), ("wide", "text\n".encode("utf-16-le"), False)]:
        (tmp_path / name).write_bytes(data)
        assert plain(seen(tmp_path / name), b"text\n") is None
        assert packed(seen(tmp_path / name)) == waits
    os.truncate(tmp_path / "plain", 0)
    assert plain(seen(tmp_path / "plain"), b"") is None
