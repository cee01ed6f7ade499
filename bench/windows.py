"""Speed and memory of ingesting EVTX, beside what the `evtx` library takes to turn the same file into JSON.

The peer is Zircolite's way: the library's JSON, flattened in Python, into a table of SQLite; its package is on no
registry, so the few lines that do the same are here. The corpus is the full chunks of real files (`--samples`), again
and again under other record numbers. Each run is in a process of its own, in turn; the best is shown. On a machine
that does other work besides, compare `cpu`, the seconds that all cores together took.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import resource
import sqlite3
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from importlib.metadata import version
from itertools import cycle, islice
from operator import itemgetter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from evtx import PyEvtxParser

HEADER, CHUNK = 4096, 65536
BEFORE = b"ElfFile\0".ljust(HEADER, b"\0")
DATA: Callable[[Any], str] = itemgetter("data")
Run = Callable[[], int]


def make(path: Path, samples: Path, chunks: int) -> None:
    """An EVTX file of so many chunks, each event with a record number of its own."""
    found = [part for file in sorted(samples.glob("**/*.evtx")) for part in full(file.read_bytes())]
    if not found:
        raise SystemExit(f"no .evtx file below {samples} has a full chunk: name a folder of larger ones, --samples")
    with path.open("wb") as out:
        out.write(BEFORE)
        for i, (chunk, numbers) in enumerate(islice(cycle(found), chunks)):
            for place, number in numbers.items():
                struct.pack_into("<Q", chunk, place, number + (i // len(found) << 32))
            out.write(chunk)


def full(data: bytes) -> Iterator[tuple[bytearray, dict[int, int]]]:
    """Chunks more than half in use, with the number of each record by its place, where that is plain to see."""
    for begin in range(HEADER, len(data) - CHUNK + 1, CHUNK):
        chunk, at, numbers = bytearray(data[begin : begin + CHUNK]), 512, {}
        if chunk.startswith(b"ElfChnk") and struct.unpack_from("<I", chunk, 48)[0] > CHUNK // 2:
            records = list(texts(io.BytesIO(BEFORE + chunk)))
            for text in records:
                end = at + struct.unpack_from("<I", chunk, at + 4)[0]
                number = int(json.loads(text)["Event"]["System"]["EventRecordID"])
                sought = struct.pack("<Q", number)
                if chunk.count(sought, at + 24, end - 4) == 1:
                    numbers[chunk.index(sought, at + 24)] = number
                at = end
            if len(numbers) == len(records):
                yield chunk, numbers


def texts(source: str | io.BytesIO) -> Iterator[str]:
    """The library's JSON, from one thread, as all of them would hold Python's lock."""
    return map(DATA, PyEvtxParser(source, number_of_threads=1).records_json())


def memory(log: Path, _: Path) -> Run:
    """The library's JSON, thrown away."""
    return lambda: sum(1 for _ in texts(str(log)))


def dump(log: Path, folder: Path) -> Run:
    """The library's JSON in a file, one record a line."""

    def run() -> int:
        with (folder / "dump.json").open("w") as out:
            return sum(bool(out.write(text + "\n")) for text in texts(str(log)))

    return run


def sqlite(log: Path, folder: Path) -> Run:
    """A row an event, a column for each field that any of them has."""

    def run() -> int:
        rows = [dict(leaves(json.loads(text))) for text in texts(str(log))]
        names = list(dict.fromkeys(name for row in rows for name in row))
        with sqlite3.connect(folder / "events.db") as connection:
            connection.execute(f"CREATE TABLE logs ({', '.join(map(json.dumps, names))})")
            marks = ", ".join("?" * len(names))
            connection.executemany(f"INSERT INTO logs VALUES ({marks})", (tuple(map(row.get, names)) for row in rows))
        return len(rows)

    return run


def leaves(value: object, name: str = "") -> Iterator[tuple[str, object]]:
    """Fields of an event, by their names in lower case."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, name if key.startswith("#") else key.lower())
    else:
        yield name, json.dumps(value) if isinstance(value, list) else value


def ours(log: Path, folder: Path) -> Run:
    """Events in a lake."""
    import pyarrow.dataset  # noqa: F401  DuckDB imports it with the first table it is handed

    from tidegate.lake.store import Lake
    from tidegate.pipeline.ingest import ingest
    from tidegate.registry import sources

    lake, found = Lake(folder / "lake"), sources()

    def run() -> int:
        summary = ingest([log], lake, sources=found)
        if summary.quarantined or not summary.events:
            raise SystemExit(f"it was not read as it should be: {summary}")
        return summary.events + summary.ignored

    return run


RUNS = {"JSON, thrown away": memory, "JSON in a file": dump, "SQLite, as Zircolite": sqlite, "tidegate ingest": ours}


def measured(name: str, log: Path, folder: Path) -> tuple[float, ...]:
    """Events, seconds, those of all cores, and peak memory (MiB)."""
    run = RUNS[name](log, folder)
    begun, cpu = time.perf_counter(), time.process_time()
    count = run()
    taken = time.perf_counter() - begun, time.process_time() - cpu
    return count, *taken, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--samples", type=Path, default=Path(os.environ.get("TIDEGATE_SAMPLES", "../shared/data")))
    parser.add_argument("--chunks", type=int, default=1_600, help="chunks of 64 KiB: about 90 events each")
    parser.add_argument("--times", type=int, default=3, help="runs of each")
    parser.add_argument("--run", nargs=2, metavar=("NAME", "LOG"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    with TemporaryDirectory(prefix="tidegate-bench-") as folder:
        if given.run:
            print(json.dumps(measured(given.run[0], Path(given.run[1]), Path(folder))))
            return
        log = Path(folder) / "security.evtx"
        make(log, given.samples, given.chunks)
        print(f"{log.stat().st_size / 1e6:,.0f} MB of EVTX, evtx {version('evtx')}, best of {given.times}")
        print(
            f"{'':22}{'seconds':>8}{'cpu':>7}{'events/s':>11}{'MB/s':>7}{'peak MiB':>10}{'of memory':>11}{'of file':>9}"
        )
        results: dict[str, list[list[float]]] = {name: [] for name in RUNS}
        for _ in range(given.times):
            for name, runs in results.items():
                command = [sys.executable, __file__, "--run", name, str(log)]
                runs.append(json.loads(subprocess.run(command, check=True, capture_output=True).stdout))
        best = {name: min(seconds for _, seconds, *_ in runs) for name, runs in results.items()}
        for name, runs in results.items():
            count, seconds, cpu, most = runs[0][0], best[name], min(r[2] for r in runs), max(r[3] for r in runs)
            rate, volume = count / seconds, log.stat().st_size / 1e6 / seconds
            shares = "".join(f"{best[other] / seconds:{width}.0%}" for other, width in zip(RUNS, (11, 9), strict=False))
            print(f"{name:22}{seconds:8.2f}{cpu:7.2f}{rate:11,.0f}{volume:7,.0f}{most:10,.0f}{shares}")


if __name__ == "__main__":
    main()
