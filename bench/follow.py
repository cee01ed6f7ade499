"""Follow mode under load: so many lines a second over growing files, and how long each takes to be queryable.

A writer in a process of its own appends Zeek conn records that carry the time they were written at; another process
asks the lake for the newest of them, again and again, as any reader would. The latency of a moment is its distance
from the newest record that a query sees; that a query takes time counts.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from deltalake import DeltaTable

from tidegate.lake.store import Lake

_LINE = (
    '{{"ts": {ts:.6f}, "uid": "C{uid:012}", "id.orig_h": "192.0.2.{host}", "id.orig_p": 40000, "id.resp_h": '
    '"198.51.100.9", "id.resp_p": 443, "proto": "tcp", "service": "ssl", "duration": 1.5, "orig_bytes": 1200, '
    '"resp_bytes": 52000, "conn_state": "SF", "local_orig": true, "local_resp": false, "missed_bytes": 0, "history": '
    '"ShADadFf", "orig_pkts": 12, "orig_ip_bytes": 1800, "resp_pkts": 40, "resp_ip_bytes": 54000}}\n'
)
_TICK = 0.05  # seconds between two flushes of each file


def write(folder: Path, files: int, rate: int, seconds: float) -> None:
    """Append `rate` lines a second in all, spread over the files."""
    logs = [(folder / f"conn{number:02}.log").open("ab", buffering=0) for number in range(files)]
    began, written = time.time(), 0
    while (now := time.time()) < began + seconds:
        due = int((now - began) * rate)
        lines: list[list[str]] = [[] for _ in logs]
        for uid in range(written, due):
            lines[uid % files].append(_LINE.format(ts=now, uid=uid, host=uid % 200))
        written = due
        for log, some in zip(logs, lines, strict=True):
            log.write("".join(some).encode())
        time.sleep(max(0.0, _TICK - (time.time() - now)))


def memory(process: int) -> float:
    """MiB that a process has in memory."""
    return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


def cpu(process: int) -> float:
    """Seconds of all cores that a process took so far."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Watching:
    """Asks a lake for its newest record: of the files that came since the last time, as statistics are not trusted."""

    def __init__(self, lake: Path) -> None:
        self._lake = Lake(lake, create=False)
        self._seen: set[str] = set()
        self._newest = 0.0

    def latency(self) -> float | None:
        """Seconds from when the newest record that is in the lake was written until now; None before the first."""
        table = self._lake.delta("network_activity")
        new = sorted(set(table.file_uris()) - self._seen) if isinstance(table, DeltaTable) else []
        if new:
            found = self._lake.engine.con.execute("SELECT epoch(max(time)) FROM read_parquet(?)", [new]).fetchone()
            self._newest = max(self._newest, found[0] if found else 0.0)
            self._seen.update(new)
        return time.time() - self._newest if self._newest else None

    def count(self) -> int:
        """Records in the lake."""
        found = self._lake.engine.con.execute(
            f"SELECT count(*) FROM ({self._lake.scan('network_activity')})"
        ).fetchone()
        return int(found[0]) if found else 0


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=20)
    parser.add_argument("--rate", type=int, default=5000, help="lines a second")
    parser.add_argument("--minutes", type=float, default=5)
    parser.add_argument("--write", metavar="FOLDER", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    seconds = given.minutes * 60
    if given.write:
        write(given.write, given.files, given.rate, seconds)
        return
    with TemporaryDirectory(prefix="tidegate-bench-") as name:
        folder, lake = Path(name) / "logs", Path(name) / "lake"
        folder.mkdir()
        command = [sys.executable, "-c", "from tidegate.cli.main import main; main()", "ingest", str(folder)]
        shape = ["--files", str(given.files), "--rate", str(given.rate), "--minutes", str(given.minutes)]
        with subprocess.Popen([*command, "--lake", str(lake), "--follow", "--quiet"]) as following:
            while not (lake / "lake.json").exists():
                time.sleep(0.1)
            time.sleep(2)
            with subprocess.Popen([sys.executable, __file__, "--write", str(folder), *shape]) as writer:
                _measure(given, folder, lake, following.pid, writer)
            following.send_signal(signal.SIGTERM)


def _measure(
    given: argparse.Namespace, folder: Path, lake: Path, following: int, writer: subprocess.Popen[bytes]
) -> None:
    watching = Watching(lake)
    time.sleep(5)  # the first pass compiles the plans
    began, taken, latencies, sizes = time.monotonic(), cpu(following), list[float](), [memory(following)]
    while writer.poll() is None:
        if (latency := watching.latency()) is not None:
            latencies.append(latency)
        sizes.append(memory(following))
        time.sleep(0.1)
    spent, share = time.monotonic() - began, cpu(following) - taken
    time.sleep(10)
    lines = sum(log.read_bytes().count(b"\n") for log in folder.iterdir())
    print(f"{given.rate:,} lines/s over {given.files} files for {spent:.0f} s")
    print(f"{lines:,} lines were written, {watching.count():,} events are in the lake")
    p50, p99, most = np.percentile(latencies, [50, 99, 100])
    fifth = max(1, len(sizes) // 5)
    print(f"{'latency p50':>12}{'p99':>8}{'most':>8}{'MiB at start':>14}{'at end':>8}{'most':>8}{'cores':>8}")
    print(
        f"{p50:10.2f} s{p99:6.2f} s{most:6.2f} s{np.median(sizes[:fifth]):14,.0f}"
        f"{np.median(sizes[-fifth:]):8,.0f}{max(sizes):8,.0f}{share / spent:8.2f}"
    )


if __name__ == "__main__":
    main()
