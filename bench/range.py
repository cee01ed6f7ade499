"""How fast the range writes: records, seconds, processor seconds, bytes on disk and peak memory, by size.

Each size runs in a process of its own, so that its peak memory is its own. Processor seconds over seconds is how many
cores it had: on a busy machine the seconds say little.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from tidegate.range.make import Made, make

SIZES = ((50, 30), (200, 90), (1_150, 90))  # people, days; the last makes ten million records
INCIDENTS = ("bulk_commission", "leaver_haul", "mail_leak")


@dataclass(frozen=True)
class Run:
    """What was made and what it took. peak: bytes."""

    made: Made
    seconds: float
    processor: float
    peak: int


def run(people: int, days: int) -> Run:
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        made = make(Path(folder) / "made", people=people, days=days, incidents=INCIDENTS)
        seconds = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1_024)
    return Run(made, seconds, time.process_time(), peak)


def main() -> None:
    print("people  days      records  seconds  processor s  records/s      MB  peak MB")
    for people, days in SIZES:
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as alone:
            done = alone.submit(run, people, days).result()
        print(
            f"{people:>6,} {days:>5} {done.made.records:>12,} {done.seconds:>8.1f} {done.processor:>12.1f}"
            f" {done.made.records / done.seconds:>10,.0f} {done.made.bytes / 1e6:>7,.0f} {done.peak / 1e6:>8,.0f}"
        )


if __name__ == "__main__":
    main()
