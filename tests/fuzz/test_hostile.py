"""Input made to do harm, or that changes under one's hands: refused or bounded, in time and memory, and said."""

from __future__ import annotations

import gzip
import io
import os
import resource
import socket
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
import zstandard
from typer.testing import CliRunner

from tests.diary import SOURCES, amounts, put, reasons, text, visit
from tidegate.cases.model import IngestSummary
from tidegate.cli.main import app
from tidegate.config import Quarantine
from tidegate.errors import InputError
from tidegate.lake.store import Lake
from tidegate.lake.verify import verify
from tidegate.pipeline import ingest as pipeline
from tidegate.pipeline.ingest import ingest
from tidegate.reading import archives, streams
from tidegate.reading.archives import TOO_MUCH
from tidegate.reading.files import File, find
from tidegate.reading.recognise import recognise
from tidegate.registry import sources

LOG = text(*(visit(i) for i in range(50))).encode()
SECONDS = 60.0  # what takes one on a machine that is busy with something else
MEMORY = 900 << 20  # bytes that reading may take on top of what the process holds: blocks, their positions, the engine


@pytest.fixture(autouse=True)
def bounded() -> Iterator[None]:
    before, began = peak(), time.monotonic()
    yield
    assert time.monotonic() - began < SECONDS
    assert peak() - before < MEMORY


def peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10


