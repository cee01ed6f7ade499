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

SIZES = (  # people, days, thin; the third makes ten million records, the last is the longest case reported
    *((50, 30, False), (200, 90, False), (1_150, 90, False)),
    *((60, 365, True), (60, 3_287, True)),
)
INCIDENTS = ("bulk_commission", "drip", "leaver_haul", "mail_leak", "vendor_reach")


@dataclass(frozen=True)
class Run:
    """What was made and what it took. peak: bytes."""

    made: Made
    seconds: float
    processor: float
    peak: int


def run(people: int, days: int, thin: bool) -> Run:
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        made = make(Path(folder) / "made", people=people, days=days, thin=thin, incidents=INCIDENTS)
        seconds = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1_024)
    return Run(made, seconds, time.process_time(), peak)


def main() -> None:
    print("people  days  thin      records  seconds  processor s  records/s      MB  peak MB")
    for people, days, thin in SIZES:
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as alone:
            done = alone.submit(run, people, days, thin).result()
        made, seconds, peak = done.made, done.seconds, done.peak
        print(
            f"{people:>6,} {days:>5} {'yes' if thin else 'no':>5} {made.records:>12,} {seconds:>8.1f}"
            f" {done.processor:>12.1f} {made.records / seconds:>10,.0f} {made.bytes / 1e6:>7,.0f} {peak / 1e6:>8,.0f}"
        )


if __name__ == "__main__":
    main()
