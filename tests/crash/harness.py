"""Follows logs in processes that are killed, and says how what the lake holds in the end differs from what was written.

The processes are forked from one that has imported everything: they begin within milliseconds, so that hundreds of
crashes take minutes.
"""

from __future__ import annotations

import multiprocessing
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from random import Random

from tests.crash import child
from tests.crash.corpus import Corpus
from tidegate.lake.store import Lake
from tidegate.lake.tables import TABLES
from tidegate.lake.tidy import tidy

_SERVER = multiprocessing.get_context("forkserver")
_SERVER.set_forkserver_preload(["tests.crash.child"])
_TABLES = ("network_activity", "http_activity")


def start(
    logs: Path, lake: Path, said: Path, *, commit: int = 0, after: float = 0.0, hours: int = 0
) -> ForkServerProcess:
    """Begin to follow, as `child.run` says."""
    process = _SERVER.Process(target=child.run, args=(logs, lake, said, commit, after, hours), daemon=True)
    process.start()
    return process


def stop(process: ForkServerProcess) -> int | None:
    """End it as a service is ended; returns its exit status, None where it does not end."""
    process.terminate()
    process.join(30)
    if process.exitcode is None:
        process.kill()
    return process.exitcode


def eventually(holds: Callable[[], bool], within: float = 60) -> bool:
    """Whether something comes to hold within so many seconds."""
    until = time.monotonic() + within
    while not holds():
        if time.monotonic() >= until:
            return False
        time.sleep(0.1)
    return True


def finish(process: ForkServerProcess, lake: Path, corpus: Corpus) -> None:
    """Let it read all there is, and end it."""
    corpus.settle()
    eventually(lambda: (lake / "lake.json").exists() and held(lake).total() >= len(corpus.uids))
    time.sleep(2.5)  # a second time would follow now, once unfinished files are taken for finished
    assert stop(process) == 0


def held(lake: Path) -> Counter[str]:
    """The uids in a lake, with how often each is there."""
    with closing(Lake(lake)) as opened:
        scans = " UNION ALL ".join(f"SELECT uid FROM ({opened.scan(name)})" for name in _TABLES)
        return Counter(uid for (uid,) in opened.engine.con.execute(scans).fetchall())


@dataclass(frozen=True)
class Difference:
    """Between what was written and what a lake holds: uids, rows of the quarantine, files that nothing knows."""

    missing: Sequence[str]
    doubled: Mapping[str, int]
    strange: Sequence[str]
    quarantined: Sequence[object]
    orphans: Sequence[str]

    def __bool__(self) -> bool:
        return any(vars(self).values())


def difference(lake: Path, uids: set[str]) -> Difference:
    """Compare a lake, after it was tidied, with what was written."""
    with closing(Lake(lake)) as opened:
        with opened.writing():
            tidy(opened, grace=0)
        quarantined = opened.engine.con.execute(opened.scan("quarantine")).fetchall()
        left = orphans(opened)
    found = held(lake)
    return Difference(
        missing=sorted(uids - found.keys()),
        doubled={uid: number for uid, number in found.items() if number > 1},
        strange=sorted(found.keys() - uids),
        quarantined=quarantined,
        orphans=left,
    )


def orphans(lake: Lake) -> list[str]:
    """Files in a lake's folder that neither a table, nor its log, nor the lake itself knows."""
    known = {lake.path / name for name in ("lake.json", "lock")}
    for name in TABLES:
        if (table := lake.delta(name)) is not None:
            known |= {Path(uri) for uri in table.file_uris()}
    for path in lake.path.glob("*/_delta_log/*"):
        version = path.name.partition(".")[0]
        if version == "_last_checkpoint" or (version.isdigit() and path.suffix in (".json", ".parquet")):
            known.add(path)
    files = (path for path in lake.path.rglob("*") if path.is_file() and lake.path / "tmp" not in path.parents)
    return sorted(str(path.relative_to(lake.path)) for path in files if path not in known)


def crashes(folder: Path, kills: int, seed: int, *, say: Callable[[str], None]) -> Difference:
    """Follow logs that grow and are rotated, killed so often; half of the deaths are in the middle of a commit."""
    random = Random(seed)
    corpus, lake, said = Corpus(folder / "logs", random), folder / "lake", folder / "said"
    for number in range(1, kills + 1):
        if random.random() < 0.5:
            process = start(corpus.folder, lake, said, commit=random.randint(1, 2), after=random.uniform(0, 0.08))
            until = time.monotonic() + 2
        else:
            process = start(corpus.folder, lake, said)
            until = time.monotonic() + random.uniform(0, random.choice([0.5, 1, 1, 4]))
        while process.exitcode is None and time.monotonic() < until:
            corpus.step()
            process.join(random.uniform(0, 0.05))
        process.kill()
        process.join()
        if number % 20 == 0:
            say(f"{number} of {kills} kills, {len(corpus.uids):,} records written")
    finish(start(corpus.folder, lake, said), lake, corpus)
    return difference(lake, corpus.uids)