def zipped(*members: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", method) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return data.getvalue()


def written(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


# Decompression bombs


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """A thousandth of what may be unpacked for nothing: a test that unpacks a gigabyte would take seconds."""
    monkeypatch.setattr(archives, "FREE", 1 << 20)


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize(
    "pack",
    [
        gzip.compress,
        lambda data: zstandard.compress(data, 19),
        lambda data: zipped(("log", gzip.compress(data))),
        lambda data: gzip.compress(data[:-1]) + gzip.compress(data[-1:]),
    ],
    ids=["gzip", "zstd", "gzip in a zip", "two gzips"],
)
def test_a_bomb_is_read_up_to_the_bound(tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    summary = put(tmp_path / "lake", written(tmp_path / "log", pack(LOG + b"\n" * (20 << 20))))
    assert summary.events == 50
    assert summary.reasons == ((TOO_MUCH, 1),)
    # It is not read again, and again cut off, at every run.
    assert put(tmp_path / "lake", tmp_path / "log") == IngestSummary(unchanged_files=1)


@pytest.mark.usefixtures("small")
def test_a_zip_that_says_it_is_one_is_not_unpacked(tmp_path: Path) -> None:
    path = written(tmp_path / "bomb.zip", zipped(("log", LOG + b"\n" * (20 << 20))))
    assert put(tmp_path / "lake", path).unknown_files == (f"{path}: cannot be read: {TOO_MUCH}",)


@pytest.mark.usefixtures("small")
def test_members_that_overlap_are_a_bomb(tmp_path: Path) -> None:
    data = bytearray(zipped(("a", LOG), ("b", LOG)))
    second = data.rindex(b"PK\x01\x02")
    data[second + 42 : second + 46] = bytes(4)  # where the second one begins: where the first does
    data[second + 20 : second + 24] = len(data).to_bytes(4, "little")  # its size as it is packed
    summary = put(tmp_path / "lake", written(tmp_path / "bomb.zip", bytes(data)))
    assert "overlap" in summary.unknown_files[0]


@pytest.mark.usefixtures("small")
def test_logs_that_compress_well_are_no_bombs(tmp_path: Path) -> None:
    """Near miss: 5 MB of records that differ in little else than their number, at 20 to 1; and one of 1:1,000."""
    data = text(*(visit(i, note="nothing to report " * 8) for i in range(25_000))).encode()
    for name, packed in (("a.gz", gzip.compress(data)), ("b.zst", zstandard.compress(data, 19))):
        assert len(data) / len(packed) > 20
        assert put(tmp_path / name[0], written(tmp_path / name, packed)).events == 25_000
    empty = gzip.compress(LOG + b"\n" * (1 << 19))  # small enough to be read whatever it is
    assert put(tmp_path / "c", written(tmp_path / "c.gz", empty)).quarantined == 0


def test_zstd_unpacks_in_bounded_pieces(tmp_path: Path) -> None:
    """Four bytes can stand for 128 KiB."""
    path = written(tmp_path / "log", zstandard.compress(bytes(1 << 28), 19))
    (member,) = streams.members(find([path])[0][0])
    with member.open() as opened:
        assert max(map(len, opened.pieces)) <= 18 << 20


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress], ids=["gzip", "zstd"])
def test_a_million_tiny_compressed_streams(tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    packed = b"".join(map(pack, text(*(visit(i) for i in range(50))).encode().splitlines(keepends=True)))
    empty = pack(b"")
    assert put(tmp_path / "lake", written(tmp_path / "log", packed + empty * 50_000)).events == 50


# Archives


def test_an_archive_writes_nothing_and_its_names_are_names(tmp_path: Path) -> None:
    names = ["../../../tmp/evil", "/etc/passwd", "C:\\Windows\\evil", "a\x1b[2Jb\nc", "\u202egol.exe", "same", "same"]
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for i, name in enumerate(names[:-1]):
            archive.writestr(name, text(visit(i)))
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr(names[-1], text(visit(len(names) - 1)))
        link = zipfile.ZipInfo("link")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")  # as text, which is no log: nothing is followed
    folder = tmp_path / "logs"
    folder.mkdir()
    path = written(folder / "logs.zip", data.getvalue())
    summary = put(tmp_path / "lake", path)
    assert summary.events == len(names)
    assert summary.unknown_files == (f"{path}!link",)
    assert list(folder.iterdir()) == [path]
    with closing(Lake(tmp_path / "lake")) as lake:
        shown = sorted(row[0].split("!")[1] for row in lake.rows("SELECT path FROM (" + lake.scan("journal") + ")"))
    safe = ["\\u202egol.exe", "a\\x1b[2Jb\\x0ac", "same (2)", "C:\\Windows\\evil"]
    assert shown == sorted([*names[:2], *safe, "same"])


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (zipped(("inner.zip", zipped(("log", LOG)))), "an archive within an archive: unpack it first"),
        (zipped(("log", LOG), method=zipfile.ZIP_BZIP2), "packed by method 12, not by deflate: unpack it first"),
        (zipped(("log", LOG), method=zipfile.ZIP_LZMA), "packed by method 14, not by deflate: unpack it first"),
        (zipped(("log", LOG)).replace(b"PK\x01\x02\x14\x03\x14\0\0\0", b"PK\x01\x02\x14\x03\x14\0\1\0"), "encrypted"),
        (b"PK\x03\x04" + b"\xff" * 500, "File is not a zip file"),
        (zipped(("log", LOG))[:-40], "File is not a zip file"),
    ],
    ids=["nested", "bzip2", "lzma", "encrypted", "no zip", "cut off"],
)
def test_an_archive_that_is_not_read_says_why(tmp_path: Path, data: bytes, why: str) -> None:
    (said,) = put(tmp_path / "lake", written(tmp_path / "logs.zip", data)).unknown_files
    assert why in said


def test_an_archive_of_thousands(tmp_path: Path) -> None:
    members = [(f"{i}.json", text(visit(i)).encode()) for i in range(1000)]
    assert put(tmp_path / "lake", written(tmp_path / "logs.zip", zipped(*members))).events == 1000


def test_every_damage_to_an_archive_is_an_input_error(tmp_path: Path) -> None:
    whole = zipped(("folder/a", LOG), ("größer", LOG[:200]))
    for at in range(len(whole)):
        for value in (0, 0x7F, 0xFF):
            path = written(tmp_path / "zip", whole[:at] + bytes([value]) + whole[at + 1 :])
            try:
                for member in streams.members(File(path, len(whole), 0, 0)):
                    with member.open() as opened:
                        assert sum(map(len, opened.pieces)) <= len(LOG)
            except InputError:
                pass


# What is no file


