"""Every log, damaged in every way: nothing raises, nothing hangs, and no record goes missing without a word.

`TIDEGATE_FUZZ=10000` tries so many examples, at random and in about as many seconds; without it, a few, the same ones.
"""

from __future__ import annotations

import faulthandler
import os
import resource
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz.accounts import accounts, records
from tests.fuzz.mutations import Mutation, mutations
from tidegate.lake.store import Lake
from tidegate.pipeline.ingest import Run
from tidegate.reading.files import find
from tidegate.reading.recognise import HEAD, HEAD_MOST, Recognised, recognise
from tidegate.registry import sources

EXAMPLES = int(os.environ.get("TIDEGATE_FUZZ", "0"))
BOUND = 30.0
"""Seconds that a file of less than a megabyte may take: a hundred times what it does, for a machine that is busy."""
MEMORY = 1500 << 20
"""Bytes that the process may come to hold, of which 300 MB are the libraries'."""
FILES = 8
"""Files of an example: they share the cost of making a lake."""
FOLDER = Path(__file__).parents[1] / "sources"
INPUTS = sorted(FOLDER.glob("*/*/input.*"))
REAL = Path(os.environ.get("TIDEGATE_SAMPLES") or "nowhere") / "logs"
REAL_INPUTS = [path for path in sorted(REAL.rglob("*")) if path.is_file() and 0 < path.stat().st_size < 300_000]
PLANS: dict[object, object] = {}
"""Statements made of the sources: they are the same for every lake, and take longer to make than all else."""
Damaged = tuple[Path, Path, tuple[Mutation, ...]]

damaged = st.tuples(st.sampled_from(INPUTS + REAL_INPUTS), st.sampled_from(INPUTS), mutations())


@settings(
    max_examples=EXAMPLES or 30,
    derandomize=not EXAMPLES,
    database=None,
    suppress_health_check=list(HealthCheck),
)
@given(st.lists(damaged, min_size=1, max_size=FILES, unique_by=lambda one: one[0]))
def test_every_record_is_accounted_for(files: list[Damaged]) -> None:
    with TemporaryDirectory() as folder, closing(Lake(Path(folder) / "lake")) as lake:
        contents = {Path(folder) / "logs" / str(i) / one[0].name: mutated(one) for i, one in enumerate(files)}
        unknown = ingested(lake, contents)
        found = accounts(lake)
        for path, data in contents.items():
            if str(path) not in found:
                assert str(path) in unknown or not data.strip()
                continue
            account = found[str(path)]
            assert all(line is not None and reason for line, reason in account.quarantine)
            assert len(account.quarantine) == account.quarantined
            recognised = recognised_as(path, data)
            expected = records(data, recognised) if recognised else None
            if expected is not None:
                assert 0 <= account.missing(expected) <= account.duplicates, (path, account, expected)
            elif recognised and recognised.head.depth >= 0:  # a damaged document is as long as the journal says
                assert account.missing(range(1, account.lines + 1)) <= account.duplicates, (path, account)


def mutated(one: Damaged) -> bytes:
    path, other, changes = one
    data, mixed_in = path.read_bytes(), other.read_bytes()
    for change in changes:
        data = change.apply(data, mixed_in)
    return data


def ingested(lake: Lake, contents: dict[Path, bytes]) -> dict[str, str]:
    """Read files into a lake, each within its bounds; returns those that were not read."""
    run = Run(lake, sources())
    run.batch._plans = PLANS  # type: ignore[assignment]  # nobody else keeps plans beyond a run
    for path, data in contents.items():
        path.parent.mkdir(parents=True)
        path.write_bytes(data)
        with bounded():
            run.read_file(find([path])[0][0])
            run.batch.write()
    run.batch.commit()
    return run.unknown


@contextmanager
def bounded() -> Iterator[None]:
    """Ends the process with a traceback where something hangs: nothing else stops what is no Python."""
    before, began = peak(), time.monotonic()
    faulthandler.dump_traceback_later(4 * BOUND, exit=True)
    try:
        yield
    finally:
        faulthandler.cancel_dump_traceback_later()
    assert time.monotonic() - began < BOUND
    assert peak() <= max(before, MEMORY)


def peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10


def recognised_as(path: Path, data: bytes) -> Recognised | None:
    for most in (HEAD, HEAD_MOST):
        found = recognise(str(path), data[:most], sources().values(), whole=len(data) <= most)
        if found is not None or len(data) <= most:
            break
    return found
