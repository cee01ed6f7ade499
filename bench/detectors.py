"""The whole battery of detectors over a lake: seconds for what detectors see (the scene), for each of them, and in all.

The organisation is the range's (default: 1,150 people for 90 days, about 10 million events), read into a lake first;
`--lake` and `--context` measure an existing one. Python's compiling of the expressions and DuckDB's running of them are
shown apart, because the first does not grow with the data. The bare engine beside it: one count of every row by day.
"""

from __future__ import annotations

import argparse
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
from tidegate.events.schema import CLASSES
from tidegate.lake.store import Lake
from tidegate.pipeline.ingest import ingest
from tidegate.pipeline.rollups import rolled
from tidegate.pipeline.scene import scene
from tidegate.range.make import make


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=1150)
    parser.add_argument("--days", type=int, default=90)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--lake", type=Path, help="measure this lake instead of making one")
    parser.add_argument("--context", type=Path)
    options = parser.parse_args()
    if options.lake:
        measure(Lake(options.lake, create=False), options.context)
        return
    with tempfile.TemporaryDirectory(prefix="tidegate-bench-") as folder:
        logs = Path(folder) / "logs"
        made = make(logs, people=options.people, days=options.days, seed=options.seed, incidents=["bulk_commission"])
        print(f"{made.records:,} records made", file=sys.stderr)
        lake = Lake(Path(folder) / "lake")
        ingest([logs], lake)
        measure(lake, logs / "context")


def measure(lake: Lake, context: Path | None) -> None:
    con = lake.engine.ibis
    table = Table(title="Detectors over a lake")
    for column in ("step", "compiling, s", "running, s", "findings"):
        table.add_column(column, justify="left" if column == "step" else "right")
    began = time.perf_counter()
    counts = {name: lake.table(name).group_by("day").count() for name in CLASSES}
    events = sum(sum(con.to_pyarrow(t)[t.columns[-1]].to_pylist()) for t in counts.values())
    table.add_row(f"bare count of {events:,} events by day", "", f"{time.perf_counter() - began:.2f}", "")
    whole = began = time.perf_counter()
    tables = rolled(scene(lake, load(context), Config()))
    table.add_row("scene", "", f"{time.perf_counter() - began:.2f}", "")
    for name, unit in registry.detectors().items():
        began = time.perf_counter()
        sql = con.compile(unit.run(*(tables[t] for t in unit.reads)))
        compiled = time.perf_counter()
        found = lake.engine.con.execute(sql).fetchall()
        table.add_row(name, f"{compiled - began:.2f}", f"{time.perf_counter() - compiled:.2f}", f"{len(found):,}")
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    table.add_row("in all", "", f"{time.perf_counter() - whole:.2f}", f"{memory:.2f} GB peak")
    Console(width=100).print(table)


if __name__ == "__main__":
    main()