def test_what_is_no_file_is_named_and_never_waited_for(tmp_path: Path) -> None:
    logs = tmp_path / "logs"
    logs.mkdir()
    written(logs / "log", LOG)
    os.mkfifo(logs / "pipe")
    (logs / "zero").symlink_to("/dev/zero")
    (logs / "me").symlink_to("me")
    (logs / "round").symlink_to(logs)
    (logs / "secret").symlink_to("/proc/self/mem")
    with closing(socket.socket(socket.AF_UNIX)) as listening:
        listening.bind(str(logs / "socket"))
        summary = put(tmp_path / "lake", logs)
    assert summary.events == 50
    said = dict(one.removeprefix(f"{logs}/").split(": ", 1) for one in summary.unknown_files)
    assert said.keys() == {"pipe", "zero", "me", "socket", "secret"}
    assert {said[name] for name in ("pipe", "zero", "socket")} == {"no regular file (a device, a pipe or a socket)"}
    assert "symbolic link" in said["me"]


def test_folders_nested_deeper_than_calls(tmp_path: Path) -> None:
    folders = [Path(*("d" * depth)) for depth in range(1, 1500)]
    here = Path.cwd()
    os.chdir(tmp_path)  # or the path would be too long for the system
    try:
        for folder in folders:
            folder.mkdir()
        assert find([Path()]) == ([], [])
    finally:  # nor can pytest remove them
        for folder in reversed(folders):
            folder.rmdir()
        os.chdir(here)


@pytest.mark.parametrize("becomes", ["pipe", "folder", "nothing", "unreadable", "shorter", "another log"])
def test_a_file_that_changes_once_it_was_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, becomes: str) -> None:
    """Between the look at the folder and the opening of the file."""
    logs = tmp_path / "logs"
    logs.mkdir()
    for name in ("a", "b"):
        written(logs / name, text(*(visit(i, who=name) for i in range(50))).encode())

    def found(*args: object, **kwargs: object) -> object:
        result = find([logs])
        path = logs / "a"
        match becomes:
            case "pipe":
                path.unlink()
                os.mkfifo(path)
            case "folder":
                path.unlink()
                path.mkdir()
            case "nothing":
                path.unlink()
            case "unreadable":
                monkeypatch.setattr(File, "open", forbidden)
            case "shorter":
                path.write_bytes(text(*(visit(i, who="a") for i in range(20))).encode()[:-9])
            case "another log":
                path.write_text("2025-03-01T00:00:00 ann 1\n" * 20)
        return result

    whole = File.open

    def forbidden(self: File) -> io.FileIO:
        if self.path.name == "a":
            raise PermissionError(13, "Permission denied")
        return whole(self)

    monkeypatch.setattr(pipeline, "find", found)
    summary = put(tmp_path / "lake", logs)
    expected = {
        "pipe": (50, "no regular file (a device, a pipe or a socket)"),
        "folder": (50, "no regular file (a device, a pipe or a socket)"),
        "nothing": (50, "no such file or folder"),
        "unreadable": (50, "no permission to read it"),
        "shorter": (69, None),
        "another log": (70, None),
    }
    events, why = expected[becomes]
    assert summary.events == events
    assert [one.partition("cannot be read: ")[2] for one in summary.unknown_files] == ([why] if why else [])
    assert summary.quarantined == (becomes == "shorter")


@pytest.mark.parametrize("change", ["truncated", "deleted", "overwritten", "grown"])
def test_a_file_that_changes_while_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: str) -> None:
    """After its first piece: what was read so far is kept, and what follows is whatever is there."""
    path = written(tmp_path / "log", text(*(visit(i) for i in range(20_000))).encode())
    size, before = path.stat().st_size, streams._rest
    monkeypatch.setattr(streams, "PIECE", 1 << 16)

    def changing(first: bytes, raw: object) -> Iterator[bytes]:
        for number, piece in enumerate(before(first, raw)):  # type: ignore[arg-type]
            yield piece
            if number == 6:  # past the beginning, which is looked at first
                match change:
                    case "truncated":
                        os.truncate(path, 0)
                    case "deleted":
                        path.unlink(missing_ok=True)
                    case "overwritten":
                        with path.open("r+b") as file:
                            file.write(b"\xff" * size)
                    case "grown":
                        with path.open("ab") as file:
                            file.write(text(visit(20_000)).encode())

    monkeypatch.setattr(streams, "_rest", changing)
    summary = put(tmp_path / "lake", path)
    assert summary.quarantined <= 1
    assert amounts(tmp_path / "lake") == list(range(summary.events))
    assert summary.events > 20_000 if change == "grown" else summary.events <= 20_000


