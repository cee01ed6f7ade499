"""Every record is in the lake once, whenever the process dies and whatever the machine does to it.

`TIDEGATE_KILLS` says how often it is killed (`make crash`: 200), `TIDEGATE_SEED` at which moments.
"""

from __future__ import annotations

import os
import resource
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from random import Random

import pytest

from tests.crash.corpus import Corpus
from tests.crash.harness import crashes, difference, eventually, finish, start, stop

KILLS = int(os.environ.get("TIDEGATE_KILLS", "12"))
SEED = int(os.environ.get("TIDEGATE_SEED", "0")) or time.time_ns() % 1_000_000


def grow(corpus: Corpus, steps: int) -> None:
    for _ in range(steps):
        corpus.step()
        time.sleep(0.05)
    corpus.settle()  # a line that stays half written for seconds is taken for what it is


@pytest.fixture
def corpus(tmp_path: Path) -> Corpus:
    made = Corpus(tmp_path / "logs", Random(SEED))
    grow(made, 20)
    return made


def test_killed_at_any_moment(tmp_path: Path) -> None:
    print(f"seed {SEED}")  # noqa: T201  shown where it fails
    assert not crashes(tmp_path, KILLS, SEED, say=print)


def test_two_at_once(tmp_path: Path, corpus: Corpus) -> None:
    """Both follow the same logs into the same lake; one is killed and comes again."""
    lake = tmp_path / "lake"
    one, two = (start(corpus.folder, lake, tmp_path / name) for name in ("one", "two"))
    grow(corpus, 40)
    two.kill()
    two = start(corpus.folder, lake, tmp_path / "two")
    grow(corpus, 20)
    finish(one, lake, corpus)
    assert stop(two) == 0
    assert not difference(lake, corpus.uids)


def test_a_clock_that_steps_back(tmp_path: Path, corpus: Corpus) -> None:
    lake, said = tmp_path / "lake", tmp_path / "said"
    for hours in (0, 5, 48):
        process = start(corpus.folder, lake, said, hours=hours)
        assert eventually((lake / "journal").exists)
        grow(corpus, 20)
        process.kill()
    finish(start(corpus.folder, lake, said, hours=72), lake, corpus)
    assert not difference(lake, corpus.uids)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of a few megabytes."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", str(folder)]
    if subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("only the superuser can mount a small disk")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def complaining(said: Path, of: str) -> bool:
    return any("trying again" in line and of in line for line in said.read_text("utf-8").splitlines())


def test_files_that_cannot_be_written_for_a_while(tmp_path: Path, corpus: Corpus) -> None:
    """As on a full disk, wherever there is no disk to fill."""
    lake, said = tmp_path / "lake", tmp_path / "said"
    process = start(corpus.folder, lake, said)
    assert process.pid is not None
    assert eventually((lake / "journal").exists)
    _, most = resource.prlimit(process.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (2000, most))  # bytes: room for what it says of that
    grow(corpus, 20)
    assert eventually(lambda: complaining(said, "File too large"))
    resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (most, most))
    finish(process, lake, corpus)
    assert not difference(lake, corpus.uids)


def fill(ballast: Path) -> None:
    with ballast.open("wb", buffering=0) as file, suppress(OSError):
        while file.write(bytes(1024)):
            pass


def test_a_full_disk(disk: Path, tmp_path: Path, corpus: Corpus) -> None:
    lake, said, ballast = disk / "lake", tmp_path / "said", disk / "ballast"
    process = start(corpus.folder, lake, said)
    assert eventually((lake / "journal").exists)
    fill(ballast)
    grow(corpus, 20)
    assert eventually(lambda: complaining(said, "No space left"))
    assert process.exitcode is None
    ballast.unlink()
    finish(process, lake, corpus)
    assert not difference(lake, corpus.uids)


def test_a_lake_that_is_read_only_for_a_while(disk: Path, tmp_path: Path, corpus: Corpus) -> None:
    lake, said = disk / "lake", tmp_path / "said"
    process = start(corpus.folder, lake, said)
    assert eventually((lake / "journal").exists)
    time.sleep(1)  # nothing is open for writing any more
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
    grow(corpus, 20)
    assert eventually(lambda: complaining(said, "Read-only file system"))
    subprocess.run(["mount", "-o", "remount,rw", str(disk)], check=True)
    finish(process, lake, corpus)
    assert not difference(lake, corpus.uids)
