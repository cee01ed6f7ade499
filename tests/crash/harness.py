"""Runs `tidegate ingest --follow` in a process that can be killed at any moment, and says what its lake holds in the end.

The processes are forked from one that has imported everything and started no thread: they begin within milliseconds,
so that hundreds of crashes take minutes.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from random import Random

from tests.crash.corpus import Corpus
from tidegate.cli import service
from tidegate.cli.main import app
from tidegate.lake import intent
from tidegate.lake.store import Lake
from tidegate.lake.tables import TABLES
from tidegate.lake.tidy import tidy
from tidegate.pipeline import batch as _batch
from tidegate.pipeline import follow as _follow
from tidegate.pipeline import watch as _watch
from tidegate.registry import sources

sources()
_IMPORTED = (service, _batch, _follow, _watch)
Prepare = Callable[[], None]


def start(logs: Path, lake: Path, said: Path, *options: str, prepare: Prepare = lambda: None) -> int:
    """Start following in a new process; returns its id. prepare: called in it first."""
    child = os.fork()
    if child:
        return child
    try:
        out = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        os.dup2(out, 1)
        os.dup2(out, 2)
        sys.stdout, sys.stderr = os.fdopen(1, "w"), os.fdopen(2, "w")
        prepare()
        app(["ingest", str(logs), "--lake", str(lake), "--follow", *options], prog_name="tidegate")
    except SystemExit as end:
        sys.stderr.flush()
        os._exit(int(end.code or 0))
    finally:
        os._exit(70)


def ended(child: int, within: float) -> int | None:
    """The exit status of a process (negative: the signal that killed it), None if it still runs after so many seconds."""
    until = time.monotonic() + within
    while True:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        if time.monotonic() >= until:
            return None
        time.sleep(0.005)


def stop(child: int, within: float = 20) -> int | None:
    """End it with SIGTERM; returns its exit status."""
    os.kill(child, signal.SIGTERM)
    status = ended(child, within)
    if status is None:
        kill(child)
    return status


def kill(child: int) -> None:
    """End it as a power cut does to a process."""
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


def dying_in_commit(which: int, after: float) -> Prepare:
    """Let the process die so many seconds after it has begun its n-th commit."""

    def prepare() -> None:
        real, left = intent.commit, iter(range(which))

        def commit(*args: object) -> None:
            if next(left, None) == which - 1:
                signal.signal(signal.SIGALRM, signal.SIG_DFL)
                signal.setitimer(signal.ITIMER_REAL, after)
            real(*args)  # type: ignore[arg-type]  # it is what was asked for

        intent.commit = commit  # type: ignore[assignment]

    return prepare


@dataclass(frozen=True)
class Outcome:
    """What a lake holds beside what was written: uids that are missing, that are there more than once, and files."""

    missing: Sequence[str]
    doubled: Mapping[str, int]
    strange: Sequence[str]
    quarantined: Sequence[object]
    orphans: Sequence[str]


def compare(lake: Path, uids: set[str]) -> Outcome:
    """Compare a lake, tidied, with what was written."""
    with closing(Lake(lake)) as opened:
        with opened.writing():
            tidy(opened, grace=0)
        tables = [f"SELECT uid FROM ({opened.scan(name)})" for name in ("network_activity", "http_activity")]
        found = Counter(uid for (uid,) in opened.engine.con.execute(" UNION ALL ".join(tables)).fetchall())
        quarantined = opened.engine.con.execute(opened.scan("quarantine")).fetchall()
        return Outcome(
            missing=sorted(uids - found.keys()),
            doubled={uid: number for uid, number in found.items() if number > 1},
            strange=sorted(found.keys() - uids),
            quarantined=quarantined,
            orphans=orphans(opened),
        )


def orphans(lake: Lake) -> list[str]:
    """Files in a lake's folder that neither a table nor the lake itself knows."""
    known = {lake.path / name for name in ("lake.json", "lock")}
    for name in TABLES:
        if (table := lake.delta(name)) is not None:
            known |= {Path(uri) for uri in table.file_uris()}
    log = (path for path in lake.path.glob("*/_delta_log/*") if path.suffix == ".json" or ".checkpoint." in path.name)
    known |= {path for path in log if path.name == "_last_checkpoint" or path.name.split(".")[0].isdigit()}
    known |= {path for path in lake.path.glob("*/_delta_log/_last_checkpoint")}
    spill = lake.engine.con.execute("SELECT current_setting('temp_directory')").fetchone()
    assert spill is not None
    here = (path for path in lake.path.rglob("*") if path.is_file() and not path.is_relative_to(spill[0]))
    return sorted(str(path.relative_to(lake.path)) for path in here if path not in known)


def crashes(folder: Path, kills: int, seed: int, *, say: Callable[[str], None]) -> Outcome:
    """Follow logs that grow and are rotated, killed so often, then left alone; half of the deaths are in a commit."""
    random = Random(seed)
    corpus = Corpus(folder / "logs", random)
    said = folder / "said"
    for number in range(kills):
        commit = random.random() < 0.5
        prepare = dying_in_commit(random.randint(1, 2), random.uniform(0, 0.08)) if commit else (lambda: None)
        child = start(corpus.folder, folder / "lake", said, prepare=prepare)
        until = time.monotonic() + (3 if commit else random.uniform(0, 2.2))
        while (status := ended(child, random.uniform(0, 0.1))) is None and time.monotonic() < until:
            corpus.step()
        if status is None:
            kill(child)
        if number % 20 == 19:
            say(f"{number + 1} of {kills} kills, {len(corpus.uids):,} records")
    corpus.settle()
    child = start(corpus.folder, folder / "lake", said)
    status = ended(child, 9) or stop(child)
    assert status == 0, f"ended with {status}: {said.read_text()[-2000:]}"
    return compare(folder / "lake", corpus.uids)
