"""One more day on a lake: seconds for its measures, for what detectors see (the scene), for each detector, and in all.

The organisation is the range's (default: 1,000 people for three years, without routine browsing), read into a lake
first; `--lake` and `--context` measure an existing one. There are three looks: at everything; at the last day, rolled
up once more, as after a day's logs came in; and that again. The last is what a day costs: in the one before it SQL is
compiled, which is done once a version (design/0018). The bare engine beside it: one count of every row by day. Below:
how large the measures are, and what is kept beside them.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TypeVar

import pyarrow as pa
from rich.console import Console
from rich.table import Table

from tidegate import registry
from tidegate.config import Config
from tidegate.context.load import Context, load
from tidegate.events.schema import CLASSES
from tidegate.lake.contents import files
from tidegate.lake.kept import FILE, kept
from tidegate.lake.store import Lake
from tidegate.measures.schema import MEASURES
from tidegate.pipeline import looks
from tidegate.pipeline.detect import answers
from tidegate.pipeline.ingest import ingest
from tidegate.pipeline.looks import Look
from tidegate.pipeline.measured import DONE, held
from tidegate.pipeline.scene import scene
from tidegate.range.make import make

T = TypeVar("T")
Timed = dict[str, tuple[float, float]]
"""Seconds by the clock and of the processor, by step."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=1000)
    parser.add_argument("--days", type=int, default=1095)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--incident", nargs="*", default=["bulk_commission"])
    parser.add_argument("--full", action="store_true", help="with routine browsing, which is most of what is logged")
    parser.add_argument("--lake", type=Path, help="measure this lake instead of making one")
    parser.add_argument("--context", type=Path)
    options = parser.parse_args()
    if options.lake:
        measure(options.lake, load(options.context), options.people)
        return
    with tempfile.TemporaryDirectory(prefix="tidegate-bench-") as folder:
        logs = Path(folder) / "logs"
        size = {"people": options.people, "days": options.days, "seed": options.seed}
        made = make(logs, incidents=options.incident, thin=not options.full, **size)
        print(f"{made.records:,} records made", file=sys.stderr)
        with closing(Lake(Path(folder) / "lake")) as lake:
            ingest([logs], lake)
        measure(Path(folder) / "lake", load(logs / "context"), options.people)


def measure(path: Path, context: Context, people: int) -> None:
    with closing(Lake(path, create=False)) as lake:
        began = time.perf_counter()
        every = (f"SELECT day, count(*) AS n FROM ({lake.scan(name)}) GROUP BY day" for name in CLASSES)
        days, events = lake.rows(f"SELECT count(DISTINCT day), sum(n) FROM ({' UNION ALL '.join(every)})")[0]
        bare = time.perf_counter() - began
    whole, last = look(path, context, None)
    forget_last_day(path)
    first, last = look(path, context, last)
    forget_last_day(path)
    again, last = look(path, context, last)
    table = Table(title="One more day")
    for column in ("step", "everything, s", "compiling too, s", "one more day, s", "processor s", "findings"):
        table.add_column(column, justify="left" if column == "step" else "right")
    table.add_row(f"bare count of {events:,} events of {days:,} days", f"{bare:.2f}")
    for step, (seconds, processor) in again.items():
        found = f"{last.found[step].num_rows:,}" if step in last.found else ""
        others = (f"{timed[step][0]:.2f}" if step in timed else "" for timed in (whole, first))
        table.add_row(step, *others, f"{seconds:.2f}", f"{processor:.2f}", found)
    sums = [sum(seconds for seconds, _ in timed.values()) for timed in (whole, first, again)]
    processor = sum(seconds for _, seconds in again.values())
    table.add_row("in all", *(f"{seconds:.2f}" for seconds in sums), f"{processor:.2f}")
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    Console(width=110).print(table, f"peak memory, of the look at everything: {memory:.2f} GB")
    with closing(Lake(path, create=False)) as lake:
        sizes(lake, people * days / 365)


def look(path: Path, context: Context, last: Look | None) -> tuple[Timed, Look]:
    """Look at a lake, at what is news since the last look; returns what it took, and what was found."""
    timed: Timed = {}

    def step(name: str, work: Callable[[], T]) -> T:
        began, processor = time.perf_counter(), time.process_time()
        done = work()
        timed[name] = time.perf_counter() - began, time.process_time() - processor
        return done

    with closing(Lake(path, create=False)) as lake:
        config, con = Config(), lake.engine.ibis
        days = held(lake)
        here = kept(lake, days)
        tables = step("measures and scene", lambda: scene(lake, context, config, kept=here))
        now = Look(key="", days=days, found={})
        since = looks.since(last, now, kept=here)
        found: dict[str, pa.Table] = {}
        for name, unit in registry.detectors().items():
            found |= step(name, lambda: answers(con, tables, {name: unit}, config, since=since, kept=here))  # noqa: B023
        if here:
            here.done()
    return timed, Look(key="", days=days, found=found)


def forget_last_day(path: Path) -> None:
    """As if it had not been rolled up yet."""
    told = json.loads((path / DONE).read_bytes())
    del told["days"][max(told["days"])]
    (path / DONE).write_text(json.dumps(told))


def sizes(lake: Lake, person_years: float) -> None:
    table = Table(title=f"Measures of {person_years:,.0f} person-years")
    for column in ("measure", "rows", "bytes", "bytes a person and year"):
        table.add_column(column, justify="left" if column == "measure" else "right")
    total = 0
    for name in MEASURES:
        held = files(lake, name)
        size = sum(file.size for file in held)
        total += size
        rows = sum(file.rows or 0 for file in held)
        table.add_row(name.removeprefix("measure_"), f"{rows:,}", f"{size:,}", f"{size / person_years:,.0f}")
    table.add_row("in all", "", f"{total:,}", f"{total / person_years:,.0f}")
    beside = (lake.path / FILE).stat().st_size
    table.add_row("kept beside them", "", f"{beside:,}", f"{beside / person_years:,.0f}")
    Console(width=100).print(table)


if __name__ == "__main__":
    main()
