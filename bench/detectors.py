"""One more day on a lake: seconds for its measures, for what detectors see (the scene), for each detector, and in all.

The organisation is the range's (default: 1,000 people for three years, without routine browsing), read into a lake
first; `--lake` and `--context` measure an existing one. Then the last day is rolled up once more and detectors are
asked about it, as after a day's logs came in. Python's compiling is not in it: it is done once a version (design/0018),
and shown apart. The bare engine beside it: one count of every row by day. Below: how large the measures are.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import tempfile
import time
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tidegate import registry
from tidegate.config import Config
from tidegate.context.load import load
from tidegate.detectors._asked import only_since
from tidegate.events.schema import CLASSES
from tidegate.lake.compiled import answer, query
from tidegate.lake.contents import files
from tidegate.lake.store import Lake
from tidegate.measures.schema import MEASURES
from tidegate.pipeline.ingest import ingest
from tidegate.pipeline.looks import since_table
from tidegate.pipeline.measured import DONE, held
from tidegate.pipeline.scene import scene
from tidegate.range.make import make


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
        measure(Lake(options.lake, create=False), options.context, options.people)
        return
    with tempfile.TemporaryDirectory(prefix="tidegate-bench-") as folder:
        logs = Path(folder) / "logs"
        size = {"people": options.people, "days": options.days, "seed": options.seed}
        made = make(logs, incidents=options.incident, thin=not options.full, **size)
        print(f"{made.records:,} records made", file=sys.stderr)
        lake = Lake(Path(folder) / "lake")
        ingest([logs], lake)
        measure(lake, logs / "context", options.people)


def measure(lake: Lake, folder: Path | None, people: int) -> None:
    con, context = lake.engine.ibis, load(folder)
    began = time.perf_counter()
    scene(lake, context, Config())
    print(f"measures of all days: {time.perf_counter() - began:.1f} s", file=sys.stderr)
    table = Table(title="One more day")
    for column in ("step", "compiling, s", "running, s", "findings"):
        table.add_column(column, justify="left" if column == "step" else "right")
    began = time.perf_counter()
    counts = " UNION ALL ".join(f"SELECT day, count(*) AS n FROM ({lake.scan(name)}) GROUP BY day" for name in CLASSES)
    days, events = lake.rows(f"SELECT count(DISTINCT day), sum(n) FROM ({counts})")[0]
    table.add_row(f"bare count of {events:,} events of {days:,} days", "", f"{time.perf_counter() - began:.2f}", "")
    forget_last_day(lake)
    units = registry.detectors()
    since_table(con, max(held(lake)))
    whole = began = time.perf_counter()
    tables = scene(lake, context, Config())
    table.add_row("measures of the day, and the scene", "", f"{time.perf_counter() - began:.2f}", "")
    compiling = 0.0
    for name, unit in units.items():
        began = time.perf_counter()
        given = {read: tables[read] for read in unit.reads} | {"since": con.table("since")}
        query(con, only_since(unit.run), given, name=f"{name}_since")
        compiled = time.perf_counter()
        found = answer(con, only_since(unit.run), given, name=f"{name}_since").num_rows
        compiling += compiled - began
        table.add_row(name, f"{compiled - began:.2f}", f"{time.perf_counter() - compiled:.2f}", f"{found:,}")
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    seconds = time.perf_counter() - whole - compiling
    table.add_row("in all", f"{compiling:.2f}", f"{seconds:.2f}", f"{memory:.2f} GB peak")
    Console(width=100).print(table)
    sizes(lake, people * days / 365)


def forget_last_day(lake: Lake) -> None:
    """As if it had not been rolled up yet."""
    kept = json.loads(lake.storage.read(DONE) or b"{}")
    del kept["days"][max(kept["days"])]
    lake.storage.write(DONE, json.dumps(kept).encode())


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
    Console(width=100).print(table)


if __name__ == "__main__":
    main()
