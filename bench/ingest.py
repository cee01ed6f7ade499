"""Speed and memory of ingest, beside what bare DuckDB takes to turn the same file into one Parquet file.

Each is run in a process of its own, in turn, and the best of the runs is shown. The clock starts when the modules are
imported (which takes the `start` shown) and stops, for ingest, after the last commit. On a machine that does other
work besides, compare `cpu`, the seconds that all cores together took.

`--peers PYTHON` adds what others do with the Zeek log: an interpreter that has zat and parsezeeklogs.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

import logs

BARE, OURS = "bare DuckDB", "tidegate ingest"


def bare(name: str, log: Path, folder: Path) -> tuple[float, ...]:
    """Seconds that DuckDB takes by itself: to start, to run, and of all cores."""
    begun, cpu = time.perf_counter(), time.process_time()
    duckdb.sql(f"COPY ({logs.bare(name, log)}) TO '{folder / 'bare.parquet'}' (FORMAT parquet)")
    return 0.0, time.perf_counter() - begun, time.process_time() - cpu


def ours(_: str, log: Path, folder: Path) -> tuple[float, ...]:
    """Seconds that ingest takes: to start, to run, and of all cores."""
    begun = time.perf_counter()
    import pyarrow.dataset  # noqa: F401  DuckDB imports it with the first table it is handed, and pandas with it

    from tidegate.lake.store import Lake
    from tidegate.pipeline.ingest import ingest
    from tidegate.registry import sources

    lake, found = Lake(folder / "lake"), sources()
    started, cpu = time.perf_counter(), time.process_time()
    summary = ingest([log], lake, sources=found)
    result = started - begun, time.perf_counter() - started, time.process_time() - cpu
    if summary.quarantined or not summary.events:
        raise SystemExit(f"it was not read as it should be: {summary}")
    return result


RUNS = {BARE: bare, OURS: ours}
PEERS = {
    # zat reads Zeek's TSV only, the others JSON: each gets the log that it can read.
    "zat, to a data frame": (
        "tsv",
        "from zat.log_to_dataframe import LogToDataFrame; LogToDataFrame().create_dataframe(log)",
    ),
    "parsezeeklogs, to JSON": (
        "json",
        """from parsezeeklogs import ParseZeekLogs
with open(log + '.out', 'w') as out:
    for record in ParseZeekLogs(log, output_format='json', safe_headers=False): out.write(record or '')""",
    ),
}


def measure(run: str, name: str, log: Path) -> tuple[float, ...]:
    """What a run in a process of its own took: seconds to start, to run, of all cores; and peak memory (MiB)."""
    command = [sys.executable, __file__, "--run", run, name, str(log)]
    return tuple(json.loads(subprocess.run(command, check=True, capture_output=True).stdout))


def peers(python: str, records: int, log: Path) -> None:
    """Print what others take for the Zeek log."""
    tsv = log.with_name("conn.tsv.log")
    logs.zeek_tsv(log, tsv)
    for name, (kind, code) in PEERS.items():
        begun = "import sys, time; log = sys.argv[1]; begun = time.perf_counter()"
        timed = f"{begun}\n{code}\nprint(time.perf_counter() - begun)"
        done = subprocess.run([python, "-c", timed, str(tsv if kind == "tsv" else log)], capture_output=True, text=True)
        seconds = float(done.stdout.split()[-1]) if done.returncode == 0 else float("nan")
        print(f"{name:30}{seconds:9.2f}{records / seconds:12,.0f} lines/s")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=1_000_000)
    parser.add_argument("--times", type=int, default=3, help="runs of each")
    parser.add_argument("--logs", nargs="+", default=list(logs.LOGS), choices=list(logs.LOGS))
    parser.add_argument("--peers", metavar="PYTHON")
    parser.add_argument("--run", nargs=3, metavar=("RUN", "NAME", "LOG"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    with TemporaryDirectory(prefix="tidegate-bench-") as folder:
        if given.run:
            run, name, log = given.run
            seconds = RUNS[run](name, Path(log), Path(folder))
            print(json.dumps([*seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024]))
            return
        print(f"{given.records:,} records, best of {given.times}, DuckDB {version('duckdb')}")
        heads = {
            "": 30,
            "MB": 7,
            "start": 7,
            "seconds": 9,
            "cpu": 8,
            "lines/s": 12,
            "MB/s": 7,
            "peak MiB": 10,
            "of bare": 9,
        }
        print("".join(head.rjust(width) for head, width in heads.items()))
        for name in given.logs:
            show(name, logs.make(name, Path(folder), given.records), given.records, given.times)
        if given.peers:
            peers(given.peers, given.records, logs.make("zeek", Path(folder), given.records))


def show(name: str, log: Path, records: int, times: int) -> None:
    """Print the rows of a log: bare DuckDB, and ingest with its share of that speed (by the clock, by cpu)."""
    results = {run: [measure(run, name, log) for _ in range(times)] for run in RUNS}
    size = log.stat().st_size / 1e6
    least = {run: [min(column) for column in zip(*runs, strict=True)] for run, runs in results.items()}
    for run, (start, seconds, cpu, _) in least.items():
        memory = max(memory for *_, memory in results[run])
        clock, work = least[BARE][1] / seconds, least[BARE][2] / cpu
        print(
            f"{f'{name}, {run}':30}{size:7,.0f}{start:7.2f}{seconds:9.2f}{cpu:8.2f}{records / seconds:12,.0f}"
            f"{size / seconds:7,.0f}{memory:10,.0f}{clock:9.0%} (cpu {work:.0%})",
            flush=True,
        )


if __name__ == "__main__":
    main()
