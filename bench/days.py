"""What one more day costs: a year's logs, read into one lake day by day, in a process that lives as long.

Prints the seconds of wall and processor by the age of the lake, and draws them where `--plot FILE.svg` says: the cost
should be that of the day, not that of the lake.
"""

from __future__ import annotations

import argparse
import re
import statistics
import tempfile
import time
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import altair as alt

from tidegate.lake.store import Lake
from tidegate.lake.tidy import tidy
from tidegate.pipeline.ingest import ingest
from tidegate.range.make import make

TIDY = 30  # days between tidying, as a service would more often
PARTS = ((1, 30), (31, 90), (91, 180), (181, 270), (271, 400))


@dataclass(frozen=True)
class Day:
    """One day: its number, its events, and what it took."""

    day: int
    events: int
    seconds: float
    processor: float
    tidy: float


def by_day(logs: Path) -> list[list[Path]]:
    """Files by the last date in their names; those without one are there from the first day."""
    days: dict[str, list[Path]] = defaultdict(list)
    for path in sorted(logs.rglob("*")):
        if path.is_file() and "context" not in path.parts and path.name != "truth.json":
            dates = re.findall(r"\d{4}-?\d\d-?\d\d", str(path.relative_to(logs)))
            days[dates[-1].replace("-", "") if dates else ""].append(path)
    first = days.pop("", [])
    ordered = [days[day] for day in sorted(days)]
    ordered[0] += first
    return ordered


def run(logs: Path, lake: Lake) -> list[Day]:
    """Read each day's files, and tidy up now and then."""
    made = []
    for number, files in enumerate(by_day(logs), 1):
        begun, cpu = time.perf_counter(), time.process_time()
        summary = ingest(files, lake)
        seconds, processor = time.perf_counter() - begun, time.process_time() - cpu
        begun = time.perf_counter()
        if number % TIDY == 0:
            with lake.writing():
                tidy(lake)
        made.append(Day(number, summary.events, seconds, processor, time.perf_counter() - begun))
    return made


def plot(days: list[Day], file: Path) -> None:
    """Milliseconds of processor a thousand events, by day."""
    values = [{"day": d.day, "ms": d.processor * 1e6 / max(1, d.events)} for d in days]
    chart = alt.Chart(alt.InlineData(values=values), width=620, height=200).mark_point(size=12, filled=True)
    chart.encode(
        x=alt.X("day:Q", title="day of the lake"),
        y=alt.Y("ms:Q", title="processor ms per 1,000 events"),
    ).save(str(file))


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--plot", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="tidegate-bench-") as folder:
        logs = Path(folder) / "logs"
        make(logs, people=given.people, days=given.days)
        days = run(logs, Lake(Path(folder) / "lake"))
    print(f"{'days':12}{'events a day':>14}{'seconds':>9}{'cpu':>7}{'cpu ms / 1,000 events':>23}{'tidy, s':>9}")
    for first, last in PARTS:
        if some := [d for d in days if first <= d.day <= last]:
            events = statistics.median(d.events for d in some)
            seconds, cpu = statistics.median(d.seconds for d in some), statistics.median(d.processor for d in some)
            each = statistics.median(d.processor * 1e6 / max(1, d.events) for d in some)
            tidied = max(d.tidy for d in some)
            print(f"{f'{first}–{last}':12}{events:14,.0f}{seconds:9.2f}{cpu:7.2f}{each:23.1f}{tidied:9.2f}")
    if given.plot:
        plot(days, given.plot)


if __name__ == "__main__":
    main()
