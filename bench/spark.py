"""Every detector on DuckDB and on Spark, over one organisation: the seconds of each, and whether they find the same.

A finding is the same if its uid is (which its evidence makes), whom and what it names, and its rate to six digits.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa
from rich.console import Console
from rich.table import Table

from tidegate import registry
from tidegate.cases.found import Found
from tidegate.config import Config
from tidegate.context.load import load
from tidegate.lake.compiled import answer
from tidegate.lake.store import Lake
from tidegate.pipeline import spark, spark_answer
from tidegate.pipeline.detect import Ask, answers
from tidegate.pipeline.ingest import ingest
from tidegate.pipeline.scene import scene
from tidegate.range.incidents import patterns
from tidegate.range.make import make
from tidegate.units import Detector


def main() -> None:
    options = arguments()
    units = registry.detectors()
    with tempfile.TemporaryDirectory(prefix="tidegate-bench-") as folder:
        logs = Path(folder) / "logs"
        make(logs, people=options.people, days=options.days, seed=options.seed, incidents=list(patterns()), thin=True)
        lake = Lake(Path(folder) / "lake")
        ingest([logs], lake)
        tables = scene(lake, load(logs / "context"), Config())

        def asked(unit: Detector, ask: Ask) -> tuple[float, list[tuple[object, ...]]]:
            begun = time.perf_counter()
            found = answers(lake.engine.ibis, tables, {unit.id: unit}, Config(), ask=ask)
            return time.perf_counter() - begun, said(unit, found)

        shown = Table("detector", "findings", "DuckDB, s", "Spark, s", "the same", title="One organisation")
        with spark.session(options.master) as session, spark_answer.answers(session, lake.path) as on_spark:
            for name, unit in units.items():
                (here, one), (there, other) = asked(unit, answer), asked(unit, on_spark)
                shown.add_row(name, f"{len(one)}", f"{here:.1f}", f"{there:.1f}", "yes" if one == other else "NO")
        lake.close()
    Console().print(shown)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=60)
    parser.add_argument("--days", type=int, default=70)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--master", default="local[2]", help="URL of Spark (default: local[2])")
    return parser.parse_args()


def said(unit: Detector, found: Mapping[str, pa.Table]) -> list[tuple[object, ...]]:
    made = (Found.of(unit, row) for row in (found[unit.id].to_pylist() if unit.id in found else ()))
    return sorted(
        (f.uid, f"{f.per_week:.5g}", str(f.actor), str(f.device), str(f.destination), f.sentence) for f in made
    )


if __name__ == "__main__":
    main()