def test_a_folder_that_goes_while_it_is_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    logs = tmp_path / "logs"
    (logs / "gone").mkdir(parents=True)
    written(logs / "log", LOG)
    real = Path.iterdir

    def going(self: Path) -> Iterator[Path]:
        if self.name == "gone":
            self.rmdir()
        return real(self)

    monkeypatch.setattr(Path, "iterdir", going)
    summary = put(tmp_path / "lake", logs)
    assert (summary.events, summary.unknown_files) == (50, (f"{logs / 'gone'}: no such file or folder",))


def test_names_that_are_no_text_are_shown_as_text(tmp_path: Path) -> None:
    logs = tmp_path / "logs"
    logs.mkdir()
    for number, name in enumerate([b"\xff\xfe.log", b"a\nb.log", b"\x1b[31mred.log", "\u202egol.exe".encode()]):
        (logs / os.fsdecode(name)).write_text(text(visit(number)))
    (logs / os.fsdecode(b"\x1b]0;title\x07\xff")).write_text("no log at all\n")
    result = CliRunner().invoke(app, ["ingest", str(logs), "--lake", str(tmp_path / "lake"), "--format", "json"])
    assert result.exit_code in (0, 3), result.output
    assert "\\x1b]0;title\\x07\\xff" in result.stdout.replace("\\\\", "\\")
    assert not {"\x1b", "\x07", "\u202e"} & set(result.stdout + result.stderr)
    summary = put(tmp_path / "diary", logs)
    assert summary.events == 4
    with closing(Lake(tmp_path / "diary")) as lake:
        rows = lake.rows(f"SELECT source_file FROM ({lake.scan('network_activity')})")
    shown = {row[0].removeprefix(f"{logs}/") for row in rows}
    assert shown == {"\\xff\\xfe.log", "a\\x0ab.log", "\\x1b[31mred.log", "\\u202egol.exe"}


# Contents


UNITS = [b"x", b"\0", b"\n", b" ", b"{", b"[", b'"', b"\\", b"#", b",", b"\xff", b"0|", b"a=", b"{}", b'{"a":', b"[1] "]


@pytest.mark.parametrize("unit", UNITS)
def test_one_thing_over_and_over_is_no_log(unit: bytes) -> None:
    """No log's pattern takes long on it, for however much of it is looked at."""
    for size in (256 << 10, 4 << 20):
        found = recognise("log", (unit * size)[:size], sources().values(), whole=False)
        assert found is None


@pytest.mark.parametrize("unit", [b"x", b"{"])
def test_what_follows_the_beginning_of_a_log_is_bounded(tmp_path: Path, unit: bytes) -> None:
    """Refused records are committed, and dropped, as they come."""
    path = written(tmp_path / "log", LOG + unit * (4 << 20))
    with closing(Lake(tmp_path / "lake")) as lake:
        summary = ingest([path], lake, sources=SOURCES, limits=Quarantine(max_mb=1))
        assert verify(lake) == ()
    refused = summary.quarantined + sum(number for _, number in summary.dropped)
    assert refused == 1


def test_a_record_of_a_hundred_megabytes(tmp_path: Path) -> None:
    path = tmp_path / "log"
    with path.open("wb") as file:
        file.write(LOG + b'{"when": "')
        for _ in range(100):
            file.write(b"x" * (1 << 20))
        file.write(b'"}\n' + text(visit(50)).encode())
    put(tmp_path / "lake", path)
    assert reasons(tmp_path / "lake") == [(51, "longer than 16 MiB")]
    assert amounts(tmp_path / "lake") == list(range(51))


@pytest.mark.parametrize("opening", [b"[", b'{"a":'])
@pytest.mark.parametrize("closed", [True, False])
def test_nesting_a_hundred_thousand_deep(tmp_path: Path, opening: bytes, closed: bool) -> None:
    """Parsers that call themselves for each level die of it."""
    closing_ = b"]" if opening == b"[" else b"}"
    deep = opening * 100_000 + b"1" + closing_ * 100_000 * closed
    inside = b'{"when": "2025-03-01T00:00:50", "who": ' + deep + b', "sent": 50}\n'
    path = written(tmp_path / "log", LOG + deep + b"\n" + inside + deep + b"\n")
    summary = put(tmp_path / "lake", path)
    assert summary.events + summary.quarantined == 53
    assert summary.events >= 50
