"""Speed and memory of ingest, beside what bare DuckDB takes to turn the same file into one Parquet file.

Each is run in a process of its own, in turn, and the best of the runs is shown. The clock starts when the modules are
imported (which takes the `start` shown) and stops, for ingest, after the last commit. On a machine that does other
work besides, compare `cpu`, the seconds that all cores together took.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb


def make(path: Path, lines: int) -> None:
    """Zeek conn.log as JSON, about 450 bytes a line, a bit more than a day for a million lines."""
    duckdb.sql(
        f"""
        COPY (
            SELECT 1.7e9 + i * 0.0864 AS ts, 'C' || substr(md5(i::VARCHAR), 1, 17) AS uid,
                '10.0.' || (i % 200) || '.' || (i % 250) AS "id.orig_h", 30000 + i % 30000 AS "id.orig_p",
                '93.184.' || (i % 256) || '.' || (i * 7 % 256) AS "id.resp_h", 443 AS "id.resp_p",
                'tcp' AS proto, 'ssl' AS service, random() * 100 AS duration,
                (random() * 1e5)::BIGINT AS orig_bytes, (random() * 1e6)::BIGINT AS resp_bytes,
                'SF' AS conn_state, true AS local_orig, false AS local_resp, 0 AS missed_bytes, 'ShADadFf' AS history,
                (random() * 100)::INT AS orig_pkts, (random() * 1e5)::INT AS orig_ip_bytes,
                (random() * 100)::INT AS resp_pkts, (random() * 1e5)::INT AS resp_ip_bytes,
                'extra' || md5(i::VARCHAR) AS community_id
            FROM range({lines}) AS t(i)
        ) TO '{path}' (FORMAT json)
        """
    )


def bare(log: Path, folder: Path) -> tuple[float, ...]:
    """Seconds that DuckDB takes by itself: to start, to run, and of all cores."""
    target = folder / "bare.parquet"
    begun, cpu = time.perf_counter(), time.process_time()
    duckdb.sql(f"COPY (SELECT * FROM read_json('{log}', format = 'newline_delimited')) TO '{target}' (FORMAT parquet)")
    return 0.0, time.perf_counter() - begun, time.process_time() - cpu


def ours(log: Path, folder: Path) -> tuple[float, ...]:
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


RUNS = {"bare DuckDB": bare, "tidegate ingest": ours}


def measure(name: str, log: Path) -> tuple[float, ...]:
    """What a run in a process of its own took: seconds to start, to run, of all cores; and peak memory (MiB)."""
    result = subprocess.run([sys.executable, __file__, "--run", name, str(log)], check=True, capture_output=True)
    return tuple(json.loads(result.stdout))


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, default=1_000_000)
    parser.add_argument("--times", type=int, default=3, help="runs of each")
    parser.add_argument("--run", nargs=2, metavar=("NAME", "LOG"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    with TemporaryDirectory(prefix="tidegate-bench-") as folder:
        if given.run:
            seconds = RUNS[given.run[0]](Path(given.run[1]), Path(folder))
            print(json.dumps([*seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024]))
            return
        log = Path(folder) / "conn.log"
        make(log, given.lines)
        print(f"{given.lines:,} Zeek conn JSON lines, {log.stat().st_size / 1e6:,.0f} MB, best of {given.times}")
        print(f"{'':18}{'start':>7}{'seconds':>9}{'cpu':>8}{'lines/s':>12}{'MB/s':>8}{'peak MiB':>10}{'of bare':>9}")
        results = {name: [measure(name, log) for _ in range(given.times)] for name in RUNS}
        fastest = min(seconds for _, seconds, _, _ in results["bare DuckDB"])
        for name, runs in results.items():
            start, seconds, cpu, _ = map(min, zip(*runs, strict=True))
            rate, volume = given.lines / seconds, log.stat().st_size / 1e6 / seconds
            memory, share = max(memory for *_, memory in runs), fastest / seconds
            print(f"{name:18}{start:7.2f}{seconds:9.2f}{cpu:8.2f}{rate:12,.0f}{volume:8,.0f}{memory:10,}{share:9.0%}")


if __name__ == "__main__":
    main()
